package campaign_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/jurisdiction"
)

// stamp reads an instant of a test.
func stamp(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// What just fits is taken: runs an hour apart, and one that takes the 30 days a campaign may.
func TestTheWidestSeries(t *testing.T) {
	from := stamp(t, "2027-01-05T00:00:00Z")
	for name, c := range map[string]struct {
		change func(*campaign.Series)
		ok     bool
	}{
		"once an hour":                        {func(s *campaign.Series) { s.Cron, s.Lasts = "0 * * * *", time.Hour }, true},
		"59 minutes apart once a day":         {func(s *campaign.Series) { s.Cron = "1,0 0,1 * * *" }, false},
		"less than an hour apart in December": {func(s *campaign.Series) { s.Cron = "0,30 10 24 12 *" }, false},
		"30 days":                             {func(s *campaign.Series) { s.Lasts = 30 * 24 * time.Hour }, true},
		"a second more":                       {func(s *campaign.Series) { s.Lasts = 30*24*time.Hour + time.Second }, false},
		"5 minutes":                           {func(s *campaign.Series) { s.Lasts = 5 * time.Minute }, true},
		"a second less":                       {func(s *campaign.Series) { s.Lasts = 5*time.Minute - time.Second }, false},
		"no time at all":                      {func(s *campaign.Series) { s.Lasts = 0 }, false},
		"one run":                             {func(s *campaign.Series) { s.Times = 1 }, true},
		"less than one":                       {func(s *campaign.Series) { s.Times = -1 }, false},
	} {
		s := weekly()
		c.change(&s)
		if err := s.Validate(from); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A run is made as long as it is not over, and every run that was not made in time counts as one of its number.
func TestARunIsMadeUntilItIsOver(t *testing.T) {
	s, run, err := weekly().First(stamp(t, "2027-03-02T00:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	over := run.Expires.Add(7*24*time.Hour - time.Hour) // an hour less, for the clock is put forward
	for _, c := range []struct {
		now     time.Time
		skipped int
		begins  string
	}{
		{over.Add(-time.Second), 0, "2027-03-15T14:00:00Z"},
		{over, 1, "2027-03-22T14:00:00Z"},
	} {
		after, next, err := s.Next(c.now)
		if err != nil || after.Skipped != c.skipped || after.Runs != 2 || !next.At.Equal(stamp(t, c.begins)) {
			t.Errorf("at %s %d were left out of %d, the next is at %s (%v)", c.now, after.Skipped, after.Runs, next.At, err)
		}
		begins, err := after.Begins()
		if err != nil || !begins.Equal(next.At) {
			t.Errorf("it begins at %s, want %s (%v)", begins, next.At, err)
		}
		after.Times = 2 + c.skipped
		if done, none, err := after.Next(next.At); err != nil || done.State != campaign.Done || none.ID != "" {
			t.Errorf("after %d of %d runs another is made: %+v (%v)", after.Runs+after.Skipped, after.Times, none, err)
		}
		after.Times++
		if on, one, err := after.Next(next.At); err != nil || on.State != campaign.Running || one.ID == "" {
			t.Errorf("after %d of %d runs none is made: %+v (%v)", after.Runs+after.Skipped, after.Times, on, err)
		}
	}
	s.Until = stamp(t, "2027-03-15T14:00:00Z") // no run begins then or later
	if done, none, err := s.Next(run.At); err != nil || done.State != campaign.Done || none.ID != "" {
		t.Errorf("a run begins at the end of its series: %+v (%v)", none, err)
	}
	s.Until = s.Until.Add(time.Second)
	if on, one, err := s.Next(run.At); err != nil || on.State != campaign.Running || one.ID == "" {
		t.Errorf("no run begins a second before the end of its series: %+v (%v)", on, err)
	}
}

// A run on each person's own clock is the span that the schedule's clock shows, cut where the next one begins.
func TestARunOnTheClockOfEachPerson(t *testing.T) {
	for lasts, want := range map[time.Duration]string{
		3 * time.Hour:  "2027-03-08T13:00:00Z",
		48 * time.Hour: "2027-03-09T10:00:00Z", // when the next begins
	} {
		s := weekly()
		s.Cron, s.Lasts, s.Each.Local.From = "0 10 * * *", lasts, time.Unix(1, 0)
		_, run, err := s.First(stamp(t, "2027-03-08T00:00:00Z"))
		if err != nil {
			t.Fatal(err)
		}
		if got := (jurisdiction.Local{From: stamp(t, "2027-03-08T10:00:00Z"), Until: stamp(t, want)}); run.Local != got {
			t.Errorf("for %s it is %+v, want %+v", lasts, run.Local, got)
		}
		if from, until := run.Local.Around(); !run.At.Equal(from) || !run.Expires.Equal(until) {
			t.Errorf("for %s it is from %s to %s, which is not around all clocks", lasts, run.At, run.Expires)
		}
	}
}

// The calendar has eight years without a 29 February, which is further than a schedule looks: the last run before them
// takes its time all the same, and is the last.
func TestTheLastRunOfASchedule(t *testing.T) {
	for _, local := range []bool{false, true} {
		s := weekly()
		s.Cron = "0 10 29 2 *"
		if local {
			s.Each.Local.From = time.Unix(1, 0)
		}
		before := stamp(t, "2093-03-01T00:00:00Z")
		if err := s.Validate(before); err != nil {
			t.Errorf("local %v: %v", local, err)
		}
		s, run, err := s.First(before)
		if err != nil || run.At.Year() != 2096 || run.Expires.Sub(run.At) < s.Lasts || run.Local.Until.Sub(run.Local.From) != map[bool]time.Duration{true: s.Lasts}[local] {
			t.Errorf("local %v: the last run is %+v (%v)", local, run, err)
		}
		if s, run, err = s.Next(run.At); err != nil || s.State != campaign.Done || run.ID != "" {
			t.Errorf("local %v: %s, and another run is made: %+v (%v)", local, s.State, run, err)
		}
	}
}

// A series with a zone that is none makes nothing, and says so.
func TestASeriesWithoutAClock(t *testing.T) {
	s := weekly()
	s.Zone, s.State = "Mars/Base", campaign.Running
	twin := s.Each
	if _, run, err := s.First(time.Unix(0, 0)); err == nil || run.ID != "" {
		t.Errorf("its first run is %+v (%v)", run, err)
	}
	if begins, err := s.Begins(); err == nil || !begins.IsZero() {
		t.Errorf("it begins at %s (%v)", begins, err)
	}
	if _, found, err := s.Meets(&twin); err == nil || found {
		t.Errorf("it meets: %v (%v)", found, err)
	}
}

// A campaign that says the same at the time of a run to come is found, so that nobody is told the same twice at once.
func TestASeriesMeetsACampaign(t *testing.T) {
	from := stamp(t, "2027-03-02T00:00:00Z")
	s, _, err := weekly().First(from) // of 8 March; the next is from 15 to 18 March
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		at     string
		lasts  time.Duration
		series func(*campaign.Series)
		change func(*campaign.Campaign)
		want   bool
	}{
		"within it":                       {at: "2027-03-16T14:00:00Z", lasts: time.Hour, want: true},
		"until it begins":                 {at: "2027-03-15T10:00:00Z", lasts: 4 * time.Hour},
		"until a second later":            {at: "2027-03-15T10:00:00Z", lasts: 4*time.Hour + time.Second, want: true},
		"between two":                     {at: "2027-03-18T14:00:00Z", lasts: 24 * time.Hour},
		"of another text":                 {at: "2027-03-16T14:00:00Z", lasts: time.Hour, change: func(c *campaign.Campaign) { c.Text += "!" }},
		"a run of the series itself":      {at: "2027-03-16T14:00:00Z", lasts: time.Hour, change: func(c *campaign.Campaign) { c.Series = s.ID }},
		"of a paused series":              {at: "2027-03-16T14:00:00Z", lasts: time.Hour, series: func(s *campaign.Series) { s.State = campaign.Paused }, want: true},
		"of one that was canceled":        {at: "2027-03-16T14:00:00Z", lasts: time.Hour, series: func(s *campaign.Series) { s.State = campaign.Canceled }},
		"of one that made its last run":   {at: "2027-03-16T14:00:00Z", lasts: time.Hour, series: func(s *campaign.Series) { s.Times = 1 }},
		"of one that has one run to come": {at: "2027-03-16T14:00:00Z", lasts: time.Hour, series: func(s *campaign.Series) { s.Times = 2 }, want: true},
	} {
		other, twin := s, s.Each
		twin.ID, twin.At = "01KB3M8Y5T0QF2Z9W6R7C4X1VP", stamp(t, c.at)
		twin.Expires = twin.At.Add(c.lasts)
		if c.change != nil {
			c.change(&twin)
		}
		if c.series != nil {
			c.series(&other)
		}
		run, found, err := other.Meets(&twin)
		if err != nil || found != c.want {
			t.Errorf("%s: met %v, want %v (%v)", name, found, c.want, err)
		}
		if found && run.At.Format(time.RFC3339) != "2027-03-15T14:00:00Z" {
			t.Errorf("%s: it meets the run of %s", name, run.At)
		}
	}
}
