package consent

import (
	"cmp"
	"slices"
	"time"

	"smsconsent/shared/keyword"
	"smsconsent/shared/message"
	"smsconsent/shared/phone"
	"smsconsent/shared/program"
)

// Change is what one decision does to a contact. Its parts are written in one transaction or not at all (I4).
type Change struct {
	Next   Contact  // the contact as it will be; Version is still the one it was read with
	Events []Event  // unsealed, in order; one for each thing that happened
	Joined []string // topics that entered the audience
	Left   []string // topics that left it
	Ask    []Ask    // texts to send: at most one for an inbound message (I9), one a program for a request
	Block  string   // program whose AWS opt-out list the number must be put on
	Lift   string   // program whose AWS opt-out list the number must be taken off

	Repeated bool // the message was heard before: nothing to write, but an earlier run may not have finished
}

// Empty reports whether there is nothing to write.
func (ch Change) Empty() bool { return len(ch.Events) == 0 && len(ch.Ask) == 0 }

// Ask is a text a change calls for; package message composes it.
type Ask struct {
	Kind    message.Kind
	Answer  message.Answer
	Program string
	Topics  []string
}

// Request is somebody asking that a phone be signed up. It proves nothing until the phone itself says YES.
type Request struct {
	At       time.Time
	Source   string // "form", "sms" or "operator"
	Topics   []program.Topic
	Told     phone.Told
	Locale   string
	Evidence map[string]string // of a form: page, ip, agent, what was told, the disclosure in force, the one shown
}

// Request decides what a sign-up does. Topics that are subscribed, waiting for their YES or opted out of stay
// untouched and cause no text, so that whoever posts somebody else's number can neither harm nor bother them: a
// person who said STOP comes back from their own phone, by START.
func (c Contact) Request(r Request) Change {
	next := c.clone()
	ch := Change{Next: next}
	ch.expire(r.At)

	var wanted []program.Topic
	for _, t := range r.Topics {
		if _, stopped := c.StoppedAt(t.Program); stopped {
			continue
		}
		if s := ch.Next.Subs[t.ID].State; s == Subscribed || (s == Pending && c.asked(t.ID)) {
			continue
		}
		wanted = append(wanted, t)
	}
	if len(wanted) == 0 {
		return Change{Next: c}
	}
	ch.Next.Said = merge(ch.Next.Said, r.Told)
	if r.Locale != "" {
		ch.Next.Locale = r.Locale
	}
	ch.request(r.At, r.Source, wanted, r.Evidence)
	return ch
}

// merge takes each answer of the later where it has one.
func merge(earlier, later phone.Told) phone.Told {
	return phone.Told{State: cmp.Or(later.State, earlier.State), ZIP: cmp.Or(later.ZIP, earlier.ZIP), Zone: cmp.Or(later.Zone, earlier.Zone)}
}

// request makes the topics pending and asks once a program: the YES must reach the number that will send.
func (ch *Change) request(at time.Time, source string, topics []program.Topic, evidence map[string]string) {
	for len(topics) > 0 {
		prog := topics[0].Program
		var ids []string
		var rest []program.Topic
		seq := ch.nextSeq()
		for _, t := range topics {
			if t.Program != prog {
				rest = append(rest, t)
				continue
			}
			sub := ch.Next.Subs[t.ID]
			ch.Next.Subs[t.ID] = Subscription{State: Pending, Program: prog, Class: t.Class, Tier: sub.Tier, Since: at, Request: seq}
			ids = append(ids, t.ID)
		}
		ch.note(Event{Type: Requested, At: at, Source: source, Program: prog, Topics: ids, Evidence: evidence})
		ch.Ask = append(ch.Ask, Ask{Kind: message.Confirmation, Answer: message.AskConfirmation, Program: prog, Topics: ids})
		topics = rest
	}
}

// asked reports whether the confirmation request of the topic's present request went out or may have gone out.
func (c *Contact) asked(topic string) bool {
	// A JOIN is dated by SNS, its claim by our clock; an hour covers what the two may differ, and no earlier request is that young.
	since := c.Subs[topic].Since.Add(-time.Hour)
	for _, cl := range c.Claims {
		if cl.Kind == message.Confirmation && !cl.Failed && !cl.At.Before(since) && slices.Contains(cl.Topics, topic) {
			return true
		}
	}
	return false
}

// Inbound is what a person texted, understood.
type Inbound struct {
	ID      string    // AWS inboundMessageId
	At      time.Time // SNS timestamp: the order of what the person said
	Program *program.Program
	Intent  keyword.Intent
	Keyword string // the topic keyword of a Join
	Body    string
	To      string // the number or short code texted to
	StopAll bool   // a STOP reaches every program of the brand (47 CFR 64.1200(a)(10) from 2027-01-31)
}

