package optin

import (
	"net/http"
	"slices"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/signup"
	"smsconsent/shared/edge/outbox"
)

// retryIn is after what time a request that was refused for now may be tried again.
const retryIn = time.Minute

// verdict is the answer to a trusted caller, with the HTTP status.
type verdict struct {
	signup.Answer
	code int
}

// judge returns the outcome of each topic: for topics the phone was asked about, that of the text; for others, why it
// was not asked.
func judge(q signup.Question, before *consent.Contact, handed []outbox.TextResult) verdict {
	v := verdict{signup.Answer{Topics: map[string]signup.Status{}}, http.StatusOK}
	for _, t := range q.Topics {
		status := standing(before, &t, &q)
		for _, to := range handed {
			if slices.Contains(to.Topics, t.ID) {
				status = v.handed(to, q.At)
			}
		}
		v.Topics[t.ID] = status
	}
	// Outcomes that the caller can do something about come first.
	order := []signup.Status{
		signup.NotSent,
		signup.Limited,
		signup.Asked,
		signup.Unconfirmed,
		signup.Waiting,
		signup.Stopped,
		signup.Told,
		signup.Subscribed,
	}
	for _, status := range v.Topics {
		if v.Status == "" || slices.Index(order, status) < slices.Index(order, v.Status) {
			v.Status = status
		}
	}
	if v.code == http.StatusOK &&
		slices.Contains([]signup.Status{signup.Asked, signup.Unconfirmed, signup.Waiting}, v.Status) {
		v.code = http.StatusAccepted
	}
	if len(v.Topics) == 1 {
		v.Topics = nil
	}
	return v
}

// handed returns the outcome of a topic from that of its confirmation request. Where that was not sent it adds why,
// with precedence where a later try may succeed.
func (v *verdict) handed(to outbox.TextResult, now time.Time) signup.Status {
	switch {
	case to.Status == consent.Sent:
		return signup.Asked
	case to.Status == consent.Unconfirmed:
		return signup.Unconfirmed
	case to.OptedOut:
		return signup.Stopped
	case to.Waits:
		v.Reason, v.At, v.code = to.Reason, now.Add(retryIn), http.StatusServiceUnavailable
	case v.code == http.StatusOK:
		v.Reason = to.Reason
	}
	return signup.NotSent
}

// standing returns the outcome of a topic about which the phone is not asked. Being told of texts before a STOP or a
// NO counts no more than after it.
func standing(c *consent.Contact, t *program.Topic, q *signup.Question) signup.Status {
	_, stopped := c.TopicStoppedAt(t.Program, t.ID)
	s := c.Subs[t.ID]
	switch {
	case stopped:
		return signup.Stopped
	case s.State == consent.Subscribed && s.IsEnough(t):
		return signup.Subscribed
	case c.Heeds(&q.Request, t):
		return signup.Told
	case q.Tells(t), c.Uninvited():
		return signup.Stopped
	case len(waiting(c, t.ID, q.At)) > 0, slices.ContainsFunc(c.Waiting, func(ask consent.Ask) bool {
		return ask.Kind == message.Confirmation && slices.Contains(ask.Topics, t.ID) // and the carrier had no room for it yet
	}):
		return signup.Waiting
	default:
		return signup.Limited
	}
}

// waiting returns the questions by which the phone may confirm the topic at now.
func waiting(c *consent.Contact, topic string, now time.Time) []consent.Question {
	return slices.DeleteFunc(slices.Clone(c.Questions), func(q consent.Question) bool {
		return q.Claim == "" || now.After(q.Until) || !slices.Contains(q.Topics, topic)
	})
}
