package table_test

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/table"
)

// smallPages makes DynamoDB end a page after three items, as it does after a megabyte.
type smallPages struct {
	table.API
}

func (p smallPages) Query(ctx context.Context, in *dynamodb.QueryInput, opts ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	few := *in
	few.Limit = aws.Int32(3)
	return p.API.Query(ctx, &few, opts...)
}
