package consent

import (
	"iter"
	"slices"
	"time"
)

// Before returns the contact as it was just before a time: the result of the events recorded by then, and the texts
// claimed by then. What carriers said about the phone is left out, because only its present state is kept. It returns
// an error where the events contradict each other.
func (r *Record) Before(at time.Time) (Contact, error) {
	known := slices.IndexFunc(r.Events, func(e Event) bool { return !e.Recorded.Before(at) })
	if known < 0 {
		known = len(r.Events)
	}
	s, err := replay(r.Events[:known])
	if err != nil {
		return Contact{}, err
	}
	c := Contact{
		Key: r.Contact.Key, Told: s.Told, Locale: s.Locale, Subs: s.Subs, Stopped: s.Stopped, Undone: s.Undone,
		Paused: s.Paused, Version: int64(known),
	}
	for _, touch := range r.Contact.Touches {
		if touch.At.Before(at) {
			c.Touches = append(c.Touches, touch)
		}
	}
	for i := range r.Messages {
		m := &r.Messages[i]
		if m.Number == 0 || !m.At.Before(at) {
			continue
		}
		cl, kept := r.Contact.Claimed(m.ID) // the claim has more fields, as long as it is kept
		if !kept {
			cl = m.claim()
		}
		c.Claims = append(c.Claims, cl)
	}
	for _, cl := range r.Contact.Claims {
		unrecorded := !slices.ContainsFunc(c.Claims, func(o Claim) bool { return o.ID == cl.ID })
		if unrecorded && cl.At.Before(at) {
			c.Claims = append(c.Claims, cl)
		}
	}
	slices.SortStableFunc(c.Claims, func(a, b Claim) int { return a.At.Compare(b.At) })
	return c, nil
}

// claim returns the claim of the text, without what its words would tell.
func (m *Message) claim() Claim {
	return Claim{
		ID: m.ID, Number: m.Number, At: m.At, Kind: m.Kind, Program: m.Program, Topics: m.Topics, Campaign: m.Campaign,
		Ref: m.Ref, Content: m.Content, Notice: m.Notice,
	}
}

// Steps yields each event, oldest first, with the state after it. It ends before the first event that cannot follow
// the ones before. The Standing is valid until the next step.
func Steps(events []Event) iter.Seq2[*Event, *Standing] {
	return func(yield func(*Event, *Standing) bool) {
		s := unknown()
		for i := range events {
			if s.apply(&events[i]) != nil || !yield(&events[i], &s) {
				return
			}
		}
	}
}
