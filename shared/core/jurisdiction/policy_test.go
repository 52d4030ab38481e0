package jurisdiction

import (
	"errors"
	"strings"
	"testing"

	"smsconsent/shared/core/phone"
)

func TestPolicyNamesFieldAndFix(t *testing.T) {
	nine := Window{9 * 60, 17 * 60}
	even := Week{nine, nine, nine, nine}
	for want, p := range map[string]Policy{
		`mode "lax": write "strict", "law" or "business"`: {Mode: "lax"},
		"narrow.weekdays: no day":                         {Narrow: &Week{Holiday: nine}},
		"narrow.sunday: window from":                      {Narrow: &Week{Weekday: nine, Sunday: Window{60, 60}}},
		"countries.cl: write the country":                 {Countries: map[string]Country{"cl": {Hours: even}}},
		"countries.CL.hours.saturday":                     {Countries: map[string]Country{"CL": {Hours: Week{Weekday: nine, Saturday: Window{-1, 4}}}}},
		"countries.CL.holiday_dates: list":                {Countries: map[string]Country{"CL": {Hours: Week{Weekday: nine}}}},
		"countries.CL.holiday_dates: 2026-02":             {Countries: map[string]Country{"CL": {Hours: even, Holidays: []Date{{2026, 2, 30}}}}},
		"countries.CL.holiday_dates: 1999":                {Countries: map[string]Country{"CL": {Hours: even, Holidays: []Date{{1999, 2, 3}}}}},
	} {
		if _, err := New(p); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s…", err, want)
		}
	}
}

// A country nobody has read the law of is served with the hours its user answers for, and only with them.
func TestListedCountry(t *testing.T) {
	nine := Window{9 * 60, 17 * 60}
	uruguay := place("UY", "", "America/Montevideo")
	listed := Policy{Countries: map[string]Country{"UY": {
		Hours: Week{Weekday: nine, Saturday: nine}, Holidays: []Date{date("2026-09-18"), date("2027-01-01")},
	}}}
	h := hoursOf(t, listed, uruguay)
	for clock, want := range map[string]bool{
		"2026-09-17 09:00": true,
		"2026-09-17 08:59": false,
		"2026-09-18 12:00": false, // listed holiday
		"2026-09-20 12:00": false, // Sunday
		"2028-09-14 12:00": false, // the list does not reach 2028
	} {
		if got := h.Permitted(at(t, "America/Montevideo", clock)); got != want {
			t.Errorf("%s: permitted %t, want %t", clock, got, want)
		}
	}
	// Listing a country the tables know cuts its hours, and does not replace them.
	listed.Countries["FR"] = Country{Hours: Week{AllDay, AllDay, AllDay, AllDay}}
	h = hoursOf(t, listed, france)
	if h.Permitted(at(t, "Europe/Paris", "2026-11-24 21:00")) {
		t.Error("a listing widened the hours of France")
	}
	if n := len(h.Explain(at(t, "Europe/Paris", "2026-11-24 21:00"))); n != 2 {
		t.Errorf("%d answers, want the table's and the listing's", n)
	}
}

// A brand that sends nothing on holidays must not be texting on those of a country whose holidays nobody listed.
func TestBrandsHolidaysNeedACalendar(t *testing.T) {
	uruguay := place("UY", "", "America/Montevideo")
	open := Country{Hours: Week{AllDay, AllDay, AllDay, AllDay}}
	for name, p := range map[string]Policy{
		"brand":    {Narrow: &Week{Weekday: AllDay, Saturday: AllDay, Sunday: AllDay}},
		"business": {Mode: Business},
	} {
		p.Countries = map[string]Country{"UY": open}
		book, err := New(p)
		if err != nil {
			t.Fatal(err)
		}
		_, err = book.Hours([]phone.Place{uruguay})
		if !errors.Is(err, ErrUnserved) || !strings.Contains(err.Error(), "holiday_dates") {
			t.Errorf("%s: %v, want ErrUnserved that says what to list", name, err)
		}
		listed := open
		listed.Holidays = []Date{date("2026-11-23")}
		p.Countries = map[string]Country{"UY": listed}
		h := hoursOf(t, p, uruguay)
		if h.Permitted(at(t, "America/Montevideo", "2026-11-23 12:00")) ||
			!h.Permitted(at(t, "America/Montevideo", "2026-11-24 12:00")) {
			t.Errorf("%s: the listed holiday must shut, and the day after must not", name)
		}
	}
}

func TestDefaultsAreStrict(t *testing.T) {
	book, err := New(Policy{})
	if err != nil {
		t.Fatal(err)
	}
	if book.Mode() != Strict {
		t.Errorf("mode %q, want strict", book.Mode())
	}
}

func TestDataForTheGate(t *testing.T) {
	for place, years := range map[string]int{"US-VA": 10, "US-SC": 5, "FR": 0} {
		if e, ok := Lookup(place); !ok || e.OptOutYears != years {
			t.Errorf("%s honours an opt-out %d years, want %d", place, e.OptOutYears, years)
		}
	}
	for place, years := range map[string]int{"KR": 2, "US": 0} {
		if e, ok := Lookup(place); !ok || e.ConsentYears != years || years > 0 && !strings.Contains(e.Consent, "art. 50(8)") {
			t.Errorf("a consent in %s lives %d years by %q, want %d and where that stands", place, e.ConsentYears, e.Consent, years)
		}
	}
	if from, ok := RevokeAllFrom("US"); !ok || from != date("2027-01-31") {
		t.Errorf("revoke-all from %s, %t, want 2027-01-31 (DA 26-12)", from, ok)
	}
	if _, ok := RevokeAllFrom("FR"); ok {
		t.Error("revoke-all is a rule of the United States")
	}
	if e, ok := Lookup("US-DC"); !ok || e.Name != "District of Columbia" {
		t.Error("no entry for the District of Columbia")
	}
	// Opt-out instructions once a month are enough in the United States alone.
	if hoursOf(t, Policy{}, florida).OptOutInEachText() || !hoursOf(t, Policy{}, florida, france).OptOutInEachText() {
		t.Error("a phone that may be in France needs the opt-out in each text, one in Florida does not")
	}
}
