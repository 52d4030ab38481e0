package table

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/placeholder"
	"smsconsent/shared/edge/dynamo"
)

// A person's attributes are the values of the fields in a brand's texts. They decide nothing, so they stand in an item
// of their own: a claim does not pay for them, and only a text that has fields reads them.

// Attributes reads the attributes of a person; none where they are not as we stored them.
func (t *Table) Attributes(ctx context.Context, key consent.Key) (map[string]string, error) {
	values, _, err := t.attributes(ctx, key)
	return values, err
}

func (t *Table) attributes(ctx context.Context, key consent.Key) (map[string]string, int64, error) {
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: primary(contactKey(key), attributesSort), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read attributes: %w", dynamo.Redact(err))
	}
	r := &reader{m: out.Item}
	values, err := t.decodeAttributes(r)
	if err != nil { // whoever writes them anew mends it
		values = nil
	}
	return values, r.num("ver"), nil
}

// SetAttributes adds attributes to those of a person and replaces those of the same name; one without a value is taken
// away. It returns all there are then. The error is one of placeholder.CheckAll where they would be too many or unfit;
// nothing is written then, nor where nothing changes.
func (t *Table) SetAttributes(
	ctx context.Context, key consent.Key, given map[string]string,
) (map[string]string, error) {
	for range rereads {
		before, version, err := t.attributes(ctx, key)
		if err != nil {
			return nil, err
		}
		after := make(map[string]string, len(before)+len(given))
		maps.Copy(after, before)
		for name, value := range given {
			if after[name] = placeholder.Clean(value); after[name] == "" {
				delete(after, name)
			}
		}
		if maps.Equal(before, after) {
			return after, nil
		}
		if name, err := placeholder.CheckAll(after); err != nil {
			return nil, fmt.Errorf("attributes.%s: %w", name, err)
		}
		m := primary(contactKey(key), attributesSort)
		m["ver"] = num(version + 1)
		setStrings(m, "f", after)
		if err := t.seal(m); err != nil {
			return nil, fmt.Errorf("write attributes: %w", err)
		}
		err = t.putVersion(ctx, m, version)
		if !errors.Is(err, ErrConflict) {
			return after, err
		}
	}
	return nil, fmt.Errorf("write attributes: %w", ErrConflict)
}

// Recipients reads the contacts a campaign goes to as Contacts does, and where its text has fields, the attributes of
// those who have any by the same calls.
func (t *Table) Recipients(
	ctx context.Context, c *campaign.Campaign, keys []consent.Key,
) ([]consent.Contact, map[consent.Key]map[string]string, []Unreadable, error) {
	if !c.HasFields() {
		contacts, unreadable, err := t.Contacts(ctx, keys)
		return contacts, nil, unreadable, err
	}
	attributes := map[consent.Key]map[string]string{}
	contacts, unreadable, err := t.contacts(ctx, keys, func(key consent.Key, m item) {
		if values, err := t.decodeAttributes(&reader{m: m}); err == nil {
			attributes[key] = values
		}
	})
	return contacts, attributes, unreadable, err
}

// decodeAttributes reads attributes, or says what is wrong with them.
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
