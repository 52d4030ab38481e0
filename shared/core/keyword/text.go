package keyword

import (
	"strings"
	"unicode/utf8"
)

// text is a message, split into words.
type text struct {
	lexicon *lexicon
	langs   langSet
	place   langSet // the languages spoken where the person lives
	topics  []Topic
	lang    int   // the language in which it is being read
	classes class // classes of all its words in that language
	entries trace // entries of all its words
	// sections are the sections with a rule that begins with one of the words, a bit for each.
	sections uint32

	buf      []byte // the words as they are looked up, with spaces between them
	words    []spoken
	marked   bool // mark was applied
	cut      bool // the message is longer than MaxRunes
	doubt    bool // something was removed or guessed at that could have changed the meaning of a yes
	question bool // there is a question mark
	small    bool // a word is not in capitals
	mended   bool // mendInside corrected a typo

	trace *trail // for Explain; nil records nothing
	steps int    // bytes, words and rule elements looked at; tests measure the cost of reading by it
}

// space is what stands between a word and the one before it.
type space uint8

const (
	joined  space = iota // nothing that divides a sentence
	divided              // a comma, a bracket, an emoji
	ended                // the end of a sentence or line
)

// spoken is a word of a message.
type spoken struct {
	from, to int    // in buf
	entry    int    // number of its entry; -1 for none
	end      int    // number of the first word of the next clause
	class    class  // in the current language
	sections uint32 // sections with rules that begin with this word, a bit for each
	gap      space  // before it
	topic    int    // 1 + number of the topic it names; 0 for none
	key      bool   // it is that topic's keyword
	typo     string // the rule that corrected it; empty for none

	capital     bool // begins with a capital that is not the beginning of a sentence
	shouted     bool // is in capitals
	guessed     bool // was not written in the form that was found
	accented    bool // was written with accents
	owner       bool // had 's after it
	number      bool
	question    bool // stands in a question
	taken       bool // explained by a rule that is no opt-out
	closes      bool // changes nothing about a STOP beside it
	open        bool // closes is true for all words before it in the clause
	openWhole   bool // the same for all words before it in the message
	closedEnd   bool // closes is true for it and all words after it in the clause
	closedWhole bool // the same to the end of the message
}

// scan splits the message into words.
func (t *text) scan(s string) {
	gap, asked, lineStart := ended, false, true
	first := true // the next word is the first of its sentence
	lines, broken := 0, true
	for at := 0; at < len(s); {
		t.steps++
		if lineStart {
			skip, stop := t.line(s[at:])
			if stop {
				break
			}
			if skip > 0 {
				at += skip
				continue
			}
		}
		lineStart = false
		if !t.begins(s, at) {
			c := s[at]
			if c == '<' {
				at += tag(s[at:])
			}
			switch d := t.divides(s, at); {
			case d == ended:
				gap, first = ended, true
			case d > gap:
				gap = d
			}
			asked = asked || c == '?'
			t.doubt = t.doubt || t.marked && (c == markUnknown || c == markAccent)
			lineStart = c == '\n'
			broken = broken || lineStart
			at++
			continue
		}
		if asked {
			t.asked()
			t.question, asked = true, false
		}
		n, start, from := len(t.words), at, len(t.buf)
		at += t.word(s, at, first)
		if t.trace != nil {
			t.trace.wrote(s[start:at], from, len(t.buf))
		}
		if len(t.words) > n {
			t.words[n].gap = gap
			gap, first = joined, false
			if broken {
				lines, broken = lines+1, false
			}
		}
	}
	if asked {
		t.asked()
		t.question = true
	}
	// NO\nMORE\nTEXTS: with one word on each line, the lines are one sentence.
	if lines > 2 && lines == len(t.words) && !t.may(0, stop|unsub) {
		for n := range t.words[1:] {
			t.words[n+1].gap = joined
		}
	}
}

// tag returns the length, without the last byte, of the HTML tag that a text begins with; 0 for none. Some mail
// gateways leave <b> and <br> in. Longer tags may be words: <stop>.
func tag(s string) int {
	const longest = len("</br>")
	for n := 1; n < min(len(s), longest); n++ {
		switch c := s[n]; {
		case c == '>':
			return n
		case c != '/' && !isLetter(c|0x20):
			return 0
		}
	}
	return 0
}

// may reports whether a word may have a class in one of the selected languages.
func (t *text) may(at int, c class) bool {
	e := t.words[at].entry
	return e >= 0 && t.lexicon.everywhere(e, t.langs)&c != 0
}

// asked marks the words of the sentence that has just ended as a question.
func (t *text) asked() {
	for n := len(t.words) - 1; n >= 0 && !t.words[n].question; n-- {
		t.steps++
		t.words[n].question = true
		if t.words[n].gap == ended {
			return
		}
	}
}

