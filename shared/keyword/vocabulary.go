package keyword

import "strings"

// Words that are no keyword but may stand beside one. A word is mapped to its Intent or to one of these; None is a word
// without a meaning, and one such word makes the message none of ours.
const (
	courtesy Intent = -1 // beside any keyword
	aside    Intent = -2 // beside STOP and HELP, where it changes nothing
)

// language is the vocabulary of one language. Words are separated by spaces and written as fold leaves them: lower case, no
// accents, no apostrophes; an emoji is a word. A word may not mean different things in two languages.
type language struct {
	yes, stop, help, start, courtesy, aside string
	phrases                                 []phrase
}

// phrase is two words that mean something together, such as "opt" and "out" in "opt me out".
type phrase struct {
	first, second string
	meaning       Intent
}

// english holds what law, carriers and AWS ask to be understood, and little more.
var english = language{
	// A YES is the evidence that keeps the next texts legal, so only the answer the confirmation request asks for counts,
	// and its initial. Sure, OK, yep, 👍 do not: asking again costs one text.
	yes: "yes y",

	// "Stop," "quit," "end," "revoke," "opt out," "cancel" and "unsubscribe" are opt-outs by law (47 CFR 64.1200(a)(10)).
	// AWS adds ARRET, OPT-OUT, OPTOUT, REMOVE and TD (AWS End User Messaging SMS User Guide, "Required opt-out keywords",
	// https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html), carriers know STOPALL. Capitals and
	// punctuation must not matter (CTIA, Messaging Principles and Best Practices, May 2023, "Consumer Opt-Out"). Slips of the finger on STOP count
	// because an operators' rule in Belgium (GOF guidelines) demands it and because no other word is meant by them.
	stop: "stop stopall end cancel quit unsubscribe optout revoke remove arret td 🛑 " +
		"sotp stpo tsop stopp unsub unsuscribe unsubcribe",

	// HELP is the keyword carriers require, INFO its usual twin, AIDE the French word used in Canada.
	help: "help info aide",

	// The two words that undo STOP on US toll-free numbers (AWS, "Required opt-out keywords").
	start: "start unstop",

	courtesy: "please pls plz thanks thx ty 👍 🙏 🙂 😊",

	aside: "me us my your you all any every the these those from more again now immediately right away " +
		"text texts texting message messages messaging msg msgs sms send sending contacting notifying notifications alert alerts " +
		"ads promos promotions spam spamming bothering list number no hi hello hey ok okay",

	phrases: []phrase{
		{"opt", "out", Stop},
		{"thank", "you", courtesy},
		{"thank", "u", courtesy},
	},
}

// awsKeywords are the keywords AWS requires on every number, as fold leaves them.
var awsKeywords = []string{"arret", "cancel", "end", "help", "optout", "quit", "remove", "stop", "td", "unsubscribe"}

// vocabulary is every language at once: who texts in which language is not known. It is never written to after start-up.
var vocabulary = compile(english)

type lexicon struct {
	words   map[string]Intent
	phrases []phrase
}

func compile(languages ...language) lexicon {
	l := lexicon{words: make(map[string]Intent, 128)}
	for _, in := range languages {
		for _, set := range []struct {
			words   string
			meaning Intent
		}{
			{in.yes, Yes},
			{in.stop, Stop},
			{in.help, Help},
			{in.start, Start},
			{in.courtesy, courtesy},
			{in.aside, aside},
		} {
			for word := range strings.FieldsSeq(set.words) {
				l.words[word] = set.meaning
			}
		}
		l.phrases = append(l.phrases, in.phrases...)
	}
	return l
}

// opener returns the word if a phrase begins with it, else the empty string.
func (l *lexicon) opener(word []byte) string {
	for i := range l.phrases {
		if l.phrases[i].first == string(word) {
			return l.phrases[i].first
		}
	}
	return ""
}

// phrase tells what two words mean together.
func (l *lexicon) phrase(first string, second []byte) (meaning Intent, ok bool) {
	for i := range l.phrases {
		if l.phrases[i].first == first && l.phrases[i].second == string(second) {
			return l.phrases[i].meaning, true
		}
	}
	return None, false
}
