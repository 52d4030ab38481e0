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

// DuplicateError is returned when another campaign sends the same text to some of the same people during the same time.
type DuplicateError struct {
	Run    campaign.Run // the other campaign, and when it runs
	Series string       // ID of the series whose future run it is; empty for a campaign that exists
}

// Error names the other campaign, or the series.
func (e *DuplicateError) Error() string {
	other := "campaign " + e.Run.ID
	if e.Series != "" {
		other = "a run of series " + e.Series
	}
	return fmt.Sprintf("%s says the same to some of the same people from %s until %s",
		other, e.Run.At.UTC().Format(time.RFC3339), e.Run.Expires.UTC().Format(time.RFC3339))
}

// maxCampaignWrites is how often a write is tried while other callers write campaigns like it at the same moment.
const maxCampaignWrites = 5

// CreateUniqueCampaign stores a new campaign, unless another one sends the same text to some of the same people during
// the same time: then it returns a *DuplicateError. It returns ErrExists where the ID is taken. The check and the write
// are one transaction, so of any number of callers with like campaigns exactly one succeeds. It returns ErrConflict
// where too many of them write at the same moment; the caller may try again.
func (t *Table) CreateUniqueCampaign(ctx context.Context, c campaign.Campaign) error {
	return t.writeCampaign(ctx, c, true, isNew())
}

// EditCampaign replaces the stored campaign of the same ID, which must be in the same state, Scheduled or Paused: else
// it returns ErrConflict, also where there is none. The caller sees to it that a paused one has not begun. With only
// set it returns a *DuplicateError in the same cases as CreateUniqueCampaign.
func (t *Table) EditCampaign(ctx context.Context, c campaign.Campaign, only bool) error {
	return t.writeCampaign(ctx, c, only, waits(c.State))
}

// precondition is what must hold of the stored campaign for a write to happen.
type precondition struct {
	condition string
	values    item
	otherwise error // returned where it does not hold
}

func isNew() precondition {
	return precondition{condition: "attribute_not_exists(pk)", otherwise: ErrExists}
}

func waits(in campaign.State) precondition {
	return precondition{
		"st = :in AND st IN (:scheduled, :paused)",
		item{
			":in": str(string(in)), ":scheduled": str(string(campaign.Scheduled)), ":paused": str(string(campaign.Paused)),
		},
		ErrConflict,
	}
}

// writeCampaign stores three items in one transaction: the campaign, its name in the list of all campaigns, and the
// list of runs of the campaigns like it. The version of that last item keeps two callers from adding runs at once.
func (t *Table) writeCampaign(ctx context.Context, c campaign.Campaign, only bool, before precondition) error {
	stored, err := encodeCampaign(&c)
	if err != nil {
		return err
	}
	for range maxCampaignWrites {
		alike, version, err := t.alike(ctx, &c)
		if err != nil {
			return err
		}
		there := slices.ContainsFunc(alike, func(r campaign.Run) bool { return r.ID == c.ID })
		if there && errors.Is(before.otherwise, ErrExists) {
			return fmt.Errorf("create campaign %s: %w", c.ID, ErrExists)
		}
		if only {
			if alike, err = t.withoutDuplicate(ctx, &c, alike); err != nil {
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

// withoutDuplicate returns the runs in alike, or a *DuplicateError where one of them still sends the same text during
// the same time. A campaign that was canceled, or whose text was edited since, is left out.
func (t *Table) withoutDuplicate(ctx context.Context, c *campaign.Campaign, alike []campaign.Run) ([]campaign.Run, error) {
	kept := make([]campaign.Run, 0, len(alike))
	for _, run := range alike {
		if !c.Overlaps(run) {
			kept = append(kept, run)
			continue
		}
		other, like, err := t.stillLike(ctx, c, run)
		switch {
		case err != nil:
			return nil, err
		case like && c.Repeats(&other) && c.Overlaps(other.Run()):
			return nil, &DuplicateError{Run: other.Run()}
		case like:
			kept = append(kept, other.Run())
		}
	}
	return kept, nil
}

// stillLike reads the campaign of a run. It reports whether that campaign is not canceled and still has the text,
// brand and topic of c.
func (t *Table) stillLike(ctx context.Context, c *campaign.Campaign, run campaign.Run) (campaign.Campaign, bool, error) {
	other, err := t.Campaign(ctx, run.ID)
	if err != nil {
		return other, false, fmt.Errorf("look at campaign %s, which is like %s: %w", run.ID, c.ID, err)
	}
	return other, other.State != campaign.Canceled && other.Likeness() == c.Likeness(), nil
}

// CampaignsLike returns the other campaigns with the same brand, topic and text, in order of their beginning.
// Canceled campaigns are left out.
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

// failedAt reports whether DynamoDB canceled a transaction because of its nth write (from 0), with that reason code.
func failedAt(e *types.TransactionCanceledException, n int, code string) bool {
	return n < len(e.CancellationReasons) && aws.ToString(e.CancellationReasons[n].Code) == code
}

// alike reads the runs of the campaigns with the same brand, topic and text, and the version of the item that holds
// them. The version is 0 where there is no such item.
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

// encodeAlike returns the item that holds the runs of like campaigns. DynamoDB deletes it after the last run has
// ended.
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
