package local

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/local/account"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/testkit/memory"
)

// createTable creates the consent table, unless a DynamoDB that keeps its data already has it.
func (s *Stack) createTable(ctx context.Context) error {
	_, err := dynamodb.NewFromConfig(s.AWS()).CreateTable(ctx, table.Definition(account.TableName))
	if _, exists := errors.AsType[*types.ResourceInUseException](err); err != nil && !exists {
		return fmt.Errorf("create table %s: %w", account.TableName, err)
	}
	return nil
}

// observed returns calls of d that also report every write to the stack.
func (s *Stack) observed(d *memory.DynamoDB) memory.Calls {
	return func(ctx context.Context, in any) (any, error) {
		out, err := d.Do(in)
		if err == nil {
			s.noteWrite(ctx, in)
		}
		return out, err
	}
}

// noteWrite tells the stream, the list of people and the watchers of a write. A publication of programs is put in
// force.
func (s *Stack) noteWrite(ctx context.Context, in any) {
	switch in.(type) {
	case *dynamodb.PutItemInput, *dynamodb.UpdateItemInput, *dynamodb.DeleteItemInput, *dynamodb.BatchWriteItemInput,
		*dynamodb.TransactWriteItemsInput:
		s.stream.Note(in)
		s.people.Wrote(in)
		s.changes.Bump()
	}
	if in, ok := in.(*dynamodb.TransactWriteItemsInput); ok && table.IsPublication(in) {
		s.loadPrograms(ctx)
	}
}

// loadPrograms gives the phones, the carrier and the console the programs in force. It reads them the same way as the
// functions do.
func (s *Stack) loadPrograms(ctx context.Context) {
	in := table.New(dynamodb.NewFromConfig(s.AWS()), account.TableName, consent.Ledger{})
	c, _, err := wiring.InForce(ctx, in, s.catalog.Load())
	if err != nil {
		s.log.ErrorContext(ctx, "phones and carrier go on under the programs they know", "error", err)
		return
	}
	s.catalog.Store(c)
	s.sms.AddIdentities(c)
}
