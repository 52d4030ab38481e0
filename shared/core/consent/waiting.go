package consent

import (
	"slices"
	"time"
)

// WithWaiting returns the contact with a waiting text, to be sent at ask.From or as soon as possible after it.
func (c Contact) WithWaiting(ask Ask) Contact {
	c.Waiting = append(slices.Clone(c.Waiting), ask)
	return c.FollowUpBy(ask.From)
}

// FollowUpBy returns the contact with a follow-up no later than that time.
func (c Contact) FollowUpBy(at time.Time) Contact {
	if c.FollowUp.IsZero() || at.Before(c.FollowUp) {
		c.FollowUp = at
	}
	return c
}

// TakeReady removes the waiting texts whose time has come and returns them. Texts whose time is over are among them:
// the gate refuses them, so that the record says why they were not sent.
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
