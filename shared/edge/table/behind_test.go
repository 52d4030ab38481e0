package table_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
)

// canceling cancels every transaction for the reasons it has, and fails the calls that follow as wanted.
type canceling struct {
	table.API
	t       *testing.T
	reasons []string
	failGet int // the n-th read fails
	failPut error
	gets    int
	puts    int
	tries   int // of transactions
}

var errBroken = errors.New("broken")

func (a *canceling) TransactWriteItems(context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	a.tries++
	reasons := make([]types.CancellationReason, len(a.reasons))
	for i, code := range a.reasons {
		reasons[i].Code = aws.String(code)
	}
	return nil, &types.TransactionCanceledException{CancellationReasons: reasons}
}

func (a *canceling) GetItem(ctx context.Context, in *dynamodb.GetItemInput, opts ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	if a.gets++; a.gets == a.failGet {
		return nil, errBroken
	}
	if !aws.ToBool(in.ConsistentRead) {
		a.t.Error("what was written a moment ago may be missed")
	}
	return a.API.GetItem(ctx, in, opts...)
}

func (a *canceling) PutItem(ctx context.Context, in *dynamodb.PutItemInput, opts ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	a.puts++
	if a.failPut != nil {
		return nil, a.failPut
	}
	return a.API.PutItem(ctx, in, opts...)
}

// Only an event that is there already moves a contact to the end of its ledger; what merely failed is told as that, and
// changes nothing.
func TestWhatAFailedTransactionMeans(t *testing.T) {
	const failed, none = "ConditionalCheckFailed", "None"
	for name, tc := range map[string]struct {
		canceling
		stale    bool // the change was decided on an older contact
		conflict bool
		puts     int
	}{
		"the event is there":           {canceling: canceling{reasons: []string{none, failed, none}}, conflict: true, puts: 1},
		"no capacity":                  {canceling: canceling{reasons: []string{none, "ThrottlingError", none}}},
		"too large":                    {canceling: canceling{reasons: []string{"ValidationError", none, none}}},
		"no reason":                    {},
		"the contact has changed":      {canceling: canceling{reasons: []string{failed, failed, none}}, conflict: true},
		"the contact changed since":    {canceling: canceling{reasons: []string{none, failed, none}}, stale: true, conflict: true},
		"the contact cannot be read":   {canceling: canceling{reasons: []string{none, failed, none}, failGet: 1}},
		"the events cannot be read":    {canceling: canceling{reasons: []string{none, failed, none}, failGet: 2}},
		"the contact cannot be put":    {canceling: canceling{reasons: []string{none, failed, none}, failPut: errBroken}, puts: 1},
		"somebody else is writing now": {canceling: canceling{reasons: []string{none, failed, none}, failPut: &types.TransactionConflictException{}}, conflict: true, puts: 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := stores.Memory(t)
			honest := table.New(s.Client, s.Table, ledger(t))
			c := subscribe(t, honest, key, phone.Told{}, alerts.Topics[0])
			if tc.stale {
				c.Version--
			}
			tc.API, tc.t = s.Client, t
			at := noon.Add(time.Hour)
			_, err := table.New(&tc.canceling, s.Table, ledger(t)).Commit(t.Context(), inboundHeard(c, saidStop, at), at)
			if err == nil || errors.Is(err, table.ErrConflict) != tc.conflict || tc.canceling.puts != tc.puts {
				t.Errorf("%v after %d puts, want a conflict: %t, and %d", err, tc.canceling.puts, tc.conflict, tc.puts)
			}
			now, err := honest.Contact(t.Context(), key)
			moved := tc.puts == 1 && tc.failPut == nil
			if err != nil || now.Suspect != moved || now.Head != (consent.Head{Seq: 2, Hash: c.Head.Hash}) {
				t.Errorf("suspect %t, want %t; head %+v, %v", now.Suspect, moved, now.Head, err)
			}
		})
	}
}
