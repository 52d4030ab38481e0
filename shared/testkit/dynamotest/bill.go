package dynamotest

import (
	"context"
	"maps"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/edge/table"
)

// Bill counts DynamoDB calls by name, and the capacity units that they consume. Only DynamoDB Local reports units.
// For transactions it reports wrong ones, so their items are counted under ItemsWritten instead: AWS bills two write
// units for each KB of each item.
type Bill struct {
	table.API

	mu    sync.Mutex
	calls map[string]int
	units float64
	wrote float64
}

// ItemsWritten is the name under which a Bill counts the items of transactions.
const ItemsWritten = "items of transactions"

// NewBill returns a Bill for the calls of an API.
func NewBill(api table.API) *Bill { return &Bill{API: api, calls: map[string]int{}} }

// Take returns the calls since the last Take, and the units they consumed.
func (b *Bill) Take() (calls map[string]int, units float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	calls, units = maps.Clone(b.calls), b.units
	clear(b.calls)
	b.units, b.wrote = 0, 0
	return calls, units
}

// Wrote returns the units that writes consumed since the last Take.
func (b *Bill) Wrote() float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.wrote
}

// Writes reports whether a call with that name writes.
func Writes(call string) bool {
	return !strings.HasPrefix(call, "Get") && !strings.HasPrefix(call, "BatchGet") && call != "Query" && call != "Scan"
}

// charge counts a call and returns its answer.
func charge[Out any](
	b *Bill,
	call string,
	out *Out,
	err error,
	consumed func(*Out) []types.ConsumedCapacity,
) (*Out, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls[call]++
	if err != nil {
		return nil, err
	}
	for _, c := range consumed(out) {
		b.units += aws.ToFloat64(c.CapacityUnits)
		if Writes(call) {
			b.wrote += aws.ToFloat64(c.CapacityUnits)
		}
	}
	return out, nil
}

func one(c *types.ConsumedCapacity) []types.ConsumedCapacity {
	if c == nil {
		return nil
	}
	return []types.ConsumedCapacity{*c}
}

// GetItem counts a call.
func (b *Bill) GetItem(
	ctx context.Context, in *dynamodb.GetItemInput, opts ...func(*dynamodb.Options),
) (*dynamodb.GetItemOutput, error) {
	in.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
	out, err := b.API.GetItem(ctx, in, opts...)
	return charge(
		b,
		"GetItem",
		out,
		err,
		func(out *dynamodb.GetItemOutput) []types.ConsumedCapacity { return one(out.ConsumedCapacity) },
	)
}

// BatchGetItem counts a call.
func (b *Bill) BatchGetItem(
	ctx context.Context, in *dynamodb.BatchGetItemInput, opts ...func(*dynamodb.Options),
) (*dynamodb.BatchGetItemOutput, error) {
	in.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
	out, err := b.API.BatchGetItem(ctx, in, opts...)
	return charge(
		b,
		"BatchGetItem",
		out,
		err,
		func(out *dynamodb.BatchGetItemOutput) []types.ConsumedCapacity { return out.ConsumedCapacity },
	)
}

// Query counts a call.
func (b *Bill) Query(
	ctx context.Context, in *dynamodb.QueryInput, opts ...func(*dynamodb.Options),
) (*dynamodb.QueryOutput, error) {
	in.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
	out, err := b.API.Query(ctx, in, opts...)
	return charge(
		b,
		"Query",
		out,
		err,
		func(out *dynamodb.QueryOutput) []types.ConsumedCapacity { return one(out.ConsumedCapacity) },
	)
}

// Scan counts a call.
func (b *Bill) Scan(
	ctx context.Context, in *dynamodb.ScanInput, opts ...func(*dynamodb.Options),
) (*dynamodb.ScanOutput, error) {
	in.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
	out, err := b.API.Scan(ctx, in, opts...)
	return charge(
		b,
		"Scan",
		out,
		err,
		func(out *dynamodb.ScanOutput) []types.ConsumedCapacity { return one(out.ConsumedCapacity) },
	)
}

// PutItem counts a call.
func (b *Bill) PutItem(
	ctx context.Context, in *dynamodb.PutItemInput, opts ...func(*dynamodb.Options),
) (*dynamodb.PutItemOutput, error) {
	in.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
	out, err := b.API.PutItem(ctx, in, opts...)
	return charge(
		b,
		"PutItem",
		out,
		err,
		func(out *dynamodb.PutItemOutput) []types.ConsumedCapacity { return one(out.ConsumedCapacity) },
	)
}

// UpdateItem counts a call.
func (b *Bill) UpdateItem(
	ctx context.Context, in *dynamodb.UpdateItemInput, opts ...func(*dynamodb.Options),
) (*dynamodb.UpdateItemOutput, error) {
	in.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
	out, err := b.API.UpdateItem(ctx, in, opts...)
	return charge(
		b,
		"UpdateItem",
		out,
		err,
		func(out *dynamodb.UpdateItemOutput) []types.ConsumedCapacity { return one(out.ConsumedCapacity) },
	)
}

// BatchWriteItem counts a call.
func (b *Bill) BatchWriteItem(
	ctx context.Context, in *dynamodb.BatchWriteItemInput, opts ...func(*dynamodb.Options),
) (*dynamodb.BatchWriteItemOutput, error) {
	in.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
	out, err := b.API.BatchWriteItem(ctx, in, opts...)
	return charge(
		b,
		"BatchWriteItem",
		out,
		err,
		func(out *dynamodb.BatchWriteItemOutput) []types.ConsumedCapacity { return out.ConsumedCapacity },
	)
}

// TransactWriteItems counts a call and its items.
func (b *Bill) TransactWriteItems(
	ctx context.Context, in *dynamodb.TransactWriteItemsInput, opts ...func(*dynamodb.Options),
) (*dynamodb.TransactWriteItemsOutput, error) {
	out, err := b.API.TransactWriteItems(ctx, in, opts...)
	b.mu.Lock()
	b.calls[ItemsWritten] += len(in.TransactItems)
	b.mu.Unlock()
	return charge(
		b,
		"TransactWriteItems",
		out,
		err,
		func(*dynamodb.TransactWriteItemsOutput) []types.ConsumedCapacity { return nil },
	)
}
