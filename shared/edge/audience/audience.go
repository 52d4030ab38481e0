// Package audience lists the people subscribed to a topic, in groups that share the places they may be in.
//
// It reads the index "audience" of the consent table. The index follows the table within moments but not at once, and
// people join, leave and move while it is read. So it only names candidates, and a caller that acts on one reads the
// contact first.
package audience

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/dynamo"
)

// API is the part of the DynamoDB client that a List uses.
type API interface {
	Query(ctx context.Context, in *dynamodb.QueryInput, opts ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
}

// List reads the audience of topics. It is safe for concurrent use.
type List struct {
	api   API
	table string
}

// New returns the List over the consent table of that name.
func New(api API, table string) *List { return &List{api: api, table: table} }

// NextArea returns the first area with people in it after the one given, in byte order, "" for the first. It returns
// false where there is none. It takes one Query of one item, however many people are in the areas before.
func (l *List) NextArea(
	ctx context.Context,
	brand, topic string,
	shard int,
	after phone.Area,
) (phone.Area, bool, error) {
	in := l.query(
		brand,
		topic,
		shard,
		"aud = :aud AND #zone > :after",
		map[string]types.AttributeValue{":after": text(end(after))},
	)
	in.Limit = aws.Int32(1)
	out, err := l.api.Query(ctx, in)
	if err != nil {
		return "", false, fmt.Errorf("next area of %s/%s: %w", brand, topic, dynamo.Redact(err))
	}
	if len(out.Items) == 0 {
		return "", false, nil
	}
	area, _ := split(out.Items[0])
	return area, true, nil
}

// Page returns at most limit people of one area after a cursor, "" for the first page, and the cursor of the next
// page, "" for the last. A page may be empty. A cursor has a phone number in it, so it must not be logged (I10).
func (l *List) Page(
	ctx context.Context,
	brand, topic string,
	shard int,
	area phone.Area,
	after string,
	limit int,
) ([]consent.Key, string, error) {
	in := l.between(brand, topic, shard, area, after)
	in.Limit = aws.Int32(int32(min(max(limit, 1), 1000)))
	out, err := l.api.Query(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("page of the audience of %s/%s: %w", brand, topic, dynamo.Redact(err))
	}
	keys := make([]consent.Key, len(out.Items))
	for i, item := range out.Items {
		where, number := split(item)
		keys[i] = consent.Key{Brand: brand, Phone: number}
		// In a broken entry the area may be longer than the one asked for. A space sorts before everything.
		after = cmp.Or(strings.TrimPrefix(string(where)+"#"+string(number), string(area)+"#"), " ")
	}
	if len(out.LastEvaluatedKey) == 0 || len(keys) == 0 {
		return keys, "", nil
	}
	return keys, after, nil
}

// Due returns people of a brand with something due before a time, the longest overdue first: a request that was not
// confirmed in time, or a follow-up (consent.Contact.Due). It returns at most limit of them after a cursor, "" for
// the first page, and the cursor of the next page, "" for the last. Handling a person removes them from this list.
func (l *List) Due(
	ctx context.Context,
	brand string,
	before time.Time,
	after string,
	limit int,
) ([]consent.Key, string, error) {
	out, err := l.api.Query(ctx, l.due(brand, after, before, limit))
	if err != nil {
		return nil, "", fmt.Errorf("people of %s about whom something is due: %w", brand, dynamo.Redact(err))
	}
	keys := make([]consent.Key, len(out.Items))
	for i, item := range out.Items {
		due, number := split(item)
		keys[i], after = consent.Key{Brand: brand, Phone: number}, string(due)+"#"+string(number)
	}
	if len(out.LastEvaluatedKey) == 0 || len(keys) == 0 {
		return keys, "", nil
	}
	return keys, after, nil
}

// due returns the query for Due.
func (l *List) due(brand, after string, before time.Time, limit int) *dynamodb.QueryInput {
	return &dynamodb.QueryInput{
		TableName: &l.table, IndexName: aws.String(Index), Limit: aws.Int32(int32(min(max(limit, 1), 1000))),
		KeyConditionExpression: aws.String("aud = :aud AND #zone BETWEEN :after AND :before"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":aud": text(waiting(brand)), ":after": text(after + " "), ":before": text(instant(before)),
		},
		ExpressionAttributeNames: map[string]string{"#zone": "zone"}, // a reserved word
	}
}

// Overdue returns since when the longest overdue person of a brand has been so, zero where nobody is.
func (l *List) Overdue(ctx context.Context, brand string, now time.Time) (time.Time, error) {
	out, err := l.api.Query(ctx, l.due(brand, "", now, 1))
	if err != nil {
		return time.Time{}, fmt.Errorf("since when something is due at %s: %w", brand, dynamo.Redact(err))
	}
	if len(out.Items) == 0 {
		return time.Time{}, nil
	}
	due, _ := split(out.Items[0])
	return time.Parse(time.RFC3339, string(due))
}

// Singles returns at most limit people for whom a single text with that caller's ID waits, at one brand or, where none
// is named, at any. The index follows the table within moments.
func (l *List) Singles(ctx context.Context, brand, ref string, limit int) ([]consent.Key, error) {
	aud, zone := Single(consent.Key{Brand: brand}, ref)
	in := &dynamodb.QueryInput{
		TableName: &l.table, IndexName: aws.String(Index), Limit: aws.Int32(int32(min(max(limit, 1), 1000))),
		KeyConditionExpression:    aws.String("aud = :aud"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":aud": text(aud)},
	}
	if brand != "" {
		in.KeyConditionExpression = aws.String("aud = :aud AND begins_with(#zone, :zone)")
		in.ExpressionAttributeValues[":zone"] = text(zone)
		in.ExpressionAttributeNames = map[string]string{"#zone": "zone"} // a reserved word
	}
	out, err := l.api.Query(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("whose text waits: %w", dynamo.Redact(err))
	}
	keys := make([]consent.Key, len(out.Items))
	for i, item := range out.Items {
		brand, number := split(item)
		keys[i] = consent.Key{Brand: string(brand), Phone: number}
	}
	return keys, nil
}

// Count returns how many people are in an area. It reads every entry, at half a read unit per 4 KB, which is about 25
// people.
func (l *List) Count(ctx context.Context, brand, topic string, shard int, area phone.Area) (int, error) {
	in := l.between(brand, topic, shard, area, "")
	in.Select = types.SelectCount
	for n := 0; ; {
		out, err := l.api.Query(ctx, in)
		if err != nil {
			return 0, fmt.Errorf("count the audience of %s/%s: %w", brand, topic, dynamo.Redact(err))
		}
		n += int(out.Count)
		if len(out.LastEvaluatedKey) == 0 {
			return n, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}

// between returns the query for the people of one area after a number.
func (l *List) between(brand, topic string, shard int, area phone.Area, after string) *dynamodb.QueryInput {
	return l.query(brand, topic, shard, "aud = :aud AND #zone BETWEEN :from AND :to", map[string]types.AttributeValue{
		":from": text(begin(area, after)), ":to": text(end(area)),
	})
}

func (l *List) query(
	brand, topic string,
	shard int,
	condition string,
	values map[string]types.AttributeValue,
) *dynamodb.QueryInput {
	values[":aud"] = text(partition(brand, topic, shard))
	return &dynamodb.QueryInput{
		TableName: &l.table, IndexName: aws.String(Index),
		KeyConditionExpression: &condition, ExpressionAttributeValues: values,
		ExpressionAttributeNames: map[string]string{"#zone": "zone"}, // a reserved word
	}
}

func text(s string) *types.AttributeValueMemberS { return &types.AttributeValueMemberS{Value: s} }

// split returns the area and number of an entry. A broken number is returned as it is: looking up its contact finds
// nobody. An error here would hide everybody after it.
func split(item map[string]types.AttributeValue) (phone.Area, phone.Number) {
	zone, ok := item["zone"].(*types.AttributeValueMemberS)
	if !ok {
		return "", "" // no entry of the index: its keys are strings
	}
	i := strings.LastIndexByte(zone.Value, '#')
	if i < 0 {
		return phone.Area(zone.Value), ""
	}
	return phone.Area(zone.Value[:i]), phone.Number(zone.Value[i+1:])
}
