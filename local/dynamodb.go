package local

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/local/account"
	"smsconsent/shared/edge/table"
)

// createTable makes the consent table, unless a DynamoDB that keeps its data has it already.
func (s *Stack) createTable(ctx context.Context) error {
	_, err := dynamodb.NewFromConfig(s.AWS()).CreateTable(ctx, table.Definition(account.TableName))
	if _, exists := errors.AsType[*types.ResourceInUseException](err); err != nil && !exists {
		return fmt.Errorf("create table %s: %w", account.TableName, err)
	}
	return nil
}
