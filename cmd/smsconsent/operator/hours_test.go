package operator

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/zoneinfo"
)

type answer struct {
	Phone       string     `json:"phone"`
	Country     string     `json:"country"`
	State       string     `json:"state"`
	Zones       []string   `json:"zones"`
	Permitted   bool       `json:"permitted"`
	NextOpening *time.Time `json:"next_opening"`
	DigestOnly  bool       `json:"digest_only"`
	Rules       []struct {
		Name      string     `json:"name"`
		Answer    string     `json:"answer"`
		Until     *time.Time `json:"until"`
		Because   string     `json:"because"`
		Citation  string     `json:"citation"`
		Tier      string     `json:"tier"`
		Certainty string     `json:"certainty"`
	} `json:"rules"`
	TZ string `json:"tz"`

	Policy string `json:"policy"` // explain's of the past, and the next
	Texts  []struct {
		At     time.Time `json:"at"`
		Kind   string    `json:"kind"`
		Topics []string  `json:"topics"`
		Status string    `json:"status"`
		Policy string    `json:"policy"`
		Same   bool      `json:"same_policy"`
	} `json:"texts"`
}

// decoded checks that an answer has exactly the fields promised, and that each rule says who wrote it and how sure that
// is.
func decoded(t *testing.T, text string) answer {
	t.Helper()
	a := strictly[answer](t, text)
	got := slices.DeleteFunc(fields(t, text), func(f string) bool {
		return slices.Contains([]string{"policy", "texts", "digest_only"}, f) // only where there is something to tell
	})
	if !slices.Equal(got, []string{"country", "next_opening", "permitted", "phone", "rules", "state", "tz", "zones"}) {
		t.Errorf("the fields are %v", got)
	}
	if a.TZ != zoneinfo.Release {
		t.Errorf("time zones of release %q, want %s", a.TZ, zoneinfo.Release)
	}
	raw := strictly[struct {
		Rules []map[string]json.RawMessage `json:"rules"`
	}](t, `{"rules":`+string(strictly[map[string]json.RawMessage](t, text)["rules"])+`}`)
	for _, r := range raw.Rules {
		if len(r) != 7 {
			t.Errorf("rule %v has %d fields, want 7", r, len(r))
		}
	}
	if len(a.Rules) == 0 {
		t.Error("no rule is told")
	}
	for _, r := range a.Rules {
		if r.Name == "" || !slices.Contains([]string{"allow", "defer", "refuse"}, r.Answer) || r.Citation == "" || r.Tier == "" || r.Certainty == "" {
			t.Errorf("rule %+v lacks something", r)
		}
	}
	return a
}

var newYear = time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC)

func hoursAt(t *testing.T, number string, f hoursFlags) answer {
	t.Helper()
	cat, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	r, err := hoursOf(cat, number, f, newYear)
	if err != nil {
		t.Fatalf("%s %+v: %v", number, f, err)
	}
	var out strings.Builder
	if err := printJSON(&out, r); err != nil {
		t.Fatal(err)
	}
	return decoded(t, out.String())
}

// The examples of the laws, as the command tells them: next is when it is permitted, the instant itself where it is.
func TestHours(t *testing.T) {
	for _, c := range []struct{ name, phone, policy, at, next string }{
		{"Florida's law begins at 08:00", "+13055550123", "law", "2027-01-05T20:30:00-05:00", "2027-01-06T08:00:00-05:00"},
		{"the safe hours in Florida begin at 09:00", "+13055550123", "strict", "2027-01-05T20:30:00-05:00", "2027-01-06T09:00:00-05:00"},
		{"Florida on Saturday evening", "+13055550123", "business", "2027-01-09T16:00:00-05:00", "2027-01-11T09:00:00-05:00"},
		{"Florida at noon", "+13055550123", "strict", "2027-01-05T12:00:00-05:00", "2027-01-05T12:00:00-05:00"},
		{"Texas on a Sunday waits for noon", "+12145550123", "law", "2027-01-10T11:00:00-06:00", "2027-01-10T12:00:00-06:00"},
		{"Louisiana on a Sunday waits for Monday", "+12255550123", "law", "2027-01-10T13:00:00-06:00", "2027-01-11T08:00:00-06:00"},
		{"toll-free while Hawaii sleeps", "+18005550123", "law", "2027-01-05T10:00:00-05:00", "2027-01-05T08:00:00-10:00"},
		{"France on 14 July waits for the 15th", "+33612345678", "strict", "2027-07-14T11:00:00+02:00", "2027-07-15T08:00:00+02:00"},
		{"South Africa on a Saturday afternoon waits for Monday", "+27821234567", "law", "2027-02-06T14:00:00+02:00", "2027-02-08T08:00:00+02:00"},
		// 09:00 in Labrador is 09:30 on the island.
		{"Labrador counts for 709", "+17095550123", "strict", "2027-01-05T09:15:00-03:30", "2027-01-05T09:30:00-03:30"},
		{"the island's evening comes first", "+17095550123", "strict", "2027-01-05T21:15:00-03:30", "2027-01-06T09:30:00-03:30"},
		{"Arizona in summer has its winter hours", "+16025550123", "law", "2027-07-06T07:00:00-07:00", "2027-07-06T08:00:00-07:00"},
		{"Arizona in winter", "+16025550123", "law", "2027-01-05T07:00:00-07:00", "2027-01-05T08:00:00-07:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, next := instantOf(t, c.at), instantOf(t, c.next)
			a := hoursAt(t, c.phone, hoursFlags{at: c.at, policy: c.policy})
			if a.NextOpening == nil || !a.NextOpening.Equal(next) || a.Permitted != at.Equal(next) {
				t.Errorf("permitted is %t and the next opening %v, want %s", a.Permitted, a.NextOpening, next.UTC())
			}
		})
	}
}

