package consent

import (
	"cmp"
	"maps"
	"strings"
	"time"

	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// conversationLasts is how long an explanation of how to stop is not repeated.
const conversationLasts = 24 * time.Hour

// Inbound is a text from a person and what it means.
type Inbound struct {
	ID    string    // AWS inboundMessageId
	At    time.Time // SNS timestamp, which gives the order of what the person said
	Brand *program.Brand
	// Program is the program of Brand whose number was texted. It is nil for a number that is no longer in
	// programs.yaml; then only an opt-out counts.
	Program *program.Program
	Terms   program.SignUp // how long a YES may take
	Intent  keyword.Intent
	Body    string
	To      string // the number or short code that was texted
	StopAll bool   // a STOP reaches every program of the brand (program.RevokeAll)
}

// Hear decides what an inbound text changes. Every text leaves exactly one event, with the person's own words as
// evidence, and causes at most one reply (I9). The change names the message, so that a repeated one is not stored
// again.
func (c Contact) Hear(in Inbound) Change {
	ch := Change{Next: c.clone(), Inbound: in.ID}
	ch.expire(in.At)
	switch newest := in.At.After(ch.Next.Health.Heard); {
	case !newest:
	case in.Intent.NoTexts:
		// A mailbox or landline answers automatically. That ends no consent; the audit counts it.
		if ch.Next.Health.NoTexts.IsZero() {
			ch.Next.Health.NoTexts = in.At
		}
	default:
		// A phone that texts us works, whatever receipts said before.
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
	ch.ToRead = ch.toRead(in)
	return ch
}

// programID returns the ID of the program that was texted, empty for a number that is no longer in programs.yaml.
func (in *Inbound) programID() string {
	if in.Program == nil {
		return ""
	}
	return in.Program.ID
}

// hearSign counts the text as a sign that the person reads, unless it is an opt-out or an automatic answer. A YES to
// the question whether they still want topics restores those topics, and no other topic they were removed from.
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

// scope returns the key of Stopped that an opt-out sets. An opt-out from the only topic of a program counts for the
// program: people do not know the difference, and AWS's opt-out list can then match. For a number that is no longer
// in programs.yaml it is Everything, because the number may have sent anything.
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

// listsToBlock returns the programs on whose AWS opt-out lists an opt-out of that scope puts the number.
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

// hearStop opts the person out, always and however late the text arrives: texting a person who said STOP is worse
// than waiting for their START. A second STOP gets no second answer, because 47 CFR 64.1200(a)(12) allows one
// confirmation. A STOP that reaches further than the first is a new opt-out and gets its own answer.
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

// forgetConsents drops every consent from this number, because the person who gave it does not have the phone (47 CFR
// 64.1200(m), reassigned numbers). What was told about their place is dropped too.
func (ch *Change) forgetConsents() {
	for id, s := range ch.Next.Subs {
		s.Proof = 0
		ch.Next.Subs[id] = s
	}
	ch.Next.Told, ch.Next.Locale = phone.Told{}, ""
}

// KeptOut returns what a change becomes that would undo a STOP, where AWS refuses to take the number off its opt-out
// list: it does so once in 30 days (DeleteOptedOutNumber, API reference). No text could reach the phone. So the
// person stays opted out, and the ledger says why. ch is the change decided on c.
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

// evidence returns the person's own words, and how we understood them.
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

// welcome asks for a text about the topics the person now has.
func (ch *Change) welcome(in Inbound, topics []string) {
	ch.answer(in, Ask{Answer: message.AnswerWelcome, Topics: topics, Language: ch.language(in), Change: true})
}

// answer asks for a reply. Its time counts from when the person wrote: what was written at noon and arrives at night
// is not answered any more.
func (ch *Change) answer(in Inbound, ask Ask) {
	ask.Kind, ask.Program, ask.By = message.Reply, in.Program.ID, in.At.Add(answerExpected)
	if ask.Answer == message.AnswerStop {
		ask.By = in.At.Add(stopConfirmed)
	}
	ch.Ask = append(ch.Ask, ask)
}

// language returns the person's own language where they told it, and otherwise that of the word they used; empty for
// the topics' language. What others told in an unconfirmed request does not count.
func (ch *Change) language(in Inbound) string { return cmp.Or(ch.Next.Locale, in.Intent.Language) }
