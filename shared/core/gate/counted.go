package gate

import (
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
)

// Counted returns the earlier texts because of which a rule that counts texts holds this one back, oldest first. It
// returns none for any other rule.
func (g *Gate) Counted(rule string, p Person, t Text, now time.Time) []consent.Claim {
	q := inquiry{catalog: g.catalog, person: p, text: t, now: now}
	var all []consent.Claim
	for i := range p.Contact.Claims {
		if cl := &p.Contact.Claims[i]; q.keepsBack(rule, cl) {
			all = append(all, *cl)
		}
	}
	return all
}

// keepsBack reports whether the rule counts an earlier text.
func (q *inquiry) keepsBack(rule string, cl *consent.Claim) bool {
	switch rule {
	case PromisedFrequency:
		for _, id := range q.text.Topics {
			if topic, ok := q.text.Program.Topic(id); ok && q.counts(cl, topic.Frequency.Window(), id) {
				return true
			}
		}
	case LegalCap:
		if q.person.Hours == nil {
			return false
		}
		for _, c := range q.person.Hours.Caps(q.now) {
			if q.counts(cl, c.Window, "") {
				return true
			}
		}
	case LeastGap:
		return cl.Kind == message.Promotional && q.now.Sub(cl.At) < q.catalog.LeastGap
	}
	return false
}
