package table

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/dynamo"
)

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