// line returns how many bytes of a line were not written by the person, and whether that is so for the rest of the
// message too: quotations, and the delimiter of signatures (RFC 3676, 4.3).
func (t *text) line(s string) (skip int, stop bool) {
	end := strings.IndexByte(s, '\n')
	rest := end < 0
	if rest {
		end = len(s)
	}
	line := strings.TrimSpace(s[:end])
	if line == "" {
		return 0, false
	}
	switch line[0] {
	case '>':
		return end, false
	case '-', '_':
		return 0, len(t.words) > 0 &&
			(line == "--" || strings.HasPrefix(line, "-----") || strings.HasPrefix(line, "_____"))
	}
	if line[len(line)-1] != ':' || len(t.words) == 0 {
		return 0, false
	}
	for _, wrote := range [...]string{
		"wrote:", "crit :", "crit:", "schrieb:", "escribio\x01:", "escribio:", "ha scritto:",
	} {
		if strings.HasSuffix(line, wrote) {
			return 0, true
		}
	}
	return 0, false
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWord(c byte) bool { return isLetter(c) || isDigit(c) || c >= utf8.RuneSelf }

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// begins reports whether a word begins here: with a letter or digit, a sign that stands for one ("$top", "wrong #"),
// or "&" for "and".
func (t *text) begins(s string, at int) bool {
	c := s[at]
	if isWord(c) {
		return true
	}
	next := byte(' ')
	if at+1 < len(s) {
		next = s[at+1]
	}
	switch c {
	case '$', '@':
		return isLetter(next)
	case '&', '#', '+':
		return !isWord(next) || c == '&'
	}
	return false
}

// divides returns what a sign does to a sentence.
func (t *text) divides(s string, at int) space {
	c := s[at]
	if t.marked {
		switch c {
		case markUnknown, markDivide:
			return divided
		case markAccent:
			return joined
		}
	}
	before, after := byte(' '), byte(' ')
	if at > 0 {
		before = s[at-1]
	}
	if at+1 < len(s) {
		after = s[at+1]
	}
	switch c {
	case '.', ':', ',':
		if isDigit(before) && isDigit(after) {
			return joined // 5:30, 3.50
		}
		if c == ',' {
			return divided
		}
		return ended
	case '!', '?', ';':
		return ended
	case '(', ')', '[', ']', '/', '|':
		return divided
	case '-', '~':
		if isWord(before) && isWord(after) {
			return joined
		}
		return divided
	default:
		if c < ' ' && c != '\t' || c == 0x7f {
			return ended
		}
		return joined
	}
}

// word reads the word that begins at s[at], and returns how many bytes of s it took.
func (t *text) word(s string, at int, first bool) int {
	w := spoken{from: t.next(), entry: -1, number: true}
	upper, letters, owner := 0, 0, false
	i := at
	for ; i < len(s); i++ {
		t.steps++
		c := s[i]
		switch {
		case isLetter(c):
			letters++
			if c <= 'Z' {
				upper++
			}
			w.number = false
		case isDigit(c):
		case c >= utf8.RuneSelf:
			letters++
			w.number = false
		case c == '\'':
			if t.elided(s, i, w.from) {
				i++
				goto done
			}
			if i+1 < len(s) && isLetter(s[i+1]) {
				owner = owner || lower(s[i+1]) == 's' && (i+2 == len(s) || !isLetter(s[i+2]))
				continue
			}
			goto done
		case t.marked && c == markAccent:
			w.accented = true
			continue
		case c == '*' && i+1 < len(s) && (isWord(s[i+1]) || s[i+1] == '*'),
			(c == '$' || c == '@') && i+1 < len(s) && isLetter(s[i+1]):
		case i == at: // "&", "#" and "+" are words
			w.number = false
			i++
			t.put(c)
			goto done
		default:
			goto done
		}
		t.put(lower(c))
	}
done:
	w.to = len(t.buf)
	if n := t.address(s, at, i); n > i {
		t.buf = append(t.buf[:w.from], '@')
		w.to, w.number = len(t.buf), false
		t.words = append(t.words, w) // an address means nothing, whatever is in it
		return n - at
	}
	w.shouted = letters > 1 && upper == letters
	t.small = t.small || letters > 1 && upper == 0
	w.capital = !first && letters > 1 && upper == 1 && isLetter(s[at]) && s[at] <= 'Z'
	if w.to-w.from == 1 && isLetter(t.buf[w.from]) {
		i = t.spaced(s, i, &w)
	}
	t.resolve(w, owner)
	return i - at
}

// next returns where the next word begins in buf.
func (t *text) next() int {
	if len(t.buf) > 0 {
		t.buf = append(t.buf, ' ')
	}
	return len(t.buf)
}

func (t *text) put(c byte) { t.buf = append(t.buf, c) }
