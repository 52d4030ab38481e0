package chaos_test

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// knows reports whether anything was ever asked or said.
func (m *model) knows(phone, brand string) bool {
	return slices.ContainsFunc(m.words, func(s *said) bool { return s.phone == phone && s.brand == brand }) ||
		slices.ContainsFunc(m.requests, func(r *asking) bool { return r.phone == phone && r.brand == brand })
}

// followed is the time within which the runs by the clock put right what a run that was ended left behind.
const followed = time.Hour

const subscribed = "subscribed"

func (m *model) checkRecord(phone, brand string, r record, found bool) {
	if !found {
		return
	}
	if !r.Verified && (m.w.settled || m.w.now().Sub(m.hurt[phone]) > followed) {
		m.fail("I4", "the record of %s at %s does not verify: %s", who(phone), brand, r.Fault)
	}
	for _, topic := range topicsOf(brand) {
		state := r.Topics[topic].State
		may, why := m.mayHave(phone, brand, topic, 1<<62)
		if state == subscribed && !may {
			m.fail("I5", "%s is subscribed to %s: %s", who(phone), topic, why)
		}
		if y := m.mustHave(phone, brand, topic); y != nil && state != subscribed {
			m.fail("a YES subscribes", "%s is %q for %s after their “%s” (%s)", who(phone), state, topic, y.say, y.id)
		}
	}
	m.checkStopped(phone, brand, r)
	m.checkEvents(phone, brand, r)
	m.checkTexts(phone, brand, r)
}

// mustHave is the YES by which a person has to be subscribed; nil where there is none that leaves no doubt.
func (m *model) mustHave(phone, brand, topic string) *said {
	for _, y := range m.words {
		if y.phone != phone || y.brand != brand || y.word.means != yes || y.heard.IsZero() {
			continue
		}
		answered := m.answeredBy(y)
		if len(answered) != 1 || !answered[0].taken || !slices.Contains(answered[0].topics, topic) {
			continue
		}
		q := answered[0]
		if y.at.After(m.openUntil(q).Add(-time.Minute)) || y.at.Sub(q.at) < time.Second || m.mayHaveDeclined(y) {
			continue
		}
		doubt := slices.ContainsFunc(m.revocations(phone, brand), func(r revocation) bool {
			return r.covers(topic) && (!r.at.Before(q.at.Add(-second)) || r.heard.IsZero() || r.heard.After(q.at))
		})
		if !doubt {
			return y
		}
	}
	return nil
}

// openUntil is until when a YES answers a question: it may have gone out long after what asked for it.
func (m *model) openUntil(q *question) time.Time {
	from := q.at
	switch by := m.origin(q.text).(type) {
	case *said:
		from = by.at
	case *asking:
		from = by.at
	}
	return from.Add(m.within())
}

// mayHaveDeclined reports whether a NO of the phone to the same number may have ended the request that a YES answers.
func (m *model) mayHaveDeclined(y *said) bool {
	return slices.ContainsFunc(m.words, func(o *said) bool { return o.phone == y.phone && o.to == y.to && o.word.means == no })
}

// listedBy is how long after it was heard a STOP is on AWS's list at the latest: an hour, the ten minutes until the
// next run, and as much as a run may be put off. That nobody is on it who came back holds at any time.
const listedBy = 90 * time.Minute

// checkStopped compares what was said with what is on record, and that with AWS's list.
func (m *model) checkStopped(phone, brand string, r record) {
	for number, list := range m.w.listOf {
		if brands()[number] != brand {
			continue
		}
		prog := programs()[number]
		_, one := r.Stopped[prog]
		_, all := r.Stopped["*"]
		stopped := one || all
		_, on := m.w.lists[list][phone]
		followed := m.w.settled || (len(m.w.dead) == 0 && m.w.now().Sub(m.hurt[phone]) > 21*time.Minute)
		var last, back, heard time.Time
		ever := false
		for _, v := range m.revocations(phone, brand) {
			if !v.whole || !slices.ContainsFunc(topicsAt(number), v.covers) {
				continue
			}
			ever = true
			for _, at := range []time.Time{v.at, v.heard} {
				if at.After(heard) {
					heard = at
				}
			}
			if v.commit > 0 && v.at.After(last) {
				last = v.at
			}
		}
		due := m.w.settled || m.w.now().Sub(heard) > listedBy
		wrong := on && !m.kept[phone] || !on && due
		if on != stopped && followed && wrong {
			m.fail("I1", "%s is on record as stopped for %s: %v, and on AWS's list: %v", who(phone), prog, stopped, on)
		}
		for _, s := range m.words {
			if s.phone == phone && s.brand == brand && s.lifts() && s.at.After(back) {
				back = s.at
			}
		}
		if !last.IsZero() && !back.After(last) && !stopped {
			m.fail("I8", "%s said STOP to %s at %s and is not stopped", who(phone), prog, stamp(last))
		}
		if heard := m.lifted(phone, number); !heard.IsZero() && heard.After(latest(m.revocations(phone, brand))) && stopped && m.w.settled {
			// A STOP that comes late may win over a START that was said after it: that errs on the right side.
			m.fail("I4", "%s came back to %s at %s, and is on record as stopped since %s%s", who(phone), prog, stamp(heard), stamp(r.Stopped[prog]), stamp(r.Stopped["*"]))
		}
		if !ever && stopped {
			m.fail("I4", "%s is stopped for %s and never said so", who(phone), prog)
		}
	}
}

