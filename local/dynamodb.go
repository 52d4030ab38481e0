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

// createTable makes the consent table, unless a DynamoDB that keeps its data has it already.
func (s *Stack) createTable(ctx context.Context) error {
	_, err := dynamodb.NewFromConfig(s.AWS()).CreateTable(ctx, table.Definition(account.TableName))
	if _, exists := errors.AsType[*types.ResourceInUseException](err); err != nil && !exists {
		return fmt.Errorf("create table %s: %w", account.TableName, err)
	}
	return nil
}

// followed has a DynamoDB answer, and what it wrote told to those who follow it.
func (s *Stack) followed(d *memory.DynamoDB) memory.Calls {
	return func(ctx context.Context, in any) (any, error) {
		out, err := d.Do(in)
		if err == nil {
			s.written(ctx, in)
		}
		return out, err
	}
}

// written notes that the table may have changed, and what its stream tells of it.
func (s *Stack) written(ctx context.Context, in any) {
	switch in.(type) {
	case *dynamodb.PutItemInput, *dynamodb.UpdateItemInput, *dynamodb.DeleteItemInput, *dynamodb.BatchWriteItemInput,
		*dynamodb.TransactWriteItemsInput:
		s.stream.Note(in)
		s.people.Wrote(in)
		s.changes.Bump()
	}
	if in, ok := in.(*dynamodb.TransactWriteItemsInput); ok && table.IsPublication(in) {
		s.learn(ctx)
	}
}

// learn has the phones, the carrier and the console know the programs in force, as the functions find them themselves.
func (s *Stack) learn(ctx context.Context) {
	in := table.New(dynamodb.NewFromConfig(s.AWS()), account.TableName, consent.Ledger{})
	c, _, err := wiring.InForce(ctx, in, s.catalog.Load())
	if err != nil {
		s.log.ErrorContext(ctx, "phones and carrier go on under the programs they know", "error", err)
		return
	}
	s.catalog.Store(c)
	s.sms.Own(c)
}
