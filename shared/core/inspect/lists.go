package inspect

import (
	"time"

	"smsconsent/shared/core/consent"
)

// ownEntry is how long after a STOP the number may still be put on AWS's list by ourselves.
const ownEntry = 24 * time.Hour

// OnlyAtAWS reports whether an entry of AWS's opt-out list tells of an opt-out that the contact does not: the person
// said stop where only AWS heard it, or somebody put the number there by hand.
//
// A list is read a page at a time and may be older than the contact. So an entry from before the person came back, by
// START or a new YES, tells nothing; nor does one that we left there ourselves after a STOP that was undone since. AWS
// tells whole seconds: within the second, what a person said to AWS wins.
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

// LeftAtAWS reports whether AWS's list may hold an entry of our own that is in the way of somebody who came back.
func LeftAtAWS(c *consent.Contact, e *Listed) bool {
	_, stopped := c.StoppedAt(e.Program)
	return !stopped && ownLeft(c, e)
}

func ownLeft(c *consent.Contact, e *Listed) bool {
	undone, came := c.UndoneAt(e.Program)
	return came && !e.ByPerson && !e.Since.After(undone.Add(ownEntry))
}
