package jurisdiction

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"smsconsent/shared/core/phone"
)

func named(list []Standing) []string {
	var names []string
	for _, s := range list {
		names = append(names, s.Place+" "+s.Rule)
	}
	return names
}

func TestLawsThatChange(t *testing.T) {
	for _, tt := range []struct {
		name      string
		review    Review
		want, not []string
	}{
		{
			"the day of DA 26-12 lies within 90 days",
			Review{On: date("2026-11-28"), Changes: 90},
			[]string{"US revoke-all", "US-PA hours", "SG holidays"},
			[]string{"FR hours", "US hours", "US-FL hours"},
		},
		{
			"a rule that begins tomorrow",
			Review{On: date("2026-02-28"), Changes: 1},
			[]string{"FR hours"},
			[]string{"US-TX hours"},
		},
		{
			"a rule that begins today no longer changes",
			Review{On: date("2026-03-01"), Changes: 30},
			[]string{"US-PA hours"}, // pending without a day may come any day
			[]string{"FR hours"},
		},
		{
			"one place",
			Review{Place: "US-PA", On: date("2026-11-28"), Changes: 90},
			[]string{"US-PA hours"},
			[]string{"US revoke-all", "US-PA holidays"},
		},
		{
			"a country with its states",
			Review{Place: "US"},
			[]string{"US hours", "US revoke-all", "US-OR cap", "US-NE rest"},
			[]string{"FR hours"},
		},
		{
			"unread for half a year",
			Review{On: date("2027-05-25"), Unread: 180},
			[]string{"GB hours", "US-FL cap"},
			[]string{"US-NJ hours", "CO hours"}, // read on 28 November 2026
		},
		{
			"what has ended needs no reading",
			Review{Place: "FR", On: date("2027-05-25"), Unread: 1},
			[]string{"FR hours", "FR rest"},
			nil,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := named(Laws(tt.review))
			for _, name := range tt.want {
				if !slices.Contains(got, name) {
					t.Errorf("%s is missing: %v", name, got)
				}
			}
			for _, name := range tt.not {
				if slices.Contains(got, name) {
					t.Errorf("%s is listed: %v", name, got)
				}
			}
		})
	}
	for _, s := range Laws(Review{Place: "FR", On: date("2027-05-25"), Unread: 1}) {
		if s.Until == date("2026-03-01") {
			t.Error("the charter of 2024 is asked for though it has ended")
		}
	}
	if list := Laws(Review{Place: "XX"}); list == nil || len(list) > 0 {
		t.Errorf("%v: want an empty list, which is [] in JSON", list)
	}
}

// A change concerns people in its place, in the states of its country, and those who may be anywhere in it.
func TestChangesConcernPlaces(t *testing.T) {
	const oregon, paris = phone.Area("US-OR|America/Boise+America/Los_Angeles"), phone.Area("FR|Europe/Paris")
	revokeAll := Change{date("2027-01-31"), "US", "revoke-all"}
	charter := Change{date("2026-03-01"), "FR", "hours"} // one ends and the next begins
	oregons := []Change{{date("2026-01-01"), "US-OR", "cap"}, {date("2026-01-01"), "US-OR", "hours"}}
	for _, c := range []struct {
		name        string
		areas       []phone.Area
		after, last string
		want        []Change
	}{
		{"up to its day", []phone.Area{oregon}, "2027-01-01", "2027-01-31", []Change{revokeAll}},
		{"its day is not reached", []phone.Area{oregon}, "2027-01-01", "2027-01-30", nil},
		{"its day has come", []phone.Area{oregon}, "2027-01-31", "2027-02-28", nil},
		{"anywhere in the country", []phone.Area{"US-*|*"}, "2027-01-30", "2027-01-31", []Change{revokeAll}},
		{"another country", []phone.Area{paris}, "2027-01-30", "2027-01-31", nil},
		{"one day with two rules", []phone.Area{paris}, "2026-02-01", "2026-03-01", []Change{charter}},
		{"a state's own, the country's none", []phone.Area{oregon}, "2025-12-31", "2026-01-31", oregons},
		{"in the order of days", []phone.Area{oregon, paris}, "2026-02-01", "2027-02-01", []Change{charter, revokeAll}},
		{"nowhere", []phone.Area{"?"}, "2020-01-01", "2040-01-01", nil},
	} {
		if got := Changes(Laws(Review{}), c.areas, date(c.after), date(c.last)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Fields another program reads: renaming one breaks it.
func TestStandingAsJSON(t *testing.T) {
	list := Laws(Review{Place: "US-OR"})
	text, err := json.Marshal(list[0])
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"place":"US-OR","rule":"hours","from":"2026-01-01","until":"","as_of":"2026-11-23","pending":"",` +
		`"citation":"HB 3865 (2025)"}`
	if string(text) != want {
		t.Errorf("%s, want %s", text, want)
	}
}

// Each rule has a day, a citation, and no end before its beginning.
func TestEveryLawIsDated(t *testing.T) {
	for _, s := range Laws(Review{}) {
		if s.AsOf.IsZero() || s.Citation == "" {
			t.Errorf("%+v", s)
		}
		if !s.Until.IsZero() && !s.From.IsZero() && s.Until.day() <= s.From.day() {
			t.Errorf("%s %s ends on %s and begins on %s", s.Place, s.Rule, s.Until, s.From)
		}
	}
}

// A pause that nobody announces must reach whoever asks about the place, also where the place has no hours of its own.
func TestNotesReachWhoAsks(t *testing.T) {
	for place, want := range map[string]string{
		"US-NY": "New York: While a state of emergency",
		"US-LA": "Louisiana: In a state of emergency",
		"US-ME": "Maine: Telemarketers are said",
	} {
		_, state, _ := strings.Cut(place, "-")
		notes := Notes([]phone.Place{{Country: "US", State: state}})
		if !slices.ContainsFunc(notes, func(n string) bool { return strings.HasPrefix(n, want) }) {
			t.Errorf("%s: %q, want one that begins %q", place, notes, want)
		}
	}
	twice := []phone.Place{{Country: "US", State: "NY"}, {Country: "US", State: "NY"}}
	if n := Notes(twice); len(n) != len(slices.Compact(slices.Clone(n))) {
		t.Errorf("said twice: %q", n)
	}
	answers := hoursOf(t, Policy{}, italy).Explain(at(t, "Europe/Rome", "2026-12-07 09:30"))
	if len(answers) != 1 || answers[0].Note == "" ||
		answers[0].Because != "09:30 on Monday 2026-12-07 (the day before Immacolata Concezione) in Europe/Rome is outside 10:00-19:00" {
		t.Errorf("%+v", answers)
	}
}
