package table

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/dynamo"
)

// toRead returns the item for a message that a person should read: {n phone, e its event, p program, w why}. The
// words are in the event only, so deleting a person's record deletes them too.
func toRead(ch *consent.Change, now time.Time) item {
	e := ch.Events[slices.IndexFunc(ch.Events, func(e consent.Event) bool { return e.Evidence["inbound"] == ch.Inbound })]
	m := primary(repliesKey(ch.Next.Brand), toReadSort(e.At, ch.Inbound))
	setStr(m, "n", string(ch.Next.Phone))
	setNum(m, "e", e.Seq)
	setStr(m, "p", e.Program)
	setStr(m, "w", ch.ToRead)
	m[ttl] = num(now.Add(consent.RepliesKept).Unix())
	return m
}

// Replies returns the latest texts to a brand that a person should read, newest first, at most most. With all set it
// includes those that somebody has read. more reports whether there are others.
func (t *Table) Replies(
	ctx context.Context, brand string, all bool, most int, now time.Time,
) (found []consent.Reply, more bool, err error) {
	in := &dynamodb.QueryInput{
		TableName: &t.name, ScanIndexForward: aws.Bool(false), ConsistentRead: aws.Bool(true),
		KeyConditionExpression: aws.String("pk = :pk AND sk BETWEEN :from AND :to"),
		ExpressionAttributeValues: item{
			":pk": str(repliesKey(brand)), ":from": str(toReadSort(now.Add(-consent.RepliesKept), "")),
			":to": str(toReadSort(now.AddDate(1, 0, 0), "")),
		},
	}
	if !all {
		in.FilterExpression = aws.String("attribute_not_exists(rd)")
	}
	for {
		out, err := t.api.Query(ctx, in)
		if err != nil {
			return nil, false, fmt.Errorf("read replies: %w", dynamo.Redact(err))
		}
		for _, m := range out.Items {
			r, err := decodeReply(brand, m)
			if err != nil {
				return nil, false, fmt.Errorf("read replies: %w", err)
			}
			found = append(found, r)
		}
		if len(found) > most || len(out.LastEvaluatedKey) == 0 {
			more = len(found) > most
			found = found[:min(most, len(found))]
			return found, more, t.addWords(ctx, found)
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}

func decodeReply(brand string, m item) (consent.Reply, error) {
	r := &reader{m: m}
	at, id, named := strings.Cut(strings.TrimPrefix(r.str("sk"), toReadPrefix), "#")
	var milli int64
	if _, err := fmt.Sscanf(at, "%d", &milli); err != nil || !named {
		r.fail("sk", "the key of a reply")
	}
	return consent.Reply{
		Key: consent.Key{Brand: brand, Phone: phone.Number(r.str("n"))}, ID: id, At: time.UnixMilli(milli).UTC(),
		Seq: r.num("e"), Program: r.str("p"), Why: r.str("w"), Read: r.time("rd"), ReadBy: r.str("by"),
	}, r.fault
}

// addWords adds the words of replies from their events.
func (t *Table) addWords(ctx context.Context, replies []consent.Reply) error {
	at := map[string][]int{}
	keys := make([]item, 0, len(replies))
	for i := range replies {
		pk, sk := contactKey(replies[i].Key), eventSort(replies[i].Seq)
		if at[pk+sk] == nil {
			keys = append(keys, primary(pk, sk))
		}
		at[pk+sk] = append(at[pk+sk], i)
	}
	for batch := range slices.Chunk(keys, maxBatchGet) {
		err := t.batchGet(ctx, consistentRead(batch), func(m item) error {
			r := &reader{m: m}
			e, err := decodeEvent(m)
			for _, i := range at[r.str("pk")+r.str("sk")] {
				replies[i].Words = e.Evidence["body"]
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("read the words of replies: %w", err)
		}
	}
	return nil
}

// MarkRead stores that somebody has read a reply. It returns ErrNotFound where the reply is no longer kept. It may be
// repeated, and then stores the later reader.
func (t *Table) MarkRead(ctx context.Context, r *consent.Reply, by string, at time.Time) error {
	_, err := t.api.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &t.name, Key: primary(repliesKey(r.Brand), toReadSort(r.At, r.ID)),
		UpdateExpression: aws.String("SET rd = :at, #by = :by"), ConditionExpression: aws.String("attribute_exists(pk)"),
		ExpressionAttributeNames:  map[string]string{"#by": "by"},
		ExpressionAttributeValues: item{":at": num(at.UnixMilli()), ":by": str(by)},
	})
	if _, gone := errors.AsType[*types.ConditionalCheckFailedException](err); gone {
		return fmt.Errorf("mark a reply as read: %w", ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("mark a reply as read: %w", dynamo.Redact(err))
	}
	return nil
}

// RecordReplyNumbersRequest stores that somebody asked for the phone numbers of those who replied to a brand. It may be
// repeated.
func (t *Table) RecordReplyNumbersRequest(ctx context.Context, brand string, a NumbersRequest) error {
	if err := t.putNumbersRequest(ctx, repliesKey(brand), a); err != nil {
		return fmt.Errorf("put on record who asked for the numbers of replies: %w", err)
	}
	return nil
}

// ReplyNumbersRequests returns who asked for the phone numbers of those who replied to a brand, oldest first.
func (t *Table) ReplyNumbersRequests(ctx context.Context, brand string) ([]NumbersRequest, error) {
	all, err := t.numbersRequests(ctx, repliesKey(brand))
	if err != nil {
		return nil, fmt.Errorf("read who asked for the numbers of replies: %w", err)
	}
	return all, nil
}
