package keyword

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// text is a message in words.
type text struct {
	lexicon *lexicon
	langs   langSet
	place   langSet // the languages spoken where the person lives
	topics  []Topic
	lang    int   // the language it is being read in
	classes class // of all its words in that language
	entries trace // of all its words
	// sections are those with a rule that begins with one of the words itself, a bit for each.
	sections uint32

	buf      []byte // the words as they are looked up, a space between them
	words    []spoken
	marked   bool // by mark
	cut      bool // more was said than is read
	doubt    bool // something was taken away or guessed at that could have changed the meaning of a yes
	question bool // a question mark stands somewhere
	small    bool // some word is not in capitals
	mended   bool // by mendInside

	trace *trail // for Explain; nil notes nothing
	steps int    // bytes, words and parts of rules looked at: what reading it costs, for a test
}

// space is what stands between a word and the one before it.
type space uint8

const (
	joined  space = iota // nothing that divides
	divided              // a comma, a bracket, an emoji
	ended                // the end of a sentence or line
)

// spoken is a word of a message.
type spoken struct {
	from, to int    // in buf
	entry    int    // in the lexicon, or -1
	end      int    // number of the word that begins the next clause
	class    class  // in the language it is being read in
	sections uint32 // in which rules begin with the word itself, a bit for each
	gap      space  // before it
	topic    int    // 1 + number of the topic it names, 0 for none
	key      bool   // it is that topic's keyword
	typo     string // the rule by which it was mended, "" if it was not

	capital     bool // begins with a capital, and not because a sentence begins
	shouted     bool // is in capitals
	guessed     bool // was not written as it is looked up
	accented    bool // was written with accents
	owner       bool // had 's behind it
	number      bool
	question    bool // stands in a question
	taken       bool // was understood as something else than an opt-out
	closes      bool // changes nothing about a STOP beside it
	open        bool // all words before it in the clause close
	openWhole   bool // all words before it
	closedEnd   bool // it and all behind it in the clause close
	closedWhole bool // it and all behind it
}

// scan splits the message into words.
func (t *text) scan(s string) {
	gap, asked, lineStart := ended, false, true
	first := true // word of its sentence
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
	// NO\nMORE\nTEXTS: one word a line is one sentence.
	if lines > 2 && lines == len(t.words) && !t.may(0, stop|unsub) {
		for n := range t.words[1:] {
			t.words[n+1].gap = joined
		}
	}
}

// tag is the length, without the last byte, of the tag of HTML that a text begins with: some mail gateways leave <b>
// and <br> in. Longer ones may be words: <stop>.
func tag(s string) int {
	const longest = len("</br>")
	for n := 1; n < min(len(s), longest); n++ {
		switch c := s[n]; {
		case c == '>' && n > 1:
			return n
		case c != '/' && !isLetter(c|0x20):
			return 0
		}
	}
	return 0
}

// may tells whether a word may be of a class in one of the languages asked for.
func (t *text) may(at int, c class) bool {
	e := t.words[at].entry
	return e >= 0 && t.lexicon.everywhere(e, t.langs)&c != 0
}

// asked marks the words of the sentence that has just ended as those of a question.
func (t *text) asked() {
	for n := len(t.words) - 1; n >= 0 && !t.words[n].question; n-- {
		t.steps++
		t.words[n].question = true
		if t.words[n].gap == ended {
			return
		}
	}
}