func instantOf(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// Manitoba and Ontario west of 90° W keep UTC-5 all year since 31 October 2026 (release 2026e), Nunavut and Chicago do
// not. 20:30 of the clocks before is 21:30, too late even under the law.
func TestManitobaKeepsItsSummerTime(t *testing.T) {
	const at, next = "2026-12-02T02:30:00Z", "2026-12-02T14:00:00Z"
	for _, c := range []struct {
		name, phone, next string
		f                 hoursFlags
	}{
		{"204", "+12045550123", next, hoursFlags{}},
		{"431", "+14315550123", next, hoursFlags{}},
		{"584", "+15845550123", next, hoursFlags{}},
		{"toll-free, told MB", "+18005550123", next, hoursFlags{state: "MB"}},
		{"807, told Winnipeg", "+18075550123", next, hoursFlags{zone: "America/Winnipeg"}},
		{"807, told Rainy River", "+18075550123", next, hoursFlags{zone: "America/Rainy_River"}},
		{"807, told Central", "+18075550123", next, hoursFlags{zone: "Canada/Central"}},
		{"toll-free, told Rankin Inlet", "+18005550123", at, hoursFlags{zone: "America/Rankin_Inlet"}},
		{"Illinois at half past eight", "+13125550123", at, hoursFlags{policy: "law"}},
	} {
		c.f.at = at
		if c.f.policy == "" {
			c.f.policy = "strict"
		}
		a := hoursAt(t, c.phone, c.f)
		want := instantOf(t, c.next)
		if a.NextOpening == nil || !a.NextOpening.Equal(want) || a.Permitted != (c.next == at) {
			t.Errorf("%s: permitted is %t and the next opening %v, want %s", c.name, a.Permitted, a.NextOpening, want)
		}
	}
}

// Of the past the rules and clocks in force then answer.
func TestHoursOfThePast(t *testing.T) {
	for _, c := range []struct {
		name, phone, policy, at string
		permitted               bool
	}{
		{"France until 22:00", "+33612345678", "law", "2026-02-03T21:45:00+01:00", true},
		{"France until 21:30, by the charter of 2026", "+33612345678", "law", "2026-03-03T21:45:00+01:00", false},
		{"a French Sunday before", "+33612345678", "law", "2026-02-22T11:00:00+01:00", false},
		{"a French Sunday since", "+33612345678", "law", "2026-03-01T11:00:00+01:00", true},
		{"Oregon before HB 3865", "+15035550123", "law", "2025-12-30T20:30:00-08:00", true},
		{"Oregon since", "+15035550123", "law", "2026-01-06T20:30:00-08:00", false},
		{"20:30 of Manitoba's last winter time", "+12045550123", "strict", "2026-01-14T02:30:00Z", true},
		{"the same instant of a December later", "+12045550123", "strict", "2026-12-02T02:30:00Z", false},
	} {
		if a := hoursAt(t, c.phone, hoursFlags{at: c.at, policy: c.policy}); a.Permitted != c.permitted {
			t.Errorf("%s: %t", c.name, a.Permitted)
		}
	}
	out, _ := execute(t, 0, "hours", "+13055550123", "--at", "2025-07-01T12:00:00-04:00")
	if !strings.Contains(out, "Answered by programs.yaml ") || !strings.Contains(out, "time zones "+zoneinfo.Release+".") {
		t.Errorf("it does not say what answers\n%s", out)
	}
}

// A toll-free phone may be anywhere: it is never permitted while Hawaii or Maine is outside the hours.
func TestTollFreeIsNeverPermittedWhileHawaiiOrMaineIsNot(t *testing.T) {
	permitted := 0
	for hour := range 7 * 24 {
		at := hoursFlags{at: newYear.Add(time.Duration(hour) * time.Hour).Format(time.RFC3339), policy: "law"}
		if !hoursAt(t, "+18005550123", at).Permitted {
			continue
		}
		permitted++
		for _, state := range []string{"+18085550123", "+12075550123"} {
			if !hoursAt(t, state, at).Permitted {
				t.Errorf("at %s a toll-free phone may be texted, %s not", at.at, state)
			}
		}
	}
	if permitted == 0 {
		t.Error("a toll-free phone may never be texted")
	}
}

// What a person told narrows where a toll-free phone may be.
func TestToldStateNarrowsTollFree(t *testing.T) {
	if a := hoursAt(t, "+18005550123", hoursFlags{state: "hi"}); a.State != "HI" || !slices.Equal(a.Zones, []string{"Pacific/Honolulu"}) {
		t.Errorf("in Hawaii it may be in %s %v", a.State, a.Zones)
	}
	if a := hoursAt(t, "+18005550123", hoursFlags{}); a.State != "" || !slices.Contains(a.Zones, "Pacific/Honolulu") || !slices.Contains(a.Zones, "America/New_York") {
		t.Errorf("untold, it may be in %q %v", a.State, a.Zones)
	}
}

func TestHoursPrints(t *testing.T) {
	out, _ := execute(t, 0, "hours", "+13055550123", "--json")
	if a := decoded(t, out); a.Phone != "+13055550123" || a.Country != "US" || a.State != "FL" {
		t.Errorf("says %+v", a)
	}
	for _, number := range []string{"+13055550123", "+18005550123"} {
		out, _ = execute(t, 0, "hours", number)
		if !strings.HasPrefix(out, number+" may be in US") {
			t.Errorf("says\n%s", out)
		}
		for line := range strings.Lines(out) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > 220 || strings.HasSuffix(line, " \n") {
				t.Errorf("a line of %d characters: %q", n, line)
			}
		}
	}
}

