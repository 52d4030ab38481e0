package consent

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"smsconsent/shared/core/carriercode"
)

// maxFailures is how many texts in a row may fail before only replies are sent to a phone. One may fail during a
// flight, two during a holiday.
const maxFailures = 3

// Fate is the outcome of a text according to a delivery event of AWS.
type Fate struct {
	Status   Status // Delivered, Undelivered or Unconfirmed; empty while the text is on its way
	Failed   bool   // the phone could not be reached; false for failures on our side or by time
	Invalid  bool   // no text can ever reach the number
	Unwanted bool   // the carrier judged the text unsolicited or abusive
	Spam     bool   // it judged the sender so, not only this text
	Strange  bool   // an unknown event, which counts neither as success nor as failure
}

// FateOf returns the outcome for AWS's eventType, and false for an event that is not about a text.
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

// Receipt decides what a delivery event changes about whether the phone can be reached. texts are the person's texts
// on record, with the new status of this one. The answer depends on those alone, so receipts may come twice and in
// any order. A text that arrived as expected changes nothing in the contact: its own record says so.
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

// reachability counts the texts that failed since the last one that arrived, in the order in which they were sent. A
// phone that texts us works, so texts from before that do not count. The reply to it was sent later, even if in the
// same millisecond.
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

// statusDetail returns the detail of the step that gave the text its status.
func (m Message) statusDetail() string {
	for _, step := range slices.Backward(m.History) {
		if step.Status == m.Status {
			return step.Detail
		}
	}
	return ""
}

// WithStep adds a step to a text and computes its status. Steps are sorted by their own time. The latest step with a
// known outcome decides, because AWS may report a text as accepted and later as lost, in any order. Steps with an
// unknown outcome count only where there is no other. It returns false where the step is on record already.
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
