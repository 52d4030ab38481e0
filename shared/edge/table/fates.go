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

const optOutKept = 30 * 24 * time.Hour

// CountFates adds to what is known of a campaign's texts, in one write, and returns all of it. That is kept apart from
// the campaign, so that counting never meets whoever changes its state.
func (t *Table) CountFates(ctx context.Context, id string, f campaign.Fates) (campaign.Tally, error) {
	return t.updateFates(ctx, id, "ADD d :d, u :u, s :s, o :o", f)
}

// AnswerFates notes that what had become of a campaign's texts so far was answered by a pause: from here on it is
// counted anew.
func (t *Table) AnswerFates(ctx context.Context, id string, so campaign.Fates) error {
	_, err := t.updateFates(ctx, id, "SET ad = :d, au = :u, asp = :s, ao = :o", so)
	return err
}

// CountOptOut adds to what is known of a campaign's texts that one was answered by an opt-out, and returns all of it.
// once is the hash of the opt-out's event: it is counted once, however often that is told. What tells that is kept
// longer than any queue keeps a message.
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
	for try := range tries {
		_, err := t.api.TransactWriteItems(ctx, in)
		canceled, isCanceled := errors.AsType[*types.TransactionCanceledException](err)
		switch {
		case err == nil, isCanceled && toldBefore(canceled):
			return t.Fates(ctx, id)
		case !isCanceled:
			return campaign.Tally{}, fmt.Errorf("count an opt-out from campaign %s: %w", id, dynamo.Redact(err))
		}
		if err := pause(ctx, try); err != nil { // somebody else is counting at this moment
			return campaign.Tally{}, fmt.Errorf("count an opt-out from campaign %s: %w", id, err)
		}
	}
	return campaign.Tally{}, fmt.Errorf("count an opt-out from campaign %s: gave up after %d tries: %w", id, tries, ErrConflict)
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
	for try := 0; isInTransaction(err) && try < tries; try++ {
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

// isInTransaction reports whether a write failed because an opt-out is being counted at this moment.
func isInTransaction(err error) bool {
	_, is := errors.AsType[*types.TransactionConflictException](err)
	return is
}

// Fates reads what is known of a campaign's texts. Where nothing is, all is zero.
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
