package optin

import (
	"net/http"
	"slices"
	"time"

	"smsconsent/shared/consent"
	"smsconsent/shared/message"
	"smsconsent/shared/program"
	"smsconsent/shared/vouched"
)

// soon is when a question that was refused for now may be tried again.
const soon = time.Minute

// verdict is what a trusted caller is told, with the HTTP status.
type verdict struct {
	vouched.Answer
	code int
}

// judge tells what became of each topic: of those the phone was asked about, what became of the text; of the others, why it was not.
func judge(q vouched.Question, before *consent.Contact, handed []consent.Handover) verdict {
	v := verdict{vouched.Answer{Topics: map[string]vouched.Status{}}, http.StatusOK}
	for _, t := range q.Topics {
		status := standing(before, t, q.At)
		for _, to := range handed {
			if slices.Contains(to.Topics, t.ID) {
				status = v.handed(to, q.At)
			}
		}
		v.Topics[t.ID] = status
	}
	// What the caller can do something about comes first.
	order := []vouched.Status{vouched.NotSent, vouched.Limited, vouched.Asked, vouched.Unconfirmed, vouched.Waiting, vouched.Stopped, vouched.Subscribed}
	for _, status := range v.Topics {
		if v.Status == "" || slices.Index(order, status) < slices.Index(order, v.Status) {
			v.Status = status
		}
	}
	if v.code == http.StatusOK && slices.Contains([]vouched.Status{vouched.Asked, vouched.Unconfirmed, vouched.Waiting}, v.Status) {
		v.code = http.StatusAccepted
	}
	if len(v.Topics) == 1 {
		v.Topics = nil
	}
	return v
}

// handed is what became of a topic by what became of its question. Why that was not sent is told; before all else where a later try
// may pass.
func (v *verdict) handed(to consent.Handover, now time.Time) vouched.Status {
	switch {
	case to.Status == consent.Sent:
		return vouched.Asked
	case to.Status == consent.Unconfirmed:
		return vouched.Unconfirmed
	case to.OptedOut:
		return vouched.Stopped
	case to.Again:
		v.Reason, v.At, v.code = to.Reason, now.Add(soon), http.StatusServiceUnavailable
	case v.code == http.StatusOK:
		v.Reason = to.Reason
	}
	return vouched.NotSent
}

// standing is where a topic stands about which nobody is asked.
func standing(c *consent.Contact, t program.Topic, now time.Time) vouched.Status {
	_, stopped := c.TopicStoppedAt(t.Program, t.ID)
	switch {
	case stopped:
		return vouched.Stopped
	case c.Subs[t.ID].State == consent.Subscribed:
		return vouched.Subscribed
	case len(waiting(c, t.ID, now)) > 0, slices.ContainsFunc(c.Waiting, func(ask consent.Ask) bool {
		return ask.Kind == message.Confirmation && slices.Contains(ask.Topics, t.ID) // and the carrier had no room for it yet
	}):
		return vouched.Waiting
	default:
		return vouched.Limited
	}
}

// waiting are the questions by which the phone may confirm the topic at now.
func waiting(c *consent.Contact, topic string, now time.Time) []consent.Question {
	return slices.DeleteFunc(slices.Clone(c.Questions), func(q consent.Question) bool {
		return q.Claim == "" || now.After(q.Until) || !slices.Contains(q.Topics, topic)
	})
}
