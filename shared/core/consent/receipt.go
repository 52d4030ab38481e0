package consent

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"smsconsent/shared/core/carriercode"
)

// maxFailures is how many texts in a row may fail to reach a phone before nothing but a reply goes there any more: one
// may be a flight, two a holiday.
const maxFailures = 3

// Fate is what an AWS delivery event says became of a text.
type Fate struct {
	Status   Status // Delivered, Undelivered or Unconfirmed; empty while the text is under way
	Failed   bool   // the phone could not be reached; what failed on our side or by time says nothing about the phone
	Invalid  bool   // no text can ever reach the number
	Unwanted bool   // the carrier judged the text unsolicited or abusive
	Spam     bool   // and says so of the sender, not only of what it lets through to one phone
	Strange  bool   // nobody foresaw such an event, and nobody may take it for success or failure
}

// FateOf reads AWS's eventType. It reports false for one that is not about a text.
func FateOf(eventType string) (Fate, bool) {
	c, ok := carriercode.OfEvent(eventType)
	if !ok {
		return Fate{}, false
	}
	f := Fate{
		Failed:   c.Phone == carriercode.Missed || c.Phone == carriercode.NoPhone,
		Invalid:  c.Phone == carriercode.NoPhone,
		Unwanted: c.Phone == carriercode.Blocked,
		Spam:     c.Campaign == carriercode.Spammed,
		Strange:  c.Strange,
	}
	if c.Text != carriercode.UnderWay {
		f.Status = Status(c.Text)
	}
	return f, true
}

// Receipt is one final delivery event.
type Receipt struct {
	Message string    // the text's ID
	At      time.Time // when it was reported; UTC
	Event   string    // AWS's eventType
}

// Receipt decides what a delivery event changes about whether the phone can be reached. texts are the person's texts on
// record, with the receipt's own already in its new status. The answer is worked out from those alone, so receipts
// that come twice or out of order give the same health in the end. A text that arrived as expected changes
// nothing: its own record says so.
func (c Contact) Receipt(r Receipt, texts []Message) Change {
	failures, undeliverable := reachability(texts, c.Health.Heard)
	fate, _ := FateOf(r.Event)
	blocked := fate.Unwanted && r.At.After(c.Health.Blocked)
	if failures == c.Health.Failures && undeliverable == c.Health.Undeliverable && !blocked {
		return Change{Next: c}
	}
	ch := Change{Next: c.clone()}
	ch.Next.Health.Failures, ch.Next.Health.Undeliverable = failures, undeliverable
	if fate.Status == Delivered && r.At.After(c.Health.Delivered) {
		ch.Next.Health.Delivered = r.At
	}
	if blocked {
		ch.Next.Health.Blocked = r.At
	}
	ch.addEvent(Event{Type: Noted, At: r.At, Source: "carrier", Evidence: map[string]string{
		"message":       r.Message,
		"event":         r.Event,
		"failures":      strconv.Itoa(failures),
		"undeliverable": strconv.FormatBool(undeliverable),
	}})
	return ch
}

// reachability counts the texts that failed since the last one that arrived, in the order they were sent. A phone that
// texts us works, so what was sent before it did says nothing. The answer to it was sent after, be it in the same
// millisecond.
func reachability(texts []Message, heard time.Time) (failures int, undeliverable bool) {
	texts = slices.SortedFunc(slices.Values(texts), func(a, b Message) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID))
	})
	for _, m := range texts {
		if m.Status == Delivered || m.At.Before(heard.Truncate(time.Millisecond)) {
			break
		}
		fate, _ := FateOf(m.statusDetail())
		if !fate.Failed {
			continue
		}
		failures++
		undeliverable = undeliverable || fate.Invalid
	}
	return failures, undeliverable || failures >= maxFailures
}

// statusDetail returns the detail of the step that gave the text its present status.
func (m Message) statusDetail() string {
	for _, step := range slices.Backward(m.History) {
		if step.Status == m.Status {
			return step.Detail
		}
	}
	return ""
}

// WithStep adds a step to a text's life and works out its status anew. Steps stay in the order of their own time. The
// latest one that knows what became of the text decides, for AWS may report a text accepted and later lost, and in any
// order; steps that know nothing count only where no other does. It reports false where the step is on record already.
func (m Message) WithStep(step StatusChange) (Message, bool) {
	for _, s := range m.History {
		if s.Status == step.Status && s.Detail == step.Detail && s.At.Equal(step.At) {
			return m, false
		}
	}
	m.History = append(slices.Clone(m.History), step)
	slices.SortStableFunc(m.History, func(a, b StatusChange) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Detail, b.Detail))
	})
	for _, s := range m.History {
		if s.Status != Clicked {
			m.Status = s.Status
		}
	}
	for _, s := range slices.Backward(m.History) {
		if s.Status == Delivered || s.Status == Undelivered {
			m.Status = s.Status
			break
		}
	}
	return m, true
}
