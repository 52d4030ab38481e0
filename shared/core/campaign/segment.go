package campaign

import (
	"fmt"
	"slices"
	"strings"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
)

// Segment stands among the rules for people the campaign is not for.
const Segment = "segment"

// Includes reports whether the campaign is for the people of an area: for everybody, or where every place their phone
// may be in is one of In. A phone without a home, and one of which nobody knows the place, is in none of them for sure.
func (c *Campaign) Includes(area phone.Area) bool {
	if len(c.In) == 0 {
		return true
	}
	places, err := area.Places()
	return err == nil && !slices.ContainsFunc(places, func(p phone.Place) bool {
		return !slices.Contains(c.In, p.Country) && (p.State == "" || !slices.Contains(c.In, p.Country+"-"+p.State))
	})
}

// ParsePlaces reads places as people write them, such as "us-wa", in order and each once. The error names one that the
// tables lack.
func ParsePlaces(words []string) ([]string, error) {
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
