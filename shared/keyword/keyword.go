// Package keyword tells what a person means by a text: STOP, YES, HELP, START, the keyword of a topic, or nothing we know.
//
// The two mistakes do not cost the same. A STOP that is missed or a YES that was none is an illegal text, $500 to $1,500 each
// (47 U.S.C. 227(b)(3)); a STOP that was none is undone by a START. So the two are read differently.
//
// YES, HELP, START and topic keywords are whole messages: nothing stands beside them but courtesy ("yes please"; "help me now" is
// HELP all the same). What had to be guessed at (a cut message, letters s p a c e d out, a question mark, accents) is neither YES
// nor START; a topic keyword it may be, which only makes us ask for a YES.
//
// STOP is what a reasonable person would understand as a request to stop (47 CFR 64.1200(a)(10)). A message stops when
//   - its first word, after courtesy, is a STOP word, whatever follows ("STOP I never signed up"), unless the two are a few other
//     things known by name ("stop by", "stop sign");
//   - a clause of it, which is what stands between punctuation or the ends of lines, is a STOP word and words that say what to stop
//     ("who is this? stop these texts");
//   - all of it up to there is CANCEL, END, REMOVE or TD and such words ("cancel my subscription"), for beside other words these mean
//     orders and weekends (CTIA, Messaging Principles and Best Practices, May 2023: "except where a specific word can result in
//     unintentional opt-out");
//   - it says somewhere what is hardly said of anything else ("don't text me", "take me off", "wrong number").
//
// A STOP in the middle of other words is none of these: "we have got to STOP this terrible bill" is left to a person.
//
// The package is pure and safe for concurrent use.
package keyword

import (
	"strings"
	"unicode/utf8"
)

// meaning is what a person wants.
type meaning int

// The intents.
const (
	none  meaning = iota // no keyword: a person or another program has to read it
	yes                  // confirms a pending request
	stop                 // opts out
	help                 // asks who we are and how to stop
	start                // wants texts again after STOP
	join                 // asks for the topic whose keyword it is
)

// String names the intent as records and logs do.
func (i meaning) String() string {
	switch i {
	case yes:
		return "yes"
	case stop:
		return "stop"
	case help:
		return "help"
	case start:
		return "start"
	case join:
		return "join"
	default:
		return "none"
	}
}

// MaxRunes is how much of a message is read: what one text can carry at AWS. A longer one is cut, and may stop but not start.
const MaxRunes = 1600

// classify tells the intent of an inbound message. For join it also returns the topic keyword that matched, as it stands in
// topicKeywords; those must not be Reserved.
//
// STOP beside anything else that has a meaning is STOP. Two other intents in one message cancel each other out.
func classify(body string, topicKeywords []string) (meaning, string) {
	text, cut := head(body)
	doubt := cut
	if !isASCII(text) {
		var guessed bool
		text, guessed = fold(text)
		doubt = doubt || guessed
	}

	m := message{topics: topicKeywords}
	words := scanner{text: text}
	for words.next() {
		if words.clause && m.endClause() {
			return stop, ""
		}
		m.take(words.word())
	}
	if m.endClause() {
		return stop, ""
	}
	return m.intent(doubt || words.guessed)
}

// Reserved reports whether a word can't be the keyword of a topic, because it means something already ("STOP", "INFO", "please"),
// because a refusal begins with it ("NO", which opts out in South Africa; "DONT"), because it begins with a word AWS acts on
// ("STOPWATCH": its keywords match a message that begins with them, see AWS End User Messaging SMS User Guide, "Keywords",
// https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords.html), or because it is not one word of two or more letters and
// digits with at least one letter, at most 30 characters long.
func Reserved(word string) bool {
	text, _ := fold(word)
	words := scanner{text: text}
	words.next()
	first := words.word()
	if string(first) != text || isNumber(first) || utf8.RuneCountInString(text) < 2 || utf8.RuneCountInString(word) > 30 {
		return true
	}
	for _, k := range awsKeywords {
		if strings.HasPrefix(text, k) {
			return true
		}
	}
	known := vocabulary.words[text]
	return known.begins || known.meaning != none && known.meaning != aside
}

// matches compares a normalised word with a topic keyword as it was written.
func matches(word []byte, topicKeyword string) bool {
	if !isASCII(topicKeyword) {
		topicKeyword, _ = fold(topicKeyword)
	}
	if len(word) != len(topicKeyword) {
		return false
	}
	for i, c := range []byte(topicKeyword) {
		if lower(c) != word[i] {
			return false
		}
	}
	return true
}

func isNumber(word []byte) bool {
	for _, c := range word {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
