// Package memory imitates DynamoDB in this process, for the local stack and for tests. It answers the calls of Amazon's
// client as DynamoDB does, with keys, indexes, expressions and transactions. Its data ends with the process.
//
// A client reaches it in two ways. ServeHTTP speaks the JSON protocol, for the AWS CLI and for tests of what is sent.
// Calls.Direct answers a client's calls before they become JSON, which takes a tenth of the time.
//
// The tests play the same calls on this package and on DynamoDB Local, which is right where they differ. Not imitated
// are keys other than strings, local indexes, time to live, streams and capacity.
package memory

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
)

// DynamoDB holds tables. It is safe for concurrent use.
type DynamoDB struct {
	mu     sync.RWMutex // locked for writing by every write
	tables map[string]*store
	tokens []string // client tokens of the last transactions, oldest first

	parsed sync.Map // parsed expressions by their text; a program has only a few
}

// New returns a DynamoDB without tables.
func New() *DynamoDB { return &DynamoDB{tables: map[string]*store{}} }

// Do answers a call, given as the client's input, such as *dynamodb.GetItemInput. It returns the client's output, and
// the errors that the client returns. The input and the output share data with the store, so nobody may change them
// afterwards.
func (d *DynamoDB) Do(in any) (any, error) {
	switch in := in.(type) {
	case *dynamodb.GetItemInput:
		return reading(d, in, d.getItem)
	case *dynamodb.BatchGetItemInput:
		return reading(d, in, d.batchGetItem)
	case *dynamodb.TransactGetItemsInput:
		return reading(d, in, d.transactGetItems)
	case *dynamodb.QueryInput:
		return reading(d, in, d.query)
	case *dynamodb.ScanInput:
		return reading(d, in, d.scan)
	case *dynamodb.PutItemInput:
		return writing(d, in, d.putItem)
	case *dynamodb.UpdateItemInput:
		return writing(d, in, d.updateItem)
	case *dynamodb.DeleteItemInput:
		return writing(d, in, d.deleteItem)
	case *dynamodb.BatchWriteItemInput:
		return writing(d, in, d.batchWriteItem)
	case *dynamodb.TransactWriteItemsInput:
		return writing(d, in, d.transactWriteItems)
	case *dynamodb.CreateTableInput:
		return writing(d, in, d.createTable)
	case *dynamodb.DeleteTableInput:
		return writing(d, in, d.deleteTable)
	case *dynamodb.DescribeTableInput:
		return reading(d, in, d.describeTable)
	case *dynamodb.ListTablesInput:
		return reading(d, in, d.listTables)
	default:
		return nil, unknown(fmt.Sprintf("%T", in))
	}
}

func unknown(operation string) error {
	return &smithy.GenericAPIError{
		Code: "UnknownOperationException", Message: "DynamoDB in memory does not answer " + operation,
	}
}

func reading[In, Out any](d *DynamoDB, in In, answer func(In) (Out, error)) (any, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return answer(in)
}

func writing[In, Out any](d *DynamoDB, in In, answer func(In) (Out, error)) (any, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return answer(in)
}

// invalid returns a ValidationException.
func invalid(format string, args ...any) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: fmt.Sprintf(format, args...)}
}

// table returns the table that a call names.
func (d *DynamoDB) table(name *string) (*store, error) {
	if t, ok := d.tables[aws.ToString(name)]; ok {
		return t, nil
	}
	return nil, &types.ResourceNotFoundException{Message: aws.String("Cannot do operations on a non-existent table")}
}

func (d *DynamoDB) createTable(in *dynamodb.CreateTableInput) (*dynamodb.CreateTableOutput, error) {
	if _, err := d.table(in.TableName); err == nil {
		return nil, &types.ResourceInUseException{Message: aws.String("Cannot create preexisting table")}
	}
	t, err := newStore(in)
	if err != nil {
		return nil, err
	}
	d.tables[aws.ToString(in.TableName)] = t
	return &dynamodb.CreateTableOutput{TableDescription: t.describe()}, nil
}

func (d *DynamoDB) deleteTable(in *dynamodb.DeleteTableInput) (*dynamodb.DeleteTableOutput, error) {
	t, err := d.table(in.TableName)
	if err != nil {
		return nil, err
	}
	delete(d.tables, *in.TableName)
	return &dynamodb.DeleteTableOutput{TableDescription: t.describe()}, nil
}

func (d *DynamoDB) describeTable(in *dynamodb.DescribeTableInput) (*dynamodb.DescribeTableOutput, error) {
	t, err := d.table(in.TableName)
	if err != nil {
		return nil, err
	}
	return &dynamodb.DescribeTableOutput{Table: t.describe()}, nil
}

func (d *DynamoDB) listTables(*dynamodb.ListTablesInput) (*dynamodb.ListTablesOutput, error) {
	return &dynamodb.ListTablesOutput{TableNames: slices.Sorted(maps.Keys(d.tables))}, nil
}
