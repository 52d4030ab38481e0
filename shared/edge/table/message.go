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

// Sent is a text that was handed to the carrier, with whom it went to.
type Sent struct {
	Key     consent.Key
	Message consent.Message
}

// Record puts texts on record (I3). It may be repeated, and takes the place of what RecordUnconfirmed wrote. What
// receipts said stands in items of its own, so it is kept whichever comes first.
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

// Text names one text of one person.
type Text struct {
	consent.Key
	ID string
}

// Statuses reads what those texts are on record as, leaving receipts aside; a text that is not on record is left out. A
// record that was written within the last second may be missed: that costs half as much, and RecordUnconfirmed makes
// nothing of it.
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

// RecordUnconfirmed puts a text on record whose sender did not, because it was ended before it could. Where the text is
// on record the sender knows better, and nothing is written.
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

// MessageStatus adds what a receipt said to a text on record, or returns ErrNoMessage. The same step may be added any
// number of times, and steps in any order: consent.Message.WithStep works out the status of the text whenever it is
// read. It reports whether it is the first step of the text: a second says the same again, or contradicts it.
func (t *Table) MessageStatus(
	ctx context.Context, key consent.Key, messageID string, s consent.StatusChange,
) (first bool, err error) {
	s.At = s.At.UTC().Truncate(time.Millisecond)
	// A text on record stays there, so nothing can come between this look and the write.
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
