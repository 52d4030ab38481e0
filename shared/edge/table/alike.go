package table

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/dynamo"
)

// TwinError says that another campaign says the same to some of the same people at the same time.
type TwinError struct {
	Run    campaign.Run
	Series string // whose run to come it is; empty for a campaign that is made
}

// Error names the other campaign, or the series.
func (e *TwinError) Error() string {
	other := "campaign " + e.Run.ID
	if e.Series != "" {
		other = "a run of series " + e.Series
	}
	return fmt.Sprintf("%s says the same to some of the same people from %s until %s",
		other, e.Run.At.UTC().Format(time.RFC3339), e.Run.Expires.UTC().Format(time.RFC3339))
}

// triesToCreate is how often others may make a campaign like it at the same moment before one gives up.
const triesToCreate = 5

// CreateOnlyCampaign is CreateCampaign for one that must have no twin: it returns a *TwinError where there is one. Of
// any number of callers at once exactly one makes the campaign.
func (t *Table) CreateOnlyCampaign(ctx context.Context, c campaign.Campaign) error {
	return t.writeCampaign(ctx, c, true, isNew())
}

// EditCampaign puts a campaign in the place of the one of its ID, which must not have begun: else it returns
// ErrConflict. Where it must have no twin it returns a *TwinError for one.
func (t *Table) EditCampaign(ctx context.Context, c campaign.Campaign, only bool) error {
	return t.writeCampaign(ctx, c, only, hasNotBegun())
}

// stands is what must be stored of a campaign before it is written.
type stands struct {
	condition string
	values    item
	otherwise error
}

func isNew() stands { return stands{condition: "attribute_not_exists(pk)", otherwise: ErrExists} }

func hasNotBegun() stands {
	return stands{"st = :waits", item{":waits": str(string(campaign.Scheduled))}, ErrConflict}
}

// writeCampaign stores a campaign, its place in the list of all and its run among those alike in one transaction.
func (t *Table) writeCampaign(ctx context.Context, c campaign.Campaign, only bool, before stands) error {
	stored, err := encodeCampaign(&c)
	if err != nil {
		return err
	}
	for range triesToCreate {
		alike, version, err := t.alike(ctx, &c)
		if err != nil {
			return err
		}
		there := slices.ContainsFunc(alike, func(r campaign.Run) bool { return r.ID == c.ID })
		if there && errors.Is(before.otherwise, ErrExists) {
			return fmt.Errorf("create campaign %s: %w", c.ID, ErrExists)
		}
		if only {
			if alike, err = t.withoutTwin(ctx, &c, alike); err != nil {
				return err
			}
		}
		runs := &types.Put{TableName: &t.name, Item: encodeAlike(&c, c.With(alike), version+1)}
		runs.ConditionExpression, runs.ExpressionAttributeValues = unchanged(version)
		_, err = t.api.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
			{Put: &types.Put{
				TableName: &t.name, Item: stored,
				ConditionExpression: &before.condition, ExpressionAttributeValues: before.values,
			}},
			{Put: &types.Put{TableName: &t.name, Item: primary(campaignsKey, c.ID)}},
			{Put: runs},
		}})
		canceled, ok := errors.AsType[*types.TransactionCanceledException](err)
		switch {
		case err == nil:
			return nil
		case ok && failedAt(canceled, 0, "ConditionalCheckFailed"):
			return fmt.Errorf("write campaign %s: %w", c.ID, before.otherwise)
		case ok && (failedAt(canceled, 2, "ConditionalCheckFailed") || failedAt(canceled, 2, "TransactionConflict")):
		default:
			return fmt.Errorf("write campaign %s: %w", c.ID, dynamo.Redact(err))
		}
	}
	return fmt.Errorf("write campaign %s: others like it are being made; try again: %w", c.ID, ErrConflict)
}

