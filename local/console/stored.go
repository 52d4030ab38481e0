package console

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/local/account"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/table"
)

// campaigns reads the campaigns there are, and how far each has come.
func campaigns(ctx context.Context, db *dynamodb.Client) ([]CampaignState, error) {
	t := table.New(db, account.TableName, consent.Ledger{}) // reading needs no key
	all, err := t.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	campaigns := []CampaignState{}
	for _, one := range all {
		shards, err := t.Shards(ctx, one.ID)
		if err != nil {
			return nil, err
		}
		campaigns = append(campaigns, CampaignState{
			ID:      one.ID,
			Brand:   one.Brand,
			Topic:   one.Topic,
			Text:    one.Text,
			At:      one.At,
			Expires: one.Expires,
			State:   one.State,
			Why:     one.Why,
			Counts:  campaign.Total(shards),
		})
	}
	return campaigns, nil
}
