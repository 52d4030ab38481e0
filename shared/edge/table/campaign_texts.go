package table

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/edge/dynamo"
)

// CampaignTexts reads the texts of a campaign among the people of a segment of the table, each with what receipts said
// of it. No index leads to them, so it reads all of the segment, at half the price of a read that must be the newest.
// Seals are not looked at: that is what records are for.
func (t *Table) CampaignTexts(ctx context.Context, segment int, campaignID string, each func(Sent)) error {
	in := &dynamodb.ScanInput{
		TableName: &t.name, Segment: aws.Int32(int32(min(max(segment, 0), Segments-1))), TotalSegments: aws.Int32(Segments),
	}
	var open Sent // what receipts say of it may follow; without an ID there is none
	for {
		out, err := t.api.Scan(ctx, in)
		if err != nil {
			return fmt.Errorf("read the texts of campaign %s: %w", campaignID, dynamo.Redact(err))
		}
		for _, m := range out.Items {
			r := &reader{m: m}
			pk := r.str("pk")
			name, isText := strings.CutPrefix(r.str("sk"), messagePrefix)
			if !isText {
				continue
			}
			id, _, isStep := strings.Cut(name, "#")
			switch {
			case isStep && id == open.Message.ID && pk == contactKey(open.Key):
				open.Message, _ = open.Message.WithStep(readStep(r))
			case isStep:
			default:
				if open.Message.ID != "" {
					each(open)
				}
				open = Sent{}
				if r.str("camp") == campaignID {
					key, _ := personOf(pk)
					open = Sent{Key: key, Message: decodeMessage(r)}
				}
			}
			if r.fault != nil {
				return fmt.Errorf("a text of campaign %s cannot be read: %w", campaignID, r.fault)
			}
		}
		if len(out.LastEvaluatedKey) == 0 {
			break
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
	if open.Message.ID != "" {
		each(open)
	}
	return nil
}

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
