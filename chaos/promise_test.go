package chaos_test

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// model is what README.md promises, watched from outside. It knows what everybody said and when, what was asked of the
// functions and what they answered, which texts the carrier was offered and which calls changed AWS's lists. All its
// methods are called with the world's mu held.
type model struct {
	w         *world
	words     []*said
	requests  []*asking
	choices   []*choice
	questions []*question
	offered   []*text
	campaigns []*campaign
	reports   []report
	hurt      map[string]time.Time // when a run about a phone last met a mishap
	kept      map[string]bool      // phones AWS once refused to take off a list
	broken    []violation
}

func newModel(w *world) *model {
	return &model{w: w, hurt: map[string]time.Time{}, kept: map[string]bool{}}
}

// violation is a promise that was not kept.
type violation struct {
	Promise string // as README.md numbers it, or what it says
	What    string
}

func (v violation) String() string { return v.Promise + ": " + v.What }

func (m *model) fail(promise, format string, args ...any) {
	v := violation{promise, fmt.Sprintf(format, args...)}
	if !slices.Contains(m.broken, v) {
		m.broken = append(m.broken, v)
		m.w.tell("✗ %s", v)
	}
}

// meaning is what a person means by their words, as README.md and docs/keywords.md have it.
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
}

// question is a text that asks for YES.
type question struct {
	*text
	topics []string
}

// kind is what a text is, by its words.
type kind string

const (
	isCampaign kind = "campaign"
	isQuestion kind = "question"
	isWelcome  kind = "welcome"
	isReminder kind = "reminder"
	isRenewal  kind = "question whether they still want the texts"
	isStopped  kind = "answer to STOP"
	isHelp     kind = "answer to HELP"
	isPrefs    kind = "answer to PREFS"
	isExpired  kind = "answer to a YES that came too late"
	isOther    kind = "answer"
)

func (m *model) kindOf(t *text) kind {
	switch b := t.body; {
	case m.campaignOf(t) != nil:
		return isCampaign
	case strings.Contains(b, "YES to join") || strings.Contains(b, "SI para recibir") || strings.Contains(b, "OUI pour"):
		return isQuestion
	case strings.Contains(b, "You're subscribed") || strings.Contains(b, "Te has suscrito"):
		if strings.Contains(b, "/month") || strings.Contains(b, "/mes") || strings.Contains(b, "/week") || strings.Contains(b, "/semana") || strings.Contains(b, "requency") || strings.Contains(b, "recuencia") {
			return isWelcome
		}
		return isReminder
	case strings.Contains(b, "Still want") || strings.Contains(b, "seguir recibiendo") || strings.Contains(b, "encore recevoir"):
		return isRenewal
	case strings.Contains(b, "Te recordamos"):
		return isReminder
	case strings.HasPrefix(b, "STOP:"):
		return isStopped
	case strings.HasPrefix(b, "HELP:") || strings.HasPrefix(b, "AYUDA:"):
		return isHelp
	case linkPattern.MatchString(b) || strings.HasSuffix(b, "Reply STOP to unsubscribe, HELP for help."):
		return isPrefs
	case strings.Contains(b, "has expired") || strings.Contains(b, "ha vencido"):
		return isExpired
	default:
		return isOther
	}
}

func (m *model) campaignOf(t *text) *campaign {
	for _, c := range m.campaigns {
		if strings.Contains(t.body, c.marker) {
			return c
		}
	}
	return nil
}

// named is the topics a text of ours names, among those of its number.
func named(body, from string) []string {
	var found []string
	for _, id := range topicsAt(from) {
		name := id
		if id == "specials" {
			name = "specials"
		}
		if strings.Contains(body, name) {
			found = append(found, id)
		}
	}
	return found
}

// went reports whether a text has, or may have, reached the person.
func (t *text) went() bool { return t.outcome != outcomeRefused }

// text is told of every text that is offered to the carrier.
func (m *model) text(t *text) {
	fate := string(t.outcome)
	if t.reason != "" {
		fate += " (" + t.reason + ")"
	}
	if t.outcome == outcomeLost && !t.taken {
		fate = "lost; the carrier never had it"
	}
	m.w.tell("  → %s from %s: “%s”: %s", who(t.to), t.from, t.body, fate)
	m.offered = append(m.offered, t)
	m.checkLanguage(t)
	switch m.kindOf(t) {
	case isCampaign:
		m.checkCampaignText(t)
	case isQuestion:
		m.checkQuestion(t)
		m.checkAnswer(t)
	case isReminder, isRenewal:
		m.checkHours(t, "a "+string(m.kindOf(t)))
		for _, topic := range named(t.body, t.from) {
			m.checkWanted(t, topic)
		}
	default:
		m.checkAnswer(t)
	}
}

// checkLanguage is that a form's language counts for its own question, and for other texts once that question was
// answered YES.
func (m *model) checkLanguage(t *text) {
	if !strings.Contains(t.body, "Responde ") && !strings.Contains(t.body, "AYUDA:") {
		return
	}
	if r, ok := m.origin(t).(*asking); ok && r.told.Locale == "es" {
		return
	}
	if s, ok := cause[*said](t); ok && s.say == "SI" {
		return
	}
	if strings.Contains(t.body, "responde solo SI") && slices.ContainsFunc(m.questions, func(q *question) bool {
		return q.to == t.to && q.from == t.from && strings.Contains(q.body, "SI para recibir")
	}) {
		return // it speaks of the question, in the question's language
	}
	for _, y := range m.words {
		if y.phone != t.to || y.brand != m.brandOf(t.from) || y.word.means != yes {
			continue
		}
		if y.say == "SI" {
			return
		}
		for _, q := range m.answeredBy(y) {
			if r, ok := m.origin(q.text).(*asking); ok && r.told.Locale == "es" {
				return
			}
		}
	}
	m.fail("what a form told", "%s gets “%s”, and no form that said so was confirmed", who(t.to), brief(t.body))
}

