// Package dynamo connects to DynamoDB, and makes its errors fit for a log line (I10).
package dynamo

import (
	"errors"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
)

// Redact wraps an error of the DynamoDB client. Its text says what failed and why, and holds no phone number and no
// item (I10: keys hold phone numbers, and the exceptions of failed conditions whole items); the cause is still there
// for errors.Is and errors.As. Nil stays nil.
func Redact(err error) error {
	if err == nil {
		return nil
	}
	return &redacted{err}
}

// redacted is an error with a text that may be logged. Nobody branches on it, but on its cause.
type redacted struct{ cause error }

func (r *redacted) Unwrap() error { return r.cause }

func (r *redacted) Error() string {
	if unreadable, ok := errors.AsType[*smithy.DeserializationError](r.cause); ok && unreadable != nil {
		return "DynamoDB's answer cannot be read" // its text quotes the answer
	}
	var b strings.Builder
	if op, ok := errors.AsType[*smithy.OperationError](r.cause); ok {
		b.WriteString(op.Operation())
		b.WriteString(": ")
	}
	api, ok := errors.AsType[smithy.APIError](r.cause)
	if !ok {
		b.WriteString(mask(r.cause.Error()))
		return b.String()
	}
	b.WriteString(api.ErrorCode())
	if canceled, ok := errors.AsType[*types.TransactionCanceledException](r.cause); ok {
		for i := range canceled.CancellationReasons {
			b.WriteByte(' ')
			b.WriteString(aws.ToString(canceled.CancellationReasons[i].Code))
		}
		return b.String()
	}
	b.WriteString(": ")
	b.WriteString(mask(api.ErrorMessage()))
	return b.String()
}

// mask hides whatever looks like an E.164 number, as it stands in a key.
func mask(s string) string {
	if !strings.Contains(s, "+") {
		return s
	}
	return regexp.MustCompile(`\+[0-9]{7,}`).ReplaceAllString(s, "[phone]")
}
