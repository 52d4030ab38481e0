package gate

import (
	"slices"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
)

// Worded is a text as it goes to one person.
type Worded struct {
	Text
	Body   string // with the opt-out notice where the person needs one
	Notice string // language of that notice, BCP 47; empty for the brand's own, and where there is none
}

// Word returns the text as it would go to the person now: what somebody wrote, and behind it the opt-out notice
// where the person needs it, in their language or that of the topic. It fills in what of t the words decide.
func (g *Gate) Word(p Person, t Text, body string, now time.Time) Worded {
	w := Worded{Text: t, Body: body}
	w.Content, w.OptOut = message.ContentHash(body), message.HasOptOut(body)
	brand, ok := g.catalog.Brand(p.Contact.Brand)
	w.Branded = ok && message.HasBrand(brand, body)
	if !ok || !owesOptOut(p, t) || w.OptOut || !g.NeedsOptOut(p, w.Text, now) {
		return w
	}
	w.OptOut, w.Notice = true, p.Contact.Locale
	for _, id := range t.Topics {
		if topic, ok := t.Program.Topic(id); ok && w.Notice == "" {
			w.Notice = topic.Locale
		}
	}
	w.Body += message.OptOutNotice(brand, w.Notice)
	return w
}

// owesOptOut reports whether somebody has to be told how to opt out with the text: with a promotional one, and with one
// to whoever was only told of it. Who said YES to transactional texts was told in the question.
func owesOptOut(p Person, t Text) bool {
	return t.Kind == message.Promotional || slices.ContainsFunc(t.Topics, func(id string) bool {
		s := p.Contact.Subs[id]
		return s.OnlyTold()
	})
}

// Would returns what the gate would say now of sending the text to the contact, with whom it looked at. It is what the
// outbox asks before it claims. A text without a body is judged as one that says what it must: whoever sends one puts
// the brand's name in front, and the outbox the opt-out notice behind it.
func (g *Gate) Would(c *consent.Contact, t Text, body string, now time.Time) (Person, Decision) {
	p := g.Person(c)
	if body == "" {
		t.Branded, t.OptOut = true, true
	} else {
		t = g.Word(p, t, body, now).Text
	}
	return p, g.Decide(p, t, now)
}
