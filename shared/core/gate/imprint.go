package gate

import (
	"time"

	"smsconsent/shared/core/message"
)

// brandName is also checked here, because a campaign's text may not come from the command line.
func brandName(q inquiry) Answer {
	if !q.text.Branded {
		return Answer{Verdict: Refuse, Because: "the text does not begin with the brand's name"}
	}
	return Answer{}
}

// optOutInstruction counts what this program told, because a STOP to its number stops what comes from it.
func optOutInstruction(q inquiry) Answer {
	if q.text.OptOut {
		return Answer{}
	}
	if q.text.Kind != message.Transactional && q.person.Hours != nil && q.person.Hours.OptOutInEachText() {
		return Answer{Verdict: Refuse, Because: "the law of the place asks for an opt-out instruction in each text"}
	}
	for i := range q.person.Contact.Claims {
		cl := &q.person.Contact.Claims[i]
		if cl.OptOut && q.now.Sub(cl.At) < optOutReminder && cl.Program == q.text.Program.ID {
			return Answer{}
		}
	}
	return Answer{
		Verdict: Refuse,
		Because: "the person was not told how to opt out for a month, and the text does not say it",
	}
}

// isLastForLong reports whether the text uses up the promised frequency until a month after the person was last told
// how to opt out. A reminder counts towards the promise too, so it would have to wait as well.
func (q *inquiry) isLastForLong() bool {
	var told time.Time
	for i := range q.person.Contact.Claims {
		if cl := &q.person.Contact.Claims[i]; cl.OptOut && cl.Program == q.text.Program.ID && cl.At.After(told) {
			told = cl.At
		}
	}
	for _, id := range q.text.Topics {
		topic, ok := q.text.Program.Topic(id)
		if !ok || topic.Frequency.IsZero() {
			continue
		}
		until := q.now.Add(topic.Frequency.Window())
		if before := topic.Frequency.Count - 1; before > 0 {
			_, until = q.limitReached(before, topic.Frequency.Window(), id) // zero where another may follow at once
		}
		if until.Sub(told) >= optOutReminder {
			return true
		}
	}
	return false
}
