package consent

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// conversationLasts is how long one clarification serves: whoever goes on writing within it was told how to stop.
const conversationLasts = 24 * time.Hour

// Inbound is what a person texted, understood.
type Inbound struct {
	ID    string    // AWS inboundMessageId
	At    time.Time // SNS timestamp: the order of what the person said
	Brand *program.Brand
	// Program is the one of Brand whose number was texted. Nil where it is nobody's any more: then only an opt-out counts.
	Program *program.Program
	Terms   program.SignUp // how long a YES may take
	Intent  keyword.Intent
	Body    string
	To      string // the number or short code texted to
	StopAll bool   // a STOP reaches every program of the brand (program.RevokeAll)
}

// Hear decides what an inbound message does. Whatever happens leaves exactly one event with the person's own words as
// evidence, and calls for at most one reply (I9). The change names the message, so that one heard before is not written
// again.
func (c Contact) Hear(in Inbound) Change {
	ch := Change{Next: c.clone(), Inbound: in.ID}
	ch.expire(in.At)
	switch newest := in.At.After(ch.Next.Health.Heard); {
	case !newest:
	case in.Intent.NoTexts:
		// A mailbox or a landline answers by itself. That ends no consent; the audit counts it.
		if ch.Next.Health.NoTexts.IsZero() {
			ch.Next.Health.NoTexts = in.At
		}
	default:
		// A phone that texts us works, whatever was said of it before.
		ch.Next.Health = Health{Delivered: ch.Next.Health.Delivered, Heard: in.At}
	}
	ch.hearSign(in)
	switch kind := in.Intent.Kind; {
	case kind == keyword.OptOut:
		ch.hearStop(in, OptedOut)
	case kind == keyword.WrongNumber:
		ch.forgetConsents()
		ch.hearStop(in, Voided)
	case in.Program == nil:
		ch.addInbound(in, Received, nil)
	case kind == keyword.Confirm:
		ch.hearYes(in)
	case kind == keyword.Decline:
		ch.hearNo(in)
	case kind == keyword.OptIn:
		ch.hearOptIn(in)
	case kind == keyword.Help:
		ch.addInbound(in, Received, nil)
		ch.reply(in, message.AnswerHelp, nil)
	case kind == keyword.Preferences:
		ch.addInbound(in, Received, nil)
		ch.reply(in, message.AnswerPreferences, nil)
	default:
		ch.addInbound(in, Received, nil)
		if in.Intent.Nearly {
			ch.remindOfYes(in)
		}
		ch.tellHowToStop(in)
	}
	return ch
}

// programID returns that of the program whose number was texted; empty where it is nobody's any more.
func (in *Inbound) programID() string {
	if in.Program == nil {
		return ""
	}
	return in.Program.ID
}

// hearSign takes what was said as a sign that the person reads us, unless it wants texts to end or no person said it. A
// YES to the question whether they still want topics brings them back to those, and to no other they were removed from.
func (ch *Change) hearSign(in Inbound) {
	kind := in.Intent.Kind
	if in.Program == nil || in.Intent.NoTexts || kind == keyword.Automatic ||
		kind == keyword.OptOut || kind == keyword.WrongNumber || kind == keyword.Decline {
		return
	}
	sign := Signal{At: in.At, Kind: SignalReply, Source: SourceSMS, Brand: in.Brand}
	if kind == keyword.Confirm {
		ch.stillWanted = ch.Next.renewalAnswered(in.Program.ID, in.At)
	}
	ch.engage(sign, false)
	sign.Brand = nil // a YES answers the question, whichever signs count for the topic
	for _, sign.Topic = range ch.stillWanted {
		ch.engage(sign, true)
	}
}

// scope returns the key of Stopped that an opt-out sets. A topic that is all its program has stands for the program:
// people do not know the difference, and AWS's opt-out list can then be kept in step. A number that is nobody's any
// more may have sent anything.
func (in *Inbound) scope() string {
	if in.StopAll || in.Program == nil || in.Intent.Scope == keyword.Everything || in.Intent.Kind == keyword.WrongNumber {
		return Everything
	}
	if in.Intent.Scope == keyword.OneTopic {
		if p, _, ok := in.Brand.Topic(in.Intent.Topic); ok && (len(p.Topics) > 1 || p.ID != in.Program.ID) {
			return OneTopic(in.Intent.Topic)
		}
	}
	return in.Program.ID
}

