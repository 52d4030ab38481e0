package table

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/dynamo"
)

// CreateCampaign stores a new campaign, or returns ErrExists where its ID is taken. It does not look for other
// campaigns with the same text; CreateUniqueCampaign does.
func (t *Table) CreateCampaign(ctx context.Context, c campaign.Campaign) error {
	return t.writeCampaign(ctx, c, false, isNew())
}

// Campaign reads a campaign, or returns ErrNotFound.
func (t *Table) Campaign(ctx context.Context, id string) (campaign.Campaign, error) {
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: primary(campaignKey(id), campaignSort), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return campaign.Campaign{}, fmt.Errorf("read campaign %s: %w", id, dynamo.Redact(err))
	}
	if len(out.Item) == 0 {
		return campaign.Campaign{}, fmt.Errorf("read campaign %s: %w", id, ErrNotFound)
	}
	return decodeCampaign(out.Item)
}

// Campaigns reads all campaigns, newest first: one Query for their IDs, then the campaigns in batches of 100.
func (t *Table) Campaigns(ctx context.Context) ([]campaign.Campaign, error) {
	var keys []item
	err := t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk < :series"),
		ExpressionAttributeValues: item{":pk": str(campaignsKey), ":series": str(seriesPrefix)},
	}, func(m item) error {
		in := &reader{m: m}
		keys = append(keys, primary(campaignKey(in.str("sk")), campaignSort))
		return in.fault
	})
	all := make([]campaign.Campaign, 0, len(keys))
	for batch := range slices.Chunk(keys, maxBatchGet) {
		err = cmp.Or(err, t.batchGet(ctx, consistentRead(batch), func(m item) error {
			c, err := decodeCampaign(m)
			all = append(all, c)
			return err
		}))
	}
	if err != nil {
		return nil, fmt.Errorf("list campaigns: %w", err)
	}
	slices.SortFunc(all, func(a, b campaign.Campaign) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID))
	})
	return all, nil
}

// SetCampaignState stores a new state and the reason why in one conditional write. It returns
// ErrConflict where the stored state is none of from, and ErrNotFound where there is no such campaign.
func (t *Table) SetCampaignState(
	ctx context.Context,
	id string,
	from []campaign.State,
	to campaign.State,
	why string,
) error {
	if len(from) == 0 {
		return fmt.Errorf("campaign %s: name at least one state it may leave", id)
	}
	values := item{":to": str(string(to)), ":why": str(why)}
	names := make([]string, len(from))
	for i, s := range from {
		names[i] = ":from" + strconv.Itoa(i)
		values[names[i]] = str(string(s))
	}
	_, err := t.api.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &t.name,
		Key:                       primary(campaignKey(id), campaignSort),
		UpdateExpression:          aws.String("SET st = :to, why = :why"),
		ConditionExpression:       aws.String("st IN (" + strings.Join(names, ", ") + ")"),
		ExpressionAttributeValues: values,
	})
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		if _, err := t.Campaign(ctx, id); err != nil {
			return err
		}
		return fmt.Errorf("campaign %s: its state has %w", id, ErrConflict)
	}
	if err != nil {
		return fmt.Errorf("set campaign %s to %s: %w", id, to, dynamo.Redact(err))
	}
	return nil
}

