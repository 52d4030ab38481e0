package table

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/edge/dynamo"
	"smsconsent/shared/edge/queue"
)

// The most DynamoDB takes in one call (docs.aws.amazon.com, BatchGetItem and BatchWriteItem).
const (
	maxBatchGet   = 100
	maxBatchWrite = 25
)

// tries is how often a call is made anew that was left undone; with the pauses between them some three seconds.
const tries = 8

// pause waits before the next try: 25 ms at first, doubling up to a second, and up to as much again by chance, so that
// many callers that were turned away together do not come back together.
func pause(ctx context.Context, try int) error {
	d := min(25*time.Millisecond<<try, time.Second)
	d += rand.N(d) //nolint:gosec // chance spreads callers; nothing depends on it being hard to guess
	return queue.Pause(ctx, d)
}

// consistentRead asks for whole items as they are now.
func consistentRead(keys []item) types.KeysAndAttributes {
	return types.KeysAndAttributes{Keys: keys, ConsistentRead: aws.Bool(true)}
}

// cheapRead asks for whole items at half the price, which may be as they were a second ago. It is for contacts that are
// claimed next: a claim on one that changed since fails, and then it is read as it is.
func cheapRead(keys []item) types.KeysAndAttributes {
	return types.KeysAndAttributes{Keys: keys}
}

// batchGet reads at most maxBatchGet items. Keys DynamoDB left out for want of capacity are asked for again. Items that
// do not exist do not come.
func (t *Table) batchGet(ctx context.Context, wanted types.KeysAndAttributes, each func(item) error) error {
	todo := map[string]types.KeysAndAttributes{t.name: wanted}
	for try := range tries {
		out, err := t.api.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: todo})
		if err != nil {
			return dynamo.Redact(err)
		}
		for _, m := range out.Responses[t.name] {
			if err := each(m); err != nil {
				return err
			}
		}
		if len(out.UnprocessedKeys[t.name].Keys) == 0 {
			return nil
		}
		todo = out.UnprocessedKeys
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
	return errTurnedAway
}

// batchPut writes any number of items. They must have different keys.
func (t *Table) batchPut(ctx context.Context, items []item) error {
	requests := make([]types.WriteRequest, len(items))
	for i, m := range items {
		requests[i] = types.WriteRequest{PutRequest: &types.PutRequest{Item: m}}
	}
	for len(requests) > 0 {
		n := min(len(requests), maxBatchWrite)
		if err := t.batchWrite(ctx, requests[:n]); err != nil {
			return err
		}
		requests = requests[n:]
	}
	return nil
}

func (t *Table) batchWrite(ctx context.Context, requests []types.WriteRequest) error {
	todo := map[string][]types.WriteRequest{t.name: requests}
	for try := range tries {
		out, err := t.api.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: todo})
		if err != nil {
			return dynamo.Redact(err)
		}
		if len(out.UnprocessedItems[t.name]) == 0 {
			return nil
		}
		todo = out.UnprocessedItems
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
	return errTurnedAway
}

var errTurnedAway = fmt.Errorf("DynamoDB had no capacity in %d tries", tries)
