package message

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// unsendable returns what is wrong with the first character that no text may hold, and which it is, counted from 1. It
// is empty where there is none.
func unsendable(body string) string {
	for n := 1; body != ""; n++ {
		r, size := utf8.DecodeRuneInString(body)
		switch {
		case r == utf8.RuneError && size == 1:
			return fmt.Sprintf("character %d is the byte 0x%02X, which is no character; write the text as plain UTF-8", n, body[0])
		case unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t':
			return fmt.Sprintf("character %d is U+%04X, a control character, which phones can't show; remove it", n, r)
		case isHidden(r):
			return fmt.Sprintf("character %d is U+%04X, which nobody sees and which may change how the text is read; remove it", n, r)
		}
		body = body[size:]
	}
	return ""
}

// isHidden reports whether a character is invisible and of no use in a text: a byte order mark, which a file may have
// brought along, a space of no width, a soft hyphen, a separator that phones show as nothing, or one that changes the
// direction of writing, so that people read something else than was written (Unicode Technical Report 36, 2.7). Emoji,
// Persian and the languages of India need joiners and variation selectors, and some flags need tags.
func isHidden(r rune) bool {
	switch r {
	case '\uFEFF', '\u200B', '\u2060', '\u00AD', '\u2028', '\u2029':
		return true
	default:
		return unicode.Is(unicode.Bidi_Control, r)
	}
}
