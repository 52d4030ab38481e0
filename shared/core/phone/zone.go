package phone

import (
	"fmt"
	"slices"
	"strings"
)

// zone is a name of the IANA time zone database that belongs to a country.
type zone struct {
	name    string
	country string // ISO 3166-1 alpha-2; the territories of the United States count as the United States
	clock   string // the zone of the country's tables that keeps the same clock: America/New_York for America/Detroit
}

// ZoneNames returns the name of every time zone that Locate may answer or understand, in order.
func ZoneNames() []string {
	names := make([]string, len(zones))
	for i, z := range zones {
		names[i] = z.name
	}
	return names
}

// zoneNamed finds a zone by any of its names, old ones such as Asia/Calcutta among them. UTC and the like belong to no
// country, so that they say nothing of where a person is.
func zoneNamed(name string) (zone, error) {
	i, ok := slices.BinarySearchFunc(
		zones[:],
		name,
		func(z zone, name string) int { return strings.Compare(z.name, name) },
	)
	if !ok {
		message := fmt.Sprintf("%q is no IANA time zone of any country: use a name such as America/New_York", name)
		return zone{}, &FieldError{FieldZone, message, nil}
	}
	return zones[i], nil
}

// places returns the states that keep the zone, or its country where the states are not listed.
func (z zone) places() []Place {
	divided := false
	var kept []Place
	for _, s := range states {
		if string(s[:2]) != z.country {
			continue
		}
		divided = true
		if slices.Contains(s.place().Zones, z.clock) {
			kept = append(kept, placesWith([]Place{s.place()}, z)...)
		}
	}
	if !divided {
		return []Place{{Country: z.country, Zones: []string{z.clock}}}
	}
	return kept
}
