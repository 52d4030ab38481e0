package table

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/dynamo"
)

// Removed returns, by topic, when people of a brand were removed because nothing showed that they read the texts. No
// index has them, so it reads the whole table, at half a read unit per 4 KB. That is for an operator's question, not
// for a function.
func Removed(ctx context.Context, api dynamodb.ScanAPIClient, table, brand string) (map[string][]time.Time, error) {
	byTopic := map[string][]time.Time{}
	pages := dynamodb.NewScanPaginator(api, &dynamodb.ScanInput{
		TableName: &table, ProjectionExpression: aws.String("#sub"),
		FilterExpression:          aws.String("#sk = :contact AND begins_with(#pk, :brand)"),
		ExpressionAttributeNames:  map[string]string{"#pk": "pk", "#sk": "sk", "#sub": "sub"},
		ExpressionAttributeValues: item{":contact": str(contactSort), ":brand": str("CONTACT#" + brand + "#")},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read who was removed: %w", dynamo.Redact(err))
		}
		for _, m := range page.Items {
			r := &reader{m: m}
			subs := r.mapOf("sub")
			r.within(subs, "sub", func(in *reader) {
				for topic := range subs {
					in.within(in.mapOf(topic), topic, func(s *reader) {
						if sub := decodeSubscription(s); sub.State == consent.Removed {
							byTopic[topic] = append(byTopic[topic], sub.Moved)
						}
					})
				}
			})
		}
	}
	return byTopic, nil
}
