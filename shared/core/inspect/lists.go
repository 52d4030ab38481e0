package inspect

import (
	"time"

	"smsconsent/shared/core/consent"
)

// ownEntry is how long after a STOP we may still put the number on AWS's list ourselves.
const ownEntry = 24 * time.Hour

// OnlyAtAWS reports whether an entry of AWS's opt-out list is an opt-out that the contact lacks: the person said STOP
// where only AWS received it, or somebody entered the number by hand.
//
// A list is read in pages and may be older than the contact. So an entry from before the person came back, by START
// or a new YES, does not count. Nor does one that we made after a STOP that was undone since. AWS's times are whole
// seconds; within the same second AWS's entry counts.
func OnlyAtAWS(c *consent.Contact, e *Listed) bool {
	if _, stopped := c.StoppedAt(e.Program); stopped || ownLeft(c, e) {
		return false
	}
	since := e.Since
	if e.ByPerson {
		since = since.Add(time.Second - time.Millisecond)
	}
	undone, _ := c.UndoneAt(e.Program)
	if !since.After(undone) {
		return false
	}
	for _, s := range c.Subs {
		if s.Program == e.Program && s.State == consent.Subscribed && !since.After(s.Since) {
			return false
		}
	}
	return true
}

// LeftAtAWS reports whether AWS's list may have an entry of ours that blocks a person who came back.
func LeftAtAWS(c *consent.Contact, e *Listed) bool {
	_, stopped := c.StoppedAt(e.Program)
	return !stopped && ownLeft(c, e)
}

func ownLeft(c *consent.Contact, e *Listed) bool {
	undone, came := c.UndoneAt(e.Program)
	return came && !e.ByPerson && !e.Since.After(undone.Add(ownEntry))
}