// Pauses that nobody announces are told with the hours, also in a state that has few of its own.
func TestHoursPrintNotes(t *testing.T) {
	for number, want := range map[string]string{
		"+12125550123":  "state of emergency",                    // New York, of the place
		"+393471234567": "the code is for calls of those",        // Italy, of the rule
		"+18005550123":  "more notes: docs/jurisdictions.md has", // everywhere
	} {
		if out, _ := execute(t, 0, "hours", number); !strings.Contains(strings.ToLower(out), want) {
			t.Errorf("%s: %q is not in\n%s", number, want, out)
		}
	}
}

// A phone is read as people type it, and now is that of the stack that is named, as explain has it.
func TestHoursAsExplainHasThem(t *testing.T) {
	for written, phone := range map[string]string{
		"(213) 555-0105": "+12135550105", "213.555.0105": "+12135550105", "1 (213) 555 0105": "+12135550105",
		"+44 7400 123456": "+447400123456",
	} {
		if a := hoursAt(t, written, hoursFlags{}); a.Phone != phone {
			t.Errorf("%q is read as %s", written, a.Phone)
		}
	}
	w := newWorld(t)
	for _, at := range []time.Time{tuesday, tuesday.Add(9 * time.Hour)} { // 10:00 and 19:00 in Seattle
		w.goTo(at)
		want := "at " + inZone(at, []string{"America/Los_Angeles"})
		for _, args := range [][]string{{"hours", her}, {"explain", her, "--topic", "alerts"}} {
			if words, _ := execute(t, 0, args...); !strings.Contains(strings.ToLower(words), strings.ToLower(want)) {
				t.Errorf("%s is not asked about %s\n%s", args[0], want, words)
			}
		}
	}
}

func TestHoursMistakes(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{nil, "PHONE is required"},
		{[]string{"2065550"}, "PHONE"},
		{[]string{"+1206555"}, "PHONE"},
		{[]string{"+99912345678"}, "PHONE"},
		{[]string{"+15005550123"}, "cannot receive texts"},
		{[]string{"+12069760123"}, "cannot receive texts"},
		{[]string{"+13055550123", "--state", "XX"}, "--state"},
		{[]string{"+13055550123", "--zip", "00"}, "--zip"},
		{[]string{"+13055550123", "--zone", "Mars/Olympus"}, "--zone"},
		{[]string{"+13055550123", "--policy", "lax"}, "--policy"},
		{[]string{"+13055550123", "--brand", "nosuch"}, "--brand"},
		{[]string{"+13055550123", "--at", "tomorrow"}, "--at"},
		{[]string{"+13055550123", "--at", "2019-12-31T20:30:00Z"}, "--at"},
		{[]string{"+13055550123", "--at", "2053-01-01T20:30:00Z"}, "--at"},
	} {
		if out, says := execute(t, exitUsage, append([]string{"hours"}, c.args...)...); !strings.Contains(says, c.says) || out != "" {
			t.Errorf("%q prints %q and says %q, want %s named", c.args, out, says, c.says)
		}
	}
}
