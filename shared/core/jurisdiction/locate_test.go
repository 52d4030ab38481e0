package jurisdiction_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/zoneinfo"
)

func bookOf(t *testing.T, mode jurisdiction.Mode) *jurisdiction.Book {
	t.Helper()
	book, err := jurisdiction.New(jurisdiction.Policy{Mode: mode})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func placesOf(t *testing.T, n phone.Number, told phone.Told) []phone.Place {
	t.Helper()
	area, err := phone.Locate(n, told)
	if err != nil {
		t.Fatal(err)
	}
	places, err := area.Places()
	if err != nil {
		t.Fatal(err)
	}
	return places
}

func instant(t *testing.T, zone, clock string) time.Time {
	t.Helper()
	loc, err := zoneinfo.Load(zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", clock, loc)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// From the number alone to the opening.
func TestOpeningsOfNumbers(t *testing.T) {
	const law, strict = jurisdiction.Law, jurisdiction.Strict
	for _, tt := range []struct {
		number         phone.Number
		mode           jurisdiction.Mode
		zone, at, open string
	}{
		{"+13055550123", law, "America/New_York", "2026-11-23 20:30", "2026-11-24 08:00"},
		{"+13055550123", strict, "America/New_York", "2026-11-23 20:30", "2026-11-24 09:00"},
		{"+18505550123", law, "America/Chicago", "2026-11-23 19:30", "2026-11-24 08:00"}, // Florida's 850 may be in either zone
		{"+18505550123", law, "America/New_York", "2026-11-23 08:30", "2026-11-23 09:00"},
		{"+12145550123", law, "America/Chicago", "2026-11-22 11:00", "2026-11-22 12:00"},
		{"+12145550123", strict, "America/Chicago", "2026-11-22 11:00", "2026-11-22 12:00"},
		{"+12255550123", law, "America/Chicago", "2026-11-22 11:00", "2026-11-23 08:00"},
		{"+12255550123", strict, "America/Chicago", "2026-11-22 11:00", "2026-11-23 09:00"},
		{"+33612345678", strict, "Europe/Paris", "2026-07-14 11:00", "2026-07-15 08:00"},
		{"+27821234567", law, "Africa/Johannesburg", "2026-11-21 14:00", "2026-11-23 08:00"},
		{"+27821234567", strict, "Africa/Johannesburg", "2026-11-21 14:00", "2026-11-23 08:00"},
		{"+17095550123", strict, "America/Goose_Bay", "2026-11-24 08:30", "2026-11-24 09:00"}, // 09:00 at St. John's is too early for Labrador
		{"+16025550123", strict, "America/Phoenix", "2026-07-06 08:59", "2026-07-06 09:00"},
	} {
		h, err := bookOf(t, tt.mode).Hours(placesOf(t, tt.number, phone.Told{}))
		if err != nil {
			t.Fatal(err)
		}
		got, err := h.NextOpening(instant(t, tt.zone, tt.at))
		if err != nil || !got.Equal(instant(t, tt.zone, tt.open)) {
			t.Errorf("%s under %s at %s opens %s, %v, want %s", tt.number, tt.mode, tt.at, got, err, tt.open)
		}
	}
	// Arizona's clocks stand still: the same UTC hour opens in summer and in winter.
	h, err := bookOf(t, law).Hours(placesOf(t, "+16025550123", phone.Told{}))
	if err != nil {
		t.Fatal(err)
	}
	for _, month := range []time.Month{time.January, time.July} {
		if at := time.Date(2026, month, 8, 15, 0, 0, 0, time.UTC); !h.Permitted(at) || h.Permitted(at.Add(-time.Minute)) {
			t.Errorf("Phoenix does not open at 15:00 UTC in %s", month)
		}
	}
}

// Every area code there is, at every week of 2025 to 2028: the hours of all the places a number may be in always meet
// within 14 days, so that no number needs a fallback. What is not served is the NANP outside the US and Canada.
func TestEveryAreaCodeOpens(t *testing.T) {
	outside := map[string]bool{
		"AG": true, "AI": true, "BB": true, "BM": true, "BS": true, "DM": true, "DO": true, "GD": true, "JM": true, "KN": true, "KY": true,
		"LC": true, "MS": true, "SX": true, "TC": true, "TT": true, "VC": true, "VG": true,
	}
	for _, mode := range []jurisdiction.Mode{jurisdiction.Strict, jurisdiction.Law} {
		book, seen := bookOf(t, mode), map[phone.Area]bool{}
		for code := 200; code <= 999; code++ {
			area, err := phone.Locate(phone.Number(fmt.Sprintf("+1%d5550123", code)), phone.Told{})
			if err != nil || seen[area] {
				continue
			}
			seen[area] = true
			places, err := area.Places()
			if err != nil {
				t.Fatal(err)
			}
			h, err := book.Hours(places)
			if err != nil {
				if !errors.Is(err, jurisdiction.ErrUnserved) || !outside[places[0].Country] {
					t.Errorf("%d: %v", code, err)
				}
				continue
			}
			if outside[places[0].Country] {
				t.Errorf("%d: %s is served without rules", code, area)
			}
			for at := time.Date(2025, 1, 1, 3, 7, 0, 0, time.UTC); at.Year() < 2029; at = at.AddDate(0, 0, 7) {
				if _, err := h.NextOpening(at); err != nil {
					t.Errorf("%d at %s: %v", code, at, err)
					break
				}
			}
		}
		if len(seen) < 80 {
			t.Errorf("%d different areas: Locate knows too few for this test to mean anything", len(seen))
		}
	}
}

// A toll-free number may ring anywhere from Maine to Hawaii: it is permitted in no minute in which one of them is shut.
func TestTollFreeWaitsForHawaiiAndMaine(t *testing.T) {
	for mode, window := range map[jurisdiction.Mode][2]int{jurisdiction.Law: {8, 21}, jurisdiction.Strict: {9, 20}} {
		h, err := bookOf(t, mode).Hours(placesOf(t, "+18005550123", phone.Told{}))
		if err != nil {
			t.Fatal(err)
		}
		var zones []*time.Location
		for _, name := range []string{"Pacific/Honolulu", "America/New_York"} {
			zone, err := zoneinfo.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			zones = append(zones, zone)
		}
		permitted := 0
		// Three weeks around each change of the clocks.
		for _, from := range []time.Time{time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 10, 25, 0, 0, 0, 0, time.UTC)} {
			for at := from; at.Before(from.AddDate(0, 0, 21)); at = at.Add(time.Minute) {
				if !h.Permitted(at) {
					continue
				}
				permitted++
				for _, zone := range zones {
					if hour := at.In(zone).Hour(); hour < window[0] || hour >= window[1] {
						t.Fatalf("%s: permitted at %s", mode, at.In(zone))
					}
				}
			}
		}
		if permitted == 0 {
			t.Errorf("%s: a toll-free number is never permitted", mode)
		}
	}
}

// What a person told us may make a pair whose hours never meet: then nothing is sent, and the reason names the places.
func TestToldPlacesMayNeverMeet(t *testing.T) {
	places := placesOf(t, "+14015550123", phone.Told{State: "GU"}) // Rhode Island's number, living in Guam
	h, err := bookOf(t, jurisdiction.Strict).Hours(places)
	if err != nil {
		t.Fatal(err)
	}
	// In summer Rhode Island shuts at 18:00 when Guam has 08:00 of the next day.
	if _, err := h.NextOpening(time.Date(2027, 7, 6, 12, 0, 0, 0, time.UTC)); !errors.Is(err, jurisdiction.ErrNeverOpen) {
		t.Errorf("NextOpening: %v, want ErrNeverOpen", err)
	}
}
