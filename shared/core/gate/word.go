package gate

import (
	"slices"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
)

// Worded is a text as one person would get it.
type Worded struct {
	Text
	Body   string // with the opt-out notice where it is needed
	Notice string // language of that notice, BCP 47; empty for the brand's own wording, and for none
}

// Word returns the text as the person would get it now: body, and after it the opt-out notice where it is needed, in
// their language or that of the topic. It sets the fields of t that depend on the words.
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

// owesOptOut reports whether a person must be told how to opt out with the text: with a promotional one, and with any
// text to a person who was only told of it. A person who said YES to transactional texts was told in the confirmation
// request.
func owesOptOut(p Person, t Text) bool {
	return t.Kind == message.Promotional || slices.ContainsFunc(t.Topics, func(id string) bool {
		s := p.Contact.Subs[id]
		return s.OnlyTold()
	})
}

// Would returns what the gate decides now about sending the text to the contact, and the Person it used. The outbox
// asks the same before it claims. A text without a body is treated as one with the brand's name and the opt-out
// notice, which the sender adds.
func (g *Gate) Would(c *consent.Contact, t Text, body string, now time.Time) (Person, Decision) {
	p := g.Person(c)
	if body == "" {
		t.Branded, t.OptOut = true, true
	} else {
		t = g.Word(p, t, body, now).Text
	}
	return p, g.Decide(p, t, now)
}
