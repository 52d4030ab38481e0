package consent

import (
	"crypto/hmac"
	"errors"
	"fmt"
	"time"
)

// overdue is how long after its claim a text may be missing from the record. A function runs at most 15 minutes, and
// what one that was ended early did not record is recorded within the hour.
const overdue = 2 * time.Hour

// ErrNoSuchKey is wrapped by Verify's error where an event was sealed with a key that the ledger does not have. That
// is more likely a mistake in a function's setup than a forgery.
var ErrNoSuchKey = errors.New("sealed with a key that is not at hand")

// Verify returns the first fault in a person's record as of now, or nil. It checks
//
//   - that each item is as it was stored, which was checked when the record was read;
//   - that each event is as it was sealed and continues the one before, that no number is missing, and that the last is
//     the contact's head, so that events missing at the end are found too;
//   - that replaying the events gives the topics, opt-outs, pause and place in the contact;
//   - that the recorded texts and those just claimed are all that were ever claimed, according to every event and the
//     contact.
//
// A fault contains no phone number and no words of a text.
func (l Ledger) Verify(r Record, now time.Time) error {
	if len(r.Faults) > 0 {
		return errors.New(r.Faults[0])
	}
	if err := l.verifyEvents(&r); err != nil {
		return err
	}
	if r.Contact.Suspect {
		return errors.New("the contact was altered, or it was once and nobody has cleared it since")
	}
	standing, err := replay(r.Events)
	if err != nil {
		return err
	}
	if what := standing.difference(r.Contact.Standing()); what != "" {
		return fmt.Errorf("the contact differs from what the events say: %s", what)
	}
	return verifyTexts(&r, now)
}

func (l Ledger) verifyEvents(r *Record) error {
	var head Head
	for _, e := range r.Events {
		if e.Seq != head.Seq+1 {
			return fmt.Errorf("event %d follows event %d: an event is missing or out of order", e.Seq, head.Seq)
		}
		if e.Prev != head.Hash {
			return fmt.Errorf("event %d does not continue event %d", e.Seq, head.Seq)
		}
		key := l.signer(e.KeyID)
		if key == nil {
			return fmt.Errorf("event %d was %w", e.Seq, ErrNoSuchKey)
		}
		sum, err := key.event(r.Contact.Key, e)
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

// verifyTexts computes the chain of texts again, and compares it with the contact and each event.
func verifyTexts(r *Record, now time.Time) error {
	texts, err := claimed(r, now)
	if err != nil {
		return err
	}
	ends := make([]TextHead, 1, len(texts)+1)
	for i := range texts {
		ends = append(ends, ends[i].plus(r.Contact.Key, &texts[i]))
	}
	var last int64
	for _, e := range r.Events {
		if n := e.Texts.Count; n < last || n >= int64(len(ends)) || ends[n] != e.Texts {
			return fmt.Errorf("the texts on record are not those event %d knew of", e.Seq)
		}
		last = e.Texts.Count
	}
	if ends[len(ends)-1] != r.Contact.Texts {
		return fmt.Errorf("the texts on record are not those that were claimed")
	}
	return nil
}

// claimed returns every text that was ever claimed, in the order of the claims: from its record or, where that is not
// written yet, from the claim.
func claimed(r *Record, now time.Time) ([]Message, error) {
	count := r.Contact.Texts.Count
	if most := len(r.Messages) + len(r.Contact.Claims); count < 0 || count > int64(most) {
		return nil, fmt.Errorf("%d texts were claimed, and no more than %d are on record", count, most)
	}
	found := make(map[int64]*Message, len(r.Messages))
	for i := range r.Messages {
		m := &r.Messages[i]
		switch {
		case m.Number == 0 && m.Status == Withheld:
			continue
		case m.Number < 1 || m.Number > count:
			return nil, fmt.Errorf("text %s was never claimed", m.ID)
		case found[m.Number] != nil:
			return nil, fmt.Errorf("text %s has the number of another", m.ID)
		}
		found[m.Number] = m
	}
	for i := range r.Contact.Claims {
		cl := &r.Contact.Claims[i]
		if found[cl.Number] == nil && now.Sub(cl.At) < overdue {
			m := cl.Message()
			found[cl.Number] = &m
		}
	}
	texts := make([]Message, count)
	for n := range texts {
		m := found[int64(n)+1]
		if m == nil {
			return nil, fmt.Errorf("text %d of %d is not on record", n+1, count)
		}
		texts[n] = *m
	}
	return texts, nil
}
