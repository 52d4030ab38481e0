package console

import (
	"context"
	"errors"
	"net/http"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/reports"
)

// maxFiguresAge is how long figures are shown before people are counted again. Each count reads an entry for every
// person.
const maxFiguresAge = time.Minute

// Figures is an overview of the stack.
type Figures struct {
	Lists     []ListSize `json:"lists"`
	Waiting   int        `json:"waiting"`              // people who owe a YES
	More      bool       `json:"more,omitempty"`       // more may owe one: only the first maxLooked were looked at
	Stopped   *int       `json:"stopped"`              // people with a STOP in force; nil where they were not counted
	StoppedAt *time.Time `json:"stopped_at,omitempty"` // when the audit counted them; nil for now
	Next      *Wave      `json:"next"`                 // the next campaign that looks at people; nil for none
}

// ListSize is how many people are on the list of a topic.
type ListSize struct {
	Brand  string `json:"brand"`
	Topic  string `json:"topic"`
	People int    `json:"people"`
}

// Wave is when a campaign next looks at its people.
type Wave struct {
	Campaign string    `json:"campaign"`
	Text     string    `json:"text"`
	At       time.Time `json:"at"`

	// Local is the span of a campaign that has not begun on each person's own clock; zero for none.
	Local jurisdiction.Local `json:"local,omitzero"`
}

func (c *Console) getFigures(r *http.Request) (any, error) {
	ctx := r.Context()
	f, err := c.people(ctx)
	if err != nil {
		return nil, err
	}
	f.Next, err = c.nextWave(ctx)
	return f, err
}

// people returns the count of people, at most maxFiguresAge old. The local stack is always counted anew.
func (c *Console) people(ctx context.Context) (f Figures, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.Stack.Now(); c.Simulated || c.counted.IsZero() || now.Sub(c.counted) >= maxFiguresAge {
		if f, err = c.count(ctx); err != nil {
			return f, err
		}
		c.figures, c.counted = f, now
	}
	return c.figures, nil
}

func (c *Console) count(ctx context.Context) (f Figures, err error) {
	f.Lists = []ListSize{}
	list := c.Stack.Audience()
	for i := range c.Programs().Brands {
		brand := &c.Programs().Brands[i]
		for j := range brand.Programs {
			for _, t := range brand.Programs[j].Topics {
				n, err := list.Size(ctx, brand.ID, t.ID)
				if err != nil {
					return f, err
				}
				f.Lists = append(f.Lists, ListSize{brand.ID, t.ID, n})
			}
		}
		if c.Everybody != nil {
			continue
		}
		if err := c.countWaiting(ctx, brand.ID, &f); err != nil {
			return f, err
		}
	}
	if c.Everybody != nil {
		all, err := c.Everybody(ctx)
		n := 0
		for i := range all {
			if len(all[i].Stopped) > 0 {
				n++
			}
			if owesYes(&all[i], c.Stack.Now()) {
				f.Waiting++
			}
		}
		f.Stopped = &n
		return f, err
	}
	if f.Stopped, f.StoppedAt, err = c.stopped(ctx); isDenied(err) {
		err = nil // a user without permission for audits sees the rest
	}
	return f, err
}

// countWaiting adds those of a brand who owe a YES. The index has them among all with something due, such as the
// outcome of a text, so each of those is read, at most maxLooked.
func (c *Console) countWaiting(ctx context.Context, brand string, f *Figures) error {
	s := search{brand: brand, state: "waiting", limit: defaultPage * 2}
	for looked := 0; ; {
		people, next, done, err := c.peopleFrom(ctx, &s)
		if err != nil {
			return err
		}
		for i := range people {
			if owesYes(&people[i], c.Stack.Now()) {
				f.Waiting++
			}
		}
		if looked += s.limit; done {
			return nil
		} else if looked >= maxLooked {
			f.More = true
			return nil
		}
		s.from = next
	}
}

// stopped returns the number of people who said STOP, from the newest audit report, and when it was counted. A person
// who stopped two topics counts twice there.
func (c *Console) stopped(ctx context.Context) (*int, *time.Time, error) {
	runs, err := c.audits(ctx)
	if err != nil || len(runs) == 0 {
		return nil, nil, err
	}
	r, err := c.kept.Report(ctx, runs[0])
	if errors.Is(err, reports.ErrNone) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	n := inState(&r, consent.Unsubscribed)
	return &n, &r.Ended, nil
}

func inState(r *report.Report, state consent.State) (n int) {
	for _, t := range r.Figures.Topics {
		n += t.States[state]
	}
	return n
}

func (c *Console) nextWave(ctx context.Context) (*Wave, error) {
	all, err := c.table.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	var next *Wave
	for i := range all {
		one := &all[i]
		if one.State != campaign.Scheduled && one.State != campaign.Running {
			continue
		}
		shards, err := c.table.Shards(ctx, one.ID)
		if err != nil {
			return nil, err
		}
		if at := one.NextLook(shards, c.Stack.Now()); !at.IsZero() && (next == nil || at.Before(next.At)) {
			next = &Wave{Campaign: one.ID, Text: one.Text, At: at}
			if one.State == campaign.Scheduled {
				next.Local = one.Local
			}
		}
	}
	return next, nil
}
