package memory

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// maxRequest is how many bytes DynamoDB accepts in a call. A batch or a transaction may be that long.
const maxRequest = 16 << 20

// Calls answers a client's calls, given as the client's input, as Do does.
type Calls func(ctx context.Context, in any) (out any, err error)

// Direct makes a client call c without HTTP. It is for aws.Config.APIOptions. Calls of other services are sent as
// before.
func (c Calls) Direct(stack *middleware.Stack) error {
	answer := func(
		ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
	) (out middleware.InitializeOutput, _ middleware.Metadata, err error) {
		if !isCall(in.Parameters) {
			return next.HandleInitialize(ctx, in)
		}
		if err := ctx.Err(); err != nil {
			return out, middleware.Metadata{}, err
		}
		out.Result, err = c(ctx, in.Parameters)
		return out, middleware.Metadata{}, err
	}
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Direct", answer), middleware.Before)
}

// isCall reports whether an input is one of DynamoDB's.
func isCall(in any) bool {
	return reflect.TypeOf(in).Elem().PkgPath() == reflect.TypeFor[dynamodb.GetItemInput]().PkgPath()
}

// ServeHTTP answers one call in DynamoDB's JSON protocol.
func (d *DynamoDB) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	Calls(func(_ context.Context, in any) (any, error) { return d.Do(in) }).ServeHTTP(w, r)
}

// ServeHTTP answers one call in DynamoDB's JSON protocol.
func (c Calls) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	out, err := c.serve(w, r)
	status := http.StatusOK
	if err != nil {
		out, status = failure(err), http.StatusBadRequest
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(status)
	_, _ = w.Write(out)
}

func (c Calls) serve(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return nil, notJSON()
	}
	in, err := Decode(operation, body)
	if err != nil {
		return nil, err
	}
	out, err := c(r.Context(), in)
	if err != nil {
		return nil, err
	}
	return encode(nil, reflect.ValueOf(out)), nil
}

func notJSON() error {
	return &smithy.GenericAPIError{Code: "SerializationException", Message: "the body is not the JSON of this call"}
}

// failure returns the JSON of an error.
func failure(err error) []byte {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		api = &smithy.GenericAPIError{Code: "InternalServerError", Message: err.Error()}
	}
	head, _ := json.Marshal(map[string]string{"__type": api.ErrorCode(), "message": api.ErrorMessage()})
	if _, generic := api.(*smithy.GenericAPIError); generic {
		return head
	}
	// Some exceptions have more fields, such as the item for which a condition failed.
	rest := encode(nil, reflect.ValueOf(api))
	if len(rest) > len("{}") {
		head = append(append(head[:len(head)-1], ','), rest[1:]...)
	}
	return head
}

// Decode decodes a call of the JSON protocol to the client's input, such as *dynamodb.GetItemInput.
func Decode(operation string, body []byte) (any, error) {
	in := input(operation)
	if in == nil {
		return nil, unknown(operation)
	}
	var read any
	err := json.Unmarshal(body, &read)
	if err == nil {
		err = decode(read, reflect.ValueOf(in).Elem())
	}
	if err != nil {
		return nil, notJSON()
	}
	return in, nil
}

// input returns a new input for a call; nil for a call that is not imitated.
func input(operation string) any {
	switch operation {
	case "CreateTable":
		return &dynamodb.CreateTableInput{}
	case "DeleteTable":
		return &dynamodb.DeleteTableInput{}
	case "DescribeTable":
		return &dynamodb.DescribeTableInput{}
	case "ListTables":
		return &dynamodb.ListTablesInput{}
	case "GetItem":
		return &dynamodb.GetItemInput{}
	case "BatchGetItem":
		return &dynamodb.BatchGetItemInput{}
	case "TransactGetItems":
		return &dynamodb.TransactGetItemsInput{}
	case "Query":
		return &dynamodb.QueryInput{}
	case "Scan":
		return &dynamodb.ScanInput{}
	case "PutItem":
		return &dynamodb.PutItemInput{}
	case "UpdateItem":
		return &dynamodb.UpdateItemInput{}
	case "DeleteItem":
		return &dynamodb.DeleteItemInput{}
	case "BatchWriteItem":
		return &dynamodb.BatchWriteItemInput{}
	case "TransactWriteItems":
		return &dynamodb.TransactWriteItemsInput{}
	default:
		return nil
	}
}
