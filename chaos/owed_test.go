package chaos_test

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// onRecord is a text as it is to be on record: whoever reads the record must not be able to act for the person.
func onRecord(body string) string { return linkPattern.ReplaceAllString(body, "[link]") }

// checkEnd is what has to be so once everything has had its time.
func (m *model) checkEnd(phone, brand string, r record) {
	for _, s := range m.words {
		if s.phone == phone && s.brand == brand {
			m.checkOwed(s)
			m.checkWithheld(s, r)
		}
	}
	for _, q := range m.requests {
		if q.phone == phone && q.brand == brand {
			m.checkAsked(q)
		}
	}
}

// checkTexts is I3: each text the carrier had, or may have had, is on record with its words; and nothing is on record
// as sent that was not.
func (m *model) checkTexts(phone, brand string, r record) {
	best := map[string]*text{}
	for _, t := range m.offered {
		if t.to != phone || m.brandOf(t.from) != brand {
			continue
		}
		if b := best[t.id()]; b == nil || !b.went() || (t.outcome == outcomeTaken && b.outcome != outcomeTaken) {
			best[t.id()] = t
		}
	}
	recorded := map[string]recordMessage{}
	for _, x := range r.Messages {
		recorded[x.ID] = x
	}
	for id, t := range best {
		x, ok := recorded[id]
		switch {
		case !ok && t.went() && !m.w.settled && m.w.now().Sub(t.at) < 2*time.Hour:
			// It has two hours to come on record.
		case !ok && t.went():
			m.fail("I3", "“%s”, handed over for %s at %s, is not on record", brief(t.body), who(phone), stamp(t.at))
		case !ok:
		case t.went() && x.Body != onRecord(t.body):
			m.fail("I3", "“%s”, handed over for %s at %s, is on record as “%s”", brief(t.body), who(phone), stamp(t.at), x.Body)
		case t.went() && (x.Status == "rejected" || x.Status == "withheld"):
			m.fail("I3", "“%s”, handed over for %s at %s, is on record as %s", brief(t.body), who(phone), stamp(t.at), x.Status)
		case t.outcome == outcomeRefused && x.Status == "sent":
			m.fail("I3", "“%s”, refused for %s at %s, is on record as sent", brief(t.body), who(phone), stamp(t.at))
		}
	}
	for id, x := range recorded {
		if best[id] == nil && (x.Status == "sent" || x.Status == "delivered") {
			m.fail("I3", "“%s” is on record as %s for %s, and the carrier never had it", brief(x.Body), x.Status, who(phone))
		}
	}
}

// checkOwed looks for the answers that are owed: one to the STOP that ended something, and one to the YES that began
// something.
func (m *model) checkOwed(s *said) {
	var limit time.Duration
	switch s.word.means {
	case stop, stopAll:
		limit = 5 * time.Minute
		if _, ours := m.w.listOf[s.to]; !ours || !m.endedSomething(s) {
			return
		}
	case yes:
		limit = time.Hour
		if !m.beganSomething(s) {
			return
		}
	default:
		return
	}
	if s.heard.IsZero() || s.mishap || s.heard.Sub(s.at) > limit-30*second {
		return
	}
	var last time.Time
	for _, t := range s.answers {
		if t.went() || !t.transient() || t.accountWide() {
			return
		}
		last = t.at
	}
	if len(s.answers) == 0 || last.Sub(s.at) < 150*second {
		m.fail("answers come", "“%s” (%s) of %s was heard at %s and never answered", s.say, s.id, who(s.phone), stamp(s.heard))
	}
}

// checkWithheld is that a HELP without an answer is on record with the reason.
func (m *model) checkWithheld(s *said, r record) {
	if s.word.means != help || s.heard.IsZero() || s.mishap || len(s.answers) > 0 || s.heard.Sub(s.at) > time.Hour-time.Minute {
		return
	}
	for _, x := range r.Messages {
		if x.Status == "withheld" && !x.At.Before(s.at) && !x.At.After(s.heard) && len(x.History) > 0 && x.History[len(x.History)-1].Detail != "" {
			return
		}
	}
	m.fail("answers come", "“%s” (%s) of %s was heard at %s, and nothing on record says why it has no answer", s.say, s.id, who(s.phone), stamp(s.heard))
}

// endedSomething reports whether a STOP was the first, and there was something to stop.
func (m *model) endedSomething(s *said) bool {
	asked := false
	for _, q := range m.questions {
		asked = asked || (q.to == s.phone && q.from == s.to && q.went() && q.at.Before(s.at.Add(-second)))
	}
	if !asked {
		return false
	}
	for _, r := range m.revocations(s.phone, s.brand) {
		if r.what != fmt.Sprintf("“%s” (%s)", s.say, s.id) {
			return false // somebody who stops more than once: which of them is the first is not told from outside
		}
	}
	return true
}

// beganSomething reports whether a YES subscribed to something it had not before.
func (m *model) beganSomething(y *said) bool {
	answered := m.answeredBy(y)
	if len(answered) != 1 || !answered[0].taken || y.at.After(m.openUntil(answered[0]).Add(-time.Minute)) {
		return false
	}
	if len(m.revocations(y.phone, y.brand)) > 0 || y.at.Sub(answered[0].at) < time.Second {
		return false // one that came in the same moment as the question may be older
	}
	if m.mayHaveDeclined(y) {
		return false
	}
	for _, o := range m.words {
		if o != y && o.phone == y.phone && o.to == y.to && o.word.means == yes && len(m.answeredBy(o)) > 0 {
			for _, q := range m.answeredBy(o) {
				if slices.ContainsFunc(q.topics, func(t string) bool { return slices.Contains(answered[0].topics, t) }) {
					return false
				}
			}
		}
	}
	return true
}

// checkAsked looks for the question to a request that was taken while the carrier had no room for it.
func (m *model) checkAsked(r *asking) {
	if (r.status != http.StatusAccepted && r.by == "form") || r.mishap || len(r.questions) == 0 {
		return
	}
	var last time.Time
	for _, t := range r.questions {
		if t.went() || !t.transient() {
			return
		}
		last = t.at
	}
	until := r.at.Add(m.within())
	looked := func(at time.Time) bool { return at.After(last) && at.Before(until) && permitted(zonesOf(r.phone), at) }
	if !slices.ContainsFunc(m.w.followed, looked) {
		return // a long time in which nobody does anything has few runs by the clock
	}
	topics := named(r.questions[0].body, r.questions[0].from)
	for _, q := range m.questions {
		if by, own := cause[*asking](q.text); own && by == r && q.phantom() {
			continue // its run lost nothing
		}
		if q.to == r.phone && q.went() && q.at.After(r.at) && q.at.Before(until) && slices.ContainsFunc(topics, func(t string) bool { return slices.Contains(q.topics, t) }) {
			return
		}
	}
	for _, v := range m.revocations(r.phone, r.brand) {
		if v.at.Before(until) {
			return
		}
	}
	for _, s := range m.words { // by what they said to another question, they may have settled this one
		answers := s.word.means == yes || s.word.means == no
		if answers && s.phone == r.phone && s.brand == r.brand && s.at.Before(until) && (s.heard.IsZero() || s.heard.After(r.at)) {
			return
		}
	}
	m.fail("questions come", "the question about %v to %s, for which there was no room at %s, is never asked", topics, who(r.phone), stamp(last))
}
