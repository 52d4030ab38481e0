package keyword

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Reserved reports whether a word cannot be the keyword of a topic. That is so where
//   - it already means something ("STOP", "INFO", "please"),
//   - a refusal begins with it ("NO", which opts out in South Africa; "DONT"),
//   - it begins with a word that AWS acts on ("STOPWATCH": AWS matches messages that begin with its keywords; see AWS
//     End User Messaging SMS User Guide, "Keywords",
//     https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords.html),
//   - it looks like one of these ("ST0P", "SOTP"), or
//   - it is not one word of 2 to 30 letters and digits with at least one letter.
func Reserved(word string) bool {
	const least, most = 2, 30
	key := fold(word)
	if utf8.RuneCountInString(key) < least || utf8.RuneCountInString(word) > most ||
		!utf8.ValidString(word) || !isOneWord(word, key) {
		return true
	}
	for _, k := range [...]string{
		"arret", "cancel", "end", "help", "optout", "quit", "remove", "stop", "td", "unsubscribe",
	} {
		if strings.HasPrefix(key, k) {
			return true
		}
	}
	l := vocabulary()
	if l.means(key) {
		return true
	}
	var room [longestPlain]byte
	for way := range ways {
		if len(key) <= longestPlain && l.means(string(respell(way, room[:0], []byte(key)))) {
			return true
		}
	}
	if e, known := find(l, key); known && l.entries[e].listed {
		return false
	}
	return slipOf([]byte(key), l.typos, ^langSet(0)) != nil
}

// means reports whether a word alone already means something.
func (l *lexicon) means(key string) bool {
	const something = stop | unsub | gone | cancel | remove | leave | away | neg | no | please | hello | wrong | spam | law |
		threat | yes | help | start | prefs
	e, known := find(l, key)
	return known && l.everywhere(e, ^langSet(0))&something != 0
}

// isOneWord reports whether a word consists of letters and digits, with at least one letter.
func isOneWord(word, key string) bool {
	named := false
	for _, r := range word + norm.NFKD.String(word) { // some letters decompose into a letter and a sign
		if l := letter(r); l == '\'' || !unicode.In(r, unicode.L, unicode.Nd, unicode.Mn, unicode.Mc) {
			return false
		}
	}
	for _, r := range key {
		named = named || unicode.IsLetter(r)
	}
	return named
}
