// Package memory is DynamoDB in this process, for the local stack and for tests: DynamoDB's JSON protocol over
// minidyn, which evaluates the expressions.
//
// It works around four defects of minidyn 0.8.2. What is empty gets lost (see mark). An index goes wrong when an
// update adds, changes or removes its key, or when a put leaves it out. An update removes no attribute (see removed).
// And to be able to roll a transaction back, the whole table is copied. So nothing is written in a table itself: the
// items are copied to its draft, a table without index, and written there; when all went well, they replace what was.
//
// It also sorts all keys of a table for each new item, and reads a key condition anew for every item there is. So the
// items stand in views, and minidyn is lent those that a call is about.
package memory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	minidyn "github.com/truora/minidyn/server"
)

// maxRequest is the most bytes DynamoDB takes: what a batch or a transaction may hold.
const maxRequest = 16 << 20

// DynamoDB is an http.Handler that answers as DynamoDB does. It starts without tables.
type DynamoDB struct {
	minidyn *minidyn.Client

	mu   sync.RWMutex        // held alone by whoever writes, or has items lent
	keys map[string][]string // names of the key's attributes, by table

	views map[string]map[string]*view // by table and index

	marksOut *strings.Replacer
}

// New makes a DynamoDB without tables.
func New() *DynamoDB {
	return &DynamoDB{
		minidyn: minidyn.NewClient(), keys: map[string][]string{}, views: map[string]map[string]*view{}, marksOut: marksOut(),
	}
}

// ServeHTTP answers one call.
func (d *DynamoDB) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err == nil {
		body, err = d.answer(r.Context(), operation, body)
	}
	status := http.StatusOK
	if err != nil {
		status = http.StatusBadRequest
		body, err = json.Marshal(asFailure(err))
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(status)
	_, _ = d.marksOut.WriteString(w, string(body))
}

func (d *DynamoDB) answer(ctx context.Context, operation string, body []byte) ([]byte, error) {
	read, write := d.mu.RLocker(), &d.mu
	switch operation {
	case "CreateTable":
		return call(ctx, write, body, d.createTable)
	case "UpdateTable":
		return call(ctx, write, body, d.updateTable)
	case "DeleteTable":
		return call(ctx, write, body, d.deleteTable)
	case "DescribeTable":
		return call(ctx, read, body, d.minidyn.DescribeTable)
	case "ListTables":
		return call(ctx, read, body, d.listTables)
	case "GetItem":
		return call(ctx, write, body, d.getItem)
	case "BatchGetItem":
		return call(ctx, write, body, d.batchGetItem)
	case "TransactGetItems":
		return call(ctx, write, body, d.transactGetItems)
	case "Query":
		return call(ctx, write, body, d.query)
	case "Scan":
		return call(ctx, write, body, d.scan)
	case "PutItem":
		return call(ctx, write, body, d.putItem)
	case "UpdateItem":
		return call(ctx, write, body, d.updateItem)
	case "DeleteItem":
		return call(ctx, write, body, d.deleteItem)
	case "BatchWriteItem":
		return call(ctx, write, body, d.batchWriteItem)
	case "TransactWriteItems":
		return call(ctx, write, body, d.transactWriteItems)
	default:
		return nil, &failure{Type: "UnknownOperationException", Message: "DynamoDB in memory does not answer " + operation}
	}
}

// call encodes the answer before it lets go of the lock, for it may share parts with what is stored.
func call[In, Out any](
	ctx context.Context, lock sync.Locker, body []byte, f func(context.Context, *In) (Out, error),
) ([]byte, error) {
	in := new(In)
	body, err := filled(body)
	if err == nil {
		err = json.Unmarshal(body, in)
	}
	if err != nil {
		return nil, &failure{Type: "SerializationException", Message: "the body is not the JSON of this call"}
	}
	lock.Lock()
	defer lock.Unlock()
	out, err := f(ctx, in)
	if err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

// failure is an error as DynamoDB answers it.
type failure struct {
	Type    string   `json:"__type"`
	Message string   `json:"message"`
	Item    item     `json:",omitempty"` // what a condition met, where that was asked for
	Reasons []reason `json:"CancellationReasons,omitempty"`
}

// reason is why one part of a transaction failed, or that it did not.
type reason struct {
	Code    string
	Message string `json:",omitempty"`
	Item    item   `json:",omitempty"`
}

func (f *failure) Error() string { return f.Type + ": " + f.Message }

// conditionFailed is what a part's condition that does not hold is called.
const conditionFailed = "ConditionalCheckFailed"

func invalid(text string) *failure { return &failure{Type: "ValidationException", Message: text} }

func asFailure(err error) *failure {
	if f, ok := errors.AsType[*failure](err); ok {
		return f
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return &failure{Type: api.ErrorCode(), Message: api.ErrorMessage()}
	}
	return invalid(err.Error())
}

func (d *DynamoDB) createTable(ctx context.Context, in *minidyn.CreateTableInput) (*minidyn.CreateTableOutput, error) {
	out, err := d.minidyn.CreateTable(ctx, in)
	if err != nil {
		return nil, err
	}
	name := aws.ToString(in.TableName)
	beside := *in
	beside.TableName, beside.GlobalSecondaryIndexes, beside.LocalSecondaryIndexes = draft(name), nil, nil
	if _, err := d.minidyn.CreateTable(ctx, &beside); err != nil {
		return nil, fmt.Errorf("create the draft of table %s: %w", name, err)
	}
	for _, k := range in.KeySchema {
		d.keys[name] = append(d.keys[name], aws.ToString(k.AttributeName))
	}
	d.views[name] = views(in)
	return out, nil
}

// updateTable may bring an index, of which there is no view then, and none of the rest.
func (d *DynamoDB) updateTable(ctx context.Context, in *minidyn.UpdateTableInput) (*minidyn.UpdateTableOutput, error) {
	name := aws.ToString(in.TableName)
	all := d.all(name)
	delete(d.views, name)
	for _, l := range all {
		if _, err := d.minidyn.PutItem(ctx, &minidyn.PutItemInput{TableName: &name, Item: l.item}); err != nil {
			return nil, err
		}
	}
	return d.minidyn.UpdateTable(ctx, in)
}

func (d *DynamoDB) deleteTable(ctx context.Context, in *minidyn.DeleteTableInput) (*minidyn.DeleteTableOutput, error) {
	out, err := d.minidyn.DeleteTable(ctx, in)
	if err != nil {
		return nil, err
	}
	name := aws.ToString(in.TableName)
	delete(d.keys, name)
	delete(d.views, name)
	if _, err := d.minidyn.DeleteTable(ctx, &minidyn.DeleteTableInput{TableName: draft(name)}); err != nil {
		return nil, fmt.Errorf("delete the draft of table %s: %w", name, err)
	}
	return out, nil
}

// listTables answers what minidyn does not, and people try first.
func (d *DynamoDB) listTables(context.Context, *struct{}) (any, error) {
	return map[string][]string{"TableNames": slices.Sorted(maps.Keys(d.keys))}, nil
}
