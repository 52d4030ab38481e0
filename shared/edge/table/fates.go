package table

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/dynamo"
)

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

func (t *Table) updateFates(ctx context.Context, id, update string, f campaign.Fates) (campaign.Tally, error) {
	out, err := t.api.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &t.name, Key: primary(campaignKey(id), fatesSort), UpdateExpression: aws.String(update),
		ExpressionAttributeValues: item{
			":d": num(int64(f.Delivered)), ":u": num(int64(f.Undelivered)),
			":s": num(int64(f.Complaints)), ":o": num(int64(f.OptOuts)),
		},
		ReturnValues: types.ReturnValueAllNew,
	})
	if err != nil {
		return campaign.Tally{}, fmt.Errorf("count the fates of campaign %s: %w", id, dynamo.Redact(err))
	}
	return decodeTally(id, out.Attributes)
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
