// Package audience lists the people subscribed to a topic, in groups that share the places they may be in.
//
// It reads the index "audience" of the consent table. The index follows the table within moments but not at once, and
// people join, leave and move while it is read. So it only names candidates: whoever acts on one asks the contact
// itself.
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

// API is what a List needs of the DynamoDB client.
type API interface {
	Query(ctx context.Context, in *dynamodb.QueryInput, opts ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
}

// List reads the audience of topics. It is safe for concurrent use.
type List struct {
	api   API
	table string
}

// New makes a list over the consent table of that name.
func New(api API, table string) *List { return &List{api: api, table: table} }

// NextArea returns the first area with people in it behind after, in the order of bytes; "" starts at the beginning. It
// reports false where there is none. One Query of one item, however many people are in the areas before.
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

// Page returns the people of one area behind the cursor after, at most limit of them, and the cursor of the next page;
// "" where this was the last one. "" as after starts the area. A page may be empty. A cursor holds a phone number: keep
// it out of logs.
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
		// Of a broken entry the area may be longer than the one that is walked. A space stands for nothing at all.
		after = cmp.Or(strings.TrimPrefix(string(where)+"#"+string(number), string(area)+"#"), " ")
	}
	if len(out.LastEvaluatedKey) == 0 || len(keys) == 0 {
		return keys, "", nil
	}
	return keys, after, nil
}

// Due returns the people of a brand about whom something is due until before, the longest overdue first: a request
// waits for its YES no longer, or somebody has to look again (consent.Contact.Due). after is where the last page ended,
// "" for the first; the answer is at most limit people and where the next page begins, "" where there is none. Whoever
// sees to them takes them out of the list.
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

// due asks for people of a brand about whom something is due until before, behind the cursor after.
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

// Overdue returns since when something is due about somebody of a brand, of whom it has been so for the longest; zero
// where it is of nobody.
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

// Singles returns whose single text of that ID waits, at most that many. The index follows the table within moments.
func (l *List) Singles(ctx context.Context, ref string, limit int) ([]consent.Key, error) {
	aud, _ := Single(consent.Key{}, ref)
	out, err := l.api.Query(ctx, &dynamodb.QueryInput{
		TableName: &l.table, IndexName: aws.String(Index), Limit: aws.Int32(int32(min(max(limit, 1), 1000))),
		KeyConditionExpression:    aws.String("aud = :aud"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":aud": text(aud)},
	})
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

// Count returns how many people are in an area. It reads every entry, so it costs half a read unit per 4 KB: some 25
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

// between asks for the people of one area behind a number, and for nobody else.
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

// split takes an entry's zone apart. What is no number names nobody, as whoever looks up the contact finds; an error
// here would keep everybody behind it from being met.
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
