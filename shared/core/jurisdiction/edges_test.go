package jurisdiction

import (
	"errors"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/phone"
)

// What is no code of two capital letters names no country, and a text to it would go out by nobody's hours.
func TestCountryCodes(t *testing.T) {
	policy := func(code string) Policy {
		return Policy{Countries: map[string]Country{code: {Hours: Week{Weekday: AllDay, Holiday: AllDay}}}}
	}
	for _, code := range []string{"", "C", "CHL", "cl", "cL", "Cl", "1L", "C1", "@L", "C@", "[L", "C[", "É"} {
		if _, err := New(policy(code)); err == nil || !strings.Contains(err.Error(), "two capital letters") {
			t.Errorf("%q: %v", code, err)
		}
	}
	for _, code := range []string{"AZ", "ZA"} {
		if _, err := New(policy(code)); err != nil {
			t.Errorf("%q: %v", code, err)
		}
	}
}

// Holidays are listed for the years the engine knows, to the last day.
func TestYearsOfListedHolidays(t *testing.T) {
	for d, want := range map[Date]bool{
		{2019, 12, 31}: false, {2020, 1, 1}: true, {2052, 12, 31}: true, {2053, 1, 1}: false,
	} {
		p := Policy{Countries: map[string]Country{"CL": {Hours: Week{Weekday: AllDay, Holiday: AllDay}, Holidays: []Date{d}}}}
		if _, err := New(p); (err == nil) != want {
			t.Errorf("%s: %v", d, err)
		}
	}
}

// One open day of the week is hours enough.
func TestOneOpenDayIsEnough(t *testing.T) {
	for name, week := range map[string]Week{
		"weekdays": {Weekday: AllDay, Holiday: AllDay}, "saturdays": {Saturday: AllDay, Holiday: AllDay}, "sundays": {Sunday: AllDay, Holiday: AllDay},
	} {
		if _, err := New(Policy{Narrow: &week}); err != nil {
			t.Errorf("%s alone: %v", name, err)
		}
	}
}

// A window lies within a day of its start, to the minute.
func TestWindowsOfAPolicy(t *testing.T) {
	for w, want := range map[Window]bool{
		{}:           true,
		{0, 1}:       true,
		{0, 1440}:    true,
		{0, 1441}:    false,
		{-1, 4}:      false,
		{1439, 1440}: true,
		{1439, 2879}: true,
		{1439, 2880}: false,
		{1440, 1441}: false,
		{60, 60}:     false,
		{61, 60}:     false,
	} {
		if got := w.valid(); got != want {
			t.Errorf("%+v: valid %t", w, got)
		}
	}
}

// A listed country without holidays has no calendar, which is no fault while nobody heeds any.
func TestAListedCountryWithoutHolidays(t *testing.T) {
	uruguay := place("UY", "", "America/Montevideo")
	p := Policy{Countries: map[string]Country{"UY": {Hours: Week{AllDay, AllDay, AllDay, AllDay}}}}
	nine := Window{9 * 60, 17 * 60}
	p.Narrow = &Week{nine, nine, nine, nine}
	if h := hoursOf(t, p, uruguay); !h.Permitted(at(t, "America/Montevideo", "2026-11-24 12:00")) ||
		h.Permitted(at(t, "America/Montevideo", "2026-11-24 18:00")) {
		t.Error("the brand's hours must open from nine to five")
	}
	p.Narrow.Holiday = None
	book, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := book.Hours([]phone.Place{uruguay}); !errors.Is(err, ErrUnserved) {
		t.Errorf("%v: a brand that heeds holidays needs those of the country", err)
	}
}

