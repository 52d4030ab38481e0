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

// Meet keeps whom a campaign looks at to text them, before any of them is: no index leads from a campaign to its texts,
// and whoever got one may leave the list. With them it keeps who of those met before has it and is counted. The same
// people met again are the same item.
func (t *Table) Meet(ctx context.Context, campaignID string, shard int, people, done []phone.Number) error {
	met, have := joined(people), joined(done)
	sum := sha256.Sum256([]byte(met + "#" + have))
	m := primary(campaignKey(campaignID), metSort(shard)+hex.EncodeToString(sum[:8]))
	setStr(m, "p", met)
	setStr(m, "d", have)
	if _, err := t.api.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: m}); err != nil {
		return fmt.Errorf("keep whom campaign %s looks at: %w", campaignID, dynamo.Redact(err))
	}
	return nil
}

func joined(people []phone.Number) string {
	words := make([]string, len(people))
	for i, n := range people {
		words[i] = string(n)
	}
	return strings.Join(words, " ")
}

// Texted returns who of a shard has a campaign's text and is counted, as far as that was kept.
func (t *Table) Texted(ctx context.Context, campaignID string, shard int) (map[phone.Number]bool, error) {
	done := map[phone.Number]bool{}
	err := t.readMet(ctx, campaignID, shard, func(r *reader) error {
		for word := range strings.FieldsSeq(r.str("d")) {
			done[phone.Number(word)] = true
		}
		return r.fault
	})
	return done, err
}

// readMet reads what Meet kept of a shard's people, at half the price of a read that must be the newest.
func (t *Table) readMet(ctx context.Context, campaignID string, shard int, each func(*reader) error) error {
	err := t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :met)"),
		ExpressionAttributeValues: item{":pk": str(campaignKey(campaignID)), ":met": str(metSort(shard))},
		ConsistentRead:            aws.Bool(false),
	}, func(m item) error { return each(&reader{m: m}) })
	if err != nil {
		return fmt.Errorf("read whom campaign %s looked at: %w", campaignID, err)
	}
	return nil
}

// Met tells of the people of a shard whom a campaign looked at to text them, some at a time and each once.
func (t *Table) Met(ctx context.Context, campaignID string, shard int, each func([]phone.Number) error) error {
	told := map[phone.Number]bool{}
	return t.readMet(ctx, campaignID, shard, func(r *reader) error {
		var people []phone.Number
		for word := range strings.FieldsSeq(r.str("p")) {
			if n := phone.Number(word); !told[n] {
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

// CampaignText reads a person's text of a campaign, with what receipts said of it, and everything the person ever
// texted, oldest first; false where there is no such text. It costs half of a read that must be the newest. Seals are
// not looked at: that is what records are for.
func (t *Table) CampaignText(
	ctx context.Context, key consent.Key, campaignID string,
) (text consent.Message, heard []consent.Event, found bool, err error) {
	err = t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression: aws.String("pk = :pk AND sk BETWEEN :events AND :texts"),
		ExpressionAttributeValues: item{
			":pk": str(contactKey(key)), ":events": str(eventPrefix), ":texts": str(behind(messagePrefix)),
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

// behind returns what sorts behind all that begins with a prefix which ends with #.
func behind(prefix string) string { return strings.TrimSuffix(prefix, "#") + "$" }

// Asking is somebody's wish to see the phone numbers of a campaign's people.
type Asking struct {
	By string // ARN
	At time.Time
}

// Ask puts on record that somebody asked for the phone numbers of a campaign's people.
func (t *Table) Ask(ctx context.Context, campaignID string, a Asking) error {
	m := primary(campaignKey(campaignID), askedPrefix+strconv.FormatInt(a.At.UnixMilli(), 10)+"#"+a.By)
	setStr(m, "by", a.By)
	setTime(m, "at", a.At)
	_, err := t.api.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: m})
	if err != nil {
		return fmt.Errorf("put on record who asked for the people of campaign %s: %w", campaignID, dynamo.Redact(err))
	}
	return nil
}

// Askings returns who asked for the phone numbers of a campaign's people, oldest first.
func (t *Table) Askings(ctx context.Context, campaignID string) (all []Asking, err error) {
	err = t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :asked)"),
		ExpressionAttributeValues: item{":pk": str(campaignKey(campaignID)), ":asked": str(askedPrefix)},
	}, func(m item) error {
		r := &reader{m: m}
		all = append(all, Asking{By: r.str("by"), At: r.time("at")})
		return r.fault
	})
	if err != nil {
		return nil, fmt.Errorf("read who asked for the people of campaign %s: %w", campaignID, err)
	}
	return all, nil
}
