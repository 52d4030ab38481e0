package jurisdiction

import (
	"errors"
	"testing"
	"time"

	"smsconsent/shared/phone"
)

func place(country, state string, zones ...string) phone.Place {
	return phone.Place{Country: country, State: state, Zones: zones}
}

var (
	florida   = place("US", "FL", "America/New_York")
	texas     = place("US", "TX", "America/Chicago")
	louisiana = place("US", "LA", "America/Chicago")
	utah      = place("US", "UT", "America/Denver")
	arizona   = place("US", "AZ", "America/Phoenix")
	france    = place("FR", "", "Europe/Paris")
	zaf       = place("ZA", "", "Africa/Johannesburg")
)

func hoursOf(t testing.TB, p Policy, places ...phone.Place) *Hours {
	t.Helper()
	b, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	h, err := b.Hours(places)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// at reads a wall clock in a zone: "2026-11-23 20:30".
func at(t testing.TB, zone, clock string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", clock, loc)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestOpenings(t *testing.T) {
	tests := []struct {
		name     string
		mode     Mode
		place    phone.Place
		at, open string // wall clock of the place's first zone
	}{
		{"Florida ends at 20:00 by law", Law, florida, "2026-11-23 20:30", "2026-11-24 08:00"},
		{"Florida under strict opens with the federal default", Strict, florida, "2026-11-23 20:30", "2026-11-24 09:00"},
		{"Florida at 19:59 is open", Law, florida, "2026-11-23 19:59", "2026-11-23 19:59"},
		{"Florida at 20:00 is not: windows are half open", Law, florida, "2026-11-23 20:00", "2026-11-24 08:00"},
		{"Texas on Sunday waits for noon by law", Law, texas, "2026-11-22 11:00", "2026-11-22 12:00"},
		{"Texas on Sunday waits for noon under strict", Strict, texas, "2026-11-22 11:00", "2026-11-22 12:00"},
		{"Texas before SB 140 had the federal hours alone", Law, texas, "2025-08-31 08:00", "2025-08-31 08:00"},
		{"Texas since SB 140", Law, texas, "2025-09-07 08:00", "2025-09-07 12:00"},
		{"Louisiana on Sunday waits for Monday by law", Law, louisiana, "2026-11-22 12:00", "2026-11-23 08:00"},
		{"Louisiana on Sunday waits for Monday under strict", Strict, louisiana, "2026-11-22 12:00", "2026-11-23 09:00"},
		{"Louisiana keeps Mardi Gras", Law, louisiana, "2026-02-17 12:00", "2026-02-18 08:00"},
		{"Utah's Sunday is for those without consent", Law, utah, "2026-11-22 12:00", "2026-11-22 12:00"},
		{"Utah's Sunday is shut under strict", Strict, utah, "2026-11-22 12:00", "2026-11-23 09:00"},
		{"Arizona does not follow DST: 08:00 is 15:00 UTC in July", Law, arizona, "2026-07-06 07:00", "2026-07-06 08:00"},
		{"No federal holiday under strict", Strict, florida, "2026-11-26 12:00", "2026-11-27 09:00"},
		{"By law Thanksgiving is a day like others", Law, florida, "2026-11-26 12:00", "2026-11-26 12:00"},
		{"Saturday 4 July is kept on Friday as well", Strict, florida, "2026-07-03 12:00", "2026-07-05 12:00"},
		{"France on 14 July waits for 15 July", Strict, france, "2026-07-14 12:00", "2026-07-15 08:00"},
		{"France on 14 July by the charter of 2026", Law, france, "2026-07-14 12:00", "2026-07-14 12:00"},
		{"France on 14 July by the charter of 2024", Law, france, "2025-07-14 12:00", "2025-07-15 08:00"},
		{"France at 21:45 by the charter of 2026", Law, france, "2026-06-16 21:45", "2026-06-17 08:00"},
		{"France at 21:45 by the charter of 2024", Law, france, "2025-06-17 21:45", "2025-06-17 21:45"},
		{"South Africa on Saturday afternoon waits for Monday", Law, zaf, "2026-11-21 14:00", "2026-11-23 08:00"},
		{"South Africa under strict the same", Strict, zaf, "2026-11-21 14:00", "2026-11-23 08:00"},
		{"South Africa: Sunday's holiday shuts Monday", Law, zaf, "2027-03-20 14:00", "2027-03-23 08:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := hoursOf(t, Policy{Mode: tt.mode}, tt.place)
			zone := tt.place.Zones[0]
			from, want := at(t, zone, tt.at), at(t, zone, tt.open)
			got, err := h.NextOpening(from)
			if err != nil {
				t.Fatal(err)
			}
			if !got.Equal(want) {
				t.Errorf("NextOpening(%s) = %s, want %s", from, got.In(from.Location()), want)
			}
			if open := h.Permitted(from); open != from.Equal(want) {
				t.Errorf("Permitted(%s) = %t", from, open)
			}
		})
	}
}

func TestUnserved(t *testing.T) {
	b, err := New(Policy{})
	if err != nil {
		t.Fatal(err)
	}
	for name, places := range map[string][]phone.Place{
		"no place":          nil,
		"country not known": {place("KP", "", "Asia/Pyongyang")},
		"state not known":   {place("US", "XX", "America/New_York")},
		"no zone":           {place("FR", "")},
		"one of two":        {france, place("KP", "", "Asia/Pyongyang")},
	} {
		if _, err := b.Hours(places); !errors.Is(err, ErrUnserved) {
			t.Errorf("%s: %v, want ErrUnserved", name, err)
		}
	}
	if _, err := b.Hours([]phone.Place{place("FR", "", "Europe/Atlantis")}); err == nil {
		t.Error("an unknown zone must not be served")
	}
}
