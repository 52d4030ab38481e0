package table

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/dynamo"
)

// Claim adds a claim to a contact: the right to hand one text to the carrier. It is one conditional write, durable
// when it returns. It returns ErrConflict where the stored contact is not before any more; then nothing is claimed.
// keep is how long earlier promotional claims matter (consent.Contact.WithClaim). It returns the contact as stored.
func (t *Table) Claim(
	ctx context.Context,
	before consent.Contact,
	claim consent.Claim,
	keep time.Duration,
) (consent.Contact, error) {
	claim.At = claim.At.UTC().Truncate(time.Millisecond)
	after := before.WithClaim(claim, keep)
	after.Version++
	m, err := t.encode(&after)
	if err != nil {
		return consent.Contact{}, fmt.Errorf("claim %s: %w", claim.ID, err)
	}
	stored, err := t.put(ctx, m, before.Version)
	if err == nil {
		return after, nil
	}
	// The SDK retries when an answer gets lost, and then meets what it wrote itself. A claim's ID belongs to one call,
	// so a stored claim with that ID is ours. Reporting a conflict would lose a text that no other caller sends.
	if errors.Is(err, ErrConflict) && stored != nil {
		if now, err := t.decode(before.Key, stored); err == nil {
			if _, ours := now.Claimed(claim.ID); ours {
				return now, nil
			}
		}
	}
	return consent.Contact{}, fmt.Errorf("claim %s: %w", claim.ID, err)
}

// unchanged returns the condition that an item is still stored in the version that was read, 0 for none.
func unchanged(read int64) (*string, item) {
	if read == 0 {
		return aws.String("attribute_not_exists(pk)"), nil
	}
	return aws.String("ver = :read"), item{":read": num(read)}
}

// put writes a contact, if the stored version is still read; otherwise it returns ErrConflict, and the stored item
// where DynamoDB tells it.
func (t *Table) put(ctx context.Context, contact item, read int64) (item, error) {
	in := &dynamodb.PutItemInput{
		TableName:                           &t.name,
		Item:                                contact,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	in.ConditionExpression, in.ExpressionAttributeValues = unchanged(read)
	_, err := t.api.PutItem(ctx, in)
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return failed.Item, ErrConflict
	}
	if _, ok := errors.AsType[*types.TransactionConflictException](err); ok {
		return nil, ErrConflict
	}
	return nil, dynamo.Redact(err)
}

// putVersion writes an item, if the stored version is still read (0 for none); otherwise it returns ErrConflict. It
// may be repeated: an item that is stored already is no conflict.
func (t *Table) putVersion(ctx context.Context, next item, read int64) error {
	in := &dynamodb.PutItemInput{
		TableName: &t.name, Item: next, ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	in.ConditionExpression, in.ExpressionAttributeValues = unchanged(read)
	_, err := t.api.PutItem(ctx, in)
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		// The SDK retries when an answer gets lost, and then meets what it wrote itself. Callers stop working on a
		// conflict, so it must be a real one.
		if reflect.DeepEqual(failed.Item, next) {
			return nil
		}
		return ErrConflict
	}
	return dynamo.Redact(err)
}

// UpdateBookkeeping changes those fields of a contact that need no event to prove them
// (consent.Contact.TakeBookkeeping); other changes that change makes are dropped. It starts from c. When another
// caller has written the contact meanwhile, it reads it and calls change again, up to eight times in all; then it
// returns ErrConflict. Where nothing changes it writes nothing. It returns the contact as stored.
func (t *Table) UpdateBookkeeping(
	ctx context.Context,
	c consent.Contact,
	change func(consent.Contact) consent.Contact,
) (consent.Contact, error) {
	for try := range maxTries {
		changed := change(c)
		next := c.TakeBookkeeping(&changed)
		switch written, err := t.replace(ctx, &c, &next); {
		case err == nil:
			return written, nil
		case !errors.Is(err, ErrConflict):
			return consent.Contact{}, fmt.Errorf("update bookkeeping: %w", err)
		}
		if err := pause(ctx, try); err != nil {
			return consent.Contact{}, fmt.Errorf("update bookkeeping: %w", err)
		}
		var err error
		if c, err = t.Contact(ctx, c.Key); err != nil {
			return consent.Contact{}, fmt.Errorf("update bookkeeping: %w", err)
		}
	}
	return consent.Contact{}, fmt.Errorf("update bookkeeping: gave up after %d tries: contact %w", maxTries, ErrConflict)
}

// replace writes next in the place of before, or returns ErrConflict where before is not stored any more.
func (t *Table) replace(ctx context.Context, before, next *consent.Contact) (consent.Contact, error) {
	old, err := encodeContact(before)
	if err != nil {
		return consent.Contact{}, err
	}
	m, err := encodeContact(next)
	if err != nil {
		return consent.Contact{}, err
	}
	if reflect.DeepEqual(old, m) {
		return *before, nil
	}
	m["ver"] = num(before.Version + 1)
	if err := t.seal(m); err != nil {
		return consent.Contact{}, err
	}
	// The SDK retries when an answer gets lost: then m is stored already, which is no conflict.
	if stored, err := t.put(ctx, m, before.Version); err != nil && !reflect.DeepEqual(stored, m) {
		return consent.Contact{}, err
	}
	return t.decode(next.Key, m)
}
