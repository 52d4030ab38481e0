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
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/dynamo"
)

// inboundKept is how long the table remembers that an inbound message was handled. SNS retries for up to 23 days, and
// a message that failed is kept for 14 more, during which somebody may run it again.
const inboundKept = 60 * 24 * time.Hour

// Commit writes a change of a contact, the events that prove it (I4) and its entries in the audience in one
// transaction, and returns the contact as stored. After these errors nothing was written:
//
//	ErrConflict  the stored contact is not the one the change was decided on: read it and decide again
//	ErrHeard     the inbound message that caused the change was handled before
//
// After any other error of the call the transaction may have been written; reading the contact tells. The SDK itself
// may retry safely: each transaction has a token by which DynamoDB recognizes it (docs.aws.amazon.com,
// TransactWriteItems, "Idempotency").
func (t *Table) Commit(ctx context.Context, ch consent.Change, now time.Time) (consent.Contact, error) {
	if len(ch.Events) == 0 {
		return consent.Contact{}, errors.New("commit: the change has no event that proves it")
	}
	ch, err := t.ledger.Seal(ch, now)
	if err != nil {
		return consent.Contact{}, fmt.Errorf("commit: %w", err)
	}
	contact, items, err := t.transaction(&ch, now)
	if err != nil {
		return consent.Contact{}, fmt.Errorf("commit: %w", err)
	}
	_, err = t.api.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: items})
	canceled, isCanceled := errors.AsType[*types.TransactionCanceledException](err)
	switch {
	case isCanceled && ch.Inbound != "" && inboundHeard(canceled, len(items)-1):
		return consent.Contact{}, fmt.Errorf("commit: message %w", ErrHeard)
	case isCanceled && contactChanged(canceled):
		return consent.Contact{}, fmt.Errorf("commit: contact %w", ErrConflict)
	case isCanceled && behindLedger(canceled):
		return consent.Contact{}, fmt.Errorf(
			"commit: contact behind its ledger: %w",
			t.catchUp(ctx, ch.Next.Key, ch.Next.Version),
		)
	case err != nil:
		return consent.Contact{}, fmt.Errorf("commit: %w", dynamo.Redact(err))
	}
	return t.decode(ch.Next.Key, contact)
}

// Heard reports whether an inbound message from a person was handled before. It knows messages of the last 60 days.
func (t *Table) Heard(ctx context.Context, key consent.Key, inbound string) (bool, error) {
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:            &t.name,
		Key:                  primary(contactKey(key), inboundSort(inbound)),
		ConsistentRead:       aws.Bool(true),
		ProjectionExpression: aws.String("pk"),
	})
	if err != nil {
		return false, fmt.Errorf("read inbound message: %w", dynamo.Redact(err))
	}
	return len(out.Item) > 0, nil
}

// inboundHeard reports whether a transaction failed because its last item, the inbound message, exists already.
func inboundHeard(canceled *types.TransactionCanceledException, last int) bool {
	reasons := canceled.CancellationReasons
	return last < len(reasons) && aws.ToString(reasons[last].Code) == "ConditionalCheckFailed"
}

// contactChanged reports whether a transaction failed because another caller has written the contact since it was
// read, or is writing it now. The contact is the first item of the transaction.
func contactChanged(canceled *types.TransactionCanceledException) bool {
	for i, reason := range canceled.CancellationReasons {
		switch code := aws.ToString(reason.Code); {
		case code == "TransactionConflict", code == "ConditionalCheckFailed" && i == 0:
			return true
		}
	}
	return false
}

// behindLedger reports whether a transaction failed because one of its events exists already, although the contact
// has not changed since it was read. Then somebody restored an old contact, deleted it, or added an event. Callers
// rule out the contact and the inbound message first.
func behindLedger(canceled *types.TransactionCanceledException) bool {
	return slices.ContainsFunc(canceled.CancellationReasons, func(r types.CancellationReason) bool {
		return aws.ToString(r.Code) == "ConditionalCheckFailed"
	})
}

// maxCatchUp is how many events catchUp reads in one call.
const maxCatchUp = 100