// campaignItem is a campaign as stored. It is written once and read once a page, so the attributevalue package may
// encode it. Contacts and shards are written for every person or page, so they are encoded by hand, which is faster.
type campaignItem struct {
	PK    string `dynamodbav:"pk"`
	SK    string `dynamodbav:"sk"`
	ID    string `dynamodbav:"id"`
	Name  string `dynamodbav:"name,omitempty"`
	Brand string `dynamodbav:"brand"`
	Topic string `dynamodbav:"topic"`
	Text  string `dynamodbav:"text"`

	Texts        map[string]string `dynamodbav:"texts,omitempty"` // by language
	NotMarketing string            `dynamodbav:"news,omitempty"`  // who says so
	Urgent       string            `dynamodbav:"urge,omitempty"`  // who says so

	In      []string            `dynamodbav:"in,omitempty"`
	Wanted  map[string][]string `dynamodbav:"attr,omitempty"`
	Digest  bool                `dynamodbav:"dig,omitempty"`
	Content string              `dynamodbav:"con,omitempty"`
	At      int64               `dynamodbav:"at"`            // Unix milliseconds
	Expires int64               `dynamodbav:"exp"`           // Unix milliseconds
	From    int64               `dynamodbav:"lat,omitempty"` // local time of each person, stored as if it were UTC
	Until   int64               `dynamodbav:"lex,omitempty"` // likewise
	Created int64               `dynamodbav:"made"`          // Unix milliseconds
	By      string              `dynamodbav:"by,omitempty"`
	Series  string              `dynamodbav:"ser,omitempty"`
	State   string              `dynamodbav:"st"`
	Why     string              `dynamodbav:"why,omitempty"`

	Plan   string `dynamodbav:"plan,omitempty"`
	People int    `dynamodbav:"ppl,omitempty"`
	Will   int    `dynamodbav:"will,omitempty"`
	Parts  int    `dynamodbav:"prt,omitempty"`
	Cents  int    `dynamodbav:"usc,omitempty"`
}

func encodeCampaign(c *campaign.Campaign) (item, error) {
	m, err := attributevalue.MarshalMap(newCampaignItem(c))
	if err != nil {
		return nil, fmt.Errorf("encode campaign %s: %w", c.ID, err)
	}
	return m, nil
}

func newCampaignItem(c *campaign.Campaign) campaignItem {
	return campaignItem{
		PK:    campaignKey(c.ID),
		SK:    campaignSort,
		ID:    c.ID,
		Name:  c.Name,
		Brand: c.Brand,
		Topic: c.Topic,
		Text:  c.Text,

		Texts:        c.Texts,
		NotMarketing: c.Vouched.NotMarketing,
		Urgent:       c.Vouched.Urgent,

		In:      c.In,
		Wanted:  c.Attributes,
		Digest:  c.Digest,
		Content: c.Content,
		At:      c.At.UnixMilli(),
		Expires: c.Expires.UnixMilli(),
		From:    milli(c.Local.From),
		Until:   milli(c.Local.Until),
		Created: c.Created.UnixMilli(),
		By:      c.By,
		Series:  c.Series,
		State:   string(c.State),
		Why:     c.Why,

		Plan: c.Plan.Hash, People: c.Plan.People, Will: c.Plan.Will, Parts: c.Plan.Parts, Cents: c.Plan.Cents,
	}
}

// milli returns a time in Unix milliseconds, and 0 for the zero time. fromMilli does the reverse.
func milli(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixMilli()
}

func fromMilli(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

func decodeCampaign(m item) (campaign.Campaign, error) {
	var s campaignItem
	if err := attributevalue.UnmarshalMap(m, &s); err != nil {
		return campaign.Campaign{}, fmt.Errorf("stored campaign: %w", err)
	}
	return s.campaign(), nil
}

func (s *campaignItem) campaign() campaign.Campaign {
	return campaign.Campaign{
		ID:      s.ID,
		Name:    s.Name,
		Brand:   s.Brand,
		Topic:   s.Topic,
		Text:    s.Text,
		Texts:   s.Texts,
		Vouched: message.Vouched{NotMarketing: s.NotMarketing, Urgent: s.Urgent},
		In:      s.In,
		Digest:  s.Digest,

		Attributes: s.Wanted,

		Content: s.Content,
		At:      time.UnixMilli(s.At).UTC(),
		Expires: time.UnixMilli(s.Expires).UTC(),
		Local:   jurisdiction.Local{From: fromMilli(s.From), Until: fromMilli(s.Until)},
		Created: time.UnixMilli(s.Created).UTC(),
		By:      s.By,
		Series:  s.Series,
		State:   campaign.State(s.State),
		Why:     s.Why,
		Plan:    campaign.Plan{Hash: s.Plan, People: s.People, Will: s.Will, Parts: s.Parts, Cents: s.Cents},
	}
}
