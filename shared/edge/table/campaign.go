package table

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
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

// Shards reads the progress of a campaign, sorted by shard number. Shards that were never saved are left out.
func (t *Table) Shards(ctx context.Context, id string) ([]campaign.Shard, error) {
	var shards []campaign.Shard
	err := t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :shard)"),
		ExpressionAttributeValues: item{":pk": str(campaignKey(id)), ":shard": str(shardPrefix)},
	}, func(m item) error {
		s, err := decodeShard(id, m)
		shards = append(shards, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the progress of campaign %s: %w", id, err)
	}
	slices.SortFunc(shards, func(a, b campaign.Shard) int { return cmp.Compare(a.Number, b.Number) })
	return shards, nil
}

// Shard reads the progress of one shard of a campaign. A shard that was never saved has version 0.
func (t *Table) Shard(ctx context.Context, id string, number int) (campaign.Shard, error) {
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: primary(campaignKey(id), shardSort(number)), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return campaign.Shard{}, fmt.Errorf("read shard %d of campaign %s: %w", number, id, dynamo.Redact(err))
	}
	if len(out.Item) == 0 {
		return campaign.Shard{Campaign: id, Number: number}, nil
	}
	return decodeShard(id, out.Item)
}

// SaveShard stores the progress of a shard, if the stored version is still the one that was read; otherwise it
// returns ErrConflict. The stored version is one higher.
func (t *Table) SaveShard(ctx context.Context, s campaign.Shard) error {
	next := s
	next.Version++
	if err := t.putVersion(ctx, encodeShard(&next), s.Version); err != nil {
		return fmt.Errorf("save shard %d of campaign %s: %w", s.Number, s.Campaign, err)
	}
	return nil
}

// putVersion writes an item, if the stored version is still read (0 for none); otherwise it returns ErrConflict. It
// may be repeated: an item that is stored already is no conflict.
func (t *Table) putVersion(ctx context.Context, next item, read int64) error {
	in := &dynamodb.PutItemInput{
		TableName: &t.name, Item: next, ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	in.ConditionExpression, in.ExpressionAttributeValues = unchanged(read)
	_, err := t.api.PutItem(ctx, in)
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		// The SDK retries when an answer gets lost, and then meets what it wrote itself. Callers stop working on a
		// conflict, so it must be a real one.
		if reflect.DeepEqual(failed.Item, next) {
			return nil
		}
		return ErrConflict
	}
	return dynamo.Redact(err)
}

// campaignItem is a campaign as stored. It is written once and read once a page, so the attributevalue package may
// encode it. Contacts and shards are written for every person or page, so they are encoded by hand, which is faster.
type campaignItem struct {
	PK    string `dynamodbav:"pk"`
	SK    string `dynamodbav:"sk"`
	ID    string `dynamodbav:"id"`
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

// encodeShard uses names of one or two letters for a group. A shard is written after every page, and a campaign for
// many countries has hundreds of groups in it.
func encodeShard(s *campaign.Shard) item {
	m := primary(campaignKey(s.Campaign), shardSort(s.Number))
	m["n"], m["ver"] = num(int64(s.Number)), num(s.Version)
	setTime(m, "next", s.Next)
	setTime(m, "at", s.Saved)
	groups := make(item, len(s.Groups))
	for area := range s.Groups {
		g := s.Groups[area]
		e := make(item, 8)
		setNum(e, "s", int64(g.Sent))
		setNum(e, "d", int64(g.Deferred))
		setNum(e, "r", int64(g.Refused))
		setNum(e, "e", int64(g.Expired))
		setNum(e, "u", int64(g.Unreadable))
		setNum(e, "w", int64(g.Waiting))
		setCounts(e, "rb", g.RefusedBy)
		setCounts(e, "eb", g.ExpiredBy)
		setStr(e, "c", g.Cursor)
		setTime(e, "b", g.Counted)
		setTime(e, "n", g.Next)
		setTrue(e, "wk", g.Walked)
		setTrue(e, "dn", g.Done)
		groups[area] = &types.AttributeValueMemberM{Value: e}
	}
	m["groups"] = &types.AttributeValueMemberM{Value: groups}
	return m
}

func decodeShard(id string, m item) (campaign.Shard, error) {
	r := &reader{m: m}
	s := campaign.Shard{
		Campaign: id, Number: int(r.num("n")), Version: r.num("ver"), Next: r.time("next"), Saved: r.time("at"),
	}
	groups := r.mapOf("groups")
	s.Groups = make(map[string]campaign.Group, len(groups))
	r.within(groups, "groups", func(in *reader) {
		for area := range groups {
			in.within(in.mapOf(area), area, func(g *reader) {
				s.Groups[area] = campaign.Group{
					Counts: campaign.Counts{
						Sent: int(g.num("s")), Deferred: int(g.num("d")), Refused: int(g.num("r")), Expired: int(g.num("e")),
						Unreadable: int(g.num("u")),
					},
					Reasons: campaign.Reasons{RefusedBy: readCounts(g, "rb"), ExpiredBy: readCounts(g, "eb")},
					Waiting: int(g.num("w")), Cursor: g.str("c"), Counted: g.time("b"), Next: g.time("n"),
					Walked: g.isTrue("wk"), Done: g.isTrue("dn"),
				}
			})
		}
	})
	if r.fault != nil {
		return campaign.Shard{}, fmt.Errorf("stored shard %d: %w", s.Number, r.fault)
	}
	return s, nil
}

// setCounts stores counts by name, and nothing where there are none.
func setCounts(m item, name string, by map[string]int) {
	if len(by) == 0 {
		return
	}
	counts := make(item, len(by))
	for key, n := range by {
		counts[key] = num(int64(n))
	}
	m[name] = &types.AttributeValueMemberM{Value: counts}
}

func readCounts(r *reader, name string) map[string]int {
	stored := r.mapOf(name)
	if len(stored) == 0 {
		return nil
	}
	by := make(map[string]int, len(stored))
	r.within(stored, name, func(in *reader) {
		for key := range stored {
			by[key] = int(in.num(key))
		}
	})
	return by
}
