// Package keyword tells what a person means by a text that consists of a keyword: STOP, YES, HELP, START, or the keyword of a topic.
//
// It looks at whole messages, never for a keyword somewhere inside: "weekend" holds END and "we have got to STOP this terrible
// bill" holds STOP, and neither is an opt-out. A message is a keyword when nothing else stands beside it but courtesy ("Yes please",
// "Stop. Thank you") and, for STOP, words that only say what to stop ("stop texting me", "STOP 12345").
//
// The two mistakes do not cost the same. A STOP that is missed or a YES that was none is an illegal text, $500 to $1,500 each
// (47 U.S.C. 227(b)(3)). So whatever had to be guessed at (a cut message, letters s p a c e d out, a question mark, accents) still
// stops, but never starts anything.
//
// The package is pure and safe for concurrent use.
package keyword

import (
	"strings"
	"unicode/utf8"
)

// Intent is what a person wants.
type Intent int

// The intents.
const (
	None  Intent = iota // no keyword: a person or another program has to read it
	Yes                 // confirms a pending request
	Stop                // opts out
	Help                // asks who we are and how to stop
	Start               // wants texts again after STOP
	Join                // asks for the topic whose keyword it is
)

// String names the intent as records and logs do.
func (i Intent) String() string {
	switch i {
	case Yes:
		return "yes"
	case Stop:
		return "stop"
	case Help:
		return "help"
	case Start:
		return "start"
	case Join:
		return "join"
	default:
		return "none"
	}
}

// MaxRunes is how much of a message is read: what one text can carry at AWS. A longer one is cut, and may stop but not start.
const MaxRunes = 1600

// Classify tells the intent of an inbound message. For Join it also returns the topic keyword that matched, as it stands in
// topicKeywords; those must not be Reserved.
//
// STOP beside anything else that has a meaning is STOP. Two other intents in one message cancel each other out.
func Classify(body string, topicKeywords []string) (Intent, string) {
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
		if !m.take(words.word()) {
			return None, ""
		}
	}
	return m.intent(doubt || words.guessed)
}

// message is what has been understood so far. Every word must be, or the message is no keyword.
type message struct {
	topics []string

	heard  [Join + 1]bool // by Intent; None: two topic keywords
	topic  string         // the topic keyword heard
	aside  bool           // words heard that only go with STOP and HELP
	opened string         // first half of a phrase ("opt") whose second half ("out") is still to come
}

// take reads one word and reports whether it has a meaning. The word is not kept.
func (m *message) take(word []byte) bool {
	if m.opened != "" {
		if meaning, ok := vocabulary.phrase(m.opened, word); ok {
			m.opened = ""
			m.hear(meaning)
			return true
		}
	}
	meaning := vocabulary.words[string(word)]
	if meaning > None {
		m.hear(meaning)
		return true
	}
	for _, k := range m.topics {
		if matches(word, k) {
			m.heard[None] = m.heard[None] || m.heard[Join] && m.topic != k
			m.topic = k
			m.hear(Join)
			return true
		}
	}
	if meaning == None && isNumber(word) {
		meaning = aside
	}
	if meaning != None {
		m.hear(meaning)
		return true
	}
	m.abandon()
	m.opened = vocabulary.opener(word)
	return m.opened != ""
}

func (m *message) hear(meaning Intent) {
	switch {
	case meaning > None:
		m.abandon()
		m.heard[meaning] = true
	case meaning == aside:
		m.aside = true
	}
}

// abandon leaves a phrase unfinished. Its first half was a word beside the keyword.
func (m *message) abandon() {
	m.aside = m.aside || m.opened != ""
	m.opened = ""
}

func (m *message) intent(doubt bool) (Intent, string) {
	switch {
	case m.heard[Stop]:
		return Stop, ""
	case m.heard[None]:
		return None, ""
	}
	found := None
	for i, heard := range m.heard {
		if !heard {
			continue
		}
		if found != None {
			return None, ""
		}
		found = Intent(i)
	}
	m.abandon()
	starts := found == Yes || found == Start
	if m.aside && found != Help || doubt && starts {
		return None, ""
	}
	return found, m.topic
}

// Reserved reports whether a word can't be the keyword of a topic, because it means something already ("STOP", "INFO", "please"),
// because it begins with a word AWS acts on ("STOPWATCH": its keywords match a message that begins with them, see AWS End User
// Messaging SMS User Guide, "Keywords", https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords.html), or because it is not
// one word of two or more letters and digits with at least one letter, at most 30 characters long.
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
	meaning := vocabulary.words[text]
	return meaning > None || meaning == courtesy || vocabulary.opener(first) != ""
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
