package gateway

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// The media types of bodies.
const (
	FormType = "application/x-www-form-urlencoded"
	JSONType = "application/json"
)

// ReadBody reads a body of one of the media types and of at most so many bytes. It returns the type too, with a body
// that is too long as well. The error is a *Refusal.
func ReadBody(
	w http.ResponseWriter, r *http.Request, most int64, types ...string,
) (body []byte, kind string, err error) {
	kind, _, err = mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !slices.Contains(types, kind) {
		return nil, "", &Refusal{Status: http.StatusUnsupportedMediaType, Message: "send " + strings.Join(types, " or ")}
	}
	body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if err != nil {
		return nil, kind, &Refusal{
			Status: http.StatusRequestEntityTooLarge, Message: fmt.Sprintf("the body is longer than %d bytes", most),
		}
	}
	return body, kind, nil
}

// Cut returns the beginning of what a client may send at any length, most bytes of it, as valid UTF-8: evidence has to
// fit into an item for years.
func Cut(s string, most int) string { return strings.ToValidUTF8(s[:min(len(s), most)], "") }

type callerKey struct{}

// Caller returns the ARN of the IAM principal who signed the request; empty where the route asks for no IAM
// authorisation.
func Caller(ctx context.Context) string {
	arn, _ := ctx.Value(callerKey{}).(string)
	return arn
}

// CallerName returns who signed the request as a log may hold it, such as "role/shop": without the account, whose
// twelve digits a log takes for a phone number, and without the session of an assumed role, which may be named after
// anything.
func CallerName(ctx context.Context) string {
	arn := Caller(ctx)
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	if kind, rest, ok := strings.Cut(name, "/"); ok && kind == "assumed-role" {
		role, _, _ := strings.Cut(rest, "/")
		return "role/" + role
	}
	return name
}

// Signed returns the ARN of the caller, or a *Refusal where nobody signed the request. API Gateway lets nobody through
// unsigned; should a route ever lose its authoriser, this still does not.
func Signed(ctx context.Context) (caller string, unsigned *Refusal) {
	if caller = Caller(ctx); caller == "" {
		return "", &Refusal{
			Status: http.StatusForbidden, Message: "sign the request as an IAM identity that may invoke this API",
		}
	}
	return caller, nil
}
