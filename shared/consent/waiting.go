package consent

import (
	"slices"
	"time"
)

// WithText is the contact with the claim under which the text goes out. A question that goes out may be answered from then on.
func (c Contact) WithText(ask Ask, cl Claim, keep time.Duration) Contact {
	c = c.WithClaim(cl, keep)
	return c.requestedBy(ask, func(q *Question) { q.Claim, q.At = cl.ID, cl.At })
}

// Released is the contact without the claim of a text that certainly did not go out. Where the text was a question, nobody can answer it.
func (c Contact) Released(claimID string) Contact {
	c.Claims = slices.DeleteFunc(slices.Clone(c.Claims), func(cl Claim) bool { return cl.ID == claimID })
	c.Questions = slices.Clone(c.Questions)
	for i := range c.Questions {
		if c.Questions[i].Claim == claimID {
			c.Questions[i].Claim = ""
		}
	}
	return c
}

// Waits is the contact with a text that has to wait, and goes at ask.From or as soon after as it can.
func (c Contact) Waits(ask Ask) Contact {
	c.Waiting = append(slices.Clone(c.Waiting), ask)
	return c.LookAgain(ask.From)
}

// LookAgain is the contact with a follow-up at that time at the latest.
func (c Contact) LookAgain(at time.Time) Contact {
	if c.FollowUp.IsZero() || at.Before(c.FollowUp) {
		c.FollowUp = at
	}
	return c
}

// Ready takes the waiting texts whose time has come out of the contact. Those whose time is over are dropped.
func (c Contact) Ready(now time.Time) (ready []Ask, without Contact) {
	var later []Ask
	for _, ask := range c.Waiting {
		switch {
		case !ask.By.IsZero() && !ask.By.After(now):
		case ask.From.After(now):
			later = append(later, ask)
		default:
			ready = append(ready, ask)
		}
	}
	c.Waiting = later
	return ready, c
}

func (c Contact) requestedBy(ask Ask, change func(*Question)) Contact {
	c.Questions = slices.Clone(c.Questions)
	for i := range c.Questions {
		if q := &c.Questions[i]; ask.Request != 0 && q.Request == ask.Request {
			change(q)
		}
	}
	return c
}
