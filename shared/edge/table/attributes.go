package table

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/placeholder"
	"smsconsent/shared/edge/dynamo"
)

// Attributes are values that texts fill in, such as a first name. No consent depends on them. They are kept in an item
// apart from the contact, so that a claim does not write them and only a text with fields reads them.

// Attributes reads the attributes of a person. It returns none where the item is missing, unreadable or altered: the
// next write replaces it.
func (t *Table) Attributes(ctx context.Context, key consent.Key) (map[string]string, error) {
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: primary(contactKey(key), attributesSort), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return nil, fmt.Errorf("read attributes: %w", dynamo.Redact(err))
	}
	values, _ := t.decodeAttributes(&reader{m: out.Item}) // the next write replaces what cannot be read
	return values, nil
}

// SetAttributes adds attributes to those of a person by the rules of placeholder.Add, and reports whether that
// changed anything. It returns ErrNoContact where the phone has no contact, and a *phone.FieldError for attributes that
// are not allowed or too many. In both cases nothing is written. It may be repeated.
func (t *Table) SetAttributes(ctx context.Context, key consent.Key, given map[string]string) (bool, error) {
	for range maxRereads {
		before, version, err := t.attributesOfSomebody(ctx, key)
		if err != nil {
			return false, err
		}
		after, err := placeholder.Add(before, given)
		if err != nil || maps.Equal(before, after) {
			return false, err
		}
		m := primary(contactKey(key), attributesSort)
		m["ver"] = num(version + 1)
		setStrings(m, "f", after)
		if err := t.seal(m); err != nil {
			return false, fmt.Errorf("write attributes: %w", err)
		}
		switch err = t.putVersion(ctx, m, version); {
		case err == nil:
			return true, nil
		case !errors.Is(err, ErrConflict):
			return false, fmt.Errorf("write attributes: %w", err)
		}
	}
	return false, fmt.Errorf("write attributes: %w", ErrConflict)
}

// attributesOfSomebody reads a person's attributes and the version of their item. It returns ErrNoContact where the
// person has no contact. It takes one call.
func (t *Table) attributesOfSomebody(ctx context.Context, key consent.Key) (map[string]string, int64, error) {
	keys := []item{primary(contactKey(key), contactSort), primary(contactKey(key), attributesSort)}
	values, version, known := map[string]string(nil), int64(0), false
	err := t.batchGet(ctx, consistentRead(keys), func(m item) error {
		r := &reader{m: m}
		if r.str("sk") == contactSort {
			known = true
			return nil
		}
		values, _ = t.decodeAttributes(r) // the next write replaces what cannot be read
		version = r.num("ver")
		return nil
	})
	switch {
	case err != nil:
		return nil, 0, fmt.Errorf("read attributes: %w", err)
	case !known:
		return nil, 0, ErrNoContact
	}
	return values, version, nil
}

// Recipients reads the contacts with those keys, and their attributes too if needed, as campaign.NeedsAttributes says.
// The contacts come as Contacts returns them.
//
// The reads are eventually consistent, at half the price. So a contact may be a second old. That is safe for a caller
// that claims next, because a claim on an older version fails.
func (t *Table) Recipients(
	ctx context.Context, keys []consent.Key, needed bool,
) ([]consent.Contact, map[consent.Key]map[string]string, []Unreadable, error) {
	if !needed {
		contacts, unreadable, err := t.contacts(ctx, keys, eventualRead, nil)
		return contacts, nil, unreadable, err
	}
	attributes := map[consent.Key]map[string]string{}
	contacts, unreadable, err := t.contacts(ctx, keys, eventualRead, func(key consent.Key, m item) {
		if values, err := t.decodeAttributes(&reader{m: m}); err == nil {
			attributes[key] = values
		}
	})
	return contacts, attributes, unreadable, err
}

// decodeAttributes returns the attributes in an item, or an error where it cannot be read or was altered.
func (t *Table) decodeAttributes(r *reader) (map[string]string, error) {
	values := r.strings("f")
	switch {
	case r.fault != nil:
		return nil, fmt.Errorf("the attributes cannot be read: %w", r.fault)
	case r.m != nil && !t.sealedByUs(r.m):
		return nil, errors.New("the attributes were altered")
	}
	return values, nil
}
