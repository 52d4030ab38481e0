package table

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/dynamo"
)

// Sent is a text that was handed to the carrier, and the person it went to.
type Sent struct {
	Key     consent.Key
	Message consent.Message
}

// Record stores texts that were handed to the carrier (I3). They are durable when it returns nil; after an error some
// may be. It may be repeated, and replaces what RecordUnconfirmed stored. Receipts are separate items, so they are
// kept, whichever is stored first.
func (t *Table) Record(ctx context.Context, sent ...Sent) error {
	items := make([]item, len(sent))
	for i := range sent {
		items[i] = encodeMessage(sent[i].Key, &sent[i].Message)
		if err := t.seal(items[i]); err != nil {
			return fmt.Errorf("record text %s: %w", sent[i].Message.ID, err)
		}
	}
	var err error
	if len(items) == 1 {
		_, err = t.api.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: items[0]})
		err = dynamo.Redact(err)
	} else {
		err = t.batchPut(ctx, items)
	}
	if err != nil {
		return fmt.Errorf("record %d texts: %w", len(sent), err)
	}
	return nil
}

// Text identifies one text to one person.
type Text struct {
	consent.Key
	ID string
}

// Statuses returns the stored status of each text, without what receipts said. Texts that are not on record are left
// out. The reads are eventually consistent, at half the price, so a text of the last second may be missing. That is
// safe before RecordUnconfirmed, which never replaces a text.
func (t *Table) Statuses(ctx context.Context, texts ...Text) (map[Text]consent.Status, error) {
	on := make(map[Text]consent.Status, len(texts))
	for batch := range slices.Chunk(texts, maxBatchGet) {
		wanted := types.KeysAndAttributes{ // status is a reserved word
			ProjectionExpression: aws.String(
				"pk, sk, #status",
			),
			ExpressionAttributeNames: map[string]string{"#status": "status"},
		}
		asked := make(map[[2]string]Text, len(batch))
		for _, x := range batch {
			pk, sk := contactKey(x.Key), messageSort(x.ID)
			asked[[2]string{pk, sk}] = x
			wanted.Keys = append(wanted.Keys, primary(pk, sk))
		}
		err := t.batchGet(ctx, wanted, func(m item) error {
			r := &reader{m: m}
			on[asked[[2]string{r.str("pk"), r.str("sk")}]] = consent.Status(r.str("status"))
			return r.fault
		})
		if err != nil {
			return nil, fmt.Errorf("look for %d texts: %w", len(texts), err)
		}
	}
	return on, nil
}

// RecordUnconfirmed stores a text whose sender ended before it could record it, so that its outcome is unknown (I3).
// Where the text is on record already, it changes nothing and returns nil: the sender knew better. It may be
// repeated.
func (t *Table) RecordUnconfirmed(ctx context.Context, key consent.Key, m consent.Message) error {
	text := encodeMessage(key, &m)
	if err := t.seal(text); err != nil {
		return fmt.Errorf("record text %s as unconfirmed: %w", m.ID, err)
	}
	_, err := t.api.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &t.name, Item: text, ConditionExpression: aws.String("attribute_not_exists(pk)"),
	})
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return nil
	}
	if err != nil {
		return fmt.Errorf("record text %s as unconfirmed: %w", m.ID, dynamo.Redact(err))
	}
	return nil
}

// MessageStatus stores what a receipt said about a text. It returns ErrNoMessage where the text is not on record. It
// may be repeated, and steps may come in any order, because consent.Message.WithStep works out the status when the
// text is read. first is true where the text had no step before, also not this one.
func (t *Table) MessageStatus(
	ctx context.Context, key consent.Key, messageID string, s consent.StatusChange,
) (first bool, err error) {
	s.At = s.At.UTC().Truncate(time.Millisecond)
	// Texts are never deleted, so the text is still there when the step is written.
	onRecord, steps := false, 0
	err = t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :text)"),
		ExpressionAttributeValues: item{":pk": str(contactKey(key)), ":text": str(messageSort(messageID))},
	}, func(m item) error {
		r := &reader{m: m}
		if r.str("sk") == messageSort(messageID) {
			onRecord = true
		} else {
			steps++
		}
		return r.fault
	})
	if err != nil {
		return false, fmt.Errorf("look for text %s: %w", messageID, err)
	}
	if !onRecord {
		return false, fmt.Errorf("status of text %s: %w", messageID, ErrNoMessage)
	}
	m := primary(contactKey(key), stepSort(messageID, s))
	setStep(m, s)
	if err := t.seal(m); err != nil {
		return false, fmt.Errorf("status of text %s: %w", messageID, err)
	}
	if _, err := t.api.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: m}); err != nil {
		return false, fmt.Errorf("status of text %s: %w", messageID, dynamo.Redact(err))
	}
	return steps == 0, nil
}