// Whatever says no is named: a person has to see whose rule it is, whence it comes, and how sure that is.
func TestExplainNamesWhoseRuleItIs(t *testing.T) {
	nine := Window{9 * 60, 17 * 60}
	p := Policy{Narrow: &Week{nine, nine, nine, nine}, Countries: map[string]Country{"FR": {Hours: Week{nine, nine, nine, nine}}}}
	answers := hoursOf(t, p, france).Explain(at(t, "Europe/Paris", "2026-11-24 18:30"))
	if len(answers) != 3 {
		t.Fatalf("%+v", answers)
	}
	for i, want := range []Answer{
		{Name: "hours FR", Permitted: true},
		{Name: "hours listed for FR", Citation: "the policy's list of countries", Tier: TierDefault, Certainty: General},
		{Name: "hours of the brand in FR", Citation: "the brand's own narrower hours", Tier: TierDefault, Certainty: Found},
	} {
		a := answers[i]
		if a.Name != want.Name || a.Permitted != want.Permitted || i > 0 && (a.Citation != want.Citation || a.Tier != want.Tier || a.Certainty != want.Certainty) {
			t.Errorf("%+v, want %+v", a, want)
		}
		if i > 0 && a.Because != "18:30 on Tuesday 2026-11-24 in Europe/Paris is outside 09:00-17:00" {
			t.Errorf("because %q", a.Because)
		}
	}
}

// A toll-free number may be in many zones. The line names three of those that decide, and counts the rest.
func TestExplainIsShortForManyZones(t *testing.T) {
	zones := []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage"}
	noon := at(t, "America/New_York", "2026-11-24 12:00") // 08:00 in Anchorage
	because := func(n int, hour int) string {
		w := Window{hour * 60, 24 * 60}
		h := hoursOf(t, Policy{Mode: Law, Narrow: &Week{w, w, w, w}}, place("GB", "", zones[:n]...))
		answers := h.Explain(noon)
		return answers[len(answers)-1].Because
	}
	// After noon of the east coast: open nowhere. From eight: open everywhere but in Anchorage.
	if got := because(3, 13); strings.Count(got, "is outside") != 3 || strings.Contains(got, "more zones") {
		t.Errorf("three zones: %q", got)
	}
	if got := because(5, 13); strings.Count(got, "is outside") != 3 || !strings.HasSuffix(got, "; and 2 more zones") {
		t.Errorf("five zones: %q", got)
	}
	if got := because(5, 9); strings.Count(got, " is outside ") != 1 || strings.Contains(got, "is within") {
		t.Errorf("of five zones one is shut: %q", got)
	}
}

// An unknown state obeys the federal rule beside those of the states, and says so.
func TestUnknownStateObeysTheCountryToo(t *testing.T) {
	answers := hoursOf(t, Policy{}, place("US", "", "America/New_York")).Explain(at(t, "America/New_York", "2026-11-24 12:00"))
	if answers[0].Name != "hours US" || len(answers) < 20 {
		t.Errorf("%d answers, the first is %+v", len(answers), answers[0])
	}
}

// Of a year that nobody has checked, every day says why it is shut.
func TestADayNobodyChecked(t *testing.T) {
	if why, shut := sgHolidays.why(dayOf(2027, time.March, 3)); !shut || !strings.Contains(why, "2027, whose public holidays are not in the tables") {
		t.Errorf("%t, %q", shut, why)
	}
	if why, shut := sgHolidays.why(dayOf(2026, time.March, 3)); shut || why != "" {
		t.Errorf("an ordinary day: %q", why)
	}
}

// The engine refuses days outside the tables before it asks for holidays; asked all the same, they are none.
func TestHolidaysOutsideTheTables(t *testing.T) {
	days := newDayset(frHolidays)
	for _, d := range []day{firstDay - 1, firstDay - 64, dayOf(LastYear+1, time.January, 1) + 400, dayOf(LastYear+50, time.July, 14)} {
		if days.has(d) {
			t.Errorf("%s is a holiday", d.date())
		}
	}
	for d := dayOf(LastYear, time.December, 26); d < dayOf(LastYear+2, time.January, 1); d++ {
		days.has(d) // whatever it says, it says something
	}
	if (*dayset)(nil).has(firstDay) {
		t.Error("a calendar that is none has a holiday")
	}
}

