package table

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/edge/dynamo"
)

// Spend stores that a solved CAPTCHA was used, and reports whether this is its first use. Of any number of callers at
// once exactly one gets true. DynamoDB deletes the item some time after expires.
func (t *Table) Spend(ctx context.Context, nonce string, expires time.Time) (first bool, err error) {
	m := primary("NONCE#"+nonce, "NONCE")
	m[ttl] = num(expires.Unix())
	_, err = t.api.PutItem(
		ctx,
		&dynamodb.PutItemInput{TableName: &t.name, Item: m, ConditionExpression: aws.String("attribute_not_exists(pk)")},
	)
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("spend a nonce: %w", dynamo.Redact(err))
	}
	return true, nil
}

// Allow counts one more use of key, and reports whether the uses in the current window are within limit. Windows have
// a fixed length and start at multiples of it (now.Truncate). So up to twice the limit may be allowed within one
// length around the border of two windows.
func (t *Table) Allow(ctx context.Context, key string, limit int, window time.Duration, now time.Time) (bool, error) {
	start := now.Truncate(window)
	out, err := t.api.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &t.name,
		Key:                       primary(limitKey(key, start), "LIMIT"),
		UpdateExpression:          aws.String("ADD n :one SET #ttl = :ttl"),
		ExpressionAttributeNames:  map[string]string{"#ttl": ttl}, // ttl is a reserved word
		ExpressionAttributeValues: item{":one": num(1), ":ttl": num(start.Add(window).Unix())},
		ReturnValues:              types.ReturnValueUpdatedNew,
	})
	if err != nil {
		return false, fmt.Errorf("count a use: %w", dynamo.Redact(err))
	}
	r := &reader{m: out.Attributes}
	n := r.num("n")
	if r.fault != nil {
		return false, fmt.Errorf("count a use: %w", r.fault)
	}
	return n <= int64(limit), nil
}
