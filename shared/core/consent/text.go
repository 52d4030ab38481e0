package consent

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// TextHead is the end of the chain of all texts claimed for the contact. Each claim moves it, and each event seals
// where it stood, so that a text that is taken out of the record, or put into other words, shows.
//
// The chain itself has no key. It needs none, because whatever says where it ends is sealed with one; and so whoever
// trusts its end can check the texts without our secret.
type TextHead struct {
	Count int64  `json:"count"`
	Hash  string `json:"hash"` // SHA-256, lower-case hex
}

// plus returns the end of the chain with one more text. The hash covers whose it is, the one before, and what the claim
// says: what is known before the text goes out. From whom it went out and in which words is for the seal of its record
// to say. Nothing of this may ever change, or the texts claimed before no longer give the chain their contacts have.
func (h TextHead) plus(k Key, m *Message) TextHead {
	b := make([]byte, 0, 320)
	b = appendField(b, k.Brand)
	b = appendField(b, string(k.Phone))
	b = appendField(b, h.Hash)
	b = binary.AppendVarint(b, h.Count+1)
	b = appendField(b, m.ID)
	b = binary.AppendVarint(b, m.At.UnixMilli())
	b = appendField(b, string(m.Kind))
	b = appendField(b, m.Program)
	b = binary.AppendUvarint(b, uint64(len(m.Topics)))
	for _, t := range m.Topics {
		b = appendField(b, t)
	}
	b = appendField(b, m.Campaign)
	b = appendField(b, m.Content)
	b = appendField(b, m.Notice)
	if m.Ref != "" { // one field more than any text without
		b = appendField(b, m.Ref)
	}
	sum := sha256.Sum256(b)
	return TextHead{Count: h.Count + 1, Hash: hex.EncodeToString(sum[:])}
}

// appendField puts its length before a text, so that no two lists of fields give the same bytes.
func appendField(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
