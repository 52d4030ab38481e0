package phone

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// errArea is wrapped by Area.Places where the key is not one that Locate makes.
var errArea = errors.New("not an area key")

// Places parses the key: every place the phone may be in, each with its time zones in order. The number's own places
// come first. The alias "US-*|*" stands for every state and the District of Columbia, each with all its zones;
// "CA-*|*", "AU-*|*" and "BR-*|*" likewise. The caller may change the result.
func (a Area) Places() ([]Place, error) {
	places := make([]Place, 0, strings.Count(string(a), "&")+1)
	for key := range strings.SplitSeq(string(a), "&") {
		if country, ok := strings.CutSuffix(key, "-*|*"); ok {
			before := len(places)
			for _, s := range everywhere {
				if string(s[:2]) == country {
					places = append(places, s.place())
				}
			}
			if len(places) == before {
				return nil, fmt.Errorf("area %q: the states of %q are not listed: %w", a, country, errArea)
			}
			continue
		}
		p := Area(key).place()
		if err := p.check(); err != nil {
			return nil, fmt.Errorf("area %q: %w", a, err)
		}
		if areaOf([]Place{p}) != Area(key) {
			return nil, fmt.Errorf("area %q is not written as Locate writes it: %w", a, errArea)
		}
		places = append(places, p)
	}
	for i := range places {
		if slices.ContainsFunc(places[:i], places[i].same) {
			return nil, fmt.Errorf("area %q names a place twice: %w", a, errArea)
		}
	}
	return places, nil
}

// Tables returns everything that Locate reads, as text, for the hash that is stored with decisions.
func Tables() string {
	return fmt.Sprint(areaCodes, prefixes, everywhere, states, zips, canadianPrefixes, zones, textless)
}

// IsCountrywide reports whether the area stands for every state of a country. That of a toll-free number does.
func (a Area) IsCountrywide() bool { return strings.HasSuffix(string(a), "-*|*") }

// isState reports whether the area is one state, the one with the code.
func (a Area) isState(code string) bool {
	return code != "" && len(a) > len("US-|")+len(code) && a[2] == '-' && string(a[3:3+len(code)]) == code &&
		a[3+len(code)] == '|' && !strings.Contains(string(a), "&")
}

// place parses a key of one place, as the tables hold them.
func (a Area) place() Place {
	where, zones, _ := strings.Cut(string(a), "|")
	country, state, _ := strings.Cut(where, "-")
	return Place{Country: country, State: state, Zones: strings.Split(zones, "+")}
}

// areaOf returns the key of the places in the given order.
func areaOf(places []Place) Area {
	var b strings.Builder
	for i, p := range places {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(p.Country)
		if p.State != "" {
			b.WriteByte('-')
			b.WriteString(p.State)
		}
		for j, z := range p.Zones {
			b.WriteByte("|+"[min(j, 1)])
			b.WriteString(z)
		}
	}
	return Area(b.String())
}

// same reports whether both are the same jurisdiction.
func (p Place) same(q Place) bool { return p.Country == q.Country && p.State == q.State }

// check returns an error where Locate would not have made the place.
func (p Place) check() error {
	switch {
	case len(p.Country) != 2 || !isUpper(p.Country):
		return fmt.Errorf("country %q: %w", p.Country, errArea)
	case len(p.State) > 3 || !isUpper(p.State):
		return fmt.Errorf("state %q: %w", p.State, errArea)
	}
	for i, z := range p.Zones {
		switch {
		case !isZoneName(z):
			return fmt.Errorf("zone %q: %w", z, errArea)
		case i > 0 && p.Zones[i-1] >= z:
			return fmt.Errorf("zone %q is out of order: %w", z, errArea)
		}
	}
	return nil
}

func isUpper(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' })
}

// isZoneName reports whether a name has the form of a place's zone, such as America/Port-au-Prince. It does not check
// whether the zone exists.
func isZoneName(s string) bool {
	region, city, ok := strings.Cut(s, "/")
	return ok && region != "" && city != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '/' && r != '_' && r != '-'
	})
}
