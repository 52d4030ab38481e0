package table

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/oklog/ulid/v2"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/dynamo"
)

// Click stores that a person followed a link of a campaign's text, and adds it to the campaign's count, in one
// transaction. Only the first click of a text is stored and counted, whichever link it was. first reports whether
// this is the stored click. It may be repeated.
//
// A person gets at most one text of a campaign (I2), so the click can name the campaign instead of the text. Nothing
// has to be read first, and the click may be stored before its text.
func (t *Table) Click(ctx context.Context, key consent.Key, campaignID string, step consent.StatusChange) (first bool, err error) {
	step.At = step.At.UTC().Truncate(time.Millisecond)
	m := primary(contactKey(key), clickSort(campaignID))
	setStep(m, step)
	if err := t.seal(m); err != nil {
		return false, fmt.Errorf("record a click: %w", err)
	}
	in := &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		{Put: &types.Put{TableName: &t.name, Item: m, ConditionExpression: aws.String("attribute_not_exists(pk)")}},
		{Update: &types.Update{
			TableName:                 &t.name,
			Key:                       primary(clicksKey(campaignID), shardSort(audience.ShardOf(key.Phone))),
			UpdateExpression:          aws.String("ADD n :one"),
			ExpressionAttributeValues: item{":one": num(1)},
		}},
	}}
	for try := range maxTries {
		_, err = t.api.TransactWriteItems(ctx, in)
		canceled, isCanceled := errors.AsType[*types.TransactionCanceledException](err)
		switch {
		case err == nil:
			return true, nil
		case !isCanceled:
			return false, fmt.Errorf("record a click: %w", dynamo.Redact(err))
		case firstItemExists(canceled):
			return t.isClick(ctx, m, step.At)
		}
		// Another click of the same shard is being counted at this moment.
		if err := pause(ctx, try); err != nil {
			return false, fmt.Errorf("record a click: %w", err)
		}
	}
	return false, fmt.Errorf("record a click: gave up after %d tries: the campaign's count %w", maxTries, ErrConflict)
}

// firstItemExists reports whether a transaction failed because its first item exists already.
func firstItemExists(canceled *types.TransactionCanceledException) bool {
	reasons := canceled.CancellationReasons
	return len(reasons) > 0 && aws.ToString(reasons[0].Code) == "ConditionalCheckFailed"
}

// isClick reports whether the stored click was made at that time.
func (t *Table) isClick(ctx context.Context, click item, at time.Time) (bool, error) {
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: item{"pk": click["pk"], "sk": click["sk"]}, ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return false, fmt.Errorf("read a click: %w", dynamo.Redact(err))
	}
	r := &reader{m: out.Item}
	return readStep(r).At.Equal(at), r.fault
}

// Clicks returns how many people followed a link of the campaign's text.
func (t *Table) Clicks(ctx context.Context, campaignID string) (int, error) {
	sum := int64(0)
	err := t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk"),
		ExpressionAttributeValues: item{":pk": str(clicksKey(campaignID))},
	}, func(m item) error {
		r := &reader{m: m}
		sum += r.num("n")
		return r.fault
	})
	if err != nil {
		return 0, fmt.Errorf("read the clicks of campaign %s: %w", campaignID, err)
	}
	return int(sum), nil
}

// CampaignByPrefix reads the campaign whose ULID begins with those bytes, at most 16. It returns ErrNotFound where
// no campaign does, or more than one: then it is unclear which was meant.
func (t *Table) CampaignByPrefix(ctx context.Context, prefix []byte) (campaign.Campaign, error) {
	var from, to ulid.ULID
	for i := range to {
		to[i] = 0xff
	}
	copy(from[:], prefix)
	copy(to[:], prefix)
	var ids []string
	err := t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression: aws.String("pk = :pk AND sk BETWEEN :from AND :to"),
		ExpressionAttributeValues: item{
			":pk": str(campaignsKey), ":from": str(from.String()), ":to": str(to.String()),
		},
	}, func(m item) error {
		r := &reader{m: m}
		ids = append(ids, r.str("sk"))
		return r.fault
	})
	switch {
	case err != nil:
		return campaign.Campaign{}, fmt.Errorf("find a campaign: %w", err)
	case len(ids) != 1:
		return campaign.Campaign{}, fmt.Errorf("find a campaign among %d: %w", len(ids), ErrNotFound)
	}
	return t.Campaign(ctx, ids[0])
}
