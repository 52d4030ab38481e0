package chaos_test

import (
	"slices"
	"time"
)

func (m *model) checkQuestion(t *text) {
	q := &question{t, named(t.body, t.from)}
	brand := m.brandOf(t.from)
	if len(q.topics) == 0 {
		m.fail("I5", "a question names no topic: “%s”", t.body)
	}
	for _, topic := range q.topics {
		if !m.wasRequested(t, brand, topic) {
			m.fail("I5", "%s is asked about %s, which nobody asked for", who(t.to), topic)
		}
	}
	if r, ok := m.origin(t).(*asking); ok {
		r.questions = append(r.questions, t)
	}
	told := m.confirmedZones(t.to, brand)
	inHours := permitted(zonesOf(t.to), t.at) || len(told) > 0 && permitted(told, t.at)
	if at := m.lastAsked(t, q.topics); t.at.Sub(at) > time.Hour+time.Minute && !inHours {
		m.fail("answers are prompt", "%s is asked about %v at %s, %s after they were asked for", who(t.to), q.topics, stamp(t.at), t.at.Sub(at).Round(second))
	}
	m.questions = append(m.questions, q)
	if !t.went() {
		return
	}
	// Those the phone itself called for by a text are its own affair.
	if m.invited(t) {
		return
	}
	inDay, inMonth := 0, 0
	for _, o := range m.questions {
		if m.invited(o.text) || o.to != t.to || !o.went() || o.phantom() || m.brandOf(o.from) != brand {
			continue
		}
		if t.at.Sub(o.at) < 24*time.Hour-time.Minute {
			inDay++
		}
		if t.at.Sub(o.at) < 30*24*time.Hour-time.Minute {
			inMonth++
		}
	}
	if inDay > 2 || inMonth > 6 {
		m.fail("limits", "%s is asked %d times in a day and %d times in 30 days", who(t.to), inDay, inMonth)
	}
	m.checkDeclined(t, brand)
	for _, r := range m.revocations(t.to, brand) {
		if !r.whole || r.commit == 0 || r.commit >= max(t.claimed, t.by.looked[t.to]) {
			continue
		}
		undone := false
		for _, s := range m.words {
			undone = undone || (s.phone == t.to && s.to == t.from && s.lifts() && !s.at.Before(r.at))
		}
		if slices.ContainsFunc(q.topics, r.covers) && !undone {
			m.fail("I1", "%s is asked about %v after %s", who(t.to), q.topics, r.what)
		}
	}
}

// checkDeclined holds a question somebody else asked for to the NO that the phone gave to an earlier one.
func (m *model) checkDeclined(t *text, brand string) {
	for _, s := range m.words {
		if s.word.means != no || s.phone != t.to || s.brand != brand || s.commit == 0 || s.commit >= max(t.claimed, t.by.looked[t.to]) {
			continue
		}
		if m.declines(s) && !m.asksItself(t, s) {
			m.fail("I5", "%s is asked about %v for others, after its “%s” to an earlier question", who(t.to), named(t.body, t.from), s.say)
		}
	}
}

// declines reports whether a NO certainly answered a question that was open.
func (m *model) declines(s *said) bool {
	found := m.answeredBy(s)
	if len(found) != 1 || found[0].phantom() || s.at.Sub(found[0].at) < 2*second || s.at.Sub(found[0].at) > m.within()-time.Minute {
		return false
	}
	for _, o := range m.words {
		if o != s && o.phone == s.phone && o.brand == s.brand && o.word.means != other && o.word.means != help && o.word.means != prefs && !o.at.Before(found[0].at.Add(-time.Minute)) && !o.at.After(s.at) {
			return false // it may have answered the question before
		}
	}
	return true
}

// asksItself reports whether the phone asked for something itself after its NO, or ever for what the question is about,
// by a number that the NO did not go to.
func (m *model) asksItself(t *text, refusal *said) bool {
	for _, o := range m.words {
		asks := o.word.means == start || o.word.means == join || o.word.means == yes
		if asks && o.phone == t.to && o.brand == refusal.brand && (!o.at.Before(refusal.at) || o.to == t.from && o.to != refusal.to) {
			return true
		}
	}
	for _, c := range m.choices {
		if c.phone == t.to && c.brand == refusal.brand && len(c.on) > 0 {
			return true
		}
	}
	return false
}

// invited reports whether the phone itself called for a question, by a text.
func (m *model) invited(t *text) bool {
	switch m.origin(t).(type) {
	case *said:
		return true
	case nil: // it waited before it was first offered
		return slices.ContainsFunc(m.words, func(s *said) bool {
			return s.phone == t.to && s.to == t.from && len(s.mayAsk()) > 0 && !s.at.After(t.at) && t.at.Sub(s.at) < m.within()
		})
	default:
		return false
	}
}

// cause is what a run was for that offered a text.
func cause[T any](t *text) (T, bool) {
	var none T
	if t.by == nil {
		return none, false
	}
	c, ok := t.by.event.cause.(T)
	return c, ok
}

func (m *model) wasRequested(t *text, brand, topic string) bool {
	for _, r := range m.requests {
		if r.phone == t.to && r.brand == brand && slices.Contains(r.topics, topic) {
			return true
		}
	}
	for _, s := range m.words {
		if s.phone == t.to && s.to == t.from && s.begunOr(t) && (s.word.means == start || s.word.means == yes || s.word.means == join) {
			return true
		}
	}
	for _, c := range m.choices {
		if c.phone == t.to && c.brand == brand && slices.Contains(c.on, topic) {
			return true
		}
	}
	return false
}

// lastAsked is when somebody last asked for one of the topics.
func (m *model) lastAsked(t *text, topics []string) time.Time {
	var last time.Time
	at := func(x time.Time, ids ...string) {
		if x.After(last) && !x.After(t.at) && slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(topics, id) }) {
			last = x
		}
	}
	for _, r := range m.requests {
		if r.phone == t.to {
			at(r.at, r.topics...)
		}
	}
	for _, s := range m.words {
		if s.phone == t.to && s.to == t.from && s.lifts() {
			at(s.at, topicsAt(s.to)...)
		}
	}
	for _, c := range m.choices {
		if c.phone == t.to {
			at(c.at, c.on...)
		}
	}
	return last
}

func (s *said) begunOr(t *text) bool {
	x, ok := cause[*said](t)
	return s.begun || (ok && x == s)
}