// line tells how many bytes of a line were written by somebody else, and whether all from here on were: quotations,
// and the delimiter of signatures (RFC 3676, 4.3).
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
		"wrote:", "crit :", "crit:", "schrieb:", "escribi\x01:", "escribio:", "ha scritto:",
	} {
		if strings.HasSuffix(line, wrote) || strings.HasSuffix(line, "e\x01"+wrote) {
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

// begins tells whether a word begins here: with a letter or digit, a sign that stands for one ("$top", "wrong #"), or
// "&" for "and".
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

// divides tells what a sign does to a sentence.
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

// word reads the word that begins at s[at] and returns how many bytes of s it took.
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
		case c == '*' && i > at && i+1 < len(s) && (isWord(s[i+1]) || s[i+1] == '*'),
			(c == '$' || c == '@') && i+1 < len(s) && isLetter(s[i+1]):
			w.number = false
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
	if w.to == w.from {
		return max(i-at, 1)
	}
	if n := t.address(s, at, i); n > i {
		i, w.number = n, false
		t.buf = append(t.buf[:w.from], '@')
		w.to = w.from + 1
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

// next is where the next word begins in buf.
func (t *text) next() int {
	if len(t.buf) > 0 {
		t.buf = append(t.buf, ' ')
	}
	return len(t.buf)
}

func (t *text) put(c byte) { t.buf = append(t.buf, c) }

// elided tells whether an apostrophe ends a word, as in "j'en" and "dell'elenco", rather than standing inside one, as
// in "don't".
func (t *text) elided(s string, i int, from int) bool {
	if i+1 == len(s) || !isWord(s[i+1]) {
		return false
	}
	switch string(t.buf[from:]) {
	case "j", "l", "m", "n", "s", "t", "c", "d", "qu", "dell", "all", "dall", "nell", "un":
		return true
	}
	return false
}

// address tells where an address of a web page or of mail ends that the word s[at:i] begins, else i.
func (t *text) address(s string, at, i int) int {
	word := s[at:i]
	switch {
	case i+1 >= len(s):
		return i
	case len(word) >= 3 && len(word) <= 5 &&
		(strings.EqualFold(word, "http") || strings.EqualFold(word, "https")) && s[i] == ':',
		strings.EqualFold(word, "www") && s[i] == '.':
	case s[i] == '.' && isWord(s[i+1]):
		const longest = 253 // of a name (RFC 1035, 2.3.4, without the bytes of the lengths)
		end, most := i, min(len(s), i+longest)
		for end < most && (isWord(s[end]) || s[end] == '.' || s[end] == '-') {
			end++
			t.steps++
		}
		host := strings.TrimRight(s[i:end], ".-")
		if !knownDomain(host[strings.LastIndexByte(host, '.')+1:]) {
			return i
		}
	default:
		return i
	}
	for i < len(s) && !isSpace(s[i]) {
		i++
		t.steps++
	}
	return i
}

func knownDomain(tld string) bool {
	for _, known := range [...]string{
		"com", "net", "org", "io", "co", "ly", "gov", "edu", "uk", "biz", "app", "html", "php", "pdf", "jpg",
	} {
		if strings.EqualFold(tld, known) {
			return true
		}
	}
	return false
}

// spaced joins letters that stand alone in a row to the one just read, if together they are a keyword ("s t o p",
// "Q.U.I.T"), and returns where the message goes on.
func (t *text) spaced(s string, i int, w *spoken) int {
	const longest = 14
	first, kept, end, agrees := i-1, len(t.buf), i, false
	for len(t.buf)-w.from < longest {
		next := t.loneLetter(s, i)
		if next < 0 {
			break
		}
		t.put(lower(s[next]))
		i = next + 1
		if e, known := t.lexicon.index[string(t.buf[w.from:])]; known && len(t.buf)-w.from > 2 {
			c := t.lexicon.everywhere(e, t.langs)
			if c&(stop|unsub|cancel|remove|help|start|join) != 0 {
				kept, end = len(t.buf), i
			}
			if c&stop != 0 {
				break
			}
			// Nothing is guessed at in "Y E S", unless more letters follow.
			if strings.EqualFold(s[first:i], "y e s") && t.loneLetter(s, i) < 0 {
				kept, end, agrees = len(t.buf), i, true
			}
		}
	}
	t.buf = t.buf[:kept]
	if w.to != kept {
		w.to, w.guessed, w.number = kept, !agrees, false
	}
	return end
}

// loneLetter is where the next word stands if it is a single letter, else -1.
func (t *text) loneLetter(s string, i int) int {
	for i < len(s) && !isWord(s[i]) {
		i++
		t.steps++
	}
	if i == len(s) || !isLetter(s[i]) || i+1 < len(s) && (isWord(s[i+1]) || s[i+1] == '\'') {
		return -1
	}
	return i
}

// merge makes one word of those that are one in the vocabulary ("opt out"), the longest first, and drops what a mail
// program added.
func (t *text) merge() {
	l := t.lexicon
	n := 0
	for at := 0; at < len(t.words); n++ {
		w := t.words[at]
		last := at
		if w.entry >= 0 && l.entries[w.entry].begins {
			if l.entries[w.entry].sense < 0 {
				w.entry = -1
			}
			for next := at + 1; next < len(t.words) && t.words[next].gap == joined; next++ {
				t.steps++
				e, ok := l.index[string(t.buf[w.from:t.words[next].to])]
				if !ok {
					break
				}
				if t.heard(e) {
					last, w.entry, w.to, w.number, w.topic = next, e, t.words[next].to, false, 0
				}
				if !l.entries[e].begins {
					break
				}
			}
			for next := at + 1; next <= last; next++ {
				w.guessed = w.guessed || t.words[next].guessed
			}
		}
		if w.entry >= 0 && n > 0 && l.entries[w.entry].ends && t.heard(w.entry) &&
			(w.gap > joined || len(t.words)-at < 8) {
			break
		}
		t.words[n] = w
		at = last + 1
	}
	t.words = t.words[:n]
}

// heard tells whether an entry is a word of one of the languages asked for.
func (t *text) heard(e int) bool {
	for s := t.lexicon.entries[e].sense; s >= 0; s = t.lexicon.senses[s].next {
		if t.langs.has(t.lexicon.senses[s].lang) {
			return true
		}
	}
	return false
}

// reaction tells whether a message is what a phone sends for a tap on one of ours: “Liked "Reply STOP to cancel"”.
func reaction(s string) bool {
	const openings, closings, longest = "“\"„«", "”\"“»", 40
	quote := strings.IndexByte(s, '"')
	if !isASCII(s) {
		s = strings.TrimLeft(s, " \u200b\u200a\u200e")
		quote = strings.IndexAny(s, openings)
	}
	if quote <= 0 || quote > longest {
		return false
	}
	if _, n := utf8.DecodeRuneInString(s[quote:]); strings.IndexAny(s[quote+n:], closings) <= 0 {
		return false
	}
	before := strings.TrimSpace(s[:quote])
	for _, tapped := range [...]string{
		"Liked", "Loved", "Disliked", "Laughed at", "Emphasized", "Questioned", "Le gustó", "Le encantó", "Me gustó",
		"Me encantó",
		"A aimé", "A adoré", "Gefällt", "Hat", "Piaciuto", "Adorato", "Gostou de", "Amou",
	} {
		if before == tapped {
			return true
		}
	}
	first, _ := utf8.DecodeRuneInString(before)
	return strings.HasPrefix(before, "Reacted ") || strings.HasPrefix(before, "Removed a") ||
		unicode.IsSymbol(first) && strings.HasSuffix(before, " to")
}
