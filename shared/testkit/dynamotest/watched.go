package dynamotest

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/edge/table"
)

// Watched calls See before each call of a table. Where See returns an error, the call is not made and fails with it.
type Watched struct {
	table.API

	// See gets the name of the call and, for a read, whether it is strongly consistent.
	See func(call string, consistent *bool) error
}

// GetItem tells of a call.
func (w Watched) GetItem(
	ctx context.Context, in *dynamodb.GetItemInput, opts ...func(*dynamodb.Options),
) (*dynamodb.GetItemOutput, error) {
	if err := w.See("GetItem", in.ConsistentRead); err != nil {
		return nil, err
	}
	return w.API.GetItem(ctx, in, opts...)
}

// BatchGetItem tells of a call.
func (w Watched) BatchGetItem(
	ctx context.Context, in *dynamodb.BatchGetItemInput, opts ...func(*dynamodb.Options),
) (*dynamodb.BatchGetItemOutput, error) {
	var consistent *bool
	for _, wanted := range in.RequestItems {
		consistent = wanted.ConsistentRead
	}
	if err := w.See("BatchGetItem", consistent); err != nil {
		return nil, err
	}
	return w.API.BatchGetItem(ctx, in, opts...)
}

// Query tells of a call.
func (w Watched) Query(
	ctx context.Context, in *dynamodb.QueryInput, opts ...func(*dynamodb.Options),
) (*dynamodb.QueryOutput, error) {
	if err := w.See("Query", in.ConsistentRead); err != nil {
		return nil, err
	}
	return w.API.Query(ctx, in, opts...)
}

// Scan tells of a call.
func (w Watched) Scan(
	ctx context.Context, in *dynamodb.ScanInput, opts ...func(*dynamodb.Options),
) (*dynamodb.ScanOutput, error) {
	if err := w.See("Scan", in.ConsistentRead); err != nil {
		return nil, err
	}
	return w.API.Scan(ctx, in, opts...)
}

// PutItem tells of a call.
func (w Watched) PutItem(
	ctx context.Context, in *dynamodb.PutItemInput, opts ...func(*dynamodb.Options),
) (*dynamodb.PutItemOutput, error) {
	if err := w.See("PutItem", nil); err != nil {
		return nil, err
	}
	return w.API.PutItem(ctx, in, opts...)
}

// UpdateItem tells of a call.
func (w Watched) UpdateItem(
	ctx context.Context, in *dynamodb.UpdateItemInput, opts ...func(*dynamodb.Options),
) (*dynamodb.UpdateItemOutput, error) {
	if err := w.See("UpdateItem", nil); err != nil {
		return nil, err
	}
	return w.API.UpdateItem(ctx, in, opts...)
}

// BatchWriteItem tells of a call.
func (w Watched) BatchWriteItem(
	ctx context.Context, in *dynamodb.BatchWriteItemInput, opts ...func(*dynamodb.Options),
) (*dynamodb.BatchWriteItemOutput, error) {
	if err := w.See("BatchWriteItem", nil); err != nil {
		return nil, err
	}
	return w.API.BatchWriteItem(ctx, in, opts...)
}

// TransactWriteItems tells of a call.
func (w Watched) TransactWriteItems(
	ctx context.Context, in *dynamodb.TransactWriteItemsInput, opts ...func(*dynamodb.Options),
) (*dynamodb.TransactWriteItemsOutput, error) {
	if err := w.See("TransactWriteItems", nil); err != nil {
		return nil, err
	}
	return w.API.TransactWriteItems(ctx, in, opts...)
}
