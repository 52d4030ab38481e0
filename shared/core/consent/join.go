package consent

import (
	"cmp"
	"slices"
	"time"

	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

// hearYes confirms the topics of the question that the YES answers, and nothing else. These confirm nothing: a YES
// that nobody asked for, that is older than every question, or that was said too late; also one older than a STOP,
// because a STOP closes all questions. One newer than a STOP asks to come back, as START does.
//
// A YES to topics that wait for one, but whose question cannot be meant because it was never sent or a newer one was
// answered, asks again in the phone's own name. Where that question still waits to be sent, nothing changes.
func (ch *Change) hearYes(in Inbound) {
	if q, ok := ch.Next.questionAnswered(in.Program.ID, in.At); ok && len(ch.stillWanted) == 0 {
		ch.confirm(in, q)
		return
	}
	var pending []program.Topic
	var expired, back []string
	waits := false
	for _, t := range in.Program.Topics {
		if slices.Contains(ch.renewed, t.ID) {
			back = append(back, t.ID)
		}
		state := ch.Next.Subs[t.ID].State
		switch {
		case slices.ContainsFunc(ch.Next.Waiting, func(ask Ask) bool { return ask.Invited && ask.asksAbout(t.ID) }):
			waits = true
		case state == Pending:
			pending = append(pending, t)
		}
		if state == Expired {
			expired = append(expired, t.ID)
		}
	}
	_, stopped := ch.Next.StoppedAt(in.Program.ID)
	switch {
	case stopped && !ch.isSureYes(in):
		ch.addInbound(in, Received, nil)
	case len(back) > 0:
		ch.addInbound(in, Received, nil)
		ch.welcome(in, back)
	case stopped, ch.Next.changedMind(in.Program.ID, in.At):
		ch.restart(in)
	case len(pending) > 0:
		ch.requestByText(in, pending)
	case waits:
		ch.addInbound(in, Received, nil)
	case len(expired) > 0:
		// The answer is about the question, so it uses the question's language where the person has told none.
		q, _ := ch.Next.lastAsked(in.Program.ID, in.At)
		ch.addInbound(in, Received, nil)
		ch.answer(in, Ask{Answer: message.AnswerExpired, Topics: expired, Language: cmp.Or(ch.language(in), q.Locale)})
	default:
		ch.addInbound(in, Received, nil)
	}
}

// AnswersUnknown reports whether the text confirms a topic that the program does not have. Such a topic is not
// confirmed.
func (c *Contact) AnswersUnknown(in *Inbound) bool {
	if in.Program == nil || in.Intent.Kind != keyword.Confirm {
		return false
	}
	q, ok := c.questionAnswered(in.Program.ID, in.At)
	return ok && slices.ContainsFunc(q.Topics, func(id string) bool {
		_, offered := in.Program.Topic(id)
		return !offered
	})
}

// confirm subscribes the person to the topics of the question they answered. It leaves out topics that are
// subscribed, were stopped since, or are no longer offered. Topics that expired while the YES was on its way are
// included.
func (ch *Change) confirm(in Inbound, q Question) {
	var confirmed []string
	seq := ch.nextSeq()
	for _, id := range q.Topics {
		s := ch.Next.Subs[id]
		if _, offered := in.Program.Topic(id); !offered || s.State != Pending && s.State != Expired {
			continue
		}
		s.State, s.Since, s.Until, s.Request, s.Proof = Subscribed, in.At, time.Time{}, q.Request, seq
		s.Tier, s.Moved = "", time.Time{}
		ch.Next.Subs[id] = s
		delete(ch.Next.Attention, id)
		confirmed = append(confirmed, id)
	}
	ch.Next.dropTopics(func(_, topic string) bool { return slices.Contains(q.Topics, topic) })
	if len(confirmed) == 0 {
		ch.addInbound(in, Received, nil)
		return
	}
	// Anybody can enter any number and any state in a form. Only the phone's own YES makes it count.
	ch.Next.Told = mergeTold(ch.Next.Told, q.Told)
	ch.Next.Locale = cmp.Or(q.Locale, ch.Next.Locale)
	ch.Joined = append(ch.Joined, confirmed...)
	e := ch.addInboundWith(in, Confirmed, confirmed, map[string]string{"question": q.Claim})
	e.Request, e.Told, e.Locale = q.Request, q.Told, q.Locale
	ch.welcome(in, confirmed)
}

// hearOptIn handles START, JOIN and the keyword of a topic. After a STOP only the exact word brings a person back; a
// guess at what they mean does not.
func (ch *Change) hearOptIn(in Inbound) {
	t, known := in.Program.Topic(in.Intent.Topic)
	_, stopped := ch.Next.StoppedAt(in.Program.ID)
	exact := in.Intent.Confidence >= 1 && (in.Intent.Restart || in.Intent.Topic != "")
	switch {
	case stopped && !exact:
		ch.addInbound(in, Received, nil)
	case in.Intent.Restart:
		ch.restart(in)
	case known:
		ch.requestByText(in, []program.Topic{*t})
	case in.Intent.Topic != "":
		// The topic belongs to another number, and the YES would not reach that number.
		ch.addInbound(in, Received, nil)
	default:
		ch.requestByText(in, in.Program.Topics)
	}
}

// restart undoes an earlier STOP from the same phone. It asks for the topics that were confirmed before, or for all
// topics of the program where none was. They wait for a new YES, unless the program restarts in one step, where the
// text itself is the proof.
func (ch *Change) restart(in Inbound) {
	var before []program.Topic
	for _, t := range in.Program.Topics {
		if s := ch.Next.Subs[t.ID]; s.State == Unsubscribed && s.Proof != 0 {
			before = append(before, t)
		}
	}
	if len(before) == 0 {
		before = in.Program.Topics
	} else if in.Program.OneStep {
		ch.restartAtOnce(in, before)
		return
	}
	ch.requestByText(in, before)
}

// restartAtOnce restores topics with the START as their proof.
func (ch *Change) restartAtOnce(in Inbound, topics []program.Topic) {
	if !ch.liftStop(in, topics) {
		ch.addInbound(in, Received, nil)
		return
	}
	var back []string
	seq := ch.nextSeq()
	for _, t := range topics {
		s := ch.Next.Subs[t.ID]
		s.State, s.Since, s.Proof = Subscribed, in.At, seq
		s.Tier, s.Moved = "", time.Time{}
		ch.Next.Subs[t.ID] = s
		delete(ch.Next.Attention, t.ID)
		back = append(back, t.ID)
	}
	ch.Joined = append(ch.Joined, back...)
	ch.addInbound(in, Restarted, back)
	ch.welcome(in, back)
}

// requestByText makes a request by the phone itself. So it may follow a STOP, but it still needs a YES (practice:
// "When you receive an SMS opt-in request, send the customer a message that asks them to confirm").
func (ch *Change) requestByText(in Inbound, topics []program.Topic) {
	var wanted []program.Topic
	for _, t := range topics {
		if ch.needsQuestion(t, in.At) {
			wanted = append(wanted, t)
		}
	}
	if len(wanted) == 0 || !ch.liftStop(in, wanted) {
		ch.addInbound(in, Received, nil)
		ch.remindOfYes(in)
		return
	}
	ch.request(
		requestTerms{
			at:       in.At,
			source:   SourceSMS,
			terms:    in.Terms,
			language: ch.language(in),
			evidence: in.evidence(ch.Next.Phone),
		},
		wanted,
	)
}

// liftStop ends opt-outs from the topics that are older than the text. It returns false and changes nothing where a
// STOP is newer, in force or undone since: what a person said before a STOP restores nothing.
func (ch *Change) liftStop(in Inbound, topics []program.Topic) bool {
	scopes := []string{in.Program.ID, Everything, ToRequestsAt(in.Program.ID)}
	for _, t := range topics {
		scopes = append(scopes, OneTopic(t.ID))
	}
	for _, scope := range scopes {
		if !in.At.After(ch.Next.Stopped[scope]) || !in.At.After(ch.Next.Undone[scope]) {
			return false
		}
	}
	if all, ok := ch.Next.Stopped[Everything]; ok {
		// The person comes back to this program only.
		for _, other := range programIDs(in.Brand) {
			if at := ch.Next.Stopped[other]; other != in.Program.ID && all.After(at) {
				ch.stopScope(other, all)
			}
		}
	}
	if _, stopped := ch.Next.StoppedAt(in.Program.ID); stopped {
		ch.Lift = in.Program.ID
	}
	for _, no := range ch.Next.declined() {
		if in.At.After(ch.Next.Stopped[no]) { // a later NO to another number stays, and does not hold back this request
			scopes = append(scopes, no)
		}
	}
	for _, scope := range scopes {
		ch.liftScope(scope)
	}
	return true
}

// tellHowToStop explains to a subscriber of a promotional program how to stop, once per conversation, where their
// text has an opt-out word in it and its meaning is unclear (47 CFR 64.1200(a)(10): no exclusive means may be asked
// for, so this is an offer).
func (ch *Change) tellHowToStop(in Inbound) {
	if !in.Intent.Unclear || !in.Program.Clarify || in.At.Sub(ch.Next.Clarified) < conversationLasts {
		return
	}
	subscribed := slices.ContainsFunc(
		in.Program.Topics,
		func(t program.Topic) bool { return ch.Next.Subs[t.ID].State == Subscribed },
	)
	if !subscribed {
		return
	}
	ch.Next.Clarified = in.At
	ch.reply(in, message.AnswerClarify, nil)
}