// catchUp moves the head of a contact to the end of its ledger and marks the contact as suspect. It is for a contact
// that is older than its ledger: no event may be overwritten, and yet a STOP must be stored. It always returns an
// error, which is ErrConflict where it worked, because the change has to be decided again. After maxCatchUp events it
// stops there; the next try goes on.
func (t *Table) catchUp(ctx context.Context, key consent.Key, read int64) error {
	c, err := t.Contact(ctx, key)
	if err != nil {
		return err
	}
	if c.Version != read {
		return ErrConflict
	}
	for range maxCatchUp {
		next := c.Head.Seq + 1
		out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
			TableName: &t.name, Key: primary(contactKey(key), eventSort(next)), ConsistentRead: aws.Bool(true),
		})
		if err != nil {
			return fmt.Errorf("read event %d: %w", next, dynamo.Redact(err))
		}
		if len(out.Item) == 0 {
			break
		}
		e, _ := decodeEvent(out.Item) // an unreadable event has no hash; Verify reports the broken chain
		c.Head = consent.Head{Seq: next, Hash: e.Hash}
	}
	c.Suspect = true
	c.Version++
	m, err := t.encode(&c)
	if err == nil {
		_, err = t.put(ctx, m, read)
	}
	if err != nil {
		return err
	}
	return ErrConflict
}

// transaction returns the stored form of the contact and the writes of a sealed change, in this order: the contact,
// its events, its entries in the audience, what a person should read, and the inbound message that caused it.
func (t *Table) transaction(ch *consent.Change, now time.Time) (item, []types.TransactWriteItem, error) {
	next := ch.Next
	next.Version++
	contact, err := t.encode(&next)
	if err != nil {
		return nil, nil, err
	}
	put := &types.Put{TableName: &t.name, Item: contact}
	put.ConditionExpression, put.ExpressionAttributeValues = unchanged(ch.Next.Version)
	items := make([]types.TransactWriteItem, 0, 1+len(ch.Events)+len(ch.Joined)+len(ch.Left))
	items = append(items, types.TransactWriteItem{Put: put})
	for i := range ch.Events {
		event, err := encodeEvent(next.Key, &ch.Events[i])
		if err != nil {
			return nil, nil, fmt.Errorf("event %d: %w", ch.Events[i].Seq, err)
		}
		items = append(items, types.TransactWriteItem{Put: &types.Put{
			TableName: &t.name, Item: event, ConditionExpression: aws.String("attribute_not_exists(pk)"),
		}})
	}
	for _, topic := range audienceTopics(ch) {
		entry, err := t.audienceWrite(&next, topic)
		if err != nil {
			return nil, nil, fmt.Errorf("audience of topic %s: %w", topic, err)
		}
		items = append(items, entry)
	}
	if ch.ToRead != "" {
		items = append(items, types.TransactWriteItem{Put: &types.Put{TableName: &t.name, Item: toRead(ch, now)}})
	}
	if ch.Inbound != "" {
		message := primary(contactKey(next.Key), inboundSort(ch.Inbound))
		message[ttl] = num(now.Add(inboundKept).Unix())
		items = append(items, types.TransactWriteItem{Put: &types.Put{
			TableName: &t.name, Item: message, ConditionExpression: aws.String("attribute_not_exists(pk)"),
		}})
	}
	return contact, items, nil
}

// audienceTopics returns the topics whose audience entry may have to change, sorted and each once. A YES also settles
// the place a person gave when they signed up, and that moves them in the audience of every topic.
func audienceTopics(ch *consent.Change) []string {
	topics := slices.Concat(ch.Joined, ch.Left)
	if slices.ContainsFunc(ch.Events, func(e consent.Event) bool { return e.Type == consent.Confirmed }) {
		for topic, s := range ch.Next.Subs {
			if s.State == consent.Subscribed {
				topics = append(topics, topic)
			}
		}
	}
	slices.Sort(topics)
	return slices.Compact(topics)
}

// audienceWrite returns the write of a topic's audience entry. A topic that is not subscribed gets an entry without
// index keys, which takes the person off the list. Nothing is deleted, so no function needs permission to delete,
// with which it could delete events too.
func (t *Table) audienceWrite(c *consent.Contact, topic string) (types.TransactWriteItem, error) {
	entry := audienceEntry(c, topic)
	return types.TransactWriteItem{Put: &types.Put{TableName: &t.name, Item: entry}}, t.seal(entry)
}

// audienceEntry returns the audience entry of a topic that follows from the contact, without a seal.
func audienceEntry(c *consent.Contact, topic string) item {
	entry := primary(contactKey(c.Key), audienceSort(topic))
	if c.Subs[topic].State != consent.Subscribed {
		return entry
	}
	area, err := phone.Locate(c.Phone, c.Told)
	if err != nil {
		area = audience.Nowhere // they are subscribed; the gate refuses every text until their place is known
	}
	aud, zone := audience.Entry(c.Brand, topic, area, c.Phone)
	entry["aud"], entry["zone"] = str(aud), str(zone)
	return entry
}
