package table

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/dynamo"
)

// SaveCandidates stores the people a campaign is about to text, before the first of them is texted. It is the only
// way from a campaign to its people: no index leads there, and a person may leave the list after the text.
//
// done is who of the people stored before has the text and is counted as such; it is stored with them. The same call
// again writes the same item.
func (t *Table) SaveCandidates(ctx context.Context, campaignID string, shard int, people, done []phone.Number) error {
	m := make(item, 4)
	setNumbers(m, "m", people)
	setNumbers(m, "h", done)
	sum := sha256.Sum256(canonical(m))
	m["pk"], m["sk"] = str(campaignKey(campaignID)), str(candidatesSort(shard)+hex.EncodeToString(sum[:8]))
	if _, err := t.api.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: m}); err != nil {
		return fmt.Errorf("keep whom campaign %s looks at: %w", campaignID, dynamo.Redact(err))
	}
	return nil
}

// Texted returns the people of a shard who have a campaign's text and are counted, as far as calls of SaveCandidates
// said so.
func (t *Table) Texted(ctx context.Context, campaignID string, shard int) (map[phone.Number]bool, error) {
	done := map[phone.Number]bool{}
	err := t.readCandidates(ctx, campaignID, shard, func(r *reader) error {
		for _, n := range r.numbers("h") {
			done[n] = true
		}
		return r.fault
	})
	return done, err
}

// readCandidates calls each with every item that SaveCandidates stored for a shard. The read is eventually
// consistent, at half the price.
func (t *Table) readCandidates(ctx context.Context, campaignID string, shard int, each func(*reader) error) error {
	err := t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :met)"),
		ExpressionAttributeValues: item{":pk": str(campaignKey(campaignID)), ":met": str(candidatesSort(shard))},
		ConsistentRead:            aws.Bool(false),
	}, func(m item) error { return each(&reader{m: m}) })
	if err != nil {
		return fmt.Errorf("read whom campaign %s looked at: %w", campaignID, err)
	}
	return nil
}

// Candidates calls each with the people of a shard whom a campaign was about to text, some at a time. Each person comes
// once.
func (t *Table) Candidates(ctx context.Context, campaignID string, shard int, each func([]phone.Number) error) error {
	told := map[phone.Number]bool{}
	return t.readCandidates(ctx, campaignID, shard, func(r *reader) error {
		var people []phone.Number
		for _, n := range r.numbers("m") {
			if !told[n] {
				told[n] = true
				people = append(people, n)
			}
		}
		if r.fault != nil || len(people) == 0 {
			return r.fault
		}
		return each(people)
	})
}

// CampaignText reads the text that a campaign sent to a person, with what receipts said about it, and every event the
// person caused by a text of their own, oldest first. found is false where there is no such text.
//
// The read is eventually consistent, at half the price. Seals are not checked; Verify does that.
func (t *Table) CampaignText(
	ctx context.Context, key consent.Key, campaignID string,
) (text consent.Message, heard []consent.Event, found bool, err error) {
	err = t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression: aws.String("pk = :pk AND sk BETWEEN :events AND :texts"),
		ExpressionAttributeValues: item{
			":pk": str(contactKey(key)), ":events": str(eventPrefix), ":texts": str(afterPrefix(messagePrefix)),
		},
		ConsistentRead: aws.Bool(false),
	}, func(m item) error {
		r := &reader{m: m}
		sk := r.str("sk")
		name, isText := strings.CutPrefix(sk, messagePrefix)
		id, _, isStep := strings.Cut(name, "#")
		switch {
		case strings.HasPrefix(sk, eventPrefix):
			e, err := decodeEvent(m)
			if err != nil {
				return err
			}
			if e.Source == consent.SourceSMS {
				heard = append(heard, e)
			}
		case isText && !isStep && r.str("camp") == campaignID:
			text, found = decodeMessage(r), true
		case isStep && found && id == text.ID:
			text, _ = text.WithStep(readStep(r))
		}
		return r.fault
	})
	if err != nil {
		return text, nil, false, fmt.Errorf("read somebody's text of campaign %s: %w", campaignID, err)
	}
	return text, heard, found, nil
}

// afterPrefix returns the first sort key after all keys that begin with prefix, which must end with #.
func afterPrefix(prefix string) string { return strings.TrimSuffix(prefix, "#") + "$" }

// NumbersRequest is one request to see the phone numbers of the people of a campaign.
type NumbersRequest struct {
	By string // ARN of who asked
	At time.Time
}

// RecordNumbersRequest stores that somebody asked for the phone numbers of a campaign's people. It may be repeated.
func (t *Table) RecordNumbersRequest(ctx context.Context, campaignID string, a NumbersRequest) error {
	if err := t.putNumbersRequest(ctx, campaignKey(campaignID), a); err != nil {
		return fmt.Errorf("put on record who asked for the people of campaign %s: %w", campaignID, err)
	}
	return nil
}

func (t *Table) putNumbersRequest(ctx context.Context, pk string, a NumbersRequest) error {
	m := primary(pk, numbersRequestPrefix+strconv.FormatInt(a.At.UnixMilli(), 10)+"#"+a.By)
	setStr(m, "by", a.By)
	setTime(m, "at", a.At)
	_, err := t.api.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: m})
	return dynamo.Redact(err)
}

// NumbersRequests returns who asked for the phone numbers of a campaign's people, oldest first.
func (t *Table) NumbersRequests(ctx context.Context, campaignID string) ([]NumbersRequest, error) {
	all, err := t.numbersRequests(ctx, campaignKey(campaignID))
	if err != nil {
		return nil, fmt.Errorf("read who asked for the people of campaign %s: %w", campaignID, err)
	}
	return all, nil
}

func (t *Table) numbersRequests(ctx context.Context, pk string) (all []NumbersRequest, err error) {
	err = t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :asked)"),
		ExpressionAttributeValues: item{":pk": str(pk), ":asked": str(numbersRequestPrefix)},
	}, func(m item) error {
		r := &reader{m: m}
		all = append(all, NumbersRequest{By: r.str("by"), At: r.time("at")})
		return r.fault
	})
	return all, err
}
