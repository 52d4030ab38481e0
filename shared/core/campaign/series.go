package campaign

import (
	"crypto/sha256"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/when"
	"smsconsent/shared/core/zoneinfo"
)

// leastApart is the shortest time between two runs of a series.
const leastApart = time.Hour

// Series is a campaign that is repeated on a schedule. Each run is a campaign of its own. It is made when the run
// before begins, so that there is always one to look at, approve or cancel. A run ends no later than the next begins,
// so nobody is in two at once.
type Series struct {
	ID      string // ULID
	Name    string // that somebody gave it, for which ID stands; empty for none
	Cron    string // minute, hour, day and month, and day of the week
	Zone    string // IANA name of the schedule's time zone
	Each    Campaign
	Lasts   time.Duration // the longest time of a run
	Until   time.Time     // no run begins at or after it; zero for no end
	Most    *int64        // what a run may cost, in millionths of a US dollar; nil for no limit
	Times   int           // number of runs, including those left out; 0 for no end
	Runs    int           // number of runs that were made
	Skipped int           // number of runs that were left out, because their time had passed before they could be made
	Last    time.Time     // scheduled time of the last run that was made or left out
	State   State         // Running, Paused, Done or Canceled
	Why     string        // why it was paused or canceled
	Version int64         // rises by one with every write; 0 where nothing is stored yet
}

// Schedule returns the schedule of the runs. It fails for a series that Validate refuses.
func (s *Series) Schedule() (when.Cron, error) {
	zone, err := zoneinfo.Load(s.Zone)
	if err != nil {
		return when.Cron{}, fmt.Errorf("--zone: %q is no time zone, such as America/Los_Angeles", s.Zone)
	}
	schedule, err := when.ParseCron(s.Cron, zone)
	if err != nil {
		return schedule, fmt.Errorf("--repeat: %w", err)
	}
	return schedule, nil
}

// Validate returns what is wrong with a new series. The error names the flag of "smsconsent campaign create". from is
// when the series begins.
func (s *Series) Validate(from time.Time) error {
	schedule, err := s.Schedule()
	if err != nil {
		return err
	}
	const looked = 50
	last := time.Time{}
	for range looked {
		next, ok := schedule.Next(from)
		if !ok {
			break
		}
		if !last.IsZero() && next.Sub(last) < leastApart {
			return fmt.Errorf("--repeat: %q has runs less than an hour apart", s.Cron)
		}
		from, last = next, next
	}
	switch {
	case s.Times < 0:
		return fmt.Errorf("--times: %d is no number of runs", s.Times)
	case s.Lasts < leastDuration || s.Lasts > maxDuration:
		return fmt.Errorf("--for: a run takes %s at least, and 30 days at most", minutes(leastDuration))
	default:
		return nil
	}
}

// Run returns the run that is scheduled at an instant.
func (s *Series) Run(schedule when.Cron, at time.Time) Campaign {
	c := s.Each
	c.ID, c.Series, c.State = s.runID(at), s.ID, Scheduled
	c.At, c.Expires = at.UTC(), at.Add(s.Lasts).UTC()
	next, ok := schedule.Next(at)
	if s.Each.Local.IsZero() {
		if ok && next.Before(c.Expires) {
			c.Expires = next
		}
		return c
	}
	c.Local = jurisdiction.Local{From: schedule.Shows(at), Until: schedule.Shows(at).Add(s.Lasts)}
	if shows := schedule.Shows(next); ok && shows.Before(c.Local.Until) {
		c.Local.Until = shows
	}
	c.At, c.Expires = c.Local.Around()
	return c
}

// runID returns the ID of a run. It depends on the series and the run's time alone, so that making a run twice makes
// the same campaign.
func (s *Series) runID(at time.Time) string {
	sum := sha256.Sum256([]byte("run of " + s.ID + " at " + at.UTC().Format(time.RFC3339)))
	id := ulid.ULID(sum[:])
	_ = id.SetTime(ulid.Timestamp(at)) // fails only beyond the year 10889
	return id.String()
}

// First returns the series with its first run after an instant. Without such a run, the series is Done and the
// campaign zero.
func (s Series) First(after time.Time) (Series, Campaign, error) {
	s.State, s.Last = Running, after
	return s.Next(after)
}

// Next returns the series with the run after the last one, which is to be made. Runs whose time has passed at now are
// left out and counted. Where the series ends, it is Done and the campaign is zero.
func (s Series) Next(now time.Time) (Series, Campaign, error) {
	schedule, err := s.Schedule()
	if err != nil {
		return s, Campaign{}, err
	}
	for {
		at, ok := schedule.Next(s.Last)
		if !ok || s.Times > 0 && s.Runs+s.Skipped >= s.Times || !s.Until.IsZero() && !at.Before(s.Until) {
			s.State = Done
			return s, Campaign{}, nil
		}
		s.Last = at
		run := s.Run(schedule, at)
		if run.Expires.After(now) {
			s.Runs++
			return s, run, nil
		}
		s.Skipped++
	}
}

// TooDear returns why a run must not be made that is planned to cost so many US dollars, or whose cost is uncertain
// because the countries in unpriced have no known price. It is empty where the run may be made.
func (s *Series) TooDear(run *Campaign, cost float64, unpriced []string) string {
	day := run.At.Format("2 Jan 2006")
	switch {
	case s.Most == nil:
		return ""
	case len(unpriced) > 0:
		return fmt.Sprintf("nobody knows what the run of %s would cost, for there is no price of %s", day, strings.Join(unpriced, ", "))
	case cost*millionth > float64(*s.Most):
		return fmt.Sprintf("the run of %s would cost about $%.2f, which is more than $%.2f", day, cost, float64(*s.Most)/millionth)
	default:
		return ""
	}
}

// millionth is how many millionths make a US dollar.
const millionth = 1e6

// AtMost limits the cost of a run, in US dollars.
func (s *Series) AtMost(cost float64) {
	most := int64(math.Round(cost * millionth))
	s.Most = &most
}

// MostCost returns the limit on the cost of a run, in US dollars; nil for none.
func (s *Series) MostCost() *float64 {
	if s.Most == nil {
		return nil
	}
	cost := float64(*s.Most) / millionth
	return &cost
}

// Meets returns the first future run that would send some of a campaign's people the same content at the same time,
// and reports whether there is one. A paused series counts, because it may be resumed.
func (s Series) Meets(c *Campaign) (Run, bool, error) {
	if s.State != Running && s.State != Paused || s.ID == c.Series || !s.Each.Repeats(c) {
		return Run{}, false, nil
	}
	_, run, err := s.Next(c.At) // the first run that ends after c.At; later ones begin later
	if err != nil {
		return Run{}, false, err
	}
	return run.Run(), c.Overlaps(run.Run()), nil // a zero run overlaps nothing
}

// Begins returns when the last run that was made begins. Then the next run is to be made.
func (s *Series) Begins() (time.Time, error) {
	schedule, err := s.Schedule()
	if err != nil {
		return time.Time{}, err
	}
	run := s.Run(schedule, s.Last)
	return run.At, nil
}