// Hear decides what an inbound message does. A message heard before changes nothing. Whatever happens leaves exactly
// one event with the person's own words as evidence, and calls for at most one reply.
func (c Contact) Hear(in Inbound) Change {
	if c.HasSeen(in.ID) {
		repeat := Change{Next: c, Repeated: true}
		if in.Intent == keyword.Stop {
			repeat.Block = in.Program.ID
		}
		return repeat
	}
	ch := Change{Next: c.clone()}
	ch.expire(in.At)
	ch.Next.Seen = append(ch.Next.Seen, in.ID)
	if n := len(ch.Next.Seen); n > maxSeen {
		ch.Next.Seen = ch.Next.Seen[n-maxSeen:]
	}
	if in.At.After(ch.Next.Health.Heard) {
		// A phone that texts us works, whatever was said of it before.
		ch.Next.Health.Heard, ch.Next.Health.Undeliverable, ch.Next.Health.Failures = in.At, false, 0
	}
	switch in.Intent {
	case keyword.Stop:
		ch.stop(in)
	case keyword.Yes:
		ch.yes(in)
	case keyword.Start:
		ch.start(in)
	case keyword.Join:
		ch.join(in, joinTopics(in))
	case keyword.Help:
		ch.heard(in, Received, nil)
		ch.reply(in, message.AnswerHelp, nil)
	default:
		ch.heard(in, Received, nil)
	}
	return ch
}

// stop always stops, however late the message arrives: texting somebody who said stop costs more than waiting for
// their START. A second STOP gets no second answer, for the one confirmation is all 47 CFR 64.1200(a)(12) allows.
func (ch *Change) stop(in Inbound) {
	_, already := ch.Next.StoppedAt(in.Program.ID)
	scope := in.Program.ID
	if in.StopAll {
		scope = Everything
	}
	left := ch.optOut(scope, in.At)
	ch.Block = in.Program.ID
	if already && len(left) == 0 {
		ch.heard(in, Received, nil)
		return
	}
	ch.heard(in, OptedOut, left)
	if !already {
		ch.reply(in, message.AnswerStop, left)
	}
}

// optOut marks the scope stopped and ends its topics; it returns the topics it ended.
func (ch *Change) optOut(scope string, at time.Time) []string {
	// A STOP that arrives late may be older than one a START undid; that START's own redelivery must not undo this one.
	for _, was := range []time.Time{ch.Next.Stopped[scope], ch.Next.Undone[scope], ch.Next.Undone[Everything]} {
		if was.After(at) {
			at = was
		}
	}
	ch.Next.Stopped[scope] = at
	ch.Next.Said = phone.Told{}
	var ended []string
	for _, id := range ch.topics() {
		s := ch.Next.Subs[id]
		if (scope != Everything && s.Program != scope) || s.State == Unsubscribed {
			continue
		}
		if s.State == Subscribed {
			ch.Left = append(ch.Left, id)
		}
		s.State, s.Since = Unsubscribed, at
		ch.Next.Subs[id] = s
		ended = append(ended, id)
	}
	return ended
}

// yes confirms what waits for a YES to this number, and nothing else: a YES that nobody asked for, that is older than
// the request, or that comes too late confirms nothing. Nor does one older than a STOP, for a STOP leaves nothing waiting.
func (ch *Change) yes(in Inbound) {
	var confirmed []string
	seq := ch.nextSeq()
	for _, id := range ch.topics() {
		s := ch.Next.Subs[id]
		if s.Program != in.Program.ID || s.State != Pending || in.At.Before(s.Since) {
			continue
		}
		s.State, s.Since, s.Proof = Subscribed, in.At, seq
		ch.Next.Subs[id] = s
		confirmed = append(confirmed, id)
	}
	if len(confirmed) == 0 {
		ch.heard(in, Received, nil)
		return
	}
	// Whoever fills in a form can type any number and any state; only the phone's own YES makes it count.
	ch.Next.Told, ch.Next.Said = merge(ch.Next.Told, ch.Next.Said), phone.Told{}
	ch.Joined = append(ch.Joined, confirmed...)
	ch.heard(in, Confirmed, confirmed)
	ch.reply(in, message.AnswerWelcome, confirmed)
}

// start undoes a STOP the same phone sent before. Topics it had confirmed come back with the START as their proof; where there
// was none, START asks to join the program and gets the confirmation request.
func (ch *Change) start(in Inbound) {
	if !ch.liftStop(in) {
		ch.heard(in, Received, nil)
		return
	}
	var back []string
	seq := ch.nextSeq()
	for _, id := range ch.topics() {
		s := ch.Next.Subs[id]
		if s.Program != in.Program.ID || s.State != Unsubscribed || s.Proof == 0 {
			continue
		}
		s.State, s.Since, s.Proof = Subscribed, in.At, seq
		ch.Next.Subs[id] = s
		back = append(back, id)
	}
	if len(back) == 0 {
		ch.join(in, in.Program.Topics)
		return
	}
	ch.Joined = append(ch.Joined, back...)
	ch.heard(in, Restarted, back)
	ch.reply(in, message.AnswerWelcome, back)
}

