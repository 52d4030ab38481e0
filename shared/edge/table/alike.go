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
	Name   string       // of the campaign or the series; empty where it has none
}

// Error names the other campaign, or the series.
func (e *DuplicateError) Error() string {
	other := "campaign " + campaign.Called(e.Run.ID, e.Name)
	if e.Series != "" {
		other = "a run of series " + campaign.Called(e.Series, e.Name)
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

// like is the item that lists the runs of all campaigns with one text.
type like struct {
	Text    string // one of campaign.Likenesses
	Runs    []campaign.Run
	Version int64 // rises by one with every write; 0 where there is no such item
}

// writeCampaign stores in one transaction the campaign, its name in the list of all campaigns and, for each of its
// texts, the list of runs of the campaigns with it. The versions of those lists keep two callers from adding runs at
// once.
func (t *Table) writeCampaign(ctx context.Context, c campaign.Campaign, only bool, before precondition) error {
	stored, err := encodeCampaign(&c)
	if err != nil {
		return err
	}
	for range maxCampaignWrites {
		alike, err := t.alike(ctx, &c)
		if err != nil {
			return err
		}
		if errors.Is(before.otherwise, ErrExists) && slices.ContainsFunc(alike, func(l like) bool { return l.has(c.ID) }) {
			return fmt.Errorf("create campaign %s: %w", c.ID, ErrExists)
		}
		writes := []types.TransactWriteItem{
			{Put: &types.Put{
				TableName: &t.name, Item: stored,
				ConditionExpression: &before.condition, ExpressionAttributeValues: before.values,
			}},
			{Put: &types.Put{TableName: &t.name, Item: primary(campaignsKey, c.ID)}},
		}
		for _, l := range alike {
			if only {
				if l.Runs, err = t.withoutDuplicate(ctx, &c, l); err != nil {
					return err
				}
			}
			runs := &types.Put{TableName: &t.name, Item: encodeAlike(like{l.Text, c.With(l.Runs), l.Version + 1})}
			runs.ConditionExpression, runs.ExpressionAttributeValues = unchanged(l.Version)
			writes = append(writes, types.TransactWriteItem{Put: runs})
		}
		_, err = t.api.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: writes})
		canceled, ok := errors.AsType[*types.TransactionCanceledException](err)
		switch {
		case err == nil:
			return nil
		case ok && failedAt(canceled, 0, "ConditionalCheckFailed"):
			return fmt.Errorf("write campaign %s: %w", c.ID, before.otherwise)
		case ok && alikeChanged(canceled, len(writes)):
		default:
			return fmt.Errorf("write campaign %s: %w", c.ID, dynamo.Redact(err))
		}
	}
	return fmt.Errorf("write campaign %s: others like it are being made; try again: %w", c.ID, ErrConflict)
}

// alikeChanged reports whether a transaction of writeCampaign failed because somebody else wrote a list of runs, all
// of which are behind the first two writes.
func alikeChanged(e *types.TransactionCanceledException, writes int) bool {
	for n := 2; n < writes; n++ {
		if failedAt(e, n, "ConditionalCheckFailed") || failedAt(e, n, "TransactionConflict") {
			return true
		}
	}
	return false
}

// has reports whether the list has a run of that campaign.
func (l like) has(id string) bool {
	return slices.ContainsFunc(l.Runs, func(r campaign.Run) bool { return r.ID == id })
}

// withoutDuplicate returns the runs of the list, or a *DuplicateError where one of them still sends the text during the
// same time. A campaign that was canceled, or whose text was edited since, is left out.
func (t *Table) withoutDuplicate(ctx context.Context, c *campaign.Campaign, l like) ([]campaign.Run, error) {
	kept := make([]campaign.Run, 0, len(l.Runs))
	for _, run := range l.Runs {
		if !c.Overlaps(run) {
			kept = append(kept, run)
			continue
		}
		other, still, err := t.stillLike(ctx, l.Text, run)
		switch {
		case err != nil:
			return nil, err
		case still && c.Repeats(&other) && c.Overlaps(other.Run()):
			return nil, &DuplicateError{Run: other.Run(), Name: other.Name}
		case still:
			kept = append(kept, other.Run())
		}
	}
	return kept, nil
}

