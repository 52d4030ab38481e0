package table

import (
	"encoding/binary"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
)

// macName is the attribute that proves an item was written by a holder of the ledger's key. It covers every other
// attribute of the item, its key included, so no part of it can be changed and it cannot be put in another's place.
// What it does not show is that a whole item is an older one of the same key: that shows where the items of a person
// are held against each other.
const macName = "mac"

// seal marks an item as written by us.
func (t *Table) seal(m item) error {
	mac, err := t.ledger.MAC(canonical(m))
	if err != nil {
		return err
	}
	m[macName] = &types.AttributeValueMemberB{Value: mac}
	return nil
}

// sealedByUs reports whether an item is as we wrote it. A table without a key cannot tell, and takes every item for
// ours.
func (t *Table) sealedByUs(m item) bool {
	if !t.ledger.HasKey() {
		return true
	}
	mac, ok := m[macName].(*types.AttributeValueMemberB)
	return ok && t.ledger.VerifyMAC(mac.Value, canonical(m))
}

// canonical returns the item without its mac in bytes: the same for the same attributes in whatever order they come,
// and another for any other item. It begins as nothing else does that is sealed with the same key: an event's hash is
// taken over JSON.
func canonical(m item) []byte {
	return appendMap(append(make([]byte, 0, 1280), "item"...), m, macName)
}

func appendMap(b []byte, m item, without string) []byte {
	var few [24]string // so that the names of an ordinary map need no allocation
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

// appendValue begins with what kind of value it is, as DynamoDB names it. Kinds we never store are all alike.
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

// appendText puts its length before a text, so that two texts side by side cannot be taken for two others.
func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// encode returns the contact as it is stored, sealed.
func (t *Table) encode(c *consent.Contact) (item, error) {
	m, err := encodeContact(c)
	if err != nil {
		return nil, err
	}
	return m, t.seal(m)
}

// decode reads a stored contact. One we did not write is read all the same, for a STOP must be heard whatever was done
// to the contact; but it is suspect, and stays so when it is written again.
func (t *Table) decode(k consent.Key, m item) (consent.Contact, error) {
	c, err := decodeContact(k, m)
	if err != nil {
		return consent.Contact{}, err
	}
	c.Suspect = c.Suspect || !t.sealedByUs(m)
	return c, nil
}
