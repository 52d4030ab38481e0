package awsjson

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"smsconsent/shared/edge/gateway"
)

// Client sends an SDK client's requests to the handler, without a socket. The handler gets the context of the call,
// which says whether the call belongs to an invocation.
type Client struct{ Handler http.Handler }

// Do implements the SDK's HTTPClient.
func (c Client) Do(req *http.Request) (resp *http.Response, err error) {
	in := req.Clone(req.Context())
	in.RequestURI = req.URL.RequestURI()
	if in.Host == "" {
		in.Host = req.URL.Host
	}
	in.RemoteAddr = "127.0.0.1:0"
	if in.Body == nil {
		in.Body = http.NoBody
	}
	out := gateway.NewRecorder()
	defer func() {
		if p := recover(); p != nil {
			if aborted, ok := p.(error); !ok || !errors.Is(aborted, http.ErrAbortHandler) {
				panic(p)
			}
			resp, err = nil, fmt.Errorf("connection broken: %w", io.ErrUnexpectedEOF)
		}
	}()
	c.Handler.ServeHTTP(out, in)
	out.WriteHeader(http.StatusOK)
	return &http.Response{
		Status: http.StatusText(out.Status), StatusCode: out.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: out.Header(), Body: io.NopCloser(&out.Body), ContentLength: int64(out.Body.Len()), Request: req,
	}, nil
}
