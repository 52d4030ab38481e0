package table

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/dynamo"
)

// seriesItem is a series as stored. It stands in the partition that lists all campaigns.
type seriesItem struct {
	PK      string       `dynamodbav:"pk"`
	SK      string       `dynamodbav:"sk"`
	ID      string       `dynamodbav:"id"`
	Name    string       `dynamodbav:"name,omitempty"`
	Cron    string       `dynamodbav:"cron"`
	Zone    string       `dynamodbav:"tz"`
	Each    campaignItem `dynamodbav:"each"`
	Lasts   int64        `dynamodbav:"for"`           // milliseconds
	Until   int64        `dynamodbav:"til,omitempty"` // Unix milliseconds
	Most    *int64       `dynamodbav:"most,omitempty"`
	Times   int          `dynamodbav:"times,omitempty"`
	Runs    int          `dynamodbav:"runs,omitempty"`
	Skipped int          `dynamodbav:"skip,omitempty"`
	Last    int64        `dynamodbav:"last"` // Unix milliseconds
	State   string       `dynamodbav:"st"`
	Why     string       `dynamodbav:"why,omitempty"`
	Version int64        `dynamodbav:"ver"`
}

// SaveSeries stores a series, if the stored version is still the one that was read, 0 for a new series; otherwise it
// returns ErrConflict. The stored version is one higher.
func (t *Table) SaveSeries(ctx context.Context, s campaign.Series) error {
	m, err := attributevalue.MarshalMap(seriesItem{
		PK: campaignsKey, SK: seriesPrefix + s.ID, ID: s.ID, Name: s.Name, Cron: s.Cron, Zone: s.Zone,
		Each:  newCampaignItem(&s.Each),
		Lasts: s.Lasts.Milliseconds(), Until: milli(s.Until), Most: s.Most, Times: s.Times, Runs: s.Runs, Skipped: s.Skipped,
		Last: milli(s.Last), State: string(s.State), Why: s.Why, Version: s.Version + 1,
	})
	if err == nil {
		err = t.putVersion(ctx, m, s.Version)
	}
	if err != nil {
		return fmt.Errorf("save series %s: %w", s.ID, err)
	}
	return nil
}

// Series reads a series of campaigns, or returns ErrNotFound.
func (t *Table) Series(ctx context.Context, id string) (campaign.Series, error) {
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: primary(campaignsKey, seriesPrefix+id), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return campaign.Series{}, fmt.Errorf("read series %s: %w", id, dynamo.Redact(err))
	}
	if len(out.Item) == 0 {
		return campaign.Series{}, fmt.Errorf("read series %s: %w", id, ErrNotFound)
	}
	return decodeSeries(out.Item)
}

// AllSeries reads all series, sorted by their IDs.
func (t *Table) AllSeries(ctx context.Context) (all []campaign.Series, err error) {
	err = t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :series)"),
		ExpressionAttributeValues: item{":pk": str(campaignsKey), ":series": str(seriesPrefix)},
	}, func(m item) error {
		s, err := decodeSeries(m)
		all = append(all, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list series: %w", err)
	}
	return all, nil
}

func decodeSeries(m item) (campaign.Series, error) {
	var s seriesItem
	if err := attributevalue.UnmarshalMap(m, &s); err != nil {
		return campaign.Series{}, fmt.Errorf("stored series: %w", err)
	}
	return campaign.Series{
		ID: s.ID, Name: s.Name, Cron: s.Cron, Zone: s.Zone, Each: s.Each.campaign(),
		Lasts: time.Duration(s.Lasts) * time.Millisecond, Until: fromMilli(s.Until), Most: s.Most, Times: s.Times,
		Runs: s.Runs, Skipped: s.Skipped, Last: fromMilli(s.Last),
		State: campaign.State(s.State), Why: s.Why, Version: s.Version,
	}, nil
}
