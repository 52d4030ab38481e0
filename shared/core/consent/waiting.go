package consent

import (
	"slices"
	"time"
)

// WithWaiting returns the contact with a text that has to wait, and goes at ask.From or as soon after as it can.
func (c Contact) WithWaiting(ask Ask) Contact {
	c.Waiting = append(slices.Clone(c.Waiting), ask)
	return c.FollowUpBy(ask.From)
}

// FollowUpBy returns the contact with a follow-up at that time at the latest.
func (c Contact) FollowUpBy(at time.Time) Contact {
	if c.FollowUp.IsZero() || at.Before(c.FollowUp) {
		c.FollowUp = at
	}
	return c
}

// TakeReady takes the waiting texts whose time has come out of the contact. Those whose time is over are among them:
// the gate refuses them, and so it comes on record why they never went.
func (c Contact) TakeReady(now time.Time) (ready []Ask, without Contact) {
	var left []Ask
	for _, ask := range c.Waiting {
		if ask.From.After(now) && now.Before(ask.By) {
			left = append(left, ask)
		} else {
			ready = append(ready, ask)
		}
	}
	c.Waiting = left
	return ready, c
}
