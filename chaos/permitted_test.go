package chaos_test

import (
	"slices"
	"strings"
	"time"
)

// fresh is the few seconds that a text may take from its claim to the carrier.
const fresh = 15 * second

func stamp(t time.Time) string { return t.Format("Jan 2 15:04:05") }

// checkHours is I6: Monday to Saturday from 9 to 20, Sundays from 12, on federal holidays not at all, in every zone of
// the number, or in that which a confirmed request told.
func (m *model) checkHours(t *text, what string) {
	last := t.at
	if t.ttl > fresh {
		last = last.Add(t.ttl - fresh) // AWS may hand it over as late as that
	}
	if permitted(zonesOf(t.to), t.at) && permitted(zonesOf(t.to), last) {
		return
	}
	for _, zone := range m.confirmedZones(t.to, m.brandOf(t.from)) {
		if permitted([]string{zone}, t.at) && permitted([]string{zone}, last) {
			return
		}
	}
	local := t.at.In(location(zonesOf(t.to)[0]))
	m.fail("I6", "%s gets %s at %s in %s", who(t.to), what, local.Format("Mon Jan 2 15:04"), local.Location())
}

func zonesOf(phone string) []string {
	switch {
	case strings.HasPrefix(phone, "+1206"):
		return []string{"America/Los_Angeles"}
	case strings.HasPrefix(phone, "+1850"):
		return []string{"America/New_York", "America/Chicago"}
	default:
		return []string{"America/New_York"}
	}
}

// confirmedZones is what requests told whose own question was answered by YES.
func (m *model) confirmedZones(phone, brand string) []string {
	var zones []string
	for _, y := range m.words {
		if y.phone != phone || y.brand != brand || y.word.means != yes {
			continue
		}
		for _, q := range m.answeredBy(y) {
			if r, ok := m.origin(q.text).(*asking); ok && r.told.Zone != "" {
				zones = append(zones, r.told.Zone)
			}
		}
	}
	return zones
}

func location(zone string) *time.Location {
	l, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	return l
}

func permitted(zones []string, at time.Time) bool {
	for _, z := range zones {
		l := at.In(location(z))
		switch day := l.Format("01-02"); {
		case slices.Contains(holidays(), l.Format("2006-")+day):
			return false
		case l.Weekday() == time.Sunday && l.Hour() < 12:
			return false
		case l.Hour() < 9 || l.Hour() >= 20:
			return false
		}
	}
	return true
}

func holidays() []string {
	return []string{"2026-11-26", "2026-12-25", "2027-01-01", "2027-01-18", "2027-02-15"}
}
