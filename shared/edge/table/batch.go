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
	"smsconsent/shared/edge/timeleft"
)

// The most items DynamoDB takes in one call (docs.aws.amazon.com, BatchGetItem and BatchWriteItem).
const (
	maxBatchGet   = 100
	maxBatchWrite = 25
)

// maxTries is how often a call is made before it is given up. With the pauses in between that takes about three
// seconds.
const maxTries = 8

// pause waits before the next try: 25 ms at first, doubling up to a second, plus a random time of up to the same
// length. The random part spreads callers that failed at the same moment. It returns early with an error when ctx
// ends.
func pause(ctx context.Context, try int) error {
	d := min(25*time.Millisecond<<try, time.Second)
	d += rand.N(d) //nolint:gosec // chance spreads callers; nothing depends on it being hard to guess
	return timeleft.Pause(ctx, d)
}

// consistentRead asks for whole items in their newest version.
func consistentRead(keys []item) types.KeysAndAttributes {
	return types.KeysAndAttributes{Keys: keys, ConsistentRead: aws.Bool(true)}
}

// eventualRead asks for whole items at half the price. They may be a second old (an eventually consistent read). It
// suits contacts that are claimed next: a claim on an older version fails, and the contact is read again.
func eventualRead(keys []item) types.KeysAndAttributes {
	return types.KeysAndAttributes{Keys: keys}
}

// batchGet reads at most maxBatchGet items and calls each with every one that exists, in no order. It asks again for
// keys that DynamoDB left out because it had no capacity.
func (t *Table) batchGet(ctx context.Context, wanted types.KeysAndAttributes, each func(item) error) error {
	todo := map[string]types.KeysAndAttributes{t.name: wanted}
	for try := range maxTries {
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
	return errNoCapacity
}

// batchPut writes any number of items, which must have different keys. It is not atomic: after an error some of them
// may be stored.
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
	for try := range maxTries {
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
	return errNoCapacity
}

// errNoCapacity is returned when DynamoDB left items undone in every try.
var errNoCapacity = fmt.Errorf("DynamoDB had no capacity in %d tries", maxTries)
