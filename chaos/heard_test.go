package chaos_test

import (
	"fmt"
	"slices"
	"time"
)

// meaning is what a person means by their words, as docs/promises.md and docs/keywords.md have it.
type meaning int

const (
	other meaning = iota
	yes
	stop      // the program of the number texted
	stopTopic // the topic named
	stopAll   // all the brand sends
	wrong     // the same, for the number is somebody else's
	start
	join // asks for a topic
	help
	prefs
	no // to the question
)

type word struct {
	means meaning
	topic string
}

// vocabulary is the words people of the histories use, none of which can be taken for something else.
func vocabulary() map[string]word {
	return map[string]word{
		"YES": {yes, ""}, "Yes": {yes, ""}, "SI": {yes, ""},
		"STOP": {stop, ""}, "Stop. Thank you": {stop, ""}, "unsubscribe": {stop, ""},
		"STOP NEWS": {stopTopic, "news"}, "STOP DEALS": {stopTopic, "deals"},
		"STOP ALL": {stopAll, ""}, "wrong number": {wrong, ""},
		"START": {start, ""}, "UNSTOP": {start, ""},
		"JOIN": {join, "news"}, "DEALS": {join, "deals"}, "ORDERS": {join, "orders"}, "CAFE": {join, "specials"},
		"HELP": {help, ""}, "PREFS": {prefs, ""}, "ok": {other, ""}, "lol": {other, ""},
		"NO": {no, ""}, "No thanks": {no, ""},
	}
}

func brands() map[string]string {
	return map[string]string{"+12065550100": "example", "+12065550101": "example", "+12065550110": "cafe", "+12065550120": "example"}
}

func programs() map[string]string {
	return map[string]string{"+12065550100": "alerts", "+12065550101": "orders", "+12065550110": "specials", "+12065550120": "alerts"}
}

func topicsAt(number string) []string {
	return map[string][]string{"+12065550100": {"news", "deals"}, "+12065550101": {"orders"}, "+12065550110": {"specials"}, "+12065550120": {"news", "deals"}}[number]
}

func (m *model) brandOf(number string) string { return brands()[number] }

// said is one text from a person.
type said struct {
	id       string
	phone    string
	to       string
	brand    string
	word     word
	say      string
	at       time.Time
	commit   int64     // place of what it changed, among all that had effect; 0 until it is heard
	heard    time.Time // when it was first heard to the end; zero until then
	stood    time.Time // when what it changed was written; zero until then
	begun    bool
	mishap   bool // a run of it was ended, or a call of it failed by mishap
	answers  []*text
	lastSeen time.Time // end of its last run
}

func (m *model) said(s *step, at time.Time) *said {
	x := &said{id: fmt.Sprintf("in-%d", len(m.words)+1), phone: phones()[s.Who], to: s.To, brand: m.brandOf(s.To), word: vocabulary()[s.Say], say: s.Say, at: at}
	m.words = append(m.words, x)
	return x
}

// mayAsk is the topics the answer to the message may ask about.
func (s *said) mayAsk() []string {
	switch s.word.means {
	case join, start, yes:
		return topicsAt(s.to)
	default:
		return nil
	}
}

// lifts reports whether the message may undo a STOP. YES does as START does.
func (s *said) lifts() bool {
	return s.word.means == start || s.word.means == join || s.word.means == yes
}

// asking is a request to join that came by the form or from a backend.
type asking struct {
	phone, brand string
	topics       []string
	told         told
	by           string
	at           time.Time
	status       int
	questions    []*text
	mishap       bool
}

func (m *model) asked(s *step, by string) *asking {
	r := &asking{phone: phones()[s.Who], brand: s.Brand, topics: s.Topics, told: s.Told, by: by, at: m.w.now()}
	m.requests = append(m.requests, r)
	return r
}

func (m *model) answered(r *asking, status int) { r.status = status }

// choice is a preference page that was posted.
type choice struct {
	phone, brand, action string
	on, off              []string
	at                   time.Time
	commit               int64
	status               int
}

func (m *model) chose(s *step, had []string) *choice {
	c := &choice{phone: phones()[s.Who], brand: s.Brand, action: s.Action, on: s.On, at: m.w.now()}
	for _, id := range s.Off {
		if slices.Contains(had, id) {
			c.off = append(c.off, id)
		}
	}
	m.choices = append(m.choices, c)
	return c
}

func (m *model) answeredChoice(c *choice, status int) { c.status = status }

// ended is told of every run that has ended.
func (m *model) ended(i *invocation, _ []byte, err error) {
	if i.over || i.hurt || err != nil {
		for phone := range i.looked {
			m.hurt[phone] = m.w.now()
		}
	}
	switch x := i.event.cause.(type) {
	case *said:
		x.begun, x.lastSeen = true, m.w.now()
		x.mishap = x.mishap || i.over || i.hurt
		if (err != nil || i.hurt) && i.changed > 0 {
			x.mishap = true
			if x.commit == 0 && x.word.means != yes {
				x.commit, x.stood = i.changed, i.changedAt
			}
			if topics := x.mayAsk(); len(topics) > 0 {
				m.phantom(i, x.phone, x.brand, topics)
			}
		}
		if err == nil && x.heard.IsZero() {
			x.heard = m.w.now()
			if x.commit == 0 {
				x.commit, x.stood = i.changed, i.changedAt
				if x.commit == 0 {
					x.commit, x.stood = m.w.next(), m.w.now()
				}
			}
		}
	case *asking:
		x.mishap = x.mishap || i.over || i.hurt
		if i.changed > 0 {
			m.phantom(i, x.phone, x.brand, x.topics)
		}
	case *choice:
		if i.changed > 0 {
			m.phantom(i, x.phone, x.brand, x.on)
		}
		if i.changed > 0 {
			x.commit = i.changed
		} else if err == nil {
			x.commit = m.w.next()
		}
	}
}

// phantom keeps the questions that a run may have asked, as far as its function can know: it wrote that it would, and
// was ended or lost the answer to that.
func (m *model) phantom(i *invocation, phone, brand string, topics []string) {
	for number, b := range brands() {
		if b != brand || slices.ContainsFunc(m.questions, func(q *question) bool { return q.by == i && q.from == number }) {
			continue
		}
		q := &question{text: &text{at: m.w.now(), to: phone, from: number, by: i, outcome: outcomeLost}}
		for _, t := range topics {
			if slices.Contains(topicsAt(number), t) {
				q.topics = append(q.topics, t)
			}
		}
		if len(q.topics) > 0 {
			m.questions = append(m.questions, q)
		}
	}
}

// report is a delivery event.
type report struct {
	text  *text
	event string
	at    time.Time
}

func (m *model) reported(t *text, event string) {
	m.reports = append(m.reports, report{t, event, m.w.now()})
}

// campaign is a text an operator scheduled for a topic.
type campaign struct {
	id, brand, topic, text string
	marker                 string
	at, expires            time.Time
	held                   bool // an operator paused it at some time
	single                 bool // it is a shop's, to one person
}
