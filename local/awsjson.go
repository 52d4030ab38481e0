package local

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
)

// awsError is an error as an AWS service answers it.
type awsError struct {
	Status int    // 0 is 400
	Code   string // the exception's name in the service's model
	Reason string // machine-readable reason, where the exception has one
	Type   string // type of resource, where the exception has one
	Text   string // never holds a phone number: SDKs put it into errors that are logged
}

func (e *awsError) Error() string { return e.Code + ": " + e.Text }

func invalid(text string) *awsError {
	return &awsError{Code: "ValidationException", Reason: "FIELD_VALIDATION_FAILED", Text: text}
}

// maxCall is the most bytes a call may have: SQS takes a mebibyte, DynamoDB 16 in a transaction of many items.
const maxCall = 16 << 20

// call decodes a JSON call, has it answered and encodes the answer.
func call[In, Out any](w http.ResponseWriter, r *http.Request, answer func(In) (Out, *awsError)) {
	var in In
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxCall)).Decode(&in); err != nil && !errors.Is(err, io.EOF) {
		writeAWSError(w, &awsError{Code: "SerializationException", Text: "the body is not the JSON of this call"})
		return
	}
	out, failed := answer(in)
	if failed != nil {
		writeAWSError(w, failed)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("X-Amzn-RequestId", newID())
	_ = json.NewEncoder(w).Encode(out)
}

// writeAWSError names the exception both ways the protocols do: in the body (JSON 1.0) and in a header (REST-JSON).
func writeAWSError(w http.ResponseWriter, e *awsError) {
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
	w.Header().Set("X-Amzn-RequestId", newID())
	w.Header().Set("X-Amzn-ErrorType", e.Code)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func unknownOperation(w http.ResponseWriter, name string) {
	writeAWSError(w, &awsError{Code: "UnknownOperationException", Text: "the local stack does not answer " + name})
}

// seconds is a time as AWS's JSON protocols write it.
type seconds time.Time

func (s seconds) MarshalJSON() ([]byte, error) {
	return json.Marshal(float64(time.Time(s).UnixMilli()) / 1000)
}

func (s *seconds) UnmarshalJSON(b []byte) error {
	var v float64
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*s = seconds(time.UnixMilli(int64(v * 1000)).UTC())
	return nil
}
