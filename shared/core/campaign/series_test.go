package campaign_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
)

func weekly() campaign.Series {
	return campaign.Series{
		ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VN", Cron: "0 10 * * 1", Zone: "America/New_York", Lasts: 72 * time.Hour,
		Each: campaign.Campaign{Brand: "example", Topic: "alerts", Text: "Example Corp.: offers."},
	}
}

// Runs come by the clock of the zone, also where that is put forward, and end with their number or day.
func TestRunsOfASeries(t *testing.T) {
	s, run, err := weekly().First(time.Date(2027, 3, 2, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"2027-03-08T15:00:00Z", "2027-03-15T14:00:00Z", "2027-03-22T14:00:00Z"} {
		if got := run.At.Format(time.RFC3339); got != want || run.Series != s.ID || run.Expires.Sub(run.At) != 72*time.Hour {
			t.Errorf("run %d is %s, want %s: %+v", i+1, got, want, run)
		}
		if s, run, err = s.Next(run.At); err != nil {
			t.Fatal(err)
		}
	}
	for _, ends := range []func(*campaign.Series){
		func(s *campaign.Series) { s.Times = 4 },
		func(s *campaign.Series) { s.Until = run.At.Add(time.Hour) },
	} {
		last := s
		ends(&last)
		if after, none, err := last.Next(run.At); err != nil || after.State != campaign.Done || none.ID != "" {
			t.Errorf("after the last run it is %s with %+v (%v)", after.State, none, err)
		}
	}
	// After an outage of more than a week, runs are left out that are over.
	if after, late, err := s.Next(run.At.Add(20 * 24 * time.Hour)); err != nil || after.Skipped != 2 || !late.At.After(run.At.Add(20*24*time.Hour)) {
		t.Errorf("%d were left out, the next is at %s (%v)", after.Skipped, late.At, err)
	}
}

// Whatever the schedule, and however long a run takes, nobody is in two runs at once, wherever they are; and whoever
// makes a run again makes the same.
func TestNobodyIsInTwoRunsAtOnce(t *testing.T) {
	book, err := jurisdiction.New(jurisdiction.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	zones := []string{"America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "America/Chicago"}
	rapid.Check(t, func(rt *rapid.T) {
		s := weekly()
		s.Cron = rapid.SampledFrom([]string{"0 10 * * 1", "30 9 * * *", "0 */6 * * *", "15 8 1 * *", "0 2 * * 0", "0 18 * * 5,6"}).Draw(rt, "cron")
		s.Zone = rapid.SampledFrom(zones).Draw(rt, "zone")
		s.Lasts = time.Duration(rapid.IntRange(1, 240).Draw(rt, "lasts")) * time.Hour
		if rapid.Bool().Draw(rt, "local") {
			s.Each.Local.From = time.Unix(1, 0)
		}
		place := phone.Place{Country: "US", State: "TX", Zones: rapid.SliceOfNDistinct(rapid.SampledFrom(zones), 1, 3, rapid.ID).Draw(rt, "where")}
		hours, err := book.Hours([]phone.Place{place})
		if err != nil {
			rt.Fatal(err)
		}
		window := func(c campaign.Campaign) (time.Time, time.Time) {
			if c.Local.IsZero() {
				return c.At, c.Expires
			}
			return hours.Span(c.Local)
		}
		from := time.Date(2027, 1, 1, rapid.IntRange(0, 365*24).Draw(rt, "from"), 0, 0, 0, time.UTC)
		before, run, err := s.First(from)
		if err != nil || before.Validate(from) != nil {
			rt.Fatal(err, before.Validate(from))
		}
		seen := map[string]bool{}
		for range 8 {
			if again, same, err := s.First(from); err != nil || len(seen) == 0 && (same.ID != run.ID || again.Last != before.Last) {
				rt.Fatalf("made again it is %s, not %s", same.ID, run.ID)
			}
			if seen[run.ID] || !run.Expires.After(run.At) {
				rt.Fatalf("run %+v", run)
			}
			seen[run.ID] = true
			after, next, err := before.Next(run.At)
			if err != nil {
				rt.Fatal(err)
			}
			_, ends := window(run)
			if begins, _ := window(next); begins.Before(ends) {
				rt.Fatalf("%s: a run ends at %s, the next begins at %s", s.Cron, ends, begins)
			}
			before, run = after, next
		}
	})
}

func TestMistakesInASeries(t *testing.T) {
	for want, change := range map[string]func(*campaign.Series){
		"an hour apart": func(s *campaign.Series) { s.Cron = "*/10 * * * *" },
		"--repeat":      func(s *campaign.Series) { s.Cron = "monday" },
		"names a zone":  func(s *campaign.Series) { s.Cron = "TZ=UTC 0 10 * * 1" },
		"never comes":   func(s *campaign.Series) { s.Cron = "0 10 31 2 *" },
		"--zone: ":      func(s *campaign.Series) { s.Zone = "Mars/Base" },
		"--times":       func(s *campaign.Series) { s.Times = -1 },
		"--for":         func(s *campaign.Series) { s.Lasts = 31 * 24 * time.Hour },
	} {
		s := weekly()
		change(&s)
		if err := s.Validate(time.Date(2027, 1, 5, 0, 0, 0, 0, time.UTC)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// A run may cost as much as its series may and no more, and not what nobody knows.
func TestARunThatIsTooDear(t *testing.T) {
	s := weekly()
	run := campaign.Campaign{At: time.Date(2027, 3, 8, 15, 0, 0, 0, time.UTC)}
	if why := s.TooDear(&run, 1e9, []string{"FR"}); why != "" || s.MostCost() != nil {
		t.Errorf("without a limit: %q", why)
	}
	for most, c := range map[float64]struct {
		cost     float64
		unpriced []string
		want     string
	}{
		200:   {200, nil, ""},
		199:   {200, nil, "the run of 8 Mar 2027 would cost about $200.00, which is more than $199.00"},
		0:     {0, nil, ""},
		300:   {200, []string{"FR", "DE"}, "nobody knows what the run of 8 Mar 2027 would cost, for there is no price of FR, DE"},
		0.001: {0.002, nil, "the run of 8 Mar 2027 would cost about $0.00, which is more than $0.00"},
	} {
		s.AtMost(most)
		if got := s.TooDear(&run, c.cost, c.unpriced); got != c.want || *s.MostCost() != most {
			t.Errorf("at most $%v: %q, want %q", *s.MostCost(), got, c.want)
		}
	}
}
