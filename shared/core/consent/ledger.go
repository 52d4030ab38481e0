package consent

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// EventType is what happened, according to an event of the ledger.
type EventType string

// The types of events. Requested to Voided, and Told, change consent. Paused and Resumed change what may be sent for a
// while. The others only record what was said or seen.
const (
	Requested EventType = "requested" // asked to join, on a form or by keyword
	Confirmed EventType = "confirmed" // answered YES
	Declined  EventType = "declined"  // answered NO
	Told      EventType = "told"      // was told that transactional texts come, as somebody attests; no YES was asked
	OptedOut  EventType = "opted-out" // said STOP, or the carrier reported it
	Restarted EventType = "restarted" // said START after STOP
	Lapsed    EventType = "expired"   // did not confirm in time
	SetAside  EventType = "suspended" // the audit suspended a topic
	Voided    EventType = "voided"    // who holds the phone is not who consented
	Paused    EventType = "paused"    // wants no texts for a while
	Resumed   EventType = "resumed"   // ended the pause
	Moved     EventType = "moved"     // to another tier, by engagement
	TakenOff  EventType = "removed"   // off the topic: gave no sign of engagement, and did not answer when asked
	KeptOut   EventType = "kept-out"  // wanted to come back, and AWS would not take the number off its opt-out list yet
	Received  EventType = "received"  // texted something that changed nothing
	Noted     EventType = "noted"     // a fact that changed the contact and nothing of where the person stands
)

// Effect is what an event changed beyond its type, topics and time.
type Effect struct {
	Class   program.Class        `json:"class,omitempty"`   // of a request, or of a telling: of its topics
	Until   time.Time            `json:"until,omitzero"`    // of a request: a YES said later confirms nothing; of a pause: its end; UTC
	Request int64                `json:"request,omitempty"` // of a YES: sequence number of the request it answers
	Told    phone.Told           `json:"told,omitzero"`     // of a YES: what was told with the request, which counts from now on
	Locale  string               `json:"locale,omitempty"`  // the same; of a telling: counts where the person has told none
	Stopped map[string]time.Time `json:"stopped,omitempty"` // opt-outs in force from now on: key of Contact.Stopped → when STOP was said; UTC
	Lifted  []string             `json:"lifted,omitempty"`  // opt-outs no longer in force
	Tier    Tier                 `json:"tier,omitempty"`    // of a move: of its topics from now on
	Answers map[string]string    `json:"answers,omitempty"` // of an opt-out: topic → campaign whose text was the last before it
}

// asStored returns the effect with times as they are stored.
func (e Effect) asStored() Effect {
	e.Until = asStored(e.Until)
	e.Stopped = maps.Clone(e.Stopped)
	for scope, at := range e.Stopped {
		e.Stopped[scope] = asStored(at)
	}
	return e
}

// asStored returns the time as it is stored: UTC, in milliseconds.
func asStored(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// Event is one entry of a contact's ledger. Entries are only ever appended.
type Event struct {
	Seq      int64     `json:"seq"`
	Type     EventType `json:"type"`
	At       time.Time `json:"at"`       // when it happened, by the clock of who reported it; UTC
	Recorded time.Time `json:"recorded"` // when it was written, by our clock; UTC
	Source   string    `json:"source"`   // "form", "api", "import", "page", "sms", "carrier", "audit", or another system's name
	Program  string    `json:"program,omitempty"`
	Topics   []string  `json:"topics,omitempty"`
	Effect
	Evidence map[string]string `json:"evidence,omitempty"`
	Texts    TextHead          `json:"texts,omitzero"` // where the chain of texts stood, the answer to what happened included
	KeyID    string            `json:"key,omitempty"`  // ID of the key that sealed it
	Prev     string            `json:"prev,omitempty"` // hash of the entry before; empty in the first
	Hash     string            `json:"hash"`           // HMAC-SHA-256 over all else, lower-case hex
}

// Ledger chains events with a secret key, so that a changed, missing or reordered event is found. A chain without a
// key would only find accidents, because an attacker who can write to the table could compute it again.
//
// A Ledger may have several keys: the first seals, all verify. The zero Ledger has none; it can neither seal nor
// verify.
type Ledger struct{ signers []*signer }

// errNoKey is returned where a program without a key changes a contact.
var errNoKey = errors.New("the ledger has no key")

// Seal gives the change's events their place in the chain, and sets the contact's head to the last of them.
func (l Ledger) Seal(ch Change, recorded time.Time) (Change, error) {
	if !l.HasKey() {
		return Change{}, errNoKey
	}
	key := l.signers[0]
	events := make([]Event, len(ch.Events))
	head := ch.Next.Head
	for i, e := range ch.Events {
		if e.Seq != head.Seq+1 {
			return Change{}, fmt.Errorf("seal event %d: the ledger ends at %d", e.Seq, head.Seq)
		}
		e.At, e.Recorded, e.Effect = asStored(e.At), asStored(recorded), e.Effect.asStored()
		e.Texts, e.KeyID, e.Prev = ch.Next.Texts, key.id, head.Hash
		sum, err := key.event(ch.Next.Key, e)
		if err != nil {
			return Change{}, err
		}
		e.Hash = sum
		head = Head{Seq: e.Seq, Hash: e.Hash}
		events[i] = e
	}
	ch.Events, ch.Next.Head = events, head
	return ch, nil
}

// event returns the hash of an event. It is computed over JSON, because encoding/json writes struct fields in order
// and map keys sorted, so the same event always gives the same bytes. New fields must be left out when they are
// empty. No field may be renamed or moved, or older events no longer verify.
func (s *signer) event(k Key, e Event) (string, error) {
	e.Hash = ""
	b, err := json.Marshal(struct {
		Brand string `json:"brand"`
		Phone string `json:"phone"`
		Event Event  `json:"event"`
	}{k.Brand, string(k.Phone), e})
	if err != nil {
		return "", fmt.Errorf("hash event %d: %w", e.Seq, err)
	}
	return hex.EncodeToString(s.sum(b)), nil
}
