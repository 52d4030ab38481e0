package campaign

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/placeholder"
)

// Segment is the name, among those of the gate's rules, for people whom the campaign is not for.
const Segment = "segment"

// Includes reports whether the campaign is for the people of an area. Every place in which their phone may be must be
// one of In. A phone whose place is unknown is not included, unless the campaign is for all places.
func (c *Campaign) Includes(area phone.Area) bool {
	if len(c.In) == 0 {
		return true
	}
	places, err := area.Places()
	return err == nil && !slices.ContainsFunc(places, func(p phone.Place) bool {
		return !slices.Contains(c.In, p.Country) && (p.State == "" || !slices.Contains(c.In, p.Country+"-"+p.State))
	})
}

// NeedsAttributes reports whether people's attributes matter to the campaign: they choose its people or fill its text.
func (c *Campaign) NeedsAttributes() bool { return len(c.Attributes) > 0 || c.HasFields() }

// Excludes returns why the campaign is not for a person with these attributes. It is empty where it is.
func (c *Campaign) Excludes(attributes map[string]string) string {
	for _, name := range slices.Sorted(maps.Keys(c.Attributes)) {
		has, wanted := attributes[name], c.Attributes[name]
		if slices.ContainsFunc(wanted, func(w string) bool { return strings.EqualFold(w, has) }) {
			continue
		}
		not := "not " + strconv.Quote(wanted[0])
		if len(wanted) > 1 {
			not = "none of " + strings.Join(quoted(wanted), ", ")
		}
		if has == "" {
			return fmt.Sprintf("attribute %s is not known, so it is %s", name, not)
		}
		return fmt.Sprintf("attribute %s is %q, %s", name, has, not)
	}
	return ""
}

func quoted(words []string) []string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = strconv.Quote(w)
	}
	return all
}

// Wanted returns the attributes it is for, sorted, in the form that ParseAttributes reads.
func (c *Campaign) Wanted() (all []string) {
	for _, name := range slices.Sorted(maps.Keys(c.Attributes)) {
		for _, value := range c.Attributes[name] {
			all = append(all, name+"="+value)
		}
	}
	return all
}

// Words for a campaign that is not for a part of the list, where one was before.
const (
	Everywhere = "everywhere" // in the place of places
	Anybody    = "anybody"    // in the place of attributes
)

// isOnly reports whether words are that word and no other.
func isOnly(words []string, word string) bool {
	return len(words) == 1 && strings.EqualFold(strings.TrimSpace(words[0]), word)
}

// ParseAttributes reads attributes such as "city=Dallas". For a name that comes more than once, a person may have any
// of the values. Upper and lower case do not matter. The word Anybody, alone, asks for no attributes.
func ParseAttributes(words []string) (map[string][]string, error) {
	if isOnly(words, Anybody) {
		return nil, nil
	}
	var all map[string][]string
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		name, value = strings.TrimSpace(name), placeholder.Clean(value)
		if !ok || value == "" {
			return nil, fmt.Errorf("%q: write a name and a value, as city=Dallas", word)
		}
		if err := placeholder.CheckName(name); err != nil {
			return nil, fmt.Errorf("%q: %w", word, err)
		}
		if all == nil {
			all = map[string][]string{}
		}
		all[name] = append(all[name], value)
	}
	for name := range all {
		slices.Sort(all[name])
		all[name] = slices.Compact(all[name])
	}
	return all, nil
}

// ParsePlaces reads places such as "us-wa", and returns them sorted and each once. It returns an error for a place
// that is not in the tables of package jurisdiction. The word Everywhere, alone, asks for no places.
func ParsePlaces(words []string) ([]string, error) {
	if isOnly(words, Everywhere) {
		return nil, nil
	}
	var places []string
	for _, word := range words {
		place := strings.ToUpper(strings.TrimSpace(word))
		if _, ok := jurisdiction.Lookup(place); !ok {
			return nil, fmt.Errorf("the tables have no %q: write a country as FR, a state of the United States as US-PA", word)
		}
		places = append(places, place)
	}
	slices.Sort(places)
	return slices.Compact(places), nil
}
