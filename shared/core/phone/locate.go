package phone

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

//go:generate go run ./gen

// ErrUnknownPlace is wrapped by Locate where the number's country or area code is not in the tables. Nothing may be
// sent there.
var ErrUnknownPlace = errors.New("nobody knows where this number may be")

// The fields in Locate's errors: the number, and what a person told us about where they are.
const (
	FieldPhone = "phone"
	FieldState = "state"
	FieldZIP   = "zip"
	FieldZone  = "zone"
)

// FieldError says what is wrong with one field, in English, for the person who filled it in. The sign-up form, its
// API, imports and the operator's commands answer with the field. The form has words of its own for each Cause.
type FieldError struct {
	Field   string // its path, such as "phone" or "evidence.at"; empty where no single field is to blame
	Message string // what to do; it repeats no phone number
	Cause   error  // for errors.Is, such as ErrUnknownPlace; nil for none
}

func (e *FieldError) Error() string {
	if e.Field == "" {
		return e.Message
	}
	return e.Field + ": " + e.Message
}

// Unwrap returns the cause.
func (e *FieldError) Unwrap() error { return e.Cause }

// Locate returns every place the phone may be in. A text is permitted only where the rules of all these places permit
// it, so a doubtful place must be in the answer.
//
// The number's own places come first and always stay. Those that the person told us follow, in order. What they told
// us can narrow a place's zones, or else it adds places:
//
//	number of            told                    the phone may be in
//	one state            nothing                 that state, in every zone its area code reaches
//	one state            the same state          the same
//	one state            a zone it reaches       that state, in that zone
//	one state            a ZIP code within it    that state, in the zones both of the ZIP and of the area code; where they
//	                                             have none in common, in all of them
//	one state            another state or ZIP    both states
//	one state            a zone elsewhere        that state, and every state with that zone
//	several (902, 867)   any of these            all of them still, narrowed or widened as above
//	no state (800)       nothing                 every state of the United States, every province of Canada
//	no state (800)       a state or ZIP          that state, in the zone they told us where it has it
//	no state (800)       a zone                  every state with that zone
//	another country      a zone of it            that country, in that zone
//	another country      a zone elsewhere        both countries
//
// Where state, ZIP and zone contradict each other, all of them count. The tables know the states of the United
// States, Canada, Australia and Brazil, and the postal codes of the first two. Outside +1, postal codes are ignored.
//
// With nothing told, Locate does not allocate. The error is a *FieldError. It wraps ErrUnknownPlace where the number
// is to blame, and ErrNoTexts where the number cannot receive texts.
func Locate(n Number, told Told) (Area, error) {
	home, err := n.home()
	if err != nil || told == (Told{}) || told == (Told{State: told.State}) && home.isState(told.State) {
		return home, err
	}
	own, err := home.Places()
	if err != nil {
		return "", err
	}
	stated, err := told.places(n)
	if err != nil {
		return "", err
	}
	var beyond []Place
	countrywide := home.IsCountrywide()
	if told.Zone != "" {
		z, err := zoneNamed(told.Zone)
		if err != nil {
			return "", err
		}
		fits := false
		switch {
		case len(stated) > 0:
			fits = restrictTo(stated, z) || addWhereKept(stated, z)
		case countrywide:
			stated = placesWith(own, z)
			fits = len(stated) > 0
		default:
			fits = restrictTo(own, z)
		}
		if !fits {
			beyond = z.places()
		}
	}
	if countrywide && len(stated) > 0 {
		return areaOf(inOrder(append(stated, beyond...))), nil
	}
	var more []Place
	for _, p := range stated {
		if i := slices.IndexFunc(own, p.same); i < 0 {
			more = append(more, p)
		} else if both := intersect(own[i].Zones, p.Zones); len(both) > 0 {
			own[i].Zones = both
		} else {
			own[i].Zones = union(own[i].Zones, p.Zones)
		}
	}
	for _, p := range beyond {
		if i := slices.IndexFunc(own, p.same); i < 0 {
			more = append(more, p)
		} else {
			own[i].Zones = union(own[i].Zones, p.Zones)
		}
	}
	if countrywide && len(more) == 0 {
		return home, nil
	}
	if countrywide {
		return home + "&" + areaOf(inOrder(more)), nil
	}
	return areaOf(append(own, inOrder(more)...)), nil
}

// Country returns the ISO 3166-1 alpha-2 code of the number's country; empty where it is unknown. A countrywide
// number, such as a toll-free one, has the country of its numbering plan.
func (n Number) Country() string {
	home, err := n.home()
	if err != nil {
		return ""
	}
	return string(home[:2])
}

