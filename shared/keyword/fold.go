package keyword

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// head is the part of a message that is read: at most MaxRunes, ending where a word ends.
func head(body string) (text string, cut bool) {
	if len(body) <= MaxRunes {
		return body, false
	}
	runes := 0
	for i := range body {
		if runes == MaxRunes {
			text = body[:i]
			if space := strings.LastIndexByte(text, ' '); space >= 0 {
				text = text[:space]
			}
			return text, true
		}
		runes++
	}
	return body, false
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// fold brings text to the form the vocabulary is written in: compatibility forms resolved (full-width letters, mathematical
// bold), case folded, accents and invisible characters gone, known emoji words, what ends a clause an ASCII sign that does, every
// other sign a space.
// It reports whether something was taken away that could have changed the meaning: an accent, a stroke through the letters,
// a sign or an emoji it does not know.
func fold(text string) (folded string, guessed bool) {
	text = cases.Fold().String(norm.NFKD.String(text))
	var out strings.Builder
	out.Grow(len(text))
	for _, r := range text {
		switch {
		case r == '’' || r == 'ʼ':
			out.WriteByte('\'') // an apostrophe however it is typed
		case r == '¿' || r == '؟':
			out.WriteByte('?')
		case r == 'ı': // what a Turkish keyboard makes of a capital I
			out.WriteByte('i')
			guessed = true
		case r < utf8.RuneSelf, unicode.IsLetter(r), unicode.IsNumber(r), unicode.Is(unicode.Mc, r):
			out.WriteRune(r)
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r), r >= '🏻' && r <= '🏿':
			// Zero-width characters, the choice between text and emoji style, skin tones: nothing a reader would call a sign.
		case unicode.Is(unicode.M, r):
			guessed = true
		case vocabulary.words[string(r)].meaning != none:
			out.WriteByte(' ')
			out.WriteRune(r)
			out.WriteByte(' ')
		case r == '‐':
			out.WriteByte('-') // a hyphen joins, the longer dashes divide
		case unicode.In(r, unicode.STerm, unicode.Pd, unicode.Zl, unicode.Zp, unicode.Cc):
			out.WriteByte('.')
		case unicode.Is(unicode.So, r): // an emoji divides as a full stop does
			out.WriteByte('.')
			guessed = true
		default:
			out.WriteByte(' ')
			guessed = guessed || !unicode.In(r, unicode.P, unicode.Z)
		}
	}
	return out.String(), guessed
}

// scanner splits folded or ASCII text into lower-case words. Apostrophes vanish, so "don't" is one word; every other sign
// separates. Letters standing alone in a row ("s t o p", "S.T.O.P.") are one word, which is over when it says STOP.
type scanner struct {
	text    string
	at      int
	buf     [maxWord]byte
	n       int  // bytes of the word in buf
	clause  bool // a new clause begins with the word
	guessed bool // letters were joined, or a question was asked
}

// maxWord is a byte more than any word with a meaning has: a topic keyword has at most 30 characters of at most 4 bytes.
// The rest of a longer word is dropped, what is left matches nothing.
const maxWord = 30*utf8.UTFMax + 1

func (s *scanner) word() []byte { return s.buf[:s.n] }

// next finds the next word and reports whether there is one.
func (s *scanner) next() bool {
	s.n, s.clause = 0, false
	for s.at < len(s.text) && !isWord(s.text[s.at]) {
		// "Y?" is why, "YES?" is no answer.
		s.guessed = s.guessed || s.text[s.at] == '?'
		s.clause = s.clause || s.divides()
		s.at++
	}
	for s.at < len(s.text) && (isWord(s.text[s.at]) || s.text[s.at] == '\'') {
		if s.text[s.at] != '\'' {
			s.put(s.text[s.at])
		}
		s.at++
	}
	if s.n != 1 || !isLetter(s.buf[0]) {
		return s.n > 0
	}
	for i := s.loneLetter(); i >= 0 && vocabulary.words[string(s.word())].meaning != stop; i = s.loneLetter() {
		s.put(s.text[i])
		s.at = i + 1
		s.guessed = true
	}
	return true
}

// divides reports whether the sign at hand ends a clause: punctuation, the end of a line, a dash that is no hyphen.
func (s *scanner) divides() bool {
	switch c := s.text[s.at]; c {
	case '.', ',', ';', ':', '!', '?':
		return true
	case '-':
		return s.at == 0 || !isWord(s.text[s.at-1]) || s.at+1 == len(s.text) || !isWord(s.text[s.at+1])
	default:
		return c < ' ' && c != '\t'
	}
}

func (s *scanner) put(c byte) {
	if s.n < len(s.buf) {
		s.buf[s.n] = lower(c)
		s.n++
	}
}

// loneLetter is where the next word stands if it is a single letter, else -1.
func (s *scanner) loneLetter() int {
	i := s.at
	for i < len(s.text) && !isWord(s.text[i]) {
		i++
	}
	if i == len(s.text) || !isLetter(s.text[i]) || i+1 < len(s.text) && (isWord(s.text[i+1]) || s.text[i+1] == '\'') {
		return -1
	}
	return i
}

func isWord(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' || c >= utf8.RuneSelf }

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