// stillLike reads the campaign of a run. It reports whether that campaign is not canceled and still has the text, for
// the same brand and topic.
func (t *Table) stillLike(ctx context.Context, text string, run campaign.Run) (campaign.Campaign, bool, error) {
	other, err := t.Campaign(ctx, run.ID)
	if err != nil {
		return other, false, fmt.Errorf("look at campaign %s, which has a text in common: %w", run.ID, err)
	}
	return other, other.State != campaign.Canceled && slices.Contains(other.Likenesses(), text), nil
}

// CampaignsLike returns the other campaigns of the brand and topic that have a text in common, in whatever languages,
// in order of their beginning. Canceled campaigns are left out.
func (t *Table) CampaignsLike(ctx context.Context, c *campaign.Campaign) ([]campaign.Campaign, error) {
	alike, err := t.alike(ctx, c)
	if err != nil {
		return nil, err
	}
	var all []campaign.Campaign
	for _, l := range alike {
		for _, run := range l.Runs {
			if run.ID == c.ID || slices.ContainsFunc(all, func(o campaign.Campaign) bool { return o.ID == run.ID }) {
				continue
			}
			other, still, err := t.stillLike(ctx, l.Text, run)
			if err != nil {
				return nil, err
			}
			if still {
				all = append(all, other)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b campaign.Campaign) int { return a.At.Compare(b.At) })
	return all, nil
}

// failedAt reports whether DynamoDB canceled a transaction because of its nth write (from 0), with that reason code.
func failedAt(e *types.TransactionCanceledException, n int, code string) bool {
	return n < len(e.CancellationReasons) && aws.ToString(e.CancellationReasons[n].Code) == code
}

// alike reads, for each text of a campaign, the runs of the campaigns of its brand and topic with that text.
func (t *Table) alike(ctx context.Context, c *campaign.Campaign) ([]like, error) {
	texts := c.Likenesses()
	all := make([]like, len(texts))
	for i, text := range texts {
		out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
			TableName: &t.name, Key: primary(alikeKey(text), alikeSort), ConsistentRead: aws.Bool(true),
		})
		if err != nil {
			return nil, fmt.Errorf("look for campaigns like %s: %w", c.ID, dynamo.Redact(err))
		}
		if all[i], err = decodeAlike(text, out.Item); err != nil {
			return nil, fmt.Errorf("stored runs of campaigns like %s: %w", c.ID, err)
		}
	}
	return all, nil
}

// decodeAlike reads the item that holds the runs of the campaigns with a text, which is empty where there are none.
func decodeAlike(text string, stored item) (like, error) {
	if len(stored) == 0 {
		return like{Text: text}, nil
	}
	r := &reader{m: stored}
	ids := r.mapOf("runs")
	l := like{text, make([]campaign.Run, 0, len(ids)), r.num("ver")}
	r.within(ids, "runs", func(in *reader) {
		for id := range ids {
			in.within(in.mapOf(id), id, func(run *reader) {
				l.Runs = append(l.Runs, campaign.Run{ID: id, At: run.time("at"), Expires: run.time("exp")})
			})
		}
	})
	slices.SortFunc(l.Runs, func(a, b campaign.Run) int { return a.At.Compare(b.At) })
	return l, r.fault
}

// encodeAlike returns the item that holds the runs of the campaigns with a text. DynamoDB deletes it after the last run
// has ended.
func encodeAlike(l like) item {
	m := primary(alikeKey(l.Text), alikeSort)
	all := make(item, len(l.Runs))
	var last time.Time
	for _, r := range l.Runs {
		one := make(item, 2)
		setTime(one, "at", r.At)
		setTime(one, "exp", r.Expires)
		all[r.ID] = &types.AttributeValueMemberM{Value: one}
		if r.Expires.After(last) {
			last = r.Expires
		}
	}
	m["runs"], m["ver"], m[ttl] = &types.AttributeValueMemberM{Value: all}, num(l.Version), num(last.Unix())
	return m
}