// listsToBlock returns the programs whose AWS opt-out lists an opt-out of that scope puts the number on.
func (in *Inbound) listsToBlock(scope string) []string {
	switch scope {
	case Everything:
		return programIDs(in.Brand)
	case in.programID():
		return []string{scope}
	default:
		return nil
	}
}

func programIDs(b *program.Brand) []string {
	ids := make([]string, len(b.Programs))
	for i := range b.Programs {
		ids[i] = b.Programs[i].ID
	}
	return ids
}

// hearStop opts the person out, always and however late the message arrives: texting somebody who said stop costs more
// than waiting for their START. A second STOP gets no second answer, for the one confirmation is all 47 CFR
// 64.1200(a)(12) allows. One that reaches further than the first is a new opt-out, and gets its own.
func (ch *Change) hearStop(in Inbound, as EventType) {
	scope := in.scope()
	_, already := ch.Next.StoppedAt(in.programID())
	if topic, one := strings.CutPrefix(scope, OneTopic("")); one {
		p, _, _ := in.Brand.Topic(topic)
		_, already = ch.Next.TopicStoppedAt(p.ID, topic)
	} else if scope == Everything {
		_, already = ch.Next.Stopped[Everything]
	}
	language := ch.language(in)
	left := ch.optOut(scope, in.At)
	ch.Block = in.listsToBlock(scope)
	if already && len(left) == 0 && as == OptedOut {
		ch.addInbound(in, Received, nil)
		return
	}
	about := left
	if topic, one := strings.CutPrefix(scope, OneTopic("")); one {
		about = []string{topic}
	}
	ch.addInbound(in, as, left)
	if !already && in.Program != nil {
		ch.answer(
			in,
			Ask{Answer: message.AnswerStop, Topics: about, Language: language, Everything: scope == Everything, Change: true},
		)
	}
}

// forgetConsents forgets every consent given from this number: whoever gave it does not hold the phone (47 CFR
// 64.1200(m), reassigned numbers). What somebody told about where they are is no longer true either.
func (ch *Change) forgetConsents() {
	for id, s := range ch.Next.Subs {
		s.Proof = 0
		ch.Next.Subs[id] = s
	}
	ch.Next.Told, ch.Next.Locale = phone.Told{}, ""
}

// hearYes confirms what the question it answers named, and nothing else: a YES that nobody asked for, that is older
// than every question, or that was said too late confirms nothing. Nor does one older than a STOP, for a STOP leaves no
// question open. One newer than a STOP asks to come back, as START does. One to topics that wait for a YES, and whose
// question cannot be meant because it never went out or a newer one was answered, asks anew, in the phone's own name;
// where that question is yet to go out, there is nothing to add.
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
		// It speaks of the question, and so in the question's language where the person has told none.
		q, _ := ch.Next.lastAsked(in.Program.ID, in.At)
		ch.addInbound(in, Received, nil)
		ch.answer(in, Ask{Answer: message.AnswerExpired, Topics: expired, Language: cmp.Or(ch.language(in), q.Locale)})
	default:
		ch.addInbound(in, Received, nil)
	}
}

// confirm subscribes the person to the topics of the question they answered. What is subscribed, or was said stop to
// since, is none of them; what expired while the YES was on its way is.
func (ch *Change) confirm(in Inbound, q Question) {
	var confirmed []string
	seq := ch.nextSeq()
	for _, id := range q.Topics {
		s := ch.Next.Subs[id]
		if s.State != Pending && s.State != Expired {
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
	// Whoever fills in a form can type any number and any state; only the phone's own YES makes it count.
	ch.Next.Told = mergeTold(ch.Next.Told, q.Told)
	ch.Next.Locale = cmp.Or(q.Locale, ch.Next.Locale)
	ch.Joined = append(ch.Joined, confirmed...)
	e := ch.addInboundWith(in, Confirmed, confirmed, map[string]string{"question": q.Claim})
	e.Request, e.Told, e.Locale = q.Request, q.Told, q.Locale
	ch.welcome(in, confirmed)
}

// hearOptIn handles START, JOIN or the keyword of a topic. Whoever said stop is not texted because of a guess at what
// they mean: only the very word brings them back.
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
		// A topic of another number: the YES would not reach the number that is to send.
		ch.addInbound(in, Received, nil)
	default:
		ch.requestByText(in, in.Program.Topics)
	}
}

