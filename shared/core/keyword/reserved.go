package keyword

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Reserved reports whether a word can't be the keyword of a topic, because it means something already ("STOP",
// "INFO", "please"), because a refusal begins with it ("NO", which opts out in South Africa; "DONT"), because it
// begins with a word AWS acts on ("STOPWATCH": its keywords match a message that begins with them, see AWS End User
// Messaging SMS User Guide, "Keywords", https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords.html),
// because it looks like one of these ("ST0P", "SOTP"), or because it is not one word of two or more letters and
// digits with at least one letter, at most 30 characters long.
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
	taken := taken()
	if taken.has(key) {
		return true
	}
	var room [longestPlain]byte
	for way := range ways {
		if len(key) <= longestPlain && taken.has(string(respell(way, room[:0], []byte(key)))) {
			return true
		}
	}
	return slipOf([]byte(key), taken.slips, ^langSet(0)) != nil && !taken.known(key)
}

// isOneWord tells whether a word is letters and digits, one of them a letter.
func isOneWord(word, key string) bool {
	named := false
	for _, r := range word + norm.NFKD.String(word) { // some letters are a letter and a sign
		if l := letter(r); l == '\'' || l == '-' || !unicode.In(r, unicode.L, unicode.Nd, unicode.Mn, unicode.Mc) {
			return false
		}
	}
	for _, r := range key {
		named = named || unicode.IsLetter(r)
	}
	return named
}

// takenWords are the words that mean something already, each between spaces. They are kept apart from the lexicon
// because every program asks for them when it starts, and only those that read messages need the rest.
type takenWords struct {
	meanings string
	words    string // those that are no slips
	slips    []typo
}

func (t *takenWords) has(key string) bool {
	return key != "" && strings.Contains(t.meanings, " "+key+" ")
}

func (t *takenWords) known(key string) bool { return strings.Contains(t.words, " "+key+" ") }

var taken = sync.OnceValue(func() *takenWords {
	const classes = " stop unsub gone cancel remove leave away neg no please hello wrong spam law threat " +
		"yes help start prefs "
	var meanings, words []byte
	t := &takenWords{}
	for _, file := range listed() {
		inWords := false
		for line := range strings.Lines(read(file)) {
			if line[0] == '[' {
				inWords = strings.HasPrefix(line, "[words")
			}
			name, list, found := strings.Cut(strings.TrimSpace(line), ": ")
			switch {
			case !inWords || !found || line[0] == '#':
			case name == "typos":
				for word := range strings.FieldsSeq(list) {
					t.slips = append(t.slips, typo{word: fold(word)})
				}
			case strings.Contains(classes, " "+name+" "):
				meanings = append(appendFolded(append(meanings, ' '), list), ' ')
			default:
				words = append(append(append(words, ' '), list...), ' ')
			}
		}
	}
	t.meanings, t.words = string(meanings), string(words)
	return t
})