// withoutTwin returns the runs of those alike, or a *TwinError where one of them is a twin that still stands. One that
// was canceled, or says another thing since it was edited, is none, and is not among them.
func (t *Table) withoutTwin(ctx context.Context, c *campaign.Campaign, alike []campaign.Run) ([]campaign.Run, error) {
	kept := make([]campaign.Run, 0, len(alike))
	for _, run := range alike {
		if !c.Beside(run) {
			kept = append(kept, run)
			continue
		}
		other, like, err := t.stillLike(ctx, c, run)
		switch {
		case err != nil:
			return nil, err
		case like && c.Repeats(&other) && c.Beside(other.Run()):
			return nil, &TwinError{Run: other.Run()}
		case like:
			kept = append(kept, other.Run())
		}
	}
	return kept, nil
}

// stillLike reads a campaign that was made like another, and reports whether it still is, and was not canceled.
func (t *Table) stillLike(ctx context.Context, c *campaign.Campaign, run campaign.Run) (campaign.Campaign, bool, error) {
	other, err := t.Campaign(ctx, run.ID)
	if err != nil {
		return other, false, fmt.Errorf("look at campaign %s, which is like %s: %w", run.ID, c.ID, err)
	}
	return other, other.State != campaign.Canceled && other.Likeness() == c.Likeness(), nil
}

// CampaignsLike returns the other campaigns that say the same to the same list, without those that were canceled.
func (t *Table) CampaignsLike(ctx context.Context, c *campaign.Campaign) ([]campaign.Campaign, error) {
	runs, _, err := t.alike(ctx, c)
	if err != nil {
		return nil, err
	}
	var all []campaign.Campaign
	for _, run := range runs {
		other, like, err := t.stillLike(ctx, c, run)
		if err != nil {
			return nil, err
		}
		if like && other.ID != c.ID {
			all = append(all, other)
		}
	}
	return all, nil
}

// failedAt reports whether a transaction was canceled because of its nth write, for a reason of that code.
func failedAt(e *types.TransactionCanceledException, n int, code string) bool {
	return n < len(e.CancellationReasons) && aws.ToString(e.CancellationReasons[n].Code) == code
}

// alike reads the runs of the campaigns like this one, and the version of the item that holds them; 0 for none.
func (t *Table) alike(ctx context.Context, c *campaign.Campaign) ([]campaign.Run, int64, error) {
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: primary(alikeKey(c.Likeness()), alikeSort), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return nil, 0, fmt.Errorf("look for campaigns like %s: %w", c.ID, dynamo.Redact(err))
	}
	if len(out.Item) == 0 {
		return nil, 0, nil
	}
	r := &reader{m: out.Item}
	version, ids := r.num("ver"), r.mapOf("runs")
	runs := make([]campaign.Run, 0, len(ids))
	r.within(ids, "runs", func(in *reader) {
		for id := range ids {
			in.within(in.mapOf(id), id, func(run *reader) {
				runs = append(runs, campaign.Run{ID: id, At: run.time("at"), Expires: run.time("exp")})
			})
		}
	})
	if r.fault != nil {
		return nil, 0, fmt.Errorf("stored runs of campaigns like %s: %w", c.ID, r.fault)
	}
	slices.SortFunc(runs, func(a, b campaign.Run) int { return a.At.Compare(b.At) })
	return runs, version, nil
}

// encodeAlike has DynamoDB delete the item some time after the last of the runs.
func encodeAlike(c *campaign.Campaign, runs []campaign.Run, version int64) item {
	m := primary(alikeKey(c.Likeness()), alikeSort)
	all := make(item, len(runs))
	last := c.Expires
	for _, r := range runs {
		one := make(item, 2)
		setTime(one, "at", r.At)
		setTime(one, "exp", r.Expires)
		all[r.ID] = &types.AttributeValueMemberM{Value: one}
		if r.Expires.After(last) {
			last = r.Expires
		}
	}
	m["runs"], m["ver"], m[ttl] = &types.AttributeValueMemberM{Value: all}, num(version), num(last.Unix())
	return m
}
