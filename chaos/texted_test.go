package chaos_test

import (
	"slices"
	"strings"
)

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
	case linkPattern.MatchString(b) || strings.HasSuffix(b, "Reply STOP to unsubscribe, HELP for help.") ||
		strings.HasSuffix(b, "Responde STOP para cancelar, AYUDA para ayuda."):
		return isPrefs
	case strings.Contains(b, "has expired") || strings.Contains(b, "ha vencido"):
		return isExpired
	default:
		return isOther
	}
}

func (m *model) campaignOf(t *text) *campaign {
	for _, c := range slices.Concat(m.campaigns, m.singles) {
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
	if !c.single || c.topic != "orders" {
		m.checkHours(t, c.marker)
	}
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
