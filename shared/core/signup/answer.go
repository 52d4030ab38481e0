package signup

import (
	"slices"
	"time"
)

// Status is the outcome of a request for one topic.
type Status string

// The outcomes. Only Asked caused a text, and Unconfirmed may have.
const (
	Asked       Status = "asked"       // the phone was asked to confirm
	Waiting     Status = "waiting"     // it was asked before, or is as soon as the carrier has room, and may still say YES
	Told        Status = "told"        // its owner was told of the texts, and is subscribed from now on without a YES
	Subscribed  Status = "subscribed"  // it was subscribed already
	Stopped     Status = "stopped"     // its owner said STOP, and only a START from the phone itself undoes that
	Limited     Status = "limited"     // it was asked lately as often as it may be
	Unconfirmed Status = "unconfirmed" // nobody knows whether the question went out, so it is not sent again
	NotSent     Status = "not-sent"    // the question was refused
	Later       Status = "later"       // the hours where the phone may be are shut, and nothing is on record
)

// Answer is what the caller is told.
type Answer struct {
	Status Status            `json:"status"`           // of the topic that needs the caller's attention most
	Topics map[string]Status `json:"topics,omitempty"` // of each, where there are several
	Reason string            `json:"reason,omitempty"` // of NotSent
	At     time.Time         `json:"at,omitzero"`      // of Later, and of NotSent where a later try may pass: not before

	Attributes string `json:"attributes,omitempty"` // why those that were given are not kept; empty where they are
}

// Taken reports whether the person is, or may become, subscribed to any of the topics.
func (a *Answer) Taken() bool {
	taken := []Status{Asked, Waiting, Told, Subscribed, Unconfirmed}
	for _, status := range a.Topics {
		if slices.Contains(taken, status) {
			return true
		}
	}
	return slices.Contains(taken, a.Status)
}
