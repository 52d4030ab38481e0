package consent

import (
	"slices"
	"time"

	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
)

const (
	// lateYesAllowance is how long after its time a question is kept for a YES that was said in time and arrives
	// late. SNS retries for weeks; a fault that stops a function is mended within days.
	lateYesAllowance = 3 * 24 * time.Hour

	// maxQuestions limits the questions of a contact. Others may have a phone asked twice a day and six times a
	// month.
	maxQuestions = 6
)

// Question is a confirmation request: its topics, and what the person who made it told. A YES confirms exactly the
// topics of the question it answers. What was told counts only then, and is dropped with the question.
type Question struct {
	Request int64  // number of the requested event
	Claim   string // ID of the claim under which it was or may have been sent; empty where it was not
	Program string
	Topics  []string  // topics that still wait for a YES
	At      time.Time // when it was claimed; zero where it was not yet
	Until   time.Time // a YES after this confirms nothing
	Told    phone.Told
	Locale  string // BCP 47
}

// ToldWith returns what was told about the phone's place, for the hours of a text: with the request that the text
// asks about, or otherwise by the person.
func (c *Contact) ToldWith(ask Ask) phone.Told {
	i := slices.IndexFunc(c.Questions, func(q Question) bool { return q.Request == ask.Request })
	if i < 0 || c.Questions[i].Told == (phone.Told{}) {
		return c.Told
	}
	return c.Questions[i].Told
}

// WithText returns the contact with the claim of a text that is being sent. Where it is a confirmation request, a YES
// may answer it from then on.
func (c Contact) WithText(ask Ask, cl Claim, keep time.Duration) Contact {
	c = c.WithClaim(cl, keep)
	c.Questions = slices.Clone(c.Questions)
	for i := range c.Questions {
		if q := &c.Questions[i]; q.Request == ask.Request {
			q.Claim, q.At = cl.ID, cl.At
		}
	}
	return c
}

// WithoutClaim returns the contact without the claim of a text that was certainly not sent. Where the text was a
// confirmation request, no YES can answer it.
func (c Contact) WithoutClaim(claimID string) Contact {
	if cl, ok := c.Claimed(claimID); ok {
		c.countChance(&cl, -1)
	}
	c.Claims = slices.DeleteFunc(slices.Clone(c.Claims), func(cl Claim) bool { return cl.ID == claimID })
	c.Questions = slices.Clone(c.Questions)
	for i := range c.Questions {
		if c.Questions[i].Claim == claimID {
			c.Questions[i].Claim = ""
		}
	}
	return c
}

// addQuestion adds a question. An older one that was not sent, and whose topics are all in the new one, is dropped
// with what was told in it. One that was sent stays, because a YES to it may be on its way.
func (c *Contact) addQuestion(q Question) {
	named := func(id string) bool { return slices.Contains(q.Topics, id) }
	c.closeQuestions(func(old *Question) bool {
		return old.Claim == "" && len(slices.DeleteFunc(slices.Clone(old.Topics), named)) == 0
	})
	c.Questions = append(c.Questions, q)
	if len(c.Questions) > maxQuestions {
		oldest := c.Questions[0].Request
		c.closeQuestions(func(q *Question) bool { return q.Request == oldest })
	}
	c.dropWaitingQuestions()
}

// lastAsked finds the last question that was or may have been sent to the phone when something was said to the
// program's number.
//
// A claim has the time of our clock; what was said has the time of SNS. No allowance is made for a difference between
// the clocks, which is milliseconds: a question is claimed before it is sent, and an answer takes seconds to come
// back. An allowance would let a YES that was said before a question count as its answer.
func (c *Contact) lastAsked(program string, said time.Time) (last Question, found bool) {
	for i := range c.Questions {
		q := &c.Questions[i]
		if q.Program == program && q.Claim != "" && !q.At.After(said) && !q.At.Before(last.At) {
			last, found = *q, true
		}
	}
	return last, found
}

// questionAnswered returns the question that a YES answers: the last one asked, unless the YES was said too late.
func (c *Contact) questionAnswered(program string, said time.Time) (Question, bool) {
	q, ok := c.lastAsked(program, said)
	return q, ok && !said.After(q.Until)
}

// dropTopics removes topics that were answered or withdrawn from the questions. A question without topics is closed.
func (c *Contact) dropTopics(done func(program, topic string) bool) {
	for i := range c.Questions {
		q := &c.Questions[i]
		q.Topics = slices.DeleteFunc(slices.Clone(q.Topics), func(id string) bool { return done(q.Program, id) })
	}
	c.closeQuestions(func(q *Question) bool { return len(q.Topics) == 0 })
	c.dropWaitingQuestions()
}

// closeQuestions removes the questions that ends selects. A YES said after one of them was sent was an answer to that
// one, not to an older one. So an older one that stays open can only be answered by what was said before then: its
// Until is set just before that time.
func (c *Contact) closeQuestions(ends func(*Question) bool) {
	var open, closed []Question
	for i := range c.Questions {
		switch q := &c.Questions[i]; {
		case !ends(q):
			open = append(open, *q)
		case q.Claim != "":
			closed = append(closed, *q)
		}
	}
	for i := range open {
		for _, newer := range closed {
			if older := &open[i]; older.Program == newer.Program && older.Claim != "" && !older.At.After(newer.At) {
				older.Until = earlier(older.Until, newer.At.Add(-time.Millisecond))
			}
		}
	}
	c.Questions = open
}

// dropWaitingQuestions removes the waiting texts of questions that are closed.
func (c *Contact) dropWaitingQuestions() {
	var waiting []Ask
	for _, ask := range c.Waiting {
		if ask.Kind == message.Confirmation {
			i := slices.IndexFunc(c.Questions, func(q Question) bool { return q.Request == ask.Request })
			if i < 0 {
				continue
			}
			ask.Topics = c.Questions[i].Topics
		}
		waiting = append(waiting, ask)
	}
	c.Waiting = waiting
}

// forgetQuestions removes questions that no YES can answer any more, not even one said in time. A text that waits to
// ask one stays, so that its sender can record that it was never sent.
func (c *Contact) forgetQuestions(now time.Time) {
	c.closeQuestions(func(q *Question) bool { return now.After(q.Until.Add(lateYesAllowance)) })
}
