package when_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/when"
	"smsconsent/shared/core/zoneinfo"
)

// now is Tuesday, 09:00 in Seattle and already Wednesday in Auckland.
var now = time.Date(2027, time.January, 5, 17, 0, 0, 0, time.UTC)

func load(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := zoneinfo.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestParse(t *testing.T) {
	for _, tc := range []struct{ text, zone, want string }{
		{"2027-01-05T18:00:00Z", "", "2027-01-05T18:00:00Z"},
		{"2027-01-05T10:00:00-08:00", "Europe/Paris", "2027-01-05T18:00:00Z"},
		{"today 10:00", "America/Los_Angeles", "2027-01-05T18:00:00Z"},
		{"today 08:00", "America/Los_Angeles", "2027-01-05T16:00:00Z"},
		{"tomorrow 10:00", "America/Los_Angeles", "2027-01-06T18:00:00Z"},
		{"Tomorrow  9:30", "America/Los_Angeles", "2027-01-06T17:30:00Z"},
		{"tomorrow 10:00", "Pacific/Auckland", "2027-01-06T21:00:00Z"},
		{"tuesday 10:00", "America/Los_Angeles", "2027-01-05T18:00:00Z"},
		{"tue 09:00", "America/Los_Angeles", "2027-01-12T17:00:00Z"},
		{"Mon 10:00", "America/Los_Angeles", "2027-01-11T18:00:00Z"},
		{"2027-07-01 10:00", "America/Los_Angeles", "2027-07-01T17:00:00Z"},
	} {
		var zone *time.Location
		if tc.zone != "" {
			zone = load(t, tc.zone)
		}
		got, err := when.Parse(tc.text, zone, now)
		if err != nil || got.Format(time.RFC3339) != tc.want {
			t.Errorf("%q in %q is %s (%v), want %s", tc.text, tc.zone, got.Format(time.RFC3339), err, tc.want)
		}
	}
}

func TestWhatIsNoInstant(t *testing.T) {
	seattle := load(t, "America/Los_Angeles")
	for _, text := range []string{"", "tomorrow", "10:00", "tomorrow 25:00", "someday 10:00", "2027-02-30 10:00", "2027-13-01T00:00:00Z", "2027-03-14 02:30"} {
		if at, err := when.Parse(text, seattle, now); err == nil {
			t.Errorf("%q is %s", text, at)
		}
	}
	if _, err := when.Parse("tomorrow 10:00", nil, now); !errors.Is(err, when.ErrNoZone) {
		t.Errorf("without a zone: %v", err)
	}
	if _, err := when.Parse("someday 10:00", nil, now); err == nil || errors.Is(err, when.ErrNoZone) {
		t.Errorf("no day, without a zone: %v", err)
	}
}

// What a clock shows twice is asked about, with both instants to choose from; an hour before and after it is not.
func TestATimeThatComesTwice(t *testing.T) {
	for _, tc := range []struct{ text, zone, first, second string }{
		{"2027-11-07 01:30", "America/New_York", "2027-11-07T01:30:00-04:00", "2027-11-07T01:30:00-05:00"},
		{"2027-11-07 01:00", "America/New_York", "2027-11-07T01:00:00-04:00", "2027-11-07T01:00:00-05:00"},
		{"2027-04-04 01:45", "Australia/Lord_Howe", "2027-04-04T01:45:00+11:00", "2027-04-04T01:45:00+10:30"},
	} {
		_, err := when.Parse(tc.text, load(t, tc.zone), now)
		if err == nil || !strings.Contains(err.Error(), tc.first+" or "+tc.second) {
			t.Errorf("%s in %s: %v", tc.text, tc.zone, err)
		}
	}
	for text, zone := range map[string]string{
		"2027-11-07 00:59": "America/New_York", "2027-11-07 02:00": "America/New_York", "2027-03-14 03:00": "America/New_York",
		"2027-04-04 01:29": "Australia/Lord_Howe", "2027-04-04 02:00": "Australia/Lord_Howe",
	} {
		if _, err := when.Parse(text, load(t, zone), now); err != nil {
			t.Errorf("%s in %s: %v", text, zone, err)
		}
	}
}

// Whatever was read shows on the clock of the zone what was written, on the day that was meant.
func TestItIsWhatTheClockShows(t *testing.T) {
	zone := load(t, "America/New_York")
	rapid.Check(t, func(t *rapid.T) {
		now := now.Add(time.Duration(rapid.IntRange(0, 800*24*60).Draw(t, "minutes")) * time.Minute)
		clock := time.Date(2000, 1, 1, rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute"), 0, 0, time.UTC).Format("15:04")
		day := rapid.SampledFrom([]string{"today", "tomorrow", "sun", "wednesday"}).Draw(t, "day")
		at, err := when.Parse(day+" "+clock, zone, now)
		if err != nil {
			if clock[:2] != "02" && !strings.Contains(err.Error(), "twice") {
				t.Fatal(err)
			}
			return
		}
		at, now = at.In(zone), now.In(zone)
		if at.Format("15:04") != clock {
			t.Fatalf("%s %s became %s", day, clock, at)
		}
		switch day {
		case "today", "tomorrow":
			if want := now.AddDate(0, 0, map[string]int{"today": 0, "tomorrow": 1}[day]); at.YearDay() != want.YearDay() {
				t.Fatalf("%s became %s at %s", day, at, now)
			}
		default:
			if !at.After(now) || at.Sub(now) > 7*24*time.Hour+time.Hour {
				t.Fatalf("%s became %s at %s", day, at, now)
			}
		}
	})
}

// A marketer reads when a series is; what no few words say stays as it is written.
func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"0 10 * * 5":     "every Friday at 10:00, Los Angeles",
		"5 9 * * mon":    "every Monday at 9:05, Los Angeles",
		"0 10 * * 1,3,6": "every Monday, Wednesday and Saturday at 10:00, Los Angeles",
		"0 10 * * 1-5":   "every day from Monday to Friday at 10:00, Los Angeles",
		"0 10 * * *":     "every day at 10:00, Los Angeles",
		"0 10 1 * *":     "on day 1 of each month at 10:00, Los Angeles",
		"0 10 28 * *":    "on day 28 of each month at 10:00, Los Angeles",
		"0 10 29 * *":    "on day 29 of each month that has one at 10:00, Los Angeles",
		"0 10 31 * *":    "on day 31 of each month that has one at 10:00, Los Angeles",
		"0 */6 * * *":    `by "0 */6 * * *", Los Angeles`,
		"0 10 1 6 *":     `by "0 10 1 6 *", Los Angeles`,
		"0 10 1 * 1":     `by "0 10 1 * 1", Los Angeles`,
		"0 10 1,15 * *":  `by "0 10 1,15 * *", Los Angeles`,
		"0 10 * * 1-3,5": `by "0 10 * * 1-3,5", Los Angeles`,
		"@daily":         `by "@daily", Los Angeles`,
	} {
		if got := when.Words(text, "America/Los_Angeles"); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
	if got := when.Words("0 10 * * *", "UTC"); got != "every day at 10:00, UTC" {
		t.Error(got)
	}
}
