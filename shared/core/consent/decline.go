package consent

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

// ByOthers is the key of Stopped that keeps a phone from being asked to confirm what others request. A NO to such a
// question sets it: whoever filled in the form would else have the phone asked again and again. It ends when the phone
// itself asks for something, by text or on its preference page. Subscriptions are not touched by it.
const ByOthers = "?"

// Uninvited reports whether the phone said NO to a request, and has asked for nothing itself since.
func (c *Contact) Uninvited() bool {
	_, said := c.Stopped[ByOthers]
	return said
}

// hearNo ends all that waits for a YES to the number texted, and what others requested elsewhere and is yet to be asked
// about. It is answered by silence, which is what it asks for. A NO that no question can have caused changes nothing.
func (ch *Change) hearNo(in Inbound) {
	if _, asked := ch.Next.questionAnswered(in.Program.ID, in.At); !asked {
		ch.addInbound(in, Received, nil)
		return
	}
	ch.optOut(ByOthers, in.At)
	reaches := func(prog, topic string) bool {
		return prog == in.Program.ID ||
			slices.ContainsFunc(ch.Next.Waiting, func(ask Ask) bool { return !ask.Invited && ask.asksAbout(topic) })
	}
	var ended []string
	for _, id := range ch.topics() {
		s := ch.Next.Subs[id]
		if s.State != Pending || !reaches(s.Program, id) {
			continue
		}
		s.State, s.Since, s.Until = Unsubscribed, ch.Next.Stopped[ByOthers], time.Time{}
		ch.Next.Subs[id] = s
		ended = append(ended, id)
	}
	ch.Next.dropTopics(func(prog, topic string) bool { return prog == in.Program.ID || slices.Contains(ended, topic) })
	ch.addInbound(in, Declined, ended)
}

// changedMind reports whether a YES said at that time takes back a NO: it follows within the same conversation.
func (c *Contact) changedMind(said time.Time) bool {
	at, declined := c.Stopped[ByOthers]
	return declined && said.After(at) && said.Sub(at) < conversationLasts
}

// remindOfYes tells somebody who wrote what is nearly yes that only YES confirms, once for each question.
func (ch *Change) remindOfYes(in Inbound) {
	q, asked := ch.Next.questionAnswered(in.Program.ID, in.At)
	if !in.Intent.Nearly || !asked || ch.Next.Clarified.After(q.At) {
		return
	}
	ch.Next.Clarified = in.At
	language := cmp.Or(ch.language(in), q.Locale)
	ch.answer(in, Ask{Answer: message.AnswerNearly, Topics: q.Topics, Language: language})
}

// isSureYes reports whether a YES is one in English, in the language the person told, or in one of those the program's
// texts are in. To whoever said stop another language's word is a guess.
func (ch *Change) isSureYes(in Inbound) bool {
	base, _, _ := strings.Cut(in.Intent.Language, "-")
	is := func(locale string) bool { l, _, _ := strings.Cut(locale, "-"); return strings.EqualFold(l, base) }
	return in.Intent.Confidence >= 1 && (base == "" || base == "en" || is(ch.Next.Locale) ||
		slices.ContainsFunc(in.Program.Topics, func(t program.Topic) bool { return is(t.Locale) }))
}
