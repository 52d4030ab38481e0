package consent

import (
	"slices"
	"time"
)

// answers is how long a STOP is taken for an answer to the last campaign's text: whoever leaves later leaves for more
// than one text.
const answers = 3 * 24 * time.Hour

// AnsweredByStop returns the claims of the campaigns that the person answered with an opt-out, and which no campaign's
// figures have yet.
func (c Contact) AnsweredByStop() []Claim {
	var upon []Claim
	for topic, s := range c.Subs {
		if s.State != Unsubscribed {
			continue
		}
		var last Claim
		for _, cl := range c.Claims {
			of := cl.Campaign != "" && slices.Contains(cl.Topics, topic)
			if of && cl.At.Before(s.Since) && cl.At.After(last.At) && s.Since.Sub(cl.At) <= answers {
				last = cl
			}
		}
		if last.ID != "" && !last.Answered {
			upon = append(upon, last)
		}
	}
	return upon
}

// MarkAnswered returns the contact with the claims of AnsweredByStop marked as counted.
func (c Contact) MarkAnswered() Contact {
	upon := c.AnsweredByStop()
	if len(upon) == 0 {
		return c
	}
	c.Claims = slices.Clone(c.Claims)
	for i := range c.Claims {
		counted := slices.ContainsFunc(upon, func(cl Claim) bool { return cl.ID == c.Claims[i].ID })
		c.Claims[i].Answered = c.Claims[i].Answered || counted
	}
	return c
}