func (m *model) checkCampaignText(t *text) {
	c := m.campaignOf(t)
	if m.brandOf(t.from) != c.brand || !slices.Contains(topicsAt(t.from), c.topic) {
		m.fail("one number for one kind of message", "campaign %s goes out from %s", c.marker, t.from)
	}
	if t.at.Before(c.at) || !t.at.Before(c.expires) {
		m.fail("I6", "%s gets %s at %s, which may go out from %s to %s", who(t.to), c.marker, stamp(t.at), stamp(c.at), stamp(c.expires))
	}
	m.checkWanted(t, c.topic)
	m.checkHours(t, c.marker)
	if c.topic == "orders" {
		m.checkOnce(t, c)
		return
	}
	if end := t.at.Add(t.ttl); end.After(c.expires.Add(fresh)) {
		m.fail("I6", "AWS may hand over %s to %s until %s, and it ends at %s", c.marker, who(t.to), stamp(end), stamp(c.expires))
	}
	m.checkOnce(t, c)
	m.checkFrequency(t, c.topic)
	if t.class != "PROMOTIONAL" {
		m.fail("one number for one kind of message", "%s goes out as %s", c.marker, t.class)
	}
}

func (m *model) checkOnce(t *text, c *campaign) {
	for _, o := range m.offered {
		if o != t && o.to == t.to && o.went() && m.campaignOf(o) == c && (t.went() || o.id() != t.id()) {
			if !t.went() && o.id() == t.id() {
				continue
			}
			m.fail("I2", "%s gets %s at %s and, as far as anybody can know, got it at %s", who(t.to), c.marker, stamp(t.at), stamp(o.at))
			return
		}
	}
}

// checkFrequency counts what arrived of a topic: no more than promised in any month of four weeks, or in any week but
// an hour, and no more than three promotional texts in 24 hours.
func (m *model) checkFrequency(t *text, topic string) {
	limit, window := 2, 28*24*time.Hour
	if topic == "specials" {
		limit, window = 1, 7*24*time.Hour-time.Hour
	}
	inWindow, inDay := 0, 0
	for _, o := range m.offered {
		if o.to != t.to || !o.went() || (o == t && !t.went()) {
			continue
		}
		c := m.campaignOf(o)
		if c == nil || c.topic == "orders" || m.brandOf(o.from) != m.brandOf(t.from) {
			continue
		}
		age := t.at.Sub(o.at)
		if c.topic == topic && age < window {
			inWindow++
		}
		if age < 24*time.Hour-time.Minute {
			inDay++
		}
	}
	if inWindow > limit {
		m.fail("I7", "%s gets %s of %s within %s, and %d were promised", who(t.to), number(inWindow, "text"), topic, window, limit)
	}
	if inDay > 3 {
		m.fail("I7", "%s gets %s within a day, and the law allows 3", who(t.to), number(inDay, "promotional text"))
	}
}

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
	_, by := m.origin(t).(*said)
	return by
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

// fresh is the few seconds that a text may take from its claim to the carrier.
const fresh = 15 * second

func stamp(t time.Time) string { return t.Format("Jan 2 15:04:05") }

// checkHours is I6: Monday to Saturday from 9 to 20, Sundays from 12, on federal holidays not at all, in every zone of
// the number, or in that which a confirmed request told.
func (m *model) checkHours(t *text, what string) {
	last := t.at
	if t.ttl > fresh {
		last = last.Add(t.ttl - fresh) // AWS may hand it over as late as that
	}
	if permitted(zonesOf(t.to), t.at) && permitted(zonesOf(t.to), last) {
		return
	}
	for _, zone := range m.confirmedZones(t.to, m.brandOf(t.from)) {
		if permitted([]string{zone}, t.at) && permitted([]string{zone}, last) {
			return
		}
	}
	local := t.at.In(location(zonesOf(t.to)[0]))
	m.fail("I6", "%s gets %s at %s in %s", who(t.to), what, local.Format("Mon Jan 2 15:04"), local.Location())
}

func zonesOf(phone string) []string {
	switch {
	case strings.HasPrefix(phone, "+1206"):
		return []string{"America/Los_Angeles"}
	case strings.HasPrefix(phone, "+1850"):
		return []string{"America/New_York", "America/Chicago"}
	default:
		return []string{"America/New_York"}
	}
}

// confirmedZones is what requests told whose own question was answered by YES.
func (m *model) confirmedZones(phone, brand string) []string {
	var zones []string
	for _, y := range m.words {
		if y.phone != phone || y.brand != brand || y.word.means != yes {
			continue
		}
		for _, q := range m.answeredBy(y) {
			if r, ok := m.origin(q.text).(*asking); ok && r.told.Zone != "" {
				zones = append(zones, r.told.Zone)
			}
		}
	}
	return zones
}

func location(zone string) *time.Location {
	l, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	return l
}

func permitted(zones []string, at time.Time) bool {
	for _, z := range zones {
		l := at.In(location(z))
		switch day := l.Format("01-02"); {
		case slices.Contains(holidays(), l.Format("2006-")+day):
			return false
		case l.Weekday() == time.Sunday && l.Hour() < 12:
			return false
		case l.Hour() < 9 || l.Hour() >= 20:
			return false
		}
	}
	return true
}

func holidays() []string {
	return []string{"2026-11-26", "2026-12-25", "2027-01-01", "2027-01-18", "2027-02-15"}
}
