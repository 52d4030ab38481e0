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
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: primary(contactKey(key), attributesSort), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return nil, fmt.Errorf("read attributes: %w", dynamo.Redact(err))
	}
	values, _ := t.decodeAttributes(&reader{m: out.Item}) // whoever writes them anew mends them
	return values, nil
}

// SetAttributes adds attributes to those of a person as placeholder.Add does, and reports whether that changed any. The
// error is ErrNobody where nobody by that phone ever signed up, and a *phone.FieldError where they would be too many or
// are unfit; nothing is written then.
func (t *Table) SetAttributes(ctx context.Context, key consent.Key, given map[string]string) (bool, error) {
	for range rereads {
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

// attributesOfSomebody reads the attributes of a person who has a contact, with the version of their item, in one call.
func (t *Table) attributesOfSomebody(ctx context.Context, key consent.Key) (map[string]string, int64, error) {
	keys := []item{primary(contactKey(key), contactSort), primary(contactKey(key), attributesSort)}
	values, version, known := map[string]string(nil), int64(0), false
	err := t.batchGet(ctx, consistentRead(keys), func(m item) error {
		r := &reader{m: m}
		if r.str("sk") == contactSort {
			known = true
			return nil
		}
		values, _ = t.decodeAttributes(r) // whoever writes them anew mends them
		version = r.num("ver")
		return nil
	})
	switch {
	case err != nil:
		return nil, 0, fmt.Errorf("read attributes: %w", err)
	case !known:
		return nil, 0, ErrNobody
	}
	return values, version, nil
}

// Recipients reads the contacts a campaign goes to, and where its text has fields or it is for people of some
// attributes, the attributes of those who have any by the same calls. Contacts come as Contacts returns them, but may
// be as they were a second ago: it is for whoever claims next, or only looks.
func (t *Table) Recipients(
	ctx context.Context, c *campaign.Campaign, keys []consent.Key,
) ([]consent.Contact, map[consent.Key]map[string]string, []Unreadable, error) {
	if !c.HasFields() && len(c.Attributes) == 0 {
		contacts, unreadable, err := t.contacts(ctx, keys, cheapRead, nil)
		return contacts, nil, unreadable, err
	}
	attributes := map[consent.Key]map[string]string{}
	contacts, unreadable, err := t.contacts(ctx, keys, cheapRead, func(key consent.Key, m item) {
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
