package consent

import (
	"slices"
	"time"

	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
)

const (
	// lateYesAllowance is how long after its time a question is kept for a YES that was said in time and reaches us late.
	// SNS tries for weeks; what keeps a function from hearing is mended within days.
	lateYesAllowance = 3 * 24 * time.Hour

	// maxQuestions bounds what requests add to a contact. Others may have a phone asked twice a day and six times a month.
	maxQuestions = 6
)

// Question is one request to confirm: what it names, and what whoever made the request told. A YES confirms what the
// question it answers named, and no more; what was told counts only then, and ends with the question.
type Question struct {
	Request int64  // sequence number of the requested event
	Claim   string // ID of the claim it went out, or may have gone out, under; empty where it has not gone out
	Program string
	Topics  []string  // those that still wait for a YES
	At      time.Time // when it was claimed; zero where it has not been yet
	Until   time.Time // a YES said later confirms nothing
	Told    phone.Told
	Locale  string // BCP 47
}

// ToldWith returns what is told of where the phone is, for the hours of a text: with the request that a question asks
// about, or else by the person.
func (c *Contact) ToldWith(ask Ask) phone.Told {
	i := slices.IndexFunc(c.Questions, func(q Question) bool { return q.Request == ask.Request })
	if i < 0 || c.Questions[i].Told == (phone.Told{}) {
		return c.Told
	}
	return c.Questions[i].Told
}

// WithText returns the contact with the claim under which the text goes out. A question that goes out may be answered
// from then on.
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

// WithoutClaim returns the contact without the claim of a text that certainly did not go out. Where the text was a
// question, nobody can answer it.
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

// addQuestion adds a question. An older one that has not gone out, and whose topics the new one names too, is dropped
// with what was told in it: it need not go out any more. One that has gone out stays, for a YES to it may be on its
// way.
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

// lastAsked finds the last question that had gone out to the phone, or may have, when something was said to the
// program's number.
//
// The claim's time is by our clock, what was said is dated by SNS. A question is claimed before it is sent, and its
// answer has come back through the carrier twice and through somebody's head before SNS dates it: seconds, where the
// two clocks are milliseconds apart. So nothing is allowed for their difference. It would let a YES that was said
// before a question count as the answer to it.
func (c *Contact) lastAsked(program string, said time.Time) (last Question, found bool) {
	for i := range c.Questions {
		q := &c.Questions[i]
		if q.Program == program && q.Claim != "" && !q.At.After(said) && !q.At.Before(last.At) {
			last, found = *q, true
		}
	}
	return last, found
}

// questionAnswered returns the question that a YES answers: the last one asked, unless the YES was said too late for
// it.
func (c *Contact) questionAnswered(program string, said time.Time) (Question, bool) {
	q, ok := c.lastAsked(program, said)
	return q, ok && !said.After(q.Until)
}

// dropTopics takes topics out of the questions, for they are answered or withdrawn. A question without any is closed.
func (c *Contact) dropTopics(done func(program, topic string) bool) {
	for i := range c.Questions {
		q := &c.Questions[i]
		q.Topics = slices.DeleteFunc(slices.Clone(q.Topics), func(id string) bool { return done(q.Program, id) })
	}
	c.closeQuestions(func(q *Question) bool { return len(q.Topics) == 0 })
	c.dropWaitingQuestions()
}

// closeQuestions ends the questions that ends picks. A YES said after one of them went out was an answer to that one
// and to no older one. So an older one that stays open is answered only by what was said before then and is still on
// its way: its Until ends just before that time.
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

// dropWaitingQuestions takes out the waiting texts that would ask what is no question any more.
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

// forgetQuestions ends the questions no YES can answer any more, not even one that was said in time. A text that waits
// to ask one stays, so that whoever is to send it can put on record that it never went.
func (c *Contact) forgetQuestions(now time.Time) {
	c.closeQuestions(func(q *Question) bool { return now.After(q.Until.Add(lateYesAllowance)) })
}
