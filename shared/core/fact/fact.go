// Package fact defines the events that tell other systems about changes of consent and outcomes of texts.
//
// A fact is made of what was written and of nothing else, so it is the same however often it is made, its ID included.
package fact

import (
	"maps"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// Source is what our events name as theirs.
const Source = "smsconsent"

// Type is what a fact says happened: the detail type of its event.
type Type string

// The types of facts.
const (
	ConsentRequested Type = "consent.requested"
	ConsentConfirmed Type = "consent.confirmed"
	ConsentTold      Type = "consent.told"
	ConsentDeclined  Type = "consent.declined"
	ConsentRevoked   Type = "consent.revoked"
	ConsentRestarted Type = "consent.restarted"
	ConsentExpired   Type = "consent.expired"
	ConsentSuspended Type = "consent.suspended"
	ConsentVoided    Type = "consent.voided"
	ConsentPaused    Type = "consent.paused"
	ConsentResumed   Type = "consent.resumed"
	ConsentMoved     Type = "consent.moved"
	ConsentRemoved   Type = "consent.removed"

	TextSent        Type = "text.sent"
	TextUnconfirmed Type = "text.unconfirmed"
	TextRefused     Type = "text.refused" // by the carrier, or kept back before it
	TextDelivered   Type = "text.delivered"
	TextUndelivered Type = "text.undelivered"
	TextClicked     Type = "text.clicked" // a link in it was followed
)

// How far an opt-out reaches.
const (
	ScopeEverything = "everything" // all the brand sends
	ScopeProgram    = "program"    // one program
	ScopeTopics     = "topics"     // single topics of a program
)

// Fact is one event that goes out.
type Fact struct {
	Type   Type
	Detail Detail
}

// Person names whom a fact is about.
type Person struct {
	consent.Key
	Hash string // consent.Ledger.Person
}

// Detail is what a fact says. What does not belong to its type is empty. The words of a text and the evidence of a
// consent are never in it: they stay in the record.
type Detail struct {
	ID      string       `json:"id"` // the same whenever the same fact is told again
	Brand   string       `json:"brand"`
	Person  string       `json:"person"`          // a keyed hash of the phone
	Phone   phone.Number `json:"phone,omitempty"` // only on the bus of phones
	At      time.Time    `json:"at"`              // when it happened; UTC
	Program string       `json:"program,omitempty"`
	Topics  []string     `json:"topics,omitempty"`

	// Of a consent.
	Seq    int64         `json:"seq,omitempty"`    // its place in the person's ledger, from 1
	Source string        `json:"source,omitempty"` // how it came to us
	Scope  string        `json:"scope,omitempty"`  // of an opt-out
	Class  program.Class `json:"class,omitempty"`  // of a request
	Until  time.Time     `json:"until,omitzero"`   // of a request: a later YES confirms nothing; of a pause: its end; UTC
	Tier   consent.Tier  `json:"tier,omitempty"`   // of a move: of its topics from now on

	// Of a text.
	Text     string         `json:"text,omitempty"` // its ID in the record
	Status   consent.Status `json:"status,omitempty"`
	Kind     message.Kind   `json:"kind,omitempty"`
	Campaign string         `json:"campaign,omitempty"`
	Ref      string         `json:"ref,omitempty"`     // of a single text: the ID its caller gave it
	Content  string         `json:"content,omitempty"` // what tells the same content on another channel
	Reason   string         `json:"reason,omitempty"`  // the carrier's code, or why it was kept back
}

// OfEvent returns the fact that an event of the ledger is to others, whose ID is the event's hash; the zero Fact
// where it is none, for nothing changed of what the person agreed to.
func OfEvent(of Person, e *consent.Event) Fact {
	kind := typeOf(e.Type)
	if kind == "" {
		return Fact{}
	}
	d := of.detail(e.Hash, e.At)
	d.Seq, d.Source, d.Program, d.Class, d.Until = e.Seq, e.Source, e.Program, e.Class, e.Until
	d.Tier = e.Tier
	d.Scope, d.Topics = reach(e)
	return Fact{kind, d}
}

// typeOf returns the type of fact for an event; empty where it is none.
func typeOf(t consent.EventType) Type {
	switch t {
	case consent.Requested:
		return ConsentRequested
	case consent.Confirmed:
		return ConsentConfirmed
	case consent.Told:
		return ConsentTold
	case consent.Declined:
		return ConsentDeclined
	case consent.OptedOut:
		return ConsentRevoked
	case consent.Restarted:
		return ConsentRestarted
	case consent.Lapsed:
		return ConsentExpired
	case consent.SetAside:
		return ConsentSuspended
	case consent.Voided:
		return ConsentVoided
	case consent.Paused:
		return ConsentPaused
	case consent.Resumed:
		return ConsentResumed
	case consent.Moved:
		return ConsentMoved
	case consent.TakenOff:
		return ConsentRemoved
	case consent.KeptOut, consent.Received, consent.Noted:
		return ""
	}
	return ""
}

// reach returns how far the opt-outs of an event reach, empty where it has none, and the topics it is about.
func reach(e *consent.Event) (scope string, topics []string) {
	topics = slices.Clone(e.Topics)
	scopes := map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(e.Stopped)) {
		topic, one := strings.CutPrefix(key, consent.OneTopic(""))
		switch {
		case key == consent.Everything:
			scopes[ScopeEverything] = true
		case !one:
			scopes[ScopeProgram] = true
		default:
			scopes[ScopeTopics] = true
			if !slices.Contains(topics, topic) {
				topics = append(topics, topic)
			}
		}
	}
	for _, widest := range []string{ScopeEverything, ScopeProgram, ScopeTopics} {
		if scopes[widest] {
			return widest, topics
		}
	}
	return "", topics
}

// OfText returns the fact that a text on record is to others. A text that was on record as unconfirmed, and of which
// its sender knew more, is two facts.
func OfText(of Person, m *consent.Message) Fact {
	kind := fate(m.Status)
	if kind == "" {
		return Fact{}
	}
	d := of.detail(m.ID+"#"+string(m.Status), m.At)
	d.Text, d.Status, d.Kind, d.Program, d.Topics = m.ID, m.Status, m.Kind, m.Program, m.Topics
	d.Campaign, d.Ref, d.Content = m.Campaign, m.Ref, m.Content
	if last := len(m.History) - 1; last >= 0 {
		d.Reason = m.History[last].Detail
	}
	return Fact{kind, d}
}

// OfStep returns the fact that a delivery receipt or a click is to others. id tells those of a text apart.
func OfStep(of Person, text, id string, s consent.StatusChange) Fact {
	kind := fate(s.Status)
	if kind == "" {
		return Fact{}
	}
	d := of.detail(id, s.At)
	d.Text, d.Status, d.Reason = text, s.Status, s.Detail
	return Fact{kind, d}
}

// fate returns the type of fact for a text's status; empty where it is none.
func fate(s consent.Status) Type {
	switch s {
	case consent.Sent:
		return TextSent
	case consent.Unconfirmed:
		return TextUnconfirmed
	case consent.Rejected, consent.Withheld:
		return TextRefused
	case consent.Delivered:
		return TextDelivered
	case consent.Undelivered:
		return TextUndelivered
	case consent.Clicked:
		return TextClicked
	}
	return ""
}

func (p Person) detail(id string, at time.Time) Detail {
	return Detail{ID: id, Brand: p.Brand, Person: p.Hash, At: at.UTC()}
}
