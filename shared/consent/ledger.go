package consent

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// EventType is what an event of the ledger says happened.
type EventType string

// The types of event. Requested to Voided change consent, Paused and Resumed what it is good for at the moment; the others only
// keep what was said or seen.
const (
	Requested EventType = "requested" // asked to join, on a form or by keyword
	Confirmed EventType = "confirmed" // answered YES
	OptedOut  EventType = "opted-out" // said STOP, or the carrier reported it
	Restarted EventType = "restarted" // said START after STOP
	Lapsed    EventType = "expired"   // did not confirm in time
	SetAside  EventType = "suspended" // the audit suspended a topic
	Voided    EventType = "voided"    // who holds the phone is not who consented
	Paused    EventType = "paused"    // wants no texts for a while
	Resumed   EventType = "resumed"   // ended the pause
	KeptOut   EventType = "kept-out"  // wanted to come back, and AWS would not take the number off its opt-out list yet
	Received  EventType = "received"  // texted something that changed nothing
	Noted     EventType = "noted"     // a fact about delivery or engagement that changed the contact
)

// Event is one entry of a contact's ledger. Entries are only ever appended.
type Event struct {
	Seq      int64             `json:"seq"`
	Type     EventType         `json:"type"`
	At       time.Time         `json:"at"`       // when it happened, by the clock of who reported it; UTC
	Recorded time.Time         `json:"recorded"` // when it was written, by our clock; UTC
	Source   string            `json:"source"`   // "form", "api", "import", "page", "sms", "carrier" or "audit"
	Program  string            `json:"program,omitempty"`
	Topics   []string          `json:"topics,omitempty"`
	Evidence map[string]string `json:"evidence,omitempty"`
	Prev     string            `json:"prev,omitempty"` // hash of the entry before; empty in the first
	Hash     string            `json:"hash"`           // HMAC-SHA-256 over all else, lower-case hex
}

// Ledger chains events with a key, so that a changed, missing or reordered entry shows. An unkeyed chain would only
// catch accidents: whoever can rewrite the table could also recompute it.
type Ledger struct{ key []byte }

// NewLedger makes a ledger from a secret key of at least 32 bytes.
func NewLedger(key []byte) (Ledger, error) {
	if len(key) < 32 {
		return Ledger{}, fmt.Errorf("ledger key has %d bytes; give it at least 32", len(key))
	}
	return Ledger{key: key}, nil
}

// Seal gives the change's events their place in the chain and moves the contact's head to the last of them.
func (l Ledger) Seal(ch Change, recorded time.Time) (Change, error) {
	events := make([]Event, len(ch.Events))
	head := ch.Next.Head
	for i, e := range ch.Events {
		if e.Seq != head.Seq+1 {
			return Change{}, fmt.Errorf("seal event %d: the ledger ends at %d", e.Seq, head.Seq)
		}
		e.At = e.At.UTC().Truncate(time.Millisecond)
		e.Recorded = recorded.UTC().Truncate(time.Millisecond)
		e.Prev = head.Hash
		sum, err := l.sum(ch.Next.Key, e)
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

// Verify reports the first fault in a contact's chain, or nil: each entry's own hash, its link to the one before, no
// gap in the numbers, and an end that is the contact's head (so that a cut-off tail shows too).
func (l Ledger) Verify(r Record) error {
	var head Head
	for _, e := range r.Events {
		if e.Seq != head.Seq+1 {
			return fmt.Errorf("event %d follows event %d: an event is missing or out of order", e.Seq, head.Seq)
		}
		if e.Prev != head.Hash {
			return fmt.Errorf("event %d does not continue event %d", e.Seq, head.Seq)
		}
		sum, err := l.sum(r.Contact.Key, e)
		if err != nil {
			return err
		}
		if !hmac.Equal([]byte(sum), []byte(e.Hash)) {
			return fmt.Errorf("event %d was altered", e.Seq)
		}
		head = Head{Seq: e.Seq, Hash: e.Hash}
	}
	if head != r.Contact.Head {
		return fmt.Errorf("the ledger ends at event %d, the contact says %d", head.Seq, r.Contact.Head.Seq)
	}
	return nil
}

// sum is taken over JSON because encoding/json writes struct fields in order and map keys sorted: the same event
// always gives the same bytes.
func (l Ledger) sum(k Key, e Event) (string, error) {
	e.Hash = ""
	b, err := json.Marshal(struct {
		Brand string `json:"brand"`
		Phone string `json:"phone"`
		Event Event  `json:"event"`
	}{k.Brand, string(k.Phone), e})
	if err != nil {
		return "", fmt.Errorf("hash event %d: %w", e.Seq, err)
	}
	mac := hmac.New(sha256.New, l.key)
	mac.Write(b)
	return hex.EncodeToString(mac.Sum(nil)), nil
}
