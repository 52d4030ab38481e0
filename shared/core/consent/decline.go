package consent

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
)

// ToRequestsAt returns the key of Stopped for a NO to a confirmation request from the program's number. While it is
// set, the phone is not asked about requests that others make at the brand; otherwise they could have it asked again
// and again. It ends when the phone itself asks for something, by text or on its preference page. Subscriptions are
// not affected.
func ToRequestsAt(program string) string { return "?" + program }

// Uninvited reports whether the phone said NO to a request and has asked for nothing itself since.
func (c *Contact) Uninvited() bool { return len(c.declined()) > 0 }

// declined returns the keys of Stopped that stand for a NO.
func (c *Contact) declined() []string {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(c.Stopped)) {
		if strings.HasPrefix(key, ToRequestsAt("")) {
			keys = append(keys, key)
		}
	}
	return keys
}

// hearNo ends everything that waits for a YES to the texted number, and requests elsewhere that were not sent yet. It
// gets no reply, because that is what it asks for. A NO that no confirmation request can have caused changes nothing.
func (ch *Change) hearNo(in Inbound) {
	if _, asked := ch.Next.questionAnswered(in.Program.ID, in.At); !asked {
		ch.hearNotWanted(in)
		return
	}
	scope := ToRequestsAt(in.Program.ID)
	ch.optOut(scope, in.At)
	ended := ch.unsubscribe(ch.Next.Stopped[scope], func(topic string, s Subscription) bool {
		yetToAsk := func(ask Ask) bool { return !ask.Invited && ask.asksAbout(topic) }
		return s.State == Pending && (s.Program == in.Program.ID || slices.ContainsFunc(ch.Next.Waiting, yetToAsk))
	})
	ch.Next.dropTopics(func(prog, topic string) bool { return prog == in.Program.ID || slices.Contains(ended, topic) })
	ch.addInbound(in, Declined, ended)
}

// hearNotWanted ends the topics of the texted number about which the person was asked whether they still want them.
func (ch *Change) hearNotWanted(in Inbound) {
	var ended []string
	for _, t := range in.Program.Topics {
		if s := ch.Next.Subs[t.ID]; s.State == Subscribed && s.Tier == Asked && in.At.After(s.Moved) {
			ended = append(ended, ch.optOut(OneTopic(t.ID), in.At)...)
		}
	}
	if len(ended) == 0 {
		ch.addInbound(in, Received, nil)
		return
	}
	ch.addInbound(in, OptedOut, ended)
}

// changedMind reports whether a YES to the program takes back a NO: it follows in the same conversation.
func (c *Contact) changedMind(program string, said time.Time) bool {
	at, declined := c.Stopped[ToRequestsAt(program)]
	return declined && said.After(at) && said.Sub(at) < conversationLasts
}

// remindOfYes tells a person who wrote almost a YES, or asked for what they were just asked about, that only YES
// confirms. It does so once per confirmation request.
func (ch *Change) remindOfYes(in Inbound) {
	q, asked := ch.Next.questionAnswered(in.Program.ID, in.At)
	if !asked || ch.Next.Clarified.After(q.At) {
		return
	}
	ch.Next.Clarified = in.At
	language := cmp.Or(ch.language(in), q.Locale)
	ch.answer(in, Ask{Answer: message.AnswerNearly, Topics: q.Topics, Language: language})
}

// isSureYes reports whether a YES is in English, in the person's language, or in a language of the program's texts.
// After a STOP a YES in another language is only a guess.
func (ch *Change) isSureYes(in Inbound) bool {
	language := in.Intent.Language
	is := func(locale string) bool { return wording.Primary(locale) == language }
	return in.Intent.Confidence >= 1 && (language == "" || language == "en" || is(ch.Next.Locale) ||
		slices.ContainsFunc(in.Program.Topics, func(t program.Topic) bool { return is(t.Locale) }))
}
