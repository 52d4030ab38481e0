package message

import (
	"strings"

	"smsconsent/shared/program"
)

const (
	rates = "Msg & data rates may apply."

	// varies is what carriers want to read where no number can be promised, such as one text for each step of an order (CTIA,
	// Messaging Principles and Best Practices, May 2023: the message that confirms an opt-in tells the frequency).
	varies = "Msg frequency varies."
)

// Compose writes one of our own texts about topics (by ID) of the program; without topics it is about all of them. The words are
// those of AWS's examples (Amazon SNS Developer Guide, "SMS best practices",
// https://docs.aws.amazon.com/sns/latest/dg/channels-sms-best-practices.html), with straight apostrophes so that a text
// travels as GSM-7. A welcome is worded like the reminder and adds the frequency.
//
// An answer that is none of ours is empty.
func Compose(b *program.Brand, p *program.Program, a Answer, topics []string, w Wording) string {
	about := subjects(b, p, topics)
	subject := subject(b, about)
	switch a {
	case AskConfirmation:
		return sentences("Text YES to join "+subject, frequency(about), rates, "Reply HELP for help, STOP to cancel.")
	case AnswerWelcome:
		return sentences("You're subscribed to "+subject, frequency(about), rates, "Reply HELP for help, STOP to unsubscribe.")
	case RemindOfTopics:
		return sentences("You're subscribed to "+subject, rates, "Reply HELP for help, STOP to unsubscribe.")
	case AnswerHelp:
		help := "HELP: " + subject
		if ways := contacts(p); len(ways) > 0 {
			help += ": " + strings.Join(ways, " or ")
		}
		return sentences(help, frequency(about), rates, "Reply STOP to cancel.") + link(w)
	case AnswerExpired:
		return sentences("Your request to join "+subject+" has expired", "Text "+joinWord(about)+" to ask again.")
	case AnswerClarify:
		return sentences(b.Name+": sorry, we did not understand", "Reply STOP to unsubscribe from "+subject+", HELP for help.")
	case AnswerPreferences:
		return sentences("Choose what "+b.Name+" may text you") + link(w)
	case AnswerStop:
		if w.Everything {
			subject = "all " + b.Name + " messages"
		}
		ways := append([]string{"HELP"}, contacts(p)...)
		return sentences("STOP: You're unsubscribed from "+subject, "No more messages will be sent.", "Reply "+either(ways)+" for more info.")
	default:
		return ""
	}
}

// subjects finds the topics a text is about. A topic that has left programs.yaml has no name any more and is passed over.
func subjects(b *program.Brand, p *program.Program, ids []string) (about []*program.Topic) {
	if len(ids) == 0 {
		for i := range p.Topics {
			about = append(about, &p.Topics[i])
		}
		return about
	}
	for _, id := range ids {
		if _, t, ok := b.Topic(id); ok {
			about = append(about, t)
		}
	}
	return about
}

// joinWord is what to text to ask for the topics: the keyword of the first that has one, or START, which asks for all.
func joinWord(about []*program.Topic) string {
	for _, t := range about {
		if t.Keyword != "" {
			return t.Keyword
		}
	}
	return "START"
}

func link(w Wording) string {
	if w.Link == "" {
		return ""
	}
	return " " + w.Link
}

// subject is the topics as people know them, such as "Example Corp. alerts and news".
func subject(b *program.Brand, about []*program.Topic) string {
	names := make([]string, len(about))
	for i, t := range about {
		names[i] = t.Name
	}
	return strings.TrimSpace(b.Name + " " + and(names))
}

// frequency is what the topics promise together. "2 msgs/month" of two topics are four a month, hence "each".
func frequency(about []*program.Topic) string {
	if len(about) == 0 {
		return ""
	}
	same, promised := true, false
	for _, t := range about {
		same = same && t.Frequency == about[0].Frequency
		promised = promised || !t.Frequency.IsZero()
	}
	switch {
	case !promised:
		return varies
	case same && len(about) == 1:
		return about[0].Frequency.String() + "."
	case same:
		return about[0].Frequency.String() + " each."
	}
	each := make([]string, len(about))
	for i, t := range about {
		each[i] = t.Name + " " + often(t)
	}
	return strings.Join(each, ", ") + "."
}

// often is the frequency of one topic among others.
func often(t *program.Topic) string {
	if t.Frequency.IsZero() {
		return "varies"
	}
	return t.Frequency.String()
}

// contacts is how to reach a person who can help. All topics of a program have the same; Load sees to it.
func contacts(p *program.Program) []string {
	if len(p.Topics) == 0 {
		return nil
	}
	var ways []string
	if t := &p.Topics[0]; t.HelpEmail != "" {
		ways = append(ways, "email "+t.HelpEmail)
	}
	if t := &p.Topics[0]; t.HelpPhone != "" {
		ways = append(ways, "call "+t.HelpPhone)
	}
	return ways
}

// and joins names: "a", "a and b", "a, b and c".
func and(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// either joins choices: "a", "a or b", "a, b, or c".
func either(choices []string) string {
	switch last := len(choices) - 1; last {
	case 0, 1:
		return strings.Join(choices, " or ")
	default:
		return strings.Join(choices[:last], ", ") + ", or " + choices[last]
	}
}

// sentences joins what is not empty, each part ending as a sentence does.
func sentences(parts ...string) string {
	var text strings.Builder
	for _, part := range parts {
		if part == "" {
			continue
		}
		if text.Len() > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(sentence(part))
	}
	return text.String()
}

// sentence ends a sentence that does not end yet: names such as "Example Corp." bring their own full stop.
func sentence(s string) string {
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}
