package chaos_test

import (
	"slices"
	"time"
)

// checkAnswer is I9 for a text that answers what a person texted, and that it does not come when nobody waits for it
// any more.
func (m *model) checkAnswer(t *text) {
	s := m.answers(t)
	if s == nil {
		return
	}
	s.answers = append(s.answers, t)
	m.checkPrompt(t, s)
	var ids []string
	for _, o := range s.answers {
		if o.went() && !slices.Contains(ids, o.id()) {
			ids = append(ids, o.id())
		}
	}
	if len(ids) > 1 {
		m.fail("I9", "“%s” (%s) gets %d answers", s.say, s.id, len(ids))
	}
	if !t.went() {
		return
	}
	inHour, inDay := 0, 0
	for _, o := range m.offered {
		if o.to != t.to || m.brandOf(o.from) != m.brandOf(t.from) || !o.went() || !m.limited(o) {
			continue
		}
		if t.at.Sub(o.at) < time.Hour-time.Minute {
			inHour++
		}
		if t.at.Sub(o.at) < 24*time.Hour-time.Minute {
			inDay++
		}
	}
	if inHour > 6 || inDay > 12 {
		m.fail("I9", "%s gets %d answers within an hour and %d within a day", who(t.to), inHour, inDay)
	}
}

// answers is the message a text answers; nil where it answers none. A run also sends what waited for the carrier, so it
// need not be the one the run was for: of those that call for such a text it is the one whose time is up when AWS is to
// give up the text.
func (m *model) answers(t *text) *said {
	by, _ := cause[*said](t)
	k := m.kindOf(t)
	if k == isQuestion {
		by, _ = m.origin(t).(*said)
		return by
	}
	var found *said
	near := func(s *said) time.Duration { return t.at.Add(t.ttl).Sub(s.at.Add(prompt(k))).Abs() }
	for _, s := range m.words {
		if slices.ContainsFunc(s.answers, func(o *text) bool { return o.id() == t.id() }) {
			return s
		}
		if s.phone != t.to || s.to != t.from || !s.calledFor(k) || slices.ContainsFunc(s.answers, (*text).went) || (s != by && !s.begun) {
			continue
		}
		if found == nil || near(s) < near(found) || (s == by && near(s) < 5*second) {
			found = s
		}
		if s == by && near(s) < 5*second {
			break
		}
	}
	if found == nil {
		return by
	}
	return found
}

// origin is what the first run was for that offered a text of these words: what the carrier had no room for is offered
// again by whichever run comes next.
func (m *model) origin(t *text) any {
	for _, o := range m.offered {
		if o.to == t.to && o.from == t.from && o.body == t.body && o.by != nil && o.by.event.cause != nil && t.at.Sub(o.at) < m.within() && (o == t || !m.wentSince(o, t)) {
			return o.by.event.cause
		}
	}
	if t.by == nil {
		return nil
	}
	return t.by.event.cause
}

// wentSince reports whether a text of these words went between the two.
func (m *model) wentSince(from, to *text) bool {
	for _, o := range m.offered {
		if o.to == to.to && o.from == to.from && o.body == to.body && o != to && o.went() && o.order >= from.order && o.order < to.order {
			return true
		}
	}
	return false
}

// prompt is how long an answer is expected.
func prompt(k kind) time.Duration {
	if k == isStopped {
		return 5 * time.Minute
	}
	return time.Hour
}

// calledFor reports whether a text of the kind may be an answer to the message.
func (s *said) calledFor(k kind) bool {
	switch s.word.means {
	case yes:
		return k == isWelcome || k == isExpired
	case start, join: // or they are told that only YES confirms what they were just asked
		return k == isWelcome || k == isExpired || k == isOther
	case stop, stopTopic, stopAll, wrong:
		return k == isStopped
	case help:
		return k == isHelp
	case prefs:
		return k == isPrefs
	default:
		return k == isOther
	}
}

// checkPrompt is that an answer comes while it is expected. A question may wait longer, for the hours in which the
// phone may be texted.
func (m *model) checkPrompt(t *text, s *said) {
	if m.kindOf(t) == isQuestion {
		return
	}
	prompt := prompt(m.kindOf(t))
	if end := t.at.Add(t.ttl).Sub(s.at); end > prompt+30*second && t.at.Sub(s.at) <= prompt+30*second {
		m.fail("answers are prompt", "AWS may hand over the answer to “%s” (%s) to %s %s after it: “%s”", s.say, s.id, who(t.to), end.Round(second), brief(t.body))
	}
	if late := t.at.Sub(s.at); late > prompt+30*second {
		m.fail("answers are prompt", "%s gets the answer to “%s” (%s) after %s: “%s”", who(t.to), s.say, s.id, late.Round(second), brief(t.body))
	}
}

// limited reports whether a text is one of the answers that the limit counts: not those that tell what a YES, START or
// STOP changed.
func (m *model) limited(t *text) bool {
	by, answer := m.origin(t).(*said)
	if !answer {
		return false
	}
	switch m.kindOf(t) {
	case isStopped, isWelcome:
		return false
	case isQuestion:
		return by.word.means == join
	default:
		return true
	}
}
