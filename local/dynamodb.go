package local

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	minidyn "github.com/truora/minidyn/server"

	"smsconsent/shared/table"
)

// memory is DynamoDB in this process. minidyn guards its items but not its list of tables, so calls that change that
// list run alone.
type memory struct {
	handler http.Handler
	tables  sync.RWMutex
}

func newMemory() *memory { return &memory{handler: minidyn.NewServer()} }

func (m *memory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch operation {
	case "CreateTable", "UpdateTable", "DeleteTable":
		m.tables.Lock()
		defer m.tables.Unlock()
	case "DescribeTable", "PutItem", "DeleteItem", "UpdateItem", "GetItem", "Query", "Scan",
		"BatchWriteItem", "BatchGetItem", "TransactWriteItems", "TransactGetItems":
		m.tables.RLock()
		defer m.tables.RUnlock()
	case "ListTables": // minidyn has none, and it is what people try first
		answer(w, http.StatusOK, map[string][]string{"TableNames": {TableName}})
		return
	default:
		unknownOperation(w, "DynamoDB "+operation)
		return
	}
	m.handler.ServeHTTP(w, r)
}

// createTable makes the consent table, unless a DynamoDB that keeps its data has it already.
func (s *Stack) createTable(ctx context.Context) error {
	_, err := dynamodb.NewFromConfig(s.AWS()).CreateTable(ctx, table.Definition(TableName))
	if _, exists := errors.AsType[*types.ResourceInUseException](err); err != nil && !exists {
		return fmt.Errorf("create table %s: %w", TableName, err)
	}
	return nil
}
