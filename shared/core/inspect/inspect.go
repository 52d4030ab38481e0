// Package inspect decides what an audit finds about one person: is what is on record whole, is it still right that they
// stand where they stand, and is anything left to do about them (practice: audit your customer lists).
package inspect

import (
	"maps"
	"slices"
	"time"

	"smsconsent/shared/core/consent"
)

// Kind names what may be found about a person.
type Kind string

// The kinds of finding, as reports and metrics spell them.
const (
	Unproven      Kind = "evidence-incomplete" // subscribed, and no request or confirmation is on record; suspended
	Broken        Kind = "record-broken"       // the ledger, the texts or a seal do not verify; nothing unasked goes out
	Unreadable    Kind = "contact-unreadable"  // nobody can tell what the person agreed to; nothing goes out
	Overdue       Kind = "request-overdue"     // pending past its time; expired
	Unrecorded    Kind = "text-unrecorded"     // claimed, and not on record; recorded as unconfirmed
	Unsent        Kind = "claim-unsent"        // claimed, and certainly not sent; the claim is taken back
	Misplaced     Kind = "audience-misplaced"  // the list has them and they are not subscribed, or the reverse; repaired
	Undeliverable Kind = "undeliverable"       // subscribed, and texts do not reach the phone
	NoTexts       Kind = "takes-no-texts"      // subscribed, and the phone answers that it takes no texts
	Unserved      Kind = "place-not-served"    // subscribed, in a place programs.yaml no longer serves
	Outlived      Kind = "consent-outlived"    // subscribed longer ago than the law of the place lets a consent live
	ReminderDue   Kind = "reminder-due"        // not told how to opt out for an interval
	OnlyAtAWS     Kind = "opted-out-at-aws"    // on AWS's opt-out list and not stopped here; an opt-out from now on
	OnlyHere      Kind = "missing-at-aws"      // stopped here and not on AWS's opt-out list; put there
	ListUnread    Kind = "list-unreadable"     // an opt-out list of AWS could not be read; about no person
)

// Kinds returns every kind, in the order of reports: what needs a person first.
func Kinds() []Kind {
	return []Kind{
		Broken, Unreadable, ListUnread, Unproven, Outlived, Unserved, OnlyAtAWS, OnlyHere, Misplaced, Unrecorded, Unsent, Overdue,
		ReminderDue, Undeliverable, NoTexts,
	}
}

// Finding is one thing that is not as it should be.
type Finding struct {
	Kind  Kind   `json:"kind"`
	Topic string `json:"topic,omitempty"` // the topic it is about; empty where it is about the person
	Why   string `json:"why,omitempty"`   // holds no phone number and no words of a text
}

// Subject is one person as an audit meets them.
type Subject struct {
	Record    consent.Record
	Fault     error    // why the record does not verify; nil where it does
	Misplaced []string // topics whose entry in the audience is not as the contact would have it
}

// Rules is what an audit goes by that is not in the record.
type Rules struct {
	Now       time.Time
	LostAfter time.Duration // how long after its claim a text may be missing from the record
	Grace     time.Duration // how long a YES that was sent in time may be on its way

	// Unserved says why the person's place is not served any more; empty where it is.
	Unserved func(c *consent.Contact) string
	// Lives is how long a consent of the person lives by the law of their place; zero for ever.
	Lives func(c *consent.Contact) time.Duration
	// ReminderDue reports whether the person has to be told again how to opt out of the topic.
	ReminderDue func(c *consent.Contact, topic string) bool
}

// Look returns what is found about a person, in no particular order; empty where all is well. Where the record does not
// verify nothing it says counts, so that is the only finding.
func (r *Rules) Look(s *Subject) []Finding {
	if s.Fault != nil {
		return []Finding{{Kind: Broken, Why: s.Fault.Error()}}
	}
	c := &s.Record.Contact
	found := r.texts(&s.Record)
	for _, topic := range s.Misplaced {
		found = append(found, Finding{Kind: Misplaced, Topic: topic})
	}
	subscribed := false
	for _, topic := range slices.Sorted(maps.Keys(c.Subs)) {
		sub := c.Subs[topic]
		switch sub.State {
		case consent.Pending:
			if r.Now.After(sub.Until.Add(r.Grace)) {
				found = append(found, Finding{Kind: Overdue, Topic: topic})
			}
		case consent.Subscribed:
			subscribed = true
			found = append(found, r.topic(c, topic)...)
		default:
		}
	}
	if subscribed {
		found = append(found, r.person(c)...)
	}
	return found
}

// texts holds the claims against the texts on record.
func (r *Rules) texts(rec *consent.Record) []Finding {
	var found []Finding
	for i := range rec.Contact.Claims {
		cl := &rec.Contact.Claims[i]
		if r.Now.Sub(cl.At) < r.LostAfter {
			continue
		}
		on := slices.IndexFunc(rec.Messages, func(m consent.Message) bool { return m.ID == cl.ID })
		switch {
		case on < 0:
			found = append(found, Finding{Kind: Unrecorded, Why: string(cl.Kind)})
		case rec.Messages[on].Status == consent.Rejected || rec.Messages[on].Status == consent.Withheld:
			found = append(found, Finding{Kind: Unsent, Why: string(cl.Kind)})
		}
	}
	return found
}

// topic looks at a topic the person is subscribed to.
func (r *Rules) topic(c *consent.Contact, topic string) (found []Finding) {
	if why := c.Unproven(topic); why != "" {
		return []Finding{{Kind: Unproven, Topic: topic, Why: why}}
	}
	if lives := r.Lives(c); lives > 0 && r.Now.Sub(c.Subs[topic].Since) > lives {
		found = append(found, Finding{Kind: Outlived, Topic: topic})
	}
	if r.ReminderDue(c, topic) {
		found = append(found, Finding{Kind: ReminderDue, Topic: topic})
	}
	return found
}

// person looks at somebody who is subscribed to something.
func (r *Rules) person(c *consent.Contact) (found []Finding) {
	if c.Health.Undeliverable {
		found = append(found, Finding{Kind: Undeliverable})
	}
	if !c.Health.NoTexts.IsZero() {
		found = append(found, Finding{Kind: NoTexts})
	}
	if why := r.Unserved(c); why != "" {
		found = append(found, Finding{Kind: Unserved, Why: why})
	}
	return found
}
