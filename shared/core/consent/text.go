package consent

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// TextHead is the end of the chain of all texts claimed for the contact. Each claim moves it, and each event seals
// its position. So a text that is removed from the record or reworded is found.
//
// The chain has no key of its own, because everything that names its end is sealed with one. So anybody who trusts
// its end can check the texts without our secret.
type TextHead struct {
	Count int64  `json:"count"`
	Hash  string `json:"hash"` // SHA-256, lower-case hex
}

// plus returns the end of the chain with one more text. The hash covers the person, the hash before, and what the
// claim says, which is known before the text is sent. Identity and words are covered by the seal of the record. None
// of this may ever change, or older texts no longer give the chain in their contacts.
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

// appendField writes the length before the text, so that different lists of fields never give the same bytes.
func appendField(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
