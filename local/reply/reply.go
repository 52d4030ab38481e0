// Package reply reads and answers the local stack's own calls, in JSON.
package reply

import (
	"encoding/json"
	"errors"
	"net/http"

	"smsconsent/shared/edge/gateway"
)

// MaxRequest is how many bytes one of the stack's own calls may have.
const MaxRequest = 64 << 10

// Problem is an error in an answer to one of the stack's own calls. It has the same shape as the functions' errors.
type Problem = gateway.Refusal

// BadRequest returns the problem of a call with a wrong field.
func BadRequest(field, message string) *Problem {
	return &Problem{Status: http.StatusBadRequest, Field: field, Message: message}
}

// TooLarge returns the problem of a call with more than MaxRequest bytes.
func TooLarge() *Problem {
	return &Problem{
		Status: http.StatusRequestEntityTooLarge, Field: "body", Message: "the request's body has more than 64 KB",
	}
}

// JSON answers a call with v.
func JSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false) // "Msg & data rates" must be readable in a terminal
	_ = out.Encode(v)
}

// Decode decodes the JSON of a call. It returns nil on success.
func Decode(w http.ResponseWriter, r *http.Request, into any) *Problem {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, MaxRequest)).Decode(into)
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return TooLarge()
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return BadRequest(wrong.Field, "is not of the right type")
	}
	if err != nil {
		return BadRequest("body", "the request's body is not JSON")
	}
	return nil
}