// A listed holiday is on the list of its year once, and in no other.
func TestListedHolidays(t *testing.T) {
	c := listedCalendar("CL", []Date{date("2026-09-18"), date("2027-01-01"), date("2025-12-25")})
	for year, want := range map[int]string{2025: "2025-12-25", 2026: "2026-09-18", 2027: "2027-01-01"} {
		days, ok := c.In(year)
		if !ok || len(days) != 1 || days[0].Date.String() != want {
			t.Errorf("%d: %v, %t", year, days, ok)
		}
	}
	for _, year := range []int{2024, 2028} {
		if days, ok := c.In(year); ok {
			t.Errorf("%d: %v", year, days)
		}
	}
}

// A misprint in the tables ends the program that tells of it.
func TestMisprints(t *testing.T) {
	for name, write := range map[string]func(){
		"a date":   func() { date("2026-02-30") },
		"a window": func() { window("09:00-09:00") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s that is none was taken", name)
				}
			}()
			write()
		}()
	}
}

func TestMidnight(t *testing.T) {
	paris := at(t, "Europe/Paris", "2026-07-14 00:00")
	if got := date("2026-07-14").Midnight(paris.Location()); !got.Equal(paris) {
		t.Errorf("%s, want %s", got, paris)
	}
}

// The tables reach from one year to another. Outside them nothing is permitted, and the error says how far they reach.
func TestOutsideTheYearsOfTheTables(t *testing.T) {
	h := hoursOf(t, Policy{}, florida)
	for _, clock := range []string{"2019-11-26 12:00", "2020-01-01 12:00", "2052-12-31 12:00", "2053-03-04 12:00"} {
		noon := at(t, "America/New_York", clock)
		if h.Permitted(noon) {
			t.Errorf("%s: permitted", clock)
		}
		if _, err := h.NextOpening(noon); !errors.Is(err, ErrNeverOpen) || !strings.Contains(err.Error(), "reach from 2020 to 2052") {
			t.Errorf("%s: %v", clock, err)
		}
		if got := h.ClosesAt(noon); !got.Equal(noon) {
			t.Errorf("%s: closes at %s", clock, got)
		}
	}
	if _, err := (&Hours{}).NextOpening(at(t, "America/New_York", "2026-11-24 12:00")); !errors.Is(err, ErrNeverOpen) {
		t.Errorf("hours of no place: %v", err)
	}
}

// An opening exactly 14 days away is no opening within 14 days, one a second nearer is.
func TestTheHorizonIsFourteenDays(t *testing.T) {
	mondays := Country{Hours: Week{Weekday: Window{600, 660}, Holiday: None}}
	for d := dayOf(2026, time.November, 2); d < dayOf(2026, time.December, 1); d++ {
		if d != dayOf(2026, time.November, 30) && d.weekday() != time.Saturday && d.weekday() != time.Sunday {
			mondays.Holidays = append(mondays.Holidays, d.date())
		}
	}
	h := hoursOf(t, Policy{Countries: map[string]Country{"AQ": mondays}}, place("AQ", "", "Africa/Abidjan"))
	opening := at(t, "Africa/Abidjan", "2026-11-30 10:00")
	if got, err := h.NextOpening(opening.Add(-14 * 24 * time.Hour)); !errors.Is(err, ErrNeverOpen) {
		t.Errorf("exactly 14 days before: %s, %v", got, err)
	}
	if got, err := h.NextOpening(opening.Add(time.Second - 14*24*time.Hour)); err != nil || !got.Equal(opening) {
		t.Errorf("a second later: %s, %v, want %s", got, err, opening)
	}
}

// The error of hours that never meet names each place and zone once.
func TestPlacesThatNeverMeetAreNamedOnce(t *testing.T) {
	nine := Window{0, 1440}
	p := Policy{Narrow: &Week{nine, nine, nine, nine}}
	h := hoursOf(t, p, place("US", "RI", "America/New_York"), place("US", "GU", "Pacific/Guam"))
	_, err := h.NextOpening(at(t, "Africa/Abidjan", "2026-11-23 12:00"))
	if err == nil {
		t.Fatal("they meet")
	}
	for _, name := range []string{"US-RI (America/New_York)", "US-GU (Pacific/Guam)", "US (Pacific/Guam)"} {
		if n := strings.Count(err.Error(), name); n != 1 {
			t.Errorf("%s is named %d times: %v", name, n, err)
		}
	}
}