// join is a request made from the phone itself, so it may follow a STOP, but it still needs its YES (practice:
// "When you receive an SMS opt-in request, send the customer a message that asks them to confirm").
func (ch *Change) join(in Inbound, topics []program.Topic) {
	var wanted []program.Topic
	if ch.liftStop(in) {
		for _, t := range topics {
			if s := ch.Next.Subs[t.ID].State; s == Subscribed || (s == Pending && ch.Next.asked(t.ID)) {
				continue
			}
			wanted = append(wanted, t)
		}
	}
	if len(wanted) == 0 {
		ch.heard(in, Received, nil)
		return
	}
	ch.request(in.At, "sms", wanted, evidence(in))
}

// liftStop ends an opt-out that is older than the message. It reports false where a STOP is newer than the message,
// whether it stands or was undone since: what a person said before STOP brings nothing back.
func (ch *Change) liftStop(in Inbound) bool {
	stops := 0
	for _, scope := range []string{in.Program.ID, Everything} {
		at, stopped := ch.Next.Stopped[scope]
		if undone, ok := ch.Next.Undone[scope]; ok && !in.At.After(undone) {
			return false
		}
		if stopped && !in.At.After(at) {
			return false
		}
		if stopped {
			stops++
		}
	}
	if stops == 0 {
		return true
	}
	for _, scope := range []string{in.Program.ID, Everything} {
		if at, ok := ch.Next.Stopped[scope]; ok {
			ch.Next.Undone[scope] = at
			delete(ch.Next.Stopped, scope)
		}
	}
	ch.Lift = in.Program.ID
	return true
}

func joinTopics(in Inbound) []program.Topic {
	var topics []program.Topic
	for _, t := range in.Program.Topics {
		if t.Keyword == in.Keyword {
			topics = append(topics, t)
		}
	}
	return topics
}

// Expire ends the requests that were not confirmed in time.
func (c Contact) Expire(now time.Time) Change {
	ch := Change{Next: c.clone()}
	ch.expire(now)
	if len(ch.Events) == 0 {
		return Change{Next: c}
	}
	return ch
}

func (ch *Change) expire(now time.Time) {
	var lapsed []string
	for _, id := range ch.topics() {
		s := ch.Next.Subs[id]
		if s.State == Pending && s.StateAt(now) == Expired {
			s.State, s.Since = Expired, s.Since.Add(ConfirmWithin)
			ch.Next.Subs[id] = s
			lapsed = append(lapsed, id)
		}
	}
	if len(lapsed) > 0 {
		ch.note(Event{Type: Lapsed, At: now, Source: "audit", Topics: lapsed})
	}
}

// CarrierOptOut records that AWS refused a text because the number is on its opt-out list: the person said STOP
// where only the carrier heard it. detail is AWS's reason.
func (c Contact) CarrierOptOut(programID string, at time.Time, detail string) Change {
	ch := Change{Next: c.clone()}
	left := ch.optOut(programID, at)
	if _, already := c.Stopped[programID]; already && len(left) == 0 {
		return Change{Next: c}
	}
	ch.note(Event{Type: OptedOut, At: at, Source: "carrier", Program: programID, Topics: left, Evidence: map[string]string{"reason": detail}})
	return ch
}

// Suspend ends texts on a topic for a reason the audit found. Only a new request and YES bring the person back.
func (c Contact) Suspend(topic string, at time.Time, why string) Change {
	s := c.Subs[topic]
	if s.State != Subscribed {
		return Change{Next: c}
	}
	ch := Change{Next: c.clone(), Left: []string{topic}}
	// Without its proof a START after a STOP cannot bring the topic back either.
	s.State, s.Since, s.Proof = Suspended, at, 0
	ch.Next.Subs[topic] = s
	ch.note(Event{Type: SetAside, At: at, Source: "audit", Program: s.Program, Topics: []string{topic}, Evidence: map[string]string{"reason": why}})
	return ch
}

func (ch *Change) topics() []string {
	ids := make([]string, 0, len(ch.Next.Subs))
	for id := range ch.Next.Subs {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func (ch *Change) nextSeq() int64 { return ch.Next.Head.Seq + int64(len(ch.Events)) + 1 }

func (ch *Change) note(e Event) {
	e.Seq = ch.nextSeq()
	ch.Events = append(ch.Events, e)
}

func (ch *Change) heard(in Inbound, t EventType, topics []string) {
	ch.note(Event{Type: t, At: in.At, Source: "sms", Program: in.Program.ID, Topics: topics, Evidence: evidence(in)})
}

func evidence(in Inbound) map[string]string {
	return map[string]string{"inbound": in.ID, "body": in.Body, "to": in.To, "understood": in.Intent.String()}
}

func (ch *Change) reply(in Inbound, a message.Answer, topics []string) {
	ch.Ask = append(ch.Ask, Ask{Kind: message.Reply, Answer: a, Program: in.Program.ID, Topics: topics})
}
