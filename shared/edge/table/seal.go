package table

import (
	"encoding/binary"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
)

// macName is the attribute that proves that a holder of the ledger's key wrote the item. It is a MAC over all other
// attributes, keys included. So no attribute can be changed, and the item cannot be stored under another key.
//
// It does not show that an item was replaced by an older version of itself. Person and Verify find that, because the
// items of a person then no longer fit together.
const macName = "mac"

// seal adds the MAC to an item, in place.
func (t *Table) seal(m item) error {
	mac, err := t.ledger.MAC(canonical(m))
	if err != nil {
		return err
	}
	m[macName] = &types.AttributeValueMemberB{Value: mac}
	return nil
}

// sealedByUs reports whether an item has a valid MAC. A table without a key cannot check, and answers true.
func (t *Table) sealedByUs(m item) bool {
	if !t.ledger.HasKey() {
		return true
	}
	mac, ok := m[macName].(*types.AttributeValueMemberB)
	return ok && t.ledger.VerifyMAC(mac.Value, canonical(m))
}

// canonical returns the bytes of an item for the MAC, without the MAC itself: the same for the same attributes in any
// order, different for different items. They begin with "item", and the other input of the same key, an event's hash,
// is JSON; so one can never be taken for the other.
func canonical(m item) []byte {
	return appendMap(append(make([]byte, 0, 1280), "item"...), m, macName)
}

func appendMap(b []byte, m item, without string) []byte {
	var few [24]string // avoids an allocation for maps of ordinary size
	names := few[:0]
	for name := range m {
		if name != without {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	b = binary.AppendUvarint(b, uint64(len(names)))
	for _, name := range names {
		b = appendValue(appendText(b, name), m[name])
	}
	return b
}

// appendValue begins with the type of the value, in DynamoDB's letters. All types that we never store look alike.
func appendValue(b []byte, v types.AttributeValue) []byte {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return appendText(append(b, 'S'), v.Value)
	case *types.AttributeValueMemberN:
		return appendText(append(b, 'N'), v.Value)
	case *types.AttributeValueMemberB:
		return append(binary.AppendUvarint(append(b, 'B'), uint64(len(v.Value))), v.Value...)
	case *types.AttributeValueMemberBOOL:
		if v.Value {
			return append(b, 'T')
		}
		return append(b, 'F')
	case *types.AttributeValueMemberL:
		b = binary.AppendUvarint(append(b, 'L'), uint64(len(v.Value)))
		for _, e := range v.Value {
			b = appendValue(b, e)
		}
		return b
	case *types.AttributeValueMemberM:
		return appendMap(append(b, 'M'), v.Value, "")
	default:
		return append(b, '?')
	}
}

// appendText writes the length before the text, so that two texts in a row cannot be read as two others.
func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// encode returns the stored form of a contact, sealed.
func (t *Table) encode(c *consent.Contact) (item, error) {
	m, err := encodeContact(c)
	if err != nil {
		return nil, err
	}
	return m, t.seal(m)
}

// decode reads a stored contact. A contact with an invalid seal is read too, because a STOP must be stored whatever
// was done to the contact. It is marked as suspect, and stays so when it is written again.
func (t *Table) decode(k consent.Key, m item) (consent.Contact, error) {
	c, err := decodeContact(k, m)
	if err != nil {
		return consent.Contact{}, err
	}
	c.Suspect = c.Suspect || !t.sealedByUs(m)
	return c, nil
}