// lifted is when the person last said START to the number and was heard; zero where they did not, or where AWS refused
// to take the number off its list, or may have been asked to.
func (m *model) lifted(phone, number string) time.Time {
	var last time.Time
	if m.kept[phone] {
		return last
	}
	for _, s := range m.words {
		if s.phone == phone && s.to == number && s.word.means == start && !s.heard.IsZero() && !s.mishap && s.at.After(last) {
			last = s.at
		}
	}
	return last
}

// latest is when something was last said, or heard, against anything.
func latest(all []revocation) time.Time {
	var last time.Time
	for _, r := range all {
		for _, at := range []time.Time{r.at, r.heard} {
			if at.After(last) {
				last = at
			}
		}
	}
	return last
}

func (m *model) checkEvents(phone, brand string, r record) {
	// Every topic is as its last event says.
	last := map[string]recordEvent{}
	for _, e := range r.Events {
		for _, t := range e.Topics {
			switch e.Type {
			case "requested", "confirmed", "opted-out", "restarted", "expired", "suspended", "voided":
				last[t] = e
			}
		}
	}
	for topic, is := range r.Topics {
		e, ok := last[topic]
		if is.State == "expired" && m.w.settled && e.Type != "expired" {
			m.fail("I4", "%s is expired for %s, and the last event about it is %s at %s", who(phone), topic, e.Type, stamp(e.At))
		}
		if on := ok && (e.Type == "confirmed" || e.Type == "restarted"); (is.State == subscribed) != on {
			m.fail("I4", "%s is %s for %s, and the last event about it is %s at %s", who(phone), is.State, topic, e.Type, stamp(e.At))
		}
	}
	// One event for one inbound message.
	seen := map[string]int{}
	for _, e := range r.Events {
		if id := inboundOf(e); id != "" {
			seen[id+" "+e.Type]++
		}
	}
	for id, n := range seen {
		if n > 1 {
			m.fail("I4", "%s of %s has %d events", id, who(phone), n)
		}
	}
	_ = brand
}

// inboundOf is the message an event keeps; empty where it keeps none.
func inboundOf(e recordEvent) string {
	for _, v := range e.Evidence {
		if strings.HasPrefix(v, "in-") {
			return v
		}
	}
	return ""
}

// checkItems bounds the contact and compares the audience with who is subscribed.
func (m *model) checkItems(items []map[string]types.AttributeValue, on map[string]bool) {
	listed := map[string]bool{}
	for _, item := range items {
		listed[str(item["pk"])+" "+str(item["sk"])] = str(item["aud"]) != "" // an entry without its keys is in no audience
	}
	for entry, is := range on {
		if is != listed[entry] {
			m.fail("the audience", "%s: subscribed on record is %v, and in the audience %v", entry, is, listed[entry])
		}
	}
	for _, item := range items {
		if str(item["sk"]) != "CONTACT" {
			continue
		}
		n := 0
		for k, v := range item {
			n += len(k) + size(v)
		}
		if n > largest {
			m.fail("a contact stays small", "%s has %d bytes", str(item["pk"]), n)
		}
	}
}

// largest is the most bytes a contact of a history may have: four topics at most, some questions, and the claims of the
// last weeks.
const largest = 4 << 10

// checkLogs is I10.
func (m *model) checkLogs() {
	m.w.logging.Lock()
	text := m.w.logs.String()
	m.w.logs.Reset()
	m.w.logging.Unlock()
	for _, p := range phones() {
		if strings.Contains(text, p[2:]) {
			m.fail("I10", "the number of %s is in the log", who(p))
		}
	}
	for _, body := range []string{"pumpkins", "Stop. Thank you", "wrong number", "YES to join"} {
		if strings.Contains(text, body) {
			m.fail("I10", "“%s” is in the log", body)
		}
	}
}
