package message

import "unicode/utf16"

// The two encodings of texts.
const (
	GSM7 = "GSM-7"
	UCS2 = "UCS-2"
)

// Segmentation is how a text is sent. AWS bills, and limits per second, message parts and not texts.
type Segmentation struct {
	Encoding string // GSM7 or UCS2
	Units    int    // septets of GSM-7, UTF-16 code units of UCS-2
	Parts    int    // 0 for an empty text, which AWS does not accept
}

// Segments returns encoding, length and number of parts of a text.
//
// One part has 140 bytes: 160 septets or 70 UTF-16 units. A longer text is split into parts of 153 or 67, because the
// rest of each part is a header with which the phone joins them (AWS End User Messaging SMS User Guide, "SMS
// character limits", https://docs.aws.amazon.com/sms-voice/latest/userguide/sms-limitations-character.html). A single
// character outside GSM 03.38 makes the whole text UCS-2, such as the back-tick, the lower-case ç, curly quotes and
// the tab. Characters of the extension table, and those beyond the Basic Multilingual Plane, take two units, which
// stay in one part.
func Segments(body string) Segmentation {
	gsm := counter{single: 160, part: 153}
	for _, r := range body {
		width := septets(r)
		if width == 0 {
			return ucs2(body)
		}
		gsm.add(width)
	}
	return gsm.result(GSM7)
}

func ucs2(body string) Segmentation {
	ucs := counter{single: 70, part: 67}
	for _, r := range body {
		ucs.add(utf16.RuneLen(r))
	}
	return ucs.result(UCS2)
}

// counter fills parts with characters of one or two units. It counts as if the text were split; result corrects that
// where one part is enough.
type counter struct {
	single, part int // units that fit into a single part, and into one of several
	units        int
	parts, used  int // parts begun, and units in the last of them
}

func (c *counter) add(width int) {
	c.units += width
	if c.parts == 0 || c.used+width > c.part {
		c.parts++
		c.used = 0
	}
	c.used += width
}

func (c *counter) result(encoding string) Segmentation {
	parts := c.parts
	if c.units <= c.single {
		parts = min(parts, 1)
	}
	return Segmentation{Encoding: encoding, Units: c.units, Parts: parts}
}

// septets returns how many septets a character takes in GSM 03.38 (3GPP TS 23.038, default alphabet and its extension
// table), and 0 for a character that is not in it.
func septets(r rune) int {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= ' ' && r <= '?' /* digits, space, punctuation */ :
		return 1
	}
	switch r {
	case '\n', '\r', '@', '_', '¡', '£', '¤', '¥', '§', '¿',
		'Ä', 'Å', 'Æ', 'Ç', 'É', 'Ñ', 'Ö', 'Ø', 'Ü', 'ß',
		'à', 'ä', 'å', 'æ', 'è', 'é', 'ì', 'ñ', 'ò', 'ö', 'ø', 'ù', 'ü',
		'Γ', 'Δ', 'Θ', 'Λ', 'Ξ', 'Π', 'Σ', 'Φ', 'Ψ', 'Ω':
		return 1
	case '\f', '^', '{', '}', '\\', '[', '~', ']', '|', '€':
		return 2
	}
	return 0
}