// restart undoes a STOP the same phone sent before. It asks for the topics that were confirmed once, or for all of the
// program where none was, and they wait for a new YES; a program that restarts in one step takes the text itself as
// proof.
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

// restartAtOnce brings topics back with the START as their proof.
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

// requestByText makes a request of the phone itself, so it may follow a STOP, but it still needs its YES (practice:
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

// liftStop ends the opt-outs from the topics that are older than the message. It reports false, and changes nothing,
// where a STOP is newer than the message, whether it stands or was undone since: what a person said before STOP brings
// nothing back.
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
		// The person comes back to this program; from the others they stay away.
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
		if in.At.After(ch.Next.Stopped[no]) { // one said later to another number stands, and keeps nothing of this one back
			scopes = append(scopes, no)
		}
	}
	for _, scope := range scopes {
		ch.liftScope(scope)
	}
	return true
}

// tellHowToStop tells a subscriber of a marketing program how to stop, once a conversation, where what they wrote holds
// an opt-out word and nobody can be sure what it means (47 CFR 64.1200(a)(10): no exclusive means may be asked for, so
// this is an offer).
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

// KeptOut returns what becomes of a change that was to undo a STOP, where AWS will not take the number off its opt-out
// list: it does so once in 30 days (DeleteOptedOutNumber, API reference). No text could reach the phone, so the person
// stays stopped, and the ledger says why. ch is the change decided on c.
func (c Contact) KeptOut(ch Change) Change {
	kept := Change{Next: c.clone()}
	kept.Inbound, kept.Next.Health = ch.Inbound, ch.Next.Health
	e := ch.Events[len(ch.Events)-1]
	with := maps.Clone(e.Evidence)
	with["list"] = "AWS takes a number off its opt-out list once in 30 days, and has done so for this one"
	kept.addEvent(Event{Type: KeptOut, At: e.At, Source: e.Source, Program: e.Program, Evidence: with})
	return kept
}

func (ch *Change) addInbound(in Inbound, t EventType, topics []string) {
	ch.addInboundWith(in, t, topics, nil)
}

func (ch *Change) addInboundWith(in Inbound, t EventType, topics []string, more map[string]string) *Event {
	e := in.evidence(ch.Next.Phone)
	maps.Copy(e, more)
	ch.addEvent(Event{Type: t, At: in.At, Source: SourceSMS, Program: in.programID(), Topics: topics, Evidence: e})
	return &ch.Events[len(ch.Events)-1]
}

// evidence returns the person's own words, and how we read them.
func (in *Inbound) evidence(from phone.Number) map[string]string {
	return map[string]string{
		"inbound":    in.ID,
		"body":       in.Body,
		"from":       string(from),
		"to":         in.To,
		"understood": string(in.Intent.Kind),
		"why":        in.Intent.Why,
	}
}

func (ch *Change) reply(in Inbound, a message.Answer, topics []string) {
	ch.answer(in, Ask{Answer: a, Topics: topics, Language: ch.language(in)})
}

// welcome tells the person what they have from now on.
func (ch *Change) welcome(in Inbound, topics []string) {
	ch.answer(in, Ask{Answer: message.AnswerWelcome, Topics: topics, Language: ch.language(in), Change: true})
}

// answer asks for a text that answers what was said. It counts from when that was: what is heard at night and was said
// at noon is answered no more.
func (ch *Change) answer(in Inbound, ask Ask) {
	ask.Kind, ask.Program, ask.By = message.Reply, in.Program.ID, in.At.Add(answerExpected)
	if ask.Answer == message.AnswerStop {
		ask.By = in.At.Add(stopConfirmed)
	}
	ch.Ask = append(ch.Ask, ask)
}

// language returns that of the person where they told it, else that of the word they used; empty for the topics' own.
// What others told with a request nobody has confirmed is not asked.
func (ch *Change) language(in Inbound) string { return cmp.Or(ch.Next.Locale, in.Intent.Language) }
