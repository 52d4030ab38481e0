package consent

import (
	"slices"
	"time"
)

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