// home returns where the number may be when the person told us nothing.
func (n Number) home() (Area, error) {
	if n.northAmerican() {
		if len(n) != len("+12065550142") || n[2] < '2' || n[5] < '2' {
			return "", unknownPlace("must be +1, an area code, an exchange from 200 on and four digits")
		}
		a := areaCodes[int(n[2]-'2')*100+int(n[3]-'0')*10+int(n[4]-'0')]
		if a != "" && n[5:8] != premiumExchange {
			return a, nil
		}
		if a != "" {
			return "", NoTexts("a premium-rate number")
		}
		if kind, ok := textless[string(n[2:5])]; ok {
			return "", NoTexts(kind)
		}
		return "", unknownPlace("has area code " + string(n[2:5]) + ", which is not assigned")
	}
	for i := min(len(n), longestPrefix+1); i > 1; i-- {
		if a, ok := prefixes[string(n[1:i])]; ok {
			return a, nil
		}
	}
	return "", unknownPlace("has a country code that is not listed")
}

// unknownPlace returns the error for a number with an unknown place.
func unknownPlace(message string) error { return &FieldError{FieldPhone, message, ErrUnknownPlace} }

func (n Number) northAmerican() bool { return strings.HasPrefix(string(n), "+1") }

// places returns the places of the state and of the ZIP code that the person told us: one where they agree.
func (t Told) places(n Number) ([]Place, error) {
	var stated []Place
	if t.State != "" {
		p, err := stateNamed(n, t.State)
		if err != nil {
			return nil, err
		}
		stated = append(stated, p)
	}
	if t.ZIP == "" || !n.northAmerican() {
		return stated, nil
	}
	p, err := postal(t.ZIP)
	if err != nil {
		return nil, err
	}
	if len(stated) > 0 && stated[0].same(p) {
		return []Place{p}, nil
	}
	return append(stated, p), nil
}

// stateNamed returns a state of the number's country. The owner of a North American number may live in the United
// States or in Canada.
func stateNamed(n Number, code string) (Place, error) {
	home := n.Country()
	known := false
	for _, s := range states {
		if s[:2] != Area(home) && (!n.northAmerican() || s[:2] != "US" && s[:2] != "CA") {
			continue
		}
		known = true
		if p := s.place(); p.State == code {
			return p, nil
		}
	}
	if !known {
		return Place{}, &FieldError{FieldState, "must be left empty: the states of " + home + " are not known here", nil}
	}
	if n.northAmerican() {
		message := fmt.Sprintf("%q is none of the United States or Canada: use a code such as FL or ON", code)
		return Place{}, &FieldError{FieldState, message, nil}
	}
	return Place{}, &FieldError{FieldState, fmt.Sprintf("%q is none of %s", code, home), nil}
}

// restrictTo leaves only the zone in the places that have it, and reports whether one has it.
func restrictTo(places []Place, z zone) (ok bool) {
	for i, p := range places {
		if slices.Contains(p.Zones, z.clock) {
			places[i].Zones, ok = []string{z.clock}, true
		}
	}
	return ok
}

// addWhereKept adds the zone to places whose state has it, although the ZIP code says otherwise. It reports whether
// there was one.
func addWhereKept(places []Place, z zone) (ok bool) {
	for _, q := range z.places() {
		if i := slices.IndexFunc(places, q.same); i >= 0 {
			places[i].Zones, ok = union(places[i].Zones, q.Zones), true
		}
	}
	return ok
}

// placesWith returns the places that have the zone, each with that zone only.
func placesWith(places []Place, z zone) (found []Place) {
	for _, p := range places {
		if slices.Contains(p.Zones, z.clock) {
			found = append(found, Place{Country: p.Country, State: p.State, Zones: []string{z.clock}})
		}
	}
	return found
}

// inOrder sorts places, and merges those in the same jurisdiction.
func inOrder(places []Place) []Place {
	slices.SortStableFunc(places, func(a, b Place) int {
		return strings.Compare(a.Country+a.State, b.Country+b.State)
	})
	var once []Place
	for _, p := range places {
		if last := len(once) - 1; last >= 0 && once[last].same(p) {
			once[last].Zones = union(once[last].Zones, p.Zones)
			continue
		}
		once = append(once, p)
	}
	return once
}

// intersect returns the zones that are in both lists.
func intersect(a, b []string) (both []string) {
	for _, z := range a {
		if slices.Contains(b, z) {
			both = append(both, z)
		}
	}
	return both
}

// union returns the zones that are in either list, sorted.
func union(a, b []string) []string {
	either := slices.Concat(a, b)
	slices.Sort(either)
	return slices.Compact(either)
}
