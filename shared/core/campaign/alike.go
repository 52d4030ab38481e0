package campaign

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Plan is what was expected when the campaign was made. The zero Plan means that nobody made a plan first.
type Plan struct {
	Hash   string // plan.Plan.Hash
	People int    // people on the list
	Will   int    // people expected to get the text
	Parts  int    // message parts of all texts
	Cents  int    // US cents, without texts whose price is unknown
}

// Run is the time during which a campaign may text.
type Run struct {
	ID      string    // of the campaign
	At      time.Time // not before; UTC
	Expires time.Time // not at or after; UTC
}

// Likenesses returns a hash of brand, topic and text for each different text, that of Text first. Runs of white space
// count as one space: people see no difference. Campaigns that share one send the same text to the same list, in
// whatever languages.
func (c *Campaign) Likenesses() []string {
	var all []string
	for _, text := range c.texts() {
		sum := sha256.New()
		for _, part := range []string{c.Brand, c.Topic, strings.Join(strings.Fields(text), " ")} {
			sum.Write([]byte(part))
			sum.Write([]byte{0})
		}
		if one := hex.EncodeToString(sum.Sum(nil)[:16]); !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all
}

// Run returns the time during which the campaign may text.
func (c *Campaign) Run() Run { return Run{ID: c.ID, At: c.At, Expires: c.Expires} }

// Overlaps reports whether the run of another campaign overlaps with this campaign's.
func (c *Campaign) Overlaps(r Run) bool {
	return r.ID != c.ID && r.At.Before(c.Expires) && c.At.Before(r.Expires)
}

// mostBeside is how many runs to come of a series Beside names.
const mostBeside = 20

// Beside returns the brand's other campaigns, and the future runs of its series, that may text somebody while c does or
// less than gap before it, in the order of their beginning. Paused ones are left out, and those for other places only.
func (c *Campaign) Beside(campaigns []Campaign, series []Series, gap time.Duration) (all []Campaign, err error) {
	from := c.Begins().Add(-gap)
	add := func(o *Campaign) {
		going := o.State == Scheduled || o.State == Running
		near := o.At.Before(c.Expires) && o.Expires.After(from)
		if going && near && o.ID != c.ID && o.Brand == c.Brand && c.sharesPlaces(o) {
			all = append(all, *o)
		}
	}
	for i := range campaigns {
		add(&campaigns[i])
	}
	for i := range series {
		s := series[i]
		if s.State != Running || s.Each.Brand != c.Brand || s.ID == c.Series {
			continue
		}
		for range mostBeside {
			var run Campaign
			if s, run, err = s.Next(from); err != nil {
				return nil, fmt.Errorf("runs of series %s: %w", s.ID, err)
			}
			if s.State == Done || !run.At.Before(c.Expires) {
				break
			}
			add(&run)
		}
	}
	slices.SortStableFunc(all, func(a, b Campaign) int { return a.At.Compare(b.At) })
	return all, nil
}

// Repeats reports whether two campaigns have a text in common, in whatever languages, and may both reach the same
// people.
func (c *Campaign) Repeats(other *Campaign) bool {
	theirs := other.Likenesses()
	alike := slices.ContainsFunc(c.Likenesses(), func(one string) bool { return slices.Contains(theirs, one) })
	return alike && c.sharesPlaces(other)
}

// sharesPlaces reports whether two campaigns may both reach the same people. Places can keep them apart, because a
// phone stays in its place. Attributes and languages cannot, because they may change between the two.
func (c *Campaign) sharesPlaces(other *Campaign) bool {
	return len(c.In) == 0 || len(other.In) == 0 || slices.ContainsFunc(c.In, func(one string) bool {
		return slices.ContainsFunc(other.In, func(two string) bool { return within(one, two) || within(two, one) })
	})
}

// within reports whether a place is the same as whole or a part of it, as US-WA is of US.
func within(place, whole string) bool { return place == whole || strings.HasPrefix(place, whole+"-") }

// With returns the runs and the campaign's own. Runs that ended before the campaign was made are dropped.
func (c *Campaign) With(alike []Run) []Run {
	kept := slices.DeleteFunc(slices.Clone(alike), func(r Run) bool { return r.ID == c.ID || !r.Expires.After(c.Created) })
	return append(kept, c.Run())
}
