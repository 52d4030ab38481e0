package consent

import (
	"slices"
	"strconv"
	"time"

	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

// Move is a person's change from one tier of a topic to another, and the reason.
type Move struct {
	From, To Tier
	Chances  int       // unused chances to show that they read the topic
	Since    time.Time // time of the last sign, or when the tier began
	Unasked  bool      // the question whether they still want the texts was never sent
}

// NextMove returns the move that is due for a person who shows no sign of reading the topic. There is none for a
// person who had no chance to show one: texts did not arrive, the phone takes none, or the person asked for a pause.
//
// A person who could not be asked goes back to the digests: nobody is removed for not answering a text they did not
// get.
func (c *Contact) NextMove(t *program.Topic, now time.Time) (Move, bool) {
	s, h, e := c.Subs[t.ID], &c.Health, &t.Engagement
	unreached := h.Undeliverable || h.Failures > 0 || !h.NoTexts.IsZero() || c.Paused.After(now)
	if e.IsOff() || s.State != Subscribed || c.Suspect || unreached {
		return Move{}, false
	}
	m := Move{From: s.TierNow(), Chances: c.Attention[t.ID].Chances, Since: later(c.lastSign(t.ID), s.Moved)}
	switch m.From {
	case Regular:
		m.To = Digest
		return m, e.Digest.UsedUp(m.Chances, m.Since, now)
	case Digest:
		m.To = Asked
		return m, e.Ask.UsedUp(m.Chances, m.Since, now)
	default:
		asked, underWay := c.renewalAsked(t.ID, s.Moved)
		if !asked {
			m.To, m.Unasked = Digest, true
			return m, !underWay
		}
		m.To = OffList
		return m, now.Sub(m.Since) >= e.RemoveAfter
	}
}

// renewalAsked reports whether the person was asked since that time whether they still want the topic, and whether
// that text still waits to be sent.
func (c *Contact) renewalAsked(topic string, since time.Time) (asked, underWay bool) {
	asked = slices.ContainsFunc(c.Claims, func(cl Claim) bool {
		return cl.Kind == message.Renewal && slices.Contains(cl.Topics, topic) && !cl.At.Before(since)
	})
	underWay = slices.ContainsFunc(c.Waiting, func(a Ask) bool {
		return a.Kind == message.Renewal && slices.Contains(a.Topics, topic)
	})
	return asked, underWay
}

// renewalAnswered returns the topics of the question "do you still want them?" that a YES to the program answers: the
// last one sent, unless a confirmation request was sent after it. Topics that were answered or ended since are left
// out.
func (c *Contact) renewalAnswered(program string, said time.Time) []string {
	last := c.lastRenewal(program, said)
	if q, _ := c.questionAnswered(program, said); q.At.After(last.At) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(last.Topics), func(id string) bool { return !c.isAsked(id) })
}

// lastRenewal finds the last question whether a topic of the program is still wanted that was sent by then.
func (c *Contact) lastRenewal(program string, by time.Time) (last Claim) {
	for _, cl := range c.Claims {
		if cl.Kind == message.Renewal && cl.Program == program && !cl.At.After(by) && cl.At.After(last.At) {
			last = cl
		}
	}
	return last
}

// mayBeAnswered reports whether the claim is the last such question and a YES to it would restore a topic.
func (c *Contact) mayBeAnswered(cl *Claim, now time.Time) bool {
	if cl.Kind != message.Renewal || c.lastRenewal(cl.Program, now).ID != cl.ID {
		return false
	}
	for id, s := range c.Subs {
		if s.Program == cl.Program && c.isAsked(id) {
			return true
		}
	}
	return false
}

// isAsked reports whether a YES restores the topic: the person was asked whether they still want it.
func (c *Contact) isAsked(topic string) bool {
	tier := c.Subs[topic].TierNow()
	return c.Subs[topic].State == Removed || c.Subs[topic].State == Subscribed && tier == Asked
}

// Review makes the move that is due for the person in the topic, with the figures it rests on. The question whether
// they still want the texts asks for one text, and the change is only made if it may be sent now. Where no move is
// due nothing changes.
func (c Contact) Review(t *program.Topic, now time.Time) Change {
	m, due := c.NextMove(t, now)
	if !due {
		return Change{Next: c}
	}
	ch := Change{Next: c.clone()}
	now = asStored(now)
	s := ch.Next.Subs[t.ID]
	e := Event{
		Type: Moved, At: now, Source: SourceAudit, Program: t.Program, Topics: []string{t.ID}, Effect: Effect{Tier: m.To},
		Evidence: m.figures(&t.Engagement, now),
	}
	if m.To == OffList {
		e.Type, e.Tier = TakenOff, ""
		s.takeOff(now)
		ch.Left = []string{t.ID}
	} else {
		s.Tier, s.Moved = m.To, now
	}
	ch.Next.Subs[t.ID] = s
	ch.Next.setAttention(t.ID, Attention{Sign: c.Attention[t.ID].Sign})
	ch.addEvent(e)
	if m.To == Asked {
		ch.Ask = []Ask{{
			Kind: message.Renewal, Answer: message.AskStillWanted, Program: t.Program, Topics: []string{t.ID},
			Language: c.Locale, Needed: true,
		}}
	}
	return ch
}

// figures returns the reason for the move as evidence.
func (m *Move) figures(e *program.Engagement, now time.Time) map[string]string {
	figures := map[string]string{
		"from":    string(m.From),
		"chances": strconv.Itoa(m.Chances),
		"since":   m.Since.UTC().Format(time.RFC3339),
		"days":    strconv.Itoa(int(now.Sub(m.Since) / (24 * time.Hour))),
	}
	switch {
	case m.Unasked:
		figures["reason"] = "the question whether they still want the texts did not go out"
	case m.To == OffList:
		figures["policy"] = "no answer for " + program.Days(e.RemoveAfter)
	case m.To == Digest:
		figures["policy"] = "no sign after " + e.Digest.String()
	default:
		figures["policy"] = "no sign after " + e.Ask.String()
	}
	return figures
}
