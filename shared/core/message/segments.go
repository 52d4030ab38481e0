package message

import "unicode/utf16"

// The two encodings a carrier sends a text in.
const (
	GSM7 = "GSM-7"
	UCS2 = "UCS-2"
)

// Segmentation is how a text travels: what AWS bills and counts against messages per second is Parts, not texts.
type Segmentation struct {
	Encoding string // GSM7 or UCS2
	Units    int    // septets of GSM-7, UTF-16 code units of UCS-2
	Parts    int    // 0 for an empty text, which AWS does not accept
}

// Segments works out encoding, length and number of parts of a text.
//
// One part holds 140 bytes: 160 septets or 70 UTF-16 units. A longer text is cut into parts of 153 or 67, the rest of
// each part being the header that lets the phone join them again (AWS End User Messaging SMS User Guide, "SMS character
// limits", https://docs.aws.amazon.com/sms-voice/latest/userguide/sms-limitations-character.html). One character
// outside GSM 03.38 makes the whole text UCS-2; among the innocent-looking ones are the back-tick, the lower-case ç,
// the curly quotes and the tab. Characters of the extension table and characters beyond the Basic Multilingual Plane
// take two units and stay in one part.
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

// counter fills parts with characters of one or two units. It counts as if the text were split, and result drops the
// split where one part is enough.
type counter struct {
	single, part int // units that fit in the only part, and in one of several
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
// table); 0 where the alphabet lacks it.
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
