// Package inspect decides what an audit finds about one person: is the record complete, are they rightly subscribed,
// is anything left to do (practice: audit your customer lists).
package inspect

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/report"
)

// Finding is one thing that is wrong with a record.
type Finding struct {
	Kind  report.Kind
	Topic string    // the topic it is about; empty for the person as a whole
	Since time.Time // UTC; zero where unknown
	Why   string    // without phone numbers and words of texts
}

// Mended reports whether the audit repairs it by itself.
func (f Finding) Mended() bool {
	switch f.Kind {
	case report.Unproven, report.OverdueAsk, report.LeftClaim, report.Unlisted, report.Stray,
		report.OnlyAtAWS, report.OnlyHere:
		return true
	default:
		return false
	}
}

// Subject is one person's record, as an audit reads it.
type Subject struct {
	Record     consent.Record
	Fault      error    // why the record does not verify; nil where it does
	Unreadable bool     // the contact cannot be decoded
	Misplaced  []string // topics whose audience entry does not follow from the contact
}

// Rules is what an audit needs to know beyond the record.
type Rules struct {
	Now       time.Time
	LostAfter time.Duration // how long after its claim a text may be missing in the record
	Grace     time.Duration // how long a YES that was sent in time may take to arrive

	// Unserved returns why the person's place is not served, empty where it is.
	Unserved func(c *consent.Contact) string
	// Lives returns how long a consent lasts by the law of the person's place, zero for ever.
	Lives func(c *consent.Contact) time.Duration
	// ReminderDue reports whether the person must be told again how to opt out of the topic.
	ReminderDue func(c *consent.Contact, topic string) bool
}

// Look returns the findings about a person, in no order. Where the record does not verify, that is the only finding,
// because nothing in the record counts then.
func (r *Rules) Look(s *Subject) []Finding {
	if s.Unreadable {
		return []Finding{{Kind: report.CannotBeRead, Why: s.Fault.Error()}}
	}
	if s.Fault != nil {
		return []Finding{{Kind: report.Altered, Why: s.Fault.Error()}}
	}
	c := &s.Record.Contact
	found := r.texts(&s.Record)
	for _, topic := range s.Misplaced {
		kind := report.Stray
		if c.Subs[topic].State == consent.Subscribed {
			kind = report.Unlisted
		}
		found = append(found, Finding{Kind: kind, Topic: topic, Since: c.Subs[topic].Since})
	}
	subscribed := false
	for _, topic := range slices.Sorted(maps.Keys(c.Subs)) {
		sub := c.Subs[topic]
		switch sub.State {
		case consent.Pending:
			if r.Now.After(sub.Until.Add(r.Grace)) {
				found = append(found, Finding{Kind: report.OverdueAsk, Topic: topic, Since: sub.Until})
			}
		case consent.Subscribed:
			subscribed = true
			found = append(found, r.topic(&s.Record, topic)...)
		default:
		}
	}
	if subscribed {
		found = append(found, r.person(c)...)
	}
	return found
}

// texts compares the claims with the texts on record.
func (r *Rules) texts(rec *consent.Record) []Finding {
	var found []Finding
	for i := range rec.Contact.Claims {
		cl := &rec.Contact.Claims[i]
		if r.Now.Sub(cl.At) < r.LostAfter {
			continue
		}
		on := slices.IndexFunc(rec.Messages, func(m consent.Message) bool { return m.ID == cl.ID })
		why := "not on record"
		if on >= 0 {
			if status := rec.Messages[on].Status; status != consent.Rejected && status != consent.Withheld {
				continue
			}
			why = "never went out, and still counted"
		}
		found = append(found, Finding{Kind: report.LeftClaim, Since: cl.At, Why: string(cl.Kind) + ": " + why})
	}
	return found
}

// topic checks a subscribed topic.
func (r *Rules) topic(rec *consent.Record, topic string) (found []Finding) {
	c := &rec.Contact
	if why := cmp.Or(c.Unproven(topic), rec.TellingLacks(topic)); why != "" {
		return []Finding{{Kind: report.Unproven, Topic: topic, Since: c.Subs[topic].Since, Why: why}}
	}
	if lives := r.Lives(c); lives > 0 && r.Now.Sub(c.Subs[topic].Since) > lives {
		found = append(found, Finding{Kind: report.TooOld, Topic: topic, Since: c.Subs[topic].Since})
	}
	if r.ReminderDue(c, topic) {
		found = append(found, Finding{Kind: report.ReminderDue, Topic: topic})
	}
	return found
}

// person checks a person who is subscribed to something.
func (r *Rules) person(c *consent.Contact) (found []Finding) {
	if c.Health.Undeliverable {
		found = append(found, Finding{Kind: report.Unreachable})
	}
	if !c.Health.NoTexts.IsZero() {
		found = append(found, Finding{Kind: report.NoTexts, Since: c.Health.NoTexts})
	}
	if why := r.Unserved(c); why != "" {
		found = append(found, Finding{Kind: report.NotServed, Why: why})
	}
	return found
}
