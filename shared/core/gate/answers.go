package gate

import (
	"time"

	"smsconsent/shared/core/message"
)

// replyLimit limits everything that answers a person's text: replies and confirmation requests. Texts that confirm a
// change do not count and are not held back.
func replyLimit(q inquiry) Answer {
	if q.text.Change || (q.text.Kind == message.Confirmation && !q.text.Invited) {
		return Answer{}
	}
	if n, until := q.answered(time.Hour, false); n >= q.catalog.AnswersAnHour {
		return Answer{Verdict: Refuse, Until: until, Because: "this phone had its answers for this hour"}
	}
	if n, until := q.answered(day, false); n >= repliesADay {
		return Answer{Verdict: Refuse, Until: until, Because: "this phone had its answers for today"}
	}
	return Answer{}
}

func changeLimit(q inquiry) Answer {
	if !q.text.Change {
		return Answer{}
	}
	if n, until := q.answered(day, true); n >= changesADay {
		return Answer{Verdict: Refuse, Until: until, Because: "this phone was told of changes often enough today"}
	}
	return Answer{}
}

// confirmationLimit limits requests made by others. A request that the phone itself made by text counts as a reply.
func confirmationLimit(q inquiry) Answer {
	if !q.text.Invited && q.person.Contact.AsksLeft(q.now, q.catalog.SignUp.PerPhoneADay) == 0 {
		return Answer{Verdict: Refuse, Because: "this phone was asked to confirm often enough lately"}
	}
	return Answer{}
}

// answered returns how many replies were sent within the window or still wait for the carrier, either those that
// confirm a change or the others, and when the oldest of them leaves the window. Without those that wait, a phone that
// goes on texting while the carrier takes nothing would make the contact grow, and at 400 KB no STOP can be stored.
func (q *inquiry) answered(window time.Duration, change bool) (n int, until time.Time) {
	count := func(at time.Time) {
		if n == 0 {
			until = at.Add(window)
		}
		n++
	}
	for i := range q.person.Contact.Claims {
		cl := &q.person.Contact.Claims[i]
		if bitOf(cl.Kind)&answers != 0 && cl.Change == change && q.now.Sub(cl.At) < window {
			count(cl.At)
		}
	}
	for i := range q.person.Contact.Waiting {
		ask := &q.person.Contact.Waiting[i]
		if (ask.Kind == message.Reply || ask.Invited) && ask.Change == change {
			count(ask.From)
		}
	}
	return n, until
}
