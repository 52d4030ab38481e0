package console

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/local/account"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
)

// stored reads what the console shows of the table. It reads all of it, which only a demonstration can afford.
func (c *Console) stored(ctx context.Context) ([]ContactState, []CampaignState, error) {
	db := dynamodb.NewFromConfig(c.AWS)
	t := table.New(db, account.TableName, consent.Ledger{}) // reading needs no key
	keys, err := contactKeys(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	found, _, err := t.Contacts(ctx, keys)
	if err != nil {
		return nil, nil, err
	}
	contacts := []ContactState{}
	for _, one := range found {
		topics := map[string]consent.State{}
		for id, sub := range one.Subs {
			topics[id] = sub.StateAt(c.Now())
		}
		contacts = append(contacts, ContactState{
			Brand:   one.Brand,
			Phone:   string(one.Phone),
			Topics:  topics,
			Stopped: append([]string{}, slices.Sorted(maps.Keys(one.Stopped))...),
			Paused:  one.Paused.After(c.Now()),
		})
	}
	all, err := t.Campaigns(ctx)
	if err != nil {
		return nil, nil, err
	}
	campaigns := []CampaignState{}
	for _, one := range all {
		shards, err := t.Shards(ctx, one.ID)
		if err != nil {
			return nil, nil, err
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
	return contacts, campaigns, nil
}

// contactKeys lists the contacts in the table, by brand and phone.
func contactKeys(ctx context.Context, db dynamodb.ScanAPIClient) ([]consent.Key, error) {
	var keys []consent.Key
	pages := dynamodb.NewScanPaginator(db, &dynamodb.ScanInput{
		TableName:            aws.String(account.TableName),
		FilterExpression:     aws.String("sk = :contact"),
		ProjectionExpression: aws.String("pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":contact": &types.AttributeValueMemberS{Value: "CONTACT"},
		},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list contacts: %w", err)
		}
		for _, item := range page.Items {
			pk, _ := item["pk"].(*types.AttributeValueMemberS)
			if pk == nil {
				continue
			}
			if parts := strings.Split(pk.Value, "#"); len(parts) == 3 {
				keys = append(keys, consent.Key{Brand: parts[1], Phone: phone.Number(parts[2])})
			}
		}
	}
	slices.SortFunc(keys, func(a, b consent.Key) int {
		return strings.Compare(a.Brand+"#"+string(a.Phone), b.Brand+"#"+string(b.Phone))
	})
	return keys, nil
}
