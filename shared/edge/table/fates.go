package table

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/dynamo"
)

// optOutKept is how long an opt-out is remembered as counted. No queue keeps a message that long.
const optOutKept = 30 * 24 * time.Hour

// CountFates adds f to what has become of a campaign's texts, in one write, and returns the sum. The item is apart
// from the campaign, so that counting never conflicts with a change of its state. It is not safe to repeat: that
// counts twice.
func (t *Table) CountFates(ctx context.Context, id string, f campaign.Fates) (campaign.Tally, error) {
	return t.updateFates(ctx, id, "ADD d :d, u :u, s :s, o :o", f)
}

// AnswerFates stores that a pause of the campaign has dealt with the texts in so. Limits count from there on.
func (t *Table) AnswerFates(ctx context.Context, id string, so campaign.Fates) error {
	_, err := t.updateFates(ctx, id, "SET ad = :d, au = :u, asp = :s, ao = :o", so)
	return err
}

// CountOptOut adds one opt-out to what has become of a campaign's texts, and returns the sum. once is the hash of the
// opt-out's event: a repeated call with it, within 30 days, counts nothing.
func (t *Table) CountOptOut(ctx context.Context, id, once string, now time.Time) (campaign.Tally, error) {
	known := primary(campaignKey(id), optOutPrefix+once)
	known[ttl] = num(now.Add(optOutKept).Unix())
	in := &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		{Put: &types.Put{TableName: &t.name, Item: known, ConditionExpression: aws.String("attribute_not_exists(pk)")}},
		{Update: &types.Update{
			TableName: &t.name, Key: primary(campaignKey(id), fatesSort), UpdateExpression: aws.String("ADD o :one"),
			ExpressionAttributeValues: item{":one": num(1)},
		}},
	}}
	for try := range maxTries {
		_, err := t.api.TransactWriteItems(ctx, in)
		canceled, isCanceled := errors.AsType[*types.TransactionCanceledException](err)
		switch {
		case err == nil, isCanceled && firstItemExists(canceled):
			return t.Fates(ctx, id)
		case !isCanceled:
			return campaign.Tally{}, fmt.Errorf("count an opt-out from campaign %s: %w", id, dynamo.Redact(err))
		}
		if err := pause(ctx, try); err != nil { // another call is counting at this moment
			return campaign.Tally{}, fmt.Errorf("count an opt-out from campaign %s: %w", id, err)
		}
	}
	return campaign.Tally{}, fmt.Errorf("count an opt-out from campaign %s: gave up after %d tries: %w", id, maxTries, ErrConflict)
}

func (t *Table) updateFates(ctx context.Context, id, update string, f campaign.Fates) (campaign.Tally, error) {
	in := &dynamodb.UpdateItemInput{
		TableName: &t.name, Key: primary(campaignKey(id), fatesSort), UpdateExpression: aws.String(update),
		ExpressionAttributeValues: item{
			":d": num(int64(f.Delivered)), ":u": num(int64(f.Undelivered)),
			":s": num(int64(f.Complaints)), ":o": num(int64(f.OptOuts)),
		},
		ReturnValues: types.ReturnValueAllNew,
	}
	out, err := t.api.UpdateItem(ctx, in)
	for try := 0; isInTransaction(err) && try < maxTries; try++ {
		if err := pause(ctx, try); err != nil {
			return campaign.Tally{}, fmt.Errorf("count the fates of campaign %s: %w", id, err)
		}
		out, err = t.api.UpdateItem(ctx, in)
	}
	if err != nil {
		return campaign.Tally{}, fmt.Errorf("count the fates of campaign %s: %w", id, dynamo.Redact(err))
	}
	return decodeTally(id, out.Attributes)
}

// isInTransaction reports whether a write failed because CountOptOut is writing the same item at this moment.
func isInTransaction(err error) bool {
	_, is := errors.AsType[*types.TransactionConflictException](err)
	return is
}

// Fates returns what has become of a campaign's texts, all zero where nothing is known.
func (t *Table) Fates(ctx context.Context, id string) (campaign.Tally, error) {
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: primary(campaignKey(id), fatesSort), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return campaign.Tally{}, fmt.Errorf("read the fates of campaign %s: %w", id, dynamo.Redact(err))
	}
	return decodeTally(id, out.Item)
}

func decodeTally(id string, m item) (campaign.Tally, error) {
	r := &reader{m: m}
	read := func(delivered, undelivered, complaints, optOuts string) campaign.Fates {
		return campaign.Fates{
			Delivered: int(r.num(delivered)), Undelivered: int(r.num(undelivered)),
			Complaints: int(r.num(complaints)), OptOuts: int(r.num(optOuts)),
		}
	}
	tally := campaign.Tally{All: read("d", "u", "s", "o"), Answered: read("ad", "au", "asp", "ao")}
	if r.fault != nil {
		return campaign.Tally{}, fmt.Errorf("stored fates of campaign %s: %w", id, r.fault)
	}
	return tally, nil
}
