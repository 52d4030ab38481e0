package table

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/dynamo"
)

// Approve stores who approved a campaign, in place of an earlier approval. The item has a partition of its own, so
// that IAM can allow this write to people who may not write campaigns, and deny it to those who may.
func (t *Table) Approve(ctx context.Context, campaignID string, a campaign.Approval) error {
	m := primary(approvalKey(campaignID), approvalSort)
	setStr(m, "by", a.By)
	setTime(m, "at", a.At)
	setStr(m, "of", a.Of)
	if _, err := t.api.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: m}); err != nil {
		return fmt.Errorf("approve campaign %s: %w", campaignID, dynamo.Redact(err))
	}
	return nil
}

// Approval returns who approved a campaign, or the zero Approval where nobody did.
func (t *Table) Approval(ctx context.Context, campaignID string) (campaign.Approval, error) {
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: primary(approvalKey(campaignID), approvalSort), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return campaign.Approval{}, fmt.Errorf("read who approved campaign %s: %w", campaignID, dynamo.Redact(err))
	}
	r := &reader{m: out.Item}
	a := campaign.Approval{By: r.str("by"), At: r.time("at"), Of: r.str("of")}
	if r.fault != nil {
		return campaign.Approval{}, fmt.Errorf("stored approval of campaign %s: %w", campaignID, r.fault)
	}
	return a, nil
}
