package jurisdiction

import (
	"slices"
)

// Region is a table of docs/jurisdictions.md.
type Region struct {
	Name    string
	Entries []Entry
}

// Regions returns all tables in the order of the document. The caller must not change them.
func Regions() []Region {
	return []Region{
		{"North America", northAmerica},
		{"United States, state by state", usStates},
		{"Europe", europe},
		{"Asia and the Pacific", asiaPacific},
		{"Latin America", latinAmerica},
		{"Africa and the Middle East", africaMiddleEast},
	}
}

// lookup returns the entry of a place.
func lookup(place string) (*Entry, bool) {
	for _, r := range Regions() {
		for i := range r.Entries {
			if r.Entries[i].Place == place {
				return &r.Entries[i], true
			}
		}
	}
	return nil, false
}

// Lookup returns what is known about a country ("FR") or a US state ("US-FL"). The caller must not change it.
func Lookup(place string) (Entry, bool) {
	e, ok := lookup(place)
	if !ok {
		return Entry{}, false
	}
	return *e, true
}

// OptOutWords returns the replies that must count as an opt-out from phones of a country, in the order of the table.
// The English words that count everywhere are not among them.
func OptOutWords(country string) []string {
	e, known := lookup(country)
	if !known {
		return nil
	}
	var all []string
	for _, list := range e.OptOutWords {
		for _, word := range list.Words {
			if !slices.Contains(all, word) {
				all = append(all, word)
			}
		}
	}
	return all
}

// RevokeAllFrom returns the first day on which, in a country, a revocation in answer to one kind of text stops every
// kind. ok is false where no such rule is known.
func RevokeAllFrom(country string) (from Date, ok bool) {
	e, known := lookup(country)
	if !known || e.RevokeAll.From.IsZero() {
		return Date{}, false
	}
	return e.RevokeAll.From, true
}

// listedCalendar returns the calendar of a country that the policy lists.
func listedCalendar(country string, list []Date) *Calendar {
	c := &Calendar{Name: "listed " + country}
	for _, d := range list {
		c.holidays = append(c.holidays, holiday{
			name: "a listed holiday", first: d.Year, last: d.Year,
			on: func(int) day { return d.day() },
		})
		c.years = append(c.years, d.Year)
	}
	slices.Sort(c.years)
	return c
}
