package carrier

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

const (
	// reach is how long a connection may take to come about, and its handshake as much again: in AWS's own network they
	// take milliseconds, and all tries together must end within seconds of the claim (I1).
	reach = 2 * time.Second

	// idle is how long a connection is kept unused. A new one costs a handshake; one that AWS closed meanwhile costs a
	// text.
	idle = 5 * time.Second

	// connections is how many are kept: as many as a function has texts on their way. The SDK keeps ten, and with more
	// texts than that most would begin with a handshake.
	connections = 32
)

// Client is the HTTP client that texts go out by. A text whose connection breaks may have gone out or not, and is never
// offered again. So this client keeps no connection it need not trust, and says for certain where nothing of a request
// had left yet. It is safe for concurrent use.
type Client struct{ transport *http.Transport }

// NewClient makes a client.
func NewClient() *Client {
	t := awshttp.NewBuildableClient().WithDialerOptions(func(d *net.Dialer) { d.Timeout = reach }).GetTransport()
	t.TLSHandshakeTimeout, t.IdleConnTimeout, t.MaxIdleConnsPerHost = reach, idle, connections
	// HTTP/1.1 has one request at a time on a connection, so that it is plain what a break leaves undone.
	t.ForceAttemptHTTP2 = false
	return &Client{t}
}

// CloseIdleConnections drops what no request is using. A function that slept must do so before it sends: Lambda freezes
// its process between two invocations, and what it was connected with does not wait for it.
func (c *Client) CloseIdleConnections() { c.transport.CloseIdleConnections() }

// Do sends a request. The error is an unsentError where no byte of it left this process.
func (c *Client) Do(r *http.Request) (*http.Response, error) {
	var connecting atomic.Bool
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GetConn: func(string) { connecting.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { connecting.Store(false) },
	}))
	if err := rewindable(r); err != nil {
		return nil, err
	}
	out, err := c.transport.RoundTrip(r)
	if err != nil && connecting.Load() {
		return nil, &unsentError{err}
	}
	return out, err
}

// rewindable has net/http take another connection by itself where a kept one turns out to be broken before a byte was
// written to it. It does that only if it can read the body anew. What was written in part it never repeats, for a POST
// is not idempotent.
func rewindable(r *http.Request) error {
	if r.Body == nil {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("read the request: %w", err)
	}
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// unsentError is why a request never got under way: what it asked for was certainly not done. Carrier.Send branches
// on it: such a text may be offered again.
type unsentError struct{ err error }

func (e *unsentError) Error() string { return "not sent: " + e.err.Error() }
func (e *unsentError) Unwrap() error { return e.err }
