// Package gateway lets a net/http handler serve the events of an API Gateway HTTP API (payload format 2.0).
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

// Handler answers an HTTP API event through h. RemoteAddr of the request is the bare IP address API Gateway saw, never
// what a header claims: anybody can write X-Forwarded-For.
func Handler(
	h http.Handler,
) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		r, err := request(ctx, e)
		if err != nil {
			//nolint:nilerr // the caller's mistake is answered, not retried
			return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusBadRequest}, nil
		}
		w := &response{header: http.Header{}}
		h.ServeHTTP(w, r)
		if r.Method == http.MethodHead {
			w.body.Reset()
		}
		return w.event(), nil
	}
}

type callerKey struct{}

// Caller is the ARN of the IAM principal who signed the request; empty where the route asks for no IAM authorisation.
func Caller(ctx context.Context) string {
	arn, _ := ctx.Value(callerKey{}).(string)
	return arn
}

func request(ctx context.Context, e events.APIGatewayV2HTTPRequest) (*http.Request, error) {
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

// path is the request's path without the stage, which API Gateway puts in front unless the stage is $default. Some
// senders escape the plus sign of a phone number and some do not, so both come out as it.
func path(e events.APIGatewayV2HTTPRequest) string {
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

// response keeps an answer until the handler is done.
type response struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *response) Header() http.Header { return w.header }

func (w *response) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *response) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// event is the answer as API Gateway takes it. Cookies stand apart because a header may occur only once there.
func (w *response) event() events.APIGatewayV2HTTPResponse {
	w.WriteHeader(http.StatusOK)
	out := events.APIGatewayV2HTTPResponse{
		StatusCode: w.status,
		Headers:    make(map[string]string, len(w.header)),
		Cookies:    w.header.Values("Set-Cookie"),
	}
	for name, values := range w.header {
		if name != "Set-Cookie" {
			out.Headers[name] = strings.Join(values, ", ")
		}
	}
	if utf8.Valid(w.body.Bytes()) {
		out.Body = w.body.String()
	} else {
		out.Body, out.IsBase64Encoded = base64.StdEncoding.EncodeToString(w.body.Bytes()), true
	}
	return out
}
