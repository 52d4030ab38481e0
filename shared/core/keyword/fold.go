package keyword

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Marks that mark puts into a text for scan. Before that it removes these characters from the text.
const (
	markAccent  = '\x01' // an accent stood here
	markUnknown = '\x02' // an unknown sign or emoji stood here
	markDivide  = '\x03' // something stood here that divides a sentence like a comma
)

// head returns the part of a message that is read: at most MaxRunes characters, ending where a word ends. cut reports
// whether the message is longer.
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

// fold returns the form in which a word is looked up: compatibility forms resolved (full-width letters, mathematical
// bold), lower case, no accents, no invisible characters, no apostrophes, a space for a hyphen.
func fold(word string) string { return string(appendFolded(nil, word)) }

// appendFolded appends the folded form of a word.
func appendFolded(to []byte, word string) []byte {
	for _, r := range norm.NFKD.String(word) {
		if r < utf8.RuneSelf {
			switch r {
			case '-':
				to = append(to, ' ')
			case '\'':
			default:
				to = append(to, lower(byte(r))) //nolint:gosec // below utf8.RuneSelf
			}
			continue
		}
		switch r = letter(r); {
		case r == 'ß':
			to = append(to, "ss"...)
		case r == 'æ':
			to = append(to, "ae"...)
		case r == 'œ':
			to = append(to, "oe"...)
		case r == '-':
			to = append(to, ' ')
		case smallCapital(r) != 0:
			to = append(to, smallCapital(r))
		case r != '\'' && !invisible(r) && !unicode.Is(unicode.Mn, r):
			to = utf8.AppendRune(to, r)
		}
	}
	return to
}

// letter returns a letter in lower case, without a stroke through it, and in one form where it has several.
func letter(r rune) rune {
	switch r = unicode.ToLower(r); r {
	case 'ı':
		return 'i'
	case 'ø':
		return 'o'
	case 'ł':
		return 'l'
	case 'đ':
		return 'd'
	case 'ς':
		return 'σ'
	case 'ى':
		return 'ي'
	case 'ة':
		return 'ه'
	case '’', 'ʼ', '‘', '׳':
		return '\''
	case '‐', '‑':
		return '-'
	default:
		return r
	}
}

// invisible reports whether a character is one that no reader would notice: zero width, a choice between text and
// emoji style, a skin tone, or the Arabic stroke that only lengthens a word.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) ||
		r >= '🏻' && r <= '🏿' || r == 'ـ'
}

// mark returns a text folded like a word, but with the capitals of Latin letters and with marks.
func (t *text) mark(body string) string {
	var out strings.Builder
	out.Grow(len(body) + 16)
	for _, r := range norm.NFKD.String(body) {
		if r < utf8.RuneSelf {
			if r < ' ' && r != '\r' && r != '\t' {
				r = '\n'
			}
			out.WriteByte(byte(r))
			continue
		}
		t.markRune(&out, r)
	}
	return out.String()
}

func (t *text) markRune(out *strings.Builder, r rune) {
	plain := letter(r)
	switch {
	case r == 'ı':
		out.WriteByte('i')
		out.WriteByte(markAccent)
	case plain == 'ß':
		out.WriteString("ss")
	case plain == 'æ':
		out.WriteString("ae")
	case plain == 'œ':
		out.WriteString("oe")
	case plain < utf8.RuneSelf:
		out.WriteByte(byte(plain)) //nolint:gosec // below utf8.RuneSelf
	case smallCapital(plain) != 0: // letters in boxes are signs in Unicode
		out.WriteByte(smallCapital(plain))
		out.WriteByte(markAccent)
	case invisible(r):
	case unicode.Is(unicode.M, r) && !unicode.Is(unicode.Mc, r):
		out.WriteByte(markAccent)
	case unicode.IsLetter(r), unicode.IsNumber(r), unicode.Is(unicode.Mc, r):
		out.WriteRune(plain)
	case t.emoji(r):
		out.WriteByte(markDivide)
		out.WriteRune(r)
		out.WriteByte(markDivide)
	case strings.ContainsRune("¿؟", r):
		out.WriteByte('?')
	case strings.ContainsRune("“”„«»‹›″", r):
		out.WriteByte('"')
	case strings.ContainsRune("、،", r):
		out.WriteByte(',')
	case unicode.In(r, unicode.STerm, unicode.Zl, unicode.Zp, unicode.Cc) || r == '؛':
		out.WriteByte('.')
	case unicode.Is(unicode.Pd, r):
		out.WriteString(" - ")
	case unicode.In(r, unicode.P, unicode.Z):
		out.WriteByte(' ')
	default:
		out.WriteByte(markUnknown)
	}
}

// emoji reports whether a sign is a word of the vocabulary.
func (t *text) emoji(r rune) bool {
	var room [utf8.UTFMax]byte
	_, known := find(t.lexicon, utf8.AppendRune(room[:0], r))
	return known
}

// smallCapital returns the letter of a small capital or of a letter in a box; 0 for other characters.
func smallCapital(r rune) byte {
	switch {
	case r >= '🅐' && r <= '🅩':
		return byte('a' + r - '🅐')
	case r >= '🅰' && r <= '🆉':
		return byte('a' + r - '🅰')
	}
	return counterpart(r, "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz")
}

// twinOf returns the Latin letter that looks like a letter of another script; 0 where there is none.
func twinOf(r rune) byte {
	return counterpart(r, "авекмнопрстухіјѕԁԛԝһԍαβεηικμνορτυχγω", "abekmhonpctyxijsdqwhgabenikmvoptuxyw")
}

func counterpart(r rune, from, to string) byte {
	if i := strings.IndexRune(from, r); i >= 0 {
		return to[utf8.RuneCountInString(from[:i])]
	}
	return 0
}
