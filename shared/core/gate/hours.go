package gate

import (
	"smsconsent/shared/core/message"
)

// permittedHours defers the text until the hours permit it in every place the phone may be in. A confirmation request
// that somebody waits for may be sent at any hour.
func permittedHours(q inquiry) Answer {
	if q.person.Hours == nil || q.isExpected() {
		return Answer{}
	}
	opens, err := q.person.Opening(q.now)
	switch {
	case err != nil:
		return Answer{Verdict: Refuse, Because: "no hour suits every place this phone may be in"}
	case opens.After(q.now):
		return Answer{Verdict: Defer, Until: opens, Because: "outside the permitted hours where this phone may be"}
	default:
		return Answer{}
	}
}

// isExpected reports whether somebody waits for a confirmation request and will still wait when it arrives.
func (q *inquiry) isExpected() bool {
	return q.text.Kind == message.Confirmation && q.text.Expected.Sub(q.now) >= leastTime
}

func answerInTime(q inquiry) Answer {
	if by := q.text.By; !by.IsZero() && !q.now.Before(by) {
		return Answer{Verdict: Refuse, Because: "it is too late to answer what was said"}
	}
	return Answer{}
}
