package chaos_test

import (
	"fmt"
	"slices"
	"time"
)

// revocation is somebody saying that they want no more of some topics.
type revocation struct {
	at     time.Time
	commit int64
	heard  time.Time
	covers func(topic string) bool
	what   string
	whole  bool // of a program or more, so that the number goes on AWS's list
}

func topicIn(topics []string) func(string) bool {
	return func(t string) bool { return slices.Contains(topics, t) }
}

// revocations is what the person said against topics of the brand, heard or not.
func (m *model) revocations(phone, brand string) []revocation {
	var all []revocation
	for _, s := range m.words {
		if s.phone != phone || s.brand != brand {
			continue
		}
		r := revocation{at: s.at, commit: s.commit, heard: s.stood, what: fmt.Sprintf("“%s” (%s)", s.say, s.id)}
		if _, ours := m.w.listOf[s.to]; !ours && (s.word.means == stop || s.word.means == stopTopic) {
			// The number was given up: nobody can say which program it meant.
			r.covers, r.whole = topicIn(topicsOf(brand)), true
			all = append(all, r)
			continue
		}
		switch s.word.means {
		case stop:
			r.covers, r.whole = topicIn(topicsAt(s.to)), true
		case stopTopic:
			r.covers = topicIn([]string{s.word.topic})
			if !slices.Contains(topicsOf(brand), s.word.topic) {
				r.covers, r.whole = topicIn(topicsAt(s.to)), true // a topic nobody there has: it is no more than STOP
			}
		case stopAll, wrong:
			r.covers, r.whole = topicIn(topicsOf(brand)), true
		default:
			continue
		}
		all = append(all, r)
	}
	for _, c := range m.choices {
		if c.phone != phone || c.brand != brand {
			continue
		}
		r := revocation{at: c.at, commit: c.commit, what: "their page"}
		if c.commit > 0 {
			r.heard = c.at
		}
		switch {
		case c.action == "stop":
			r.covers, r.whole = topicIn(topicsOf(brand)), true
		case c.action == "save" && len(c.off) > 0:
			r.covers = topicIn(c.off)
		default:
			continue
		}
		all = append(all, r)
	}
	return all
}

// answeredBy is the questions a YES may answer: the last the carrier was given before it was said, and where that was a
// moment ago the one before.
func (m *model) answeredBy(y *said) []*question {
	var found []*question
	for _, q := range slices.Backward(m.questions) {
		if by, _ := cause[*said](q.text); by == y || q.to != y.phone || q.from != y.to || !q.went() || q.at.After(y.at.Add(time.Millisecond)) {
			continue
		}
		found = append(found, q)
		if y.at.Sub(q.at) > 2*second && !q.phantom() {
			break
		}
	}
	return found
}

// phantom reports whether nobody but a function that was ended knows of the question.
func (q *question) phantom() bool { return q.body == "" }

// within is how long a YES may take.
func (m *model) within() time.Duration { return m.w.catalog.SignUp.ConfirmWithin }

// consented reports whether a YES stands for the topic: the question it answers named it, and it came in time after the
// last request.
func (m *model) consented(y *said, topic string) bool {
	for _, q := range m.answeredBy(y) {
		if !slices.Contains(q.topics, topic) {
			continue
		}
		last := q.at
		for _, r := range m.requests {
			if r.phone == y.phone && r.brand == y.brand && slices.Contains(r.topics, topic) && !r.at.After(y.at) && r.at.After(last) {
				last = r.at
			}
		}
		for _, s := range m.words {
			if s.phone == y.phone && s.to == y.to && s.word.means == join && !s.at.After(y.at) && s.at.After(last) {
				last = s.at
			}
		}
		for _, c := range m.choices {
			if c.phone == y.phone && slices.Contains(c.on, topic) && !c.at.After(y.at) && c.at.After(last) {
				last = c.at
			}
		}
		if !y.at.After(last.Add(m.within() + time.Minute)) {
			return true
		}
	}
	return false
}

// oneStep is the topics that START alone brings back.
func oneStep(topic string) bool { return topic == "specials" }

// mayHave reports whether the person may be taken for subscribed, going by what was committed before a place in the
// order of things. Where not, it tells why.
func (m *model) mayHave(phone, brand, topic string, before int64) (bool, string) {
	why := "they never said YES to a question that named it"
	ever := false
	for _, s := range m.words {
		if s.phone != phone || s.brand != brand {
			continue
		}
		stands := false
		switch s.word.means {
		case yes:
			ever = ever || m.consented(s, topic)
			stands = m.consented(s, topic) || (ever && oneStep(topic))
		case start:
			stands = ever && oneStep(topic) && slices.Contains(topicsAt(s.to), topic)
		}
		if !stands {
			continue
		}
		revoked := false
		for _, r := range m.revocations(phone, brand) {
			if r.covers(topic) && r.commit > 0 && r.commit < before && !r.at.Before(s.at) {
				revoked, why = true, r.what+" ended it"
			}
		}
		if !revoked {
			return true, ""
		}
	}
	return false, why
}

// checkWanted is I1 and I5 for a text of a topic.
func (m *model) checkWanted(t *text, topic string) {
	brand := m.brandOf(t.from)
	before := t.claimed
	if t.by != nil {
		before = max(before, t.by.looked[t.to])
	}
	if t.by != nil && !t.by.claimed[t.to].IsZero() && t.at.Sub(t.by.claimed[t.to]) > 11*second {
		m.fail("I1", "“%s” is handed over for %s %s after it was claimed", brief(t.body), who(t.to), t.at.Sub(t.by.claimed[t.to]))
	}
	if ok, why := m.mayHave(t.to, brand, topic, before+1); !ok {
		m.fail("I1, I5", "%s gets “%s”, and is not subscribed to %s: %s", who(t.to), brief(t.body), topic, why)
		return
	}
	if paused, since := m.paused(t.to, brand, before+1, t.at); paused {
		m.fail("pause", "%s gets “%s”, and has been on pause since %s", who(t.to), brief(t.body), stamp(since))
	}
}

func (m *model) paused(phone, brand string, before int64, now time.Time) (bool, time.Time) {
	var since time.Time
	for _, c := range m.choices {
		if c.phone != phone || c.brand != brand {
			continue
		}
		switch {
		case c.action == "pause" && c.commit > 0 && c.commit < before:
			since = c.at
		case c.action == "resume":
			since = time.Time{}
		}
	}
	return !since.IsZero() && now.Sub(since) < 30*24*time.Hour-time.Minute, since
}
