package table

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/dynamo"
)

// Removed counts by topic the people of a brand who were removed for want of signs that they read. No index has them,
// so it reads the whole table once, at half a read unit per 4 KB: it is for an operator's question, not for a
// function.
func Removed(ctx context.Context, api dynamodb.ScanAPIClient, table, brand string) (map[string]int, error) {
	byTopic := map[string]int{}
	pages := dynamodb.NewScanPaginator(api, &dynamodb.ScanInput{
		TableName: &table, ProjectionExpression: aws.String("#sub"),
		FilterExpression:          aws.String("#sk = :contact AND begins_with(#pk, :brand)"),
		ExpressionAttributeNames:  map[string]string{"#pk": "pk", "#sk": "sk", "#sub": "sub"},
		ExpressionAttributeValues: item{":contact": str(contactSort), ":brand": str("CONTACT#" + brand + "#")},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("count who was removed: %w", dynamo.Redact(err))
		}
		for _, m := range page.Items {
			r := &reader{m: m}
			subs := r.mapOf("sub")
			r.within(subs, "sub", func(in *reader) {
				for topic := range subs {
					in.within(in.mapOf(topic), topic, func(s *reader) {
						if decodeSubscription(s).State == consent.Removed {
							byTopic[topic]++
						}
					})
				}
			})
		}
	}
	return byTopic, nil
}
