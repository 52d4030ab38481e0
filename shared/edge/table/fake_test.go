package table_test

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/edge/table"
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

// torn shows, for some Querys, the contact as it was before the last change and the ledger as it is after it: what a
// Query may see of a transaction in DynamoDB.
type torn struct {
	table.API
	before map[string]types.AttributeValue // the contact as it was
	times  int
}

func (a *torn) Query(ctx context.Context, in *dynamodb.QueryInput, opts ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	out, err := a.API.Query(ctx, in, opts...)
	if err != nil || a.times == 0 {
		return out, err
	}
	a.times--
	for i, m := range out.Items {
		if sk, ok := m["sk"].(*types.AttributeValueMemberS); ok && sk.Value == "CONTACT" {
			out.Items[i] = a.before
		}
	}
	return out, nil
}
