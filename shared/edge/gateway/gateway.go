// Package gateway lets a net/http handler serve the events of an API Gateway HTTP API (payload format 2.0). It holds
// what such handlers have in common: who called, the body they read and the JSON they answer with.
package gateway

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// Request is the event API Gateway sends.
type Request = events.APIGatewayV2HTTPRequest

// Response is the event it takes for an answer.
type Response = events.APIGatewayV2HTTPResponse

// Handle answers an event through h. RemoteAddr of the request is the bare IP address API Gateway saw, never what a
// header claims: anybody can write X-Forwarded-For.
func Handle(ctx context.Context, h http.Handler, e Request) (Response, error) {
	r, err := request(ctx, e)
	if err != nil {
		//nolint:nilerr // the caller's mistake is answered, not retried
		return Response{StatusCode: http.StatusBadRequest}, nil
	}
	w := NewRecorder()
	h.ServeHTTP(w, r)
	if r.Method == http.MethodHead {
		w.Body.Reset()
	}
	return w.event(), nil
}

func request(ctx context.Context, e Request) (*http.Request, error) {
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(e.Body)
		if err != nil {
			return nil, fmt.Errorf("decode body: %w", err)
		}
		body = decoded
	}
	if a := e.RequestContext.Authorizer; a != nil && a.IAM != nil {
		ctx = context.WithValue(ctx, callerKey{}, a.IAM.UserARN)
	}
	r := &http.Request{
		Method: e.RequestContext.HTTP.Method, URL: &url.URL{Path: path(e), RawQuery: e.RawQueryString},
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
		Host: e.RequestContext.DomainName, RemoteAddr: e.RequestContext.HTTP.SourceIP,
	}
	for name, value := range e.Headers {
		r.Header.Set(name, value)
	}
	if len(e.Cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(e.Cookies, "; "))
	}
	return r.WithContext(ctx), nil
}

// path returns the request's path without the stage, which API Gateway puts in front unless the stage is $default. Some
// senders escape the plus sign of a phone number and some do not, so both come out as it.
func path(e Request) string {
	p := e.RawPath
	if stage := e.RequestContext.Stage; stage != "" && stage != "$default" {
		p = strings.TrimPrefix(p, "/"+stage)
	}
	if decoded, err := url.PathUnescape(p); err == nil {
		p = decoded
	}
	if p == "" {
		return "/"
	}
	return p
}

// Recorder keeps an answer until the handler is done.
type Recorder struct {
	Status int // 0 until the handler answers
	Body   bytes.Buffer
	header http.Header
}

// NewRecorder makes a recorder that holds nothing yet.
func NewRecorder() *Recorder { return &Recorder{header: http.Header{}} }

// Header returns the headers of the answer.
func (w *Recorder) Header() http.Header { return w.header }

// WriteHeader keeps the status; only the first counts.
func (w *Recorder) WriteHeader(status int) {
	if w.Status == 0 {
		w.Status = status
	}
}

func (w *Recorder) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.Body.Write(b)
}

// event returns the answer as API Gateway takes it. Cookies stand apart because a header may occur only once there.
func (w *Recorder) event() Response {
	w.WriteHeader(http.StatusOK)
	out := Response{
		StatusCode: w.Status,
		Headers:    make(map[string]string, len(w.header)),
		Cookies:    w.header.Values("Set-Cookie"),
	}
	for name, values := range w.header {
		if name != "Set-Cookie" {
			out.Headers[name] = strings.Join(values, ", ")
		}
	}
	if utf8.Valid(w.Body.Bytes()) {
		out.Body = w.Body.String()
	} else {
		out.Body, out.IsBase64Encoded = base64.StdEncoding.EncodeToString(w.Body.Bytes()), true
	}
	return out
}
