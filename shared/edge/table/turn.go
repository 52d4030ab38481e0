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

// maxTurnBacklog is how far in the past the next free turn may begin. So a job that was late by up to this may catch
// up, but no burst is larger.
const maxTurnBacklog = 250 * time.Millisecond

// TakeTurns reserves the next free sending time of an origination identity, last long, and returns when it begins: up
// to a quarter of a second before now, or later. Calls from any process get times that do not overlap. A reserved
// time that is not used is lost. It returns ErrConflict where too many calls come at the same moment.
//
// The item holds when the next free time begins, in Unix microseconds.
func (t *Table) TakeTurns(ctx context.Context, identity string, last time.Duration, now time.Time) (time.Time, error) {
	floor := now.Add(-maxTurnBacklog)
	ahead := item{":last": num(last.Microseconds()), ":floor": num(floor.UnixMicro())}
	anew := item{":end": num(floor.Add(last).UnixMicro()), ":floor": ahead[":floor"]}
	for range maxRereads {
		end, err := t.moveTurn(ctx, identity, "SET t = t + :last", "t >= :floor", ahead)
		if errors.Is(err, ErrConflict) {
			end, err = t.moveTurn(ctx, identity, "SET t = :end", "attribute_not_exists(t) OR t < :floor", anew)
		}
		switch {
		case err == nil:
			return end.Add(-last), nil
		case !errors.Is(err, ErrConflict): // a conflict means another call came between the two writes
			return time.Time{}, fmt.Errorf("take a turn of %s: %w", identity, err)
		}
	}
	return time.Time{}, fmt.Errorf("take a turn of %s: %w", identity, ErrConflict)
}

// moveTurn updates the beginning of the next free turn, and returns the new value. It returns ErrConflict where
// condition does not hold.
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
