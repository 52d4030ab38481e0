package phone

import (
	"fmt"
	"slices"
	"strings"
)

// zone is a name in the IANA time zone database that belongs to a country.
type zone struct {
	name    string
	country string // ISO 3166-1 alpha-2; the territories of the United States count as the United States
	clock   string // the zone with the same clock in the country's tables: America/New_York for America/Detroit
}

// ZoneNames returns the name of every time zone that Locate returns or understands, in order.
func ZoneNames() []string {
	names := make([]string, len(zones))
	for i, z := range zones {
		names[i] = z.name
	}
	return names
}

// zoneNamed returns the zone with a name. Old names, such as Asia/Calcutta, count too. UTC and the like belong to no
// country, so they say nothing about where a person is.
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

// places returns the states that have the zone, or its country where the states are not listed.
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
