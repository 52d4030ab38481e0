package table

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/dynamo"
)

// Contact reads a contact in its newest version. Where nothing is stored it returns a new contact, with version 0.
func (t *Table) Contact(ctx context.Context, key consent.Key) (consent.Contact, error) {
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: primary(contactKey(key), contactSort), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return consent.Contact{}, fmt.Errorf("read contact: %w", dynamo.Redact(err))
	}
	if len(out.Item) == 0 {
		return consent.Contact{Key: key}, nil
	}
	return t.decode(key, out.Item)
}

// Unreadable is a stored contact that cannot be decoded. It is unknown what this person agreed to, so nothing may be
// sent to them. Other contacts are not affected.
type Unreadable struct {
	Key   consent.Key
	Fault error // names attributes, never values (I10)
}

// Contacts reads contacts in their newest version, in the order of the keys. A contact that is not stored comes as a
// new one, with version 0. Those that cannot be decoded are left out and returned apart, in no order. It returns an
// error where two keys are the same.
func (t *Table) Contacts(ctx context.Context, keys []consent.Key) ([]consent.Contact, []Unreadable, error) {
	return t.contacts(ctx, keys, consistentRead, nil)
}

// contacts reads contacts with read, which is consistentRead or eventualRead. Where attributes is not nil, it reads the
// attributes by the same calls and calls attributes with each item of them.
func (t *Table) contacts(
	ctx context.Context, keys []consent.Key, read func([]item) types.KeysAndAttributes, attributes func(consent.Key, item),
) ([]consent.Contact, []Unreadable, error) {
	contacts := make([]consent.Contact, len(keys))
	for i, k := range keys {
		contacts[i].Key = k
	}
	var unreadable []Unreadable
	index := make(map[string]int, len(keys))
	batch := make([]item, 0, min(2*len(keys), maxBatchGet))
	for i, k := range keys {
		pk := contactKey(k)
		if first, again := index[pk]; again {
			return nil, nil, fmt.Errorf("read contacts: keys %d and %d are the same", first, i)
		}
		index[pk] = i
		batch = append(batch, primary(pk, contactSort))
		if attributes != nil {
			batch = append(batch, primary(pk, attributesSort))
		}
		if len(batch) < maxBatchGet && i < len(keys)-1 {
			continue
		}
		err := t.batchGet(ctx, read(batch), func(m item) error {
			r := &reader{m: m}
			at, asked := index[r.str("pk")]
			if !asked {
				return errors.New("an item came that was not asked for")
			}
			if r.str("sk") == attributesSort {
				attributes(keys[at], m)
			} else if c, err := t.decode(keys[at], m); err == nil {
				contacts[at] = c
			} else {
				unreadable = append(unreadable, Unreadable{keys[at], err})
			}
			return nil
		})
		if err != nil {
			return nil, nil, fmt.Errorf("read contacts: %w", err)
		}
		batch = batch[:0]
	}
	return slices.DeleteFunc(contacts, func(c consent.Contact) bool {
		return slices.ContainsFunc(unreadable, func(u Unreadable) bool { return u.Key == c.Key })
	}), unreadable, nil
}
