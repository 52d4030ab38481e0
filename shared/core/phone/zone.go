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

// successors are zones that gave up changing their clocks in 2026 (releases 2026b to 2026d of the IANA database), each
// with a zone that has kept their new time all along. A Go release may carry older data, so the tables have both,
// always.
var successors = map[string]string{
	"Africa/Casablanca": "Africa/Abidjan",
	"Africa/El_Aaiun":   "Africa/Abidjan",
	"America/Edmonton":  "America/Regina",
	"America/Vancouver": "America/Dawson_Creek",
}

// clocks returns the zones that stand for z in the tables.
func (z zone) clocks() []string {
	if s, ok := successors[z.clock]; ok {
		return union([]string{z.clock}, []string{s})
	}
	return []string{z.clock}
}

// places returns the states that keep the zone, or its country where the states are not listed.
func (z zone) places() []Place {
	divided := false
	clocks := z.clocks()
	var kept []Place
	for _, s := range states {
		if string(s[:2]) != z.country {
			continue
		}
		divided = true
		if slices.ContainsFunc(clocks, func(c string) bool { return strings.Contains(string(s), c) }) {
			kept = append(kept, placesWith([]Place{s.place()}, z)...)
		}
	}
	if !divided {
		return []Place{{Country: z.country, Zones: clocks}}
	}
	return kept
}
