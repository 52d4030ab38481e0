package audience

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/dynamo"
)

// People returns at most limit people of one shard of a topic, in all areas, after a cursor, and the cursor of the
// next page, "" for the last. A cursor has a phone number in it.
func (l *List) People(
	ctx context.Context, brand, topic string, shard int, after string, limit int,
) ([]consent.Key, string, error) {
	in := l.query(brand, topic, shard, "aud = :aud AND #zone > :after", map[string]types.AttributeValue{
		":after": text(after + " "),
	})
	in.Limit = aws.Int32(int32(min(max(limit, 1), 1000)))
	out, err := l.api.Query(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("people of %s/%s: %w", brand, topic, dynamo.Redact(err))
	}
	keys := make([]consent.Key, len(out.Items))
	for i, item := range out.Items {
		area, number := split(item)
		keys[i], after = consent.Key{Brand: brand, Phone: number}, string(area)+"#"+string(number)
	}
	if len(out.LastEvaluatedKey) == 0 || len(keys) == 0 {
		return keys, "", nil
	}
	return keys, after, nil
}

// Size returns how many people are on the list of a topic. Like Count it reads every entry.
func (l *List) Size(ctx context.Context, brand, topic string) (n int, err error) {
	for shard := range Shards {
		of, err := l.entries(ctx, partition(brand, topic, shard))
		if err != nil {
			return 0, fmt.Errorf("count the people of %s/%s: %w", brand, topic, err)
		}
		n += of
	}
	return n, nil
}

func (l *List) entries(ctx context.Context, partition string) (n int, err error) {
	pages := dynamodb.NewQueryPaginator(l.api, &dynamodb.QueryInput{
		TableName: &l.table, IndexName: aws.String(Index), Select: types.SelectCount,
		KeyConditionExpression:    aws.String("aud = :aud"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":aud": text(partition)},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return 0, dynamo.Redact(err)
		}
		n += int(page.Count)
	}
	return n, nil
}
