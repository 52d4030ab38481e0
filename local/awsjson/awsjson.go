// Package awsjson reads requests and writes answers in AWS's JSON protocols, for the packages that imitate AWS
// services.
package awsjson

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Error is an error in an answer of an AWS service. Operation writes it as the answer.
type Error struct {
	Status int    // 0 is 400
	Code   string // the exception's name in the service's model
	Reason string // machine-readable reason, where the exception has one
	Type   string // type of resource, where the exception has one
	Text   string // must not hold a phone number, because SDKs put it into errors that are logged
}

// Error returns the exception's name and the text.
func (e *Error) Error() string { return e.Code + ": " + e.Text }

// Invalid returns the ValidationException for a field whose value the service does not accept.
func Invalid(text string) *Error {
	return &Error{Code: "ValidationException", Reason: "FIELD_VALIDATION_FAILED", Text: text}
}

// Target returns the service and the operation of a call in a JSON protocol. Both are empty for any other call.
func Target(r *http.Request) (service, operation string) {
	service, operation, ok := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if !ok {
		return "", ""
	}
	return service, operation
}

// MaxCall is how many bytes a call may have. SQS accepts a mebibyte, a DynamoDB transaction 16.
const MaxCall = 16 << 20

// Operations are the handlers of a service's operations, by name.
type Operations map[string]http.HandlerFunc

// Serve answers a call with the handler of its operation.
func (o Operations) Serve(w http.ResponseWriter, r *http.Request) {
	service, operation := Target(r)
	answer, ok := o[operation]
	if !ok {
		Unknown(w, service+" "+operation)
		return
	}
	answer(w, r)
}

// Operation returns a handler that decodes a JSON call, has it answered and encodes the answer.
func Operation[In, Out any](answer func(r *http.Request, in In) (Out, *Error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		body := http.MaxBytesReader(w, r.Body, MaxCall)
		if err := json.NewDecoder(body).Decode(&in); err != nil && !errors.Is(err, io.EOF) {
			WriteError(w, &Error{Code: "SerializationException", Text: "the body is not the JSON of this call"})
			return
		}
		out, failed := answer(r, in)
		if failed != nil {
			WriteError(w, failed)
			return
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.Header().Set("X-Amzn-RequestId", NewID())
		_ = json.NewEncoder(w).Encode(out)
	}
}

// WriteError answers with an error. It names the exception in both ways the protocols have: in the body (JSON 1.0)
// and in a header (REST-JSON).
func WriteError(w http.ResponseWriter, e *Error) {
	status := e.Status
	if status == 0 {
		status = http.StatusBadRequest
	}
	body := map[string]string{"__type": e.Code, "Message": e.Text, "message": e.Text}
	if e.Reason != "" {
		body["Reason"] = e.Reason
	}
	if e.Type != "" {
		body["ResourceType"] = e.Type
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("X-Amzn-RequestId", NewID())
	w.Header().Set("X-Amzn-ErrorType", e.Code)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// Unknown answers a call of an operation that is not imitated.
func Unknown(w http.ResponseWriter, name string) {
	WriteError(w, &Error{Code: "UnknownOperationException", Text: "the local stack does not answer " + name})
}

// Seconds is a time in AWS's JSON protocols, which write seconds since 1970.
type Seconds time.Time

// MarshalJSON writes a number of seconds since 1970.
func (s Seconds) MarshalJSON() ([]byte, error) {
	return json.Marshal(float64(time.Time(s).UnixMilli()) / 1000)
}

// UnmarshalJSON reads a number of seconds since 1970.
func (s *Seconds) UnmarshalJSON(b []byte) error {
	var v float64
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*s = Seconds(time.UnixMilli(int64(v * 1000)).UTC())
	return nil
}

// NewID returns a random UUID, version 4.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
