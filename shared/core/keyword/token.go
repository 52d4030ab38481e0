package keyword

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// elided reports whether an apostrophe ends a word, as in "j'en" and "dell'elenco", and does not stand inside one, as
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

// address returns where the web or mail address ends that begins with the word s[at:i]; i where there is none.
func (t *text) address(s string, at, i int) int {
	word := s[at:i]
	switch {
	case i+1 >= len(s):
		return i
	case s[i] == ':' && (strings.EqualFold(word, "http") || strings.EqualFold(word, "https")),
		s[i] == '.' && strings.EqualFold(word, "www"):
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

// spaced joins single letters in a row to the one just read, where together they are a keyword ("s t o p",
// "Q.U.I.T"). It returns where the message continues.
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
		if e, known := find(t.lexicon, t.buf[w.from:]); known && len(t.buf)-w.from > 2 {
			c := t.lexicon.everywhere(e, t.langs)
			if c&(stop|unsub|cancel|remove|help|start|join) != 0 {
				kept, end = len(t.buf), i
			}
			if c&stop != 0 {
				break
			}
			// "Y E S" is no guess, unless more letters follow.
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

// loneLetter returns where the next word begins, if it is a single letter; else -1.
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

// merge joins words that the vocabulary has as one ("opt out"), the longest first, and drops a mail program's footer.
func (t *text) merge() {
	l := t.lexicon
	n := 0
	for at := 0; at < len(t.words); n++ {
		w := t.words[at]
		last := at
		if w.entry >= 0 && l.entries[w.entry].begins {
			if l.entries[w.entry].sense == 0 {
				w.entry = -1
			}
			for next := at + 1; next < len(t.words) && t.words[next].gap == joined; next++ {
				t.steps++
				e, ok := find(l, t.buf[w.from:t.words[next].to])
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

// heard reports whether an entry is a word in one of the selected languages.
func (t *text) heard(e int) bool {
	for s := t.lexicon.entries[e].sense; s > 0; s = t.lexicon.senses[s].next {
		if t.langs.has(t.lexicon.senses[s].lang) {
			return true
		}
	}
	return false
}

// reaction reports whether a message is what a phone sends for a tap on one of our texts: “Liked "Reply STOP to
// cancel"”.
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
