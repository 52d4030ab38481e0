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

// savedTurns is how far back turns reach that nobody took: so much of the rate a job may make up for that was late.
const savedTurns = 250 * time.Millisecond

// TakeTurns takes the next turns of an origination identity, one after the other, and returns when the first begins:
// that may be as much as a quarter of a second ago. They last that long together. Whoever asks, in any process, gets
// turns that nobody else gets. What is taken and not used is lost.
//
// The item says when the next free turn begins.
func (t *Table) TakeTurns(ctx context.Context, identity string, last time.Duration, now time.Time) (time.Time, error) {
	floor := now.Add(-savedTurns)
	ahead := item{":last": num(last.Microseconds()), ":floor": num(floor.UnixMicro())}
	anew := item{":end": num(floor.Add(last).UnixMicro()), ":floor": ahead[":floor"]}
	for range rereads {
		end, err := t.moveTurn(ctx, identity, "SET t = t + :last", "t >= :floor", ahead)
		if errors.Is(err, ErrConflict) {
			end, err = t.moveTurn(ctx, identity, "SET t = :end", "attribute_not_exists(t) OR t < :floor", anew)
		}
		switch {
		case err == nil:
			return end.Add(-last), nil
		case !errors.Is(err, ErrConflict): // another was quicker, between the two
			return time.Time{}, fmt.Errorf("take a turn of %s: %w", identity, err)
		}
	}
	return time.Time{}, fmt.Errorf("take a turn of %s: %w", identity, ErrConflict)
}

// moveTurn moves the beginning of the next free turn, and returns it.
func (t *Table) moveTurn(ctx context.Context, identity, update, condition string, values item) (time.Time, error) {
	out, err := t.api.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &t.name,
		Key:                       primary(turnKey(identity), turnSort),
		UpdateExpression:          &update,
		ConditionExpression:       aws.String(condition),
		ExpressionAttributeValues: values,
		ReturnValues:              types.ReturnValueUpdatedNew,
	})
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return time.Time{}, ErrConflict
	}
	if err != nil {
		return time.Time{}, dynamo.Redact(err)
	}
	r := &reader{m: out.Attributes}
	next := time.UnixMicro(r.num("t")).UTC()
	return next, r.fault
}
