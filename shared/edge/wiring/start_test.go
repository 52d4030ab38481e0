package wiring_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"smsconsent/shared/edge/carrier"
	"smsconsent/shared/edge/wiring"
)

// once serves one request a connection and resets the connection at the next, which is what a function finds that slept
// on it.
func once(t *testing.T) (endpoint string, served *atomic.Int32) {
	t.Helper()
	var met sync.Map
	served = new(atomic.Int32)
	type key struct{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn := r.Context().Value(key{})
		if _, again := met.LoadOrStore(conn, true); again {
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.(*net.TCPConn).Close()
			return
		}
		served.Add(1)
		_, _ = io.WriteString(w, `{"MessageId":"aws-1"}`)
	}))
	server.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, key{}, c) }
	server.Start()
	t.Cleanup(server.Close)
	return server.URL, served
}

// The text a function exists for goes out however long it slept, and however many times.
func TestEachInvocationConnectsAnew(t *testing.T) {
	const events = 20
	endpoint, served := once(t)
	s := &wiring.Deployment{AWS: wiring.AWSFrom(func(name string) string {
		return map[string]string{
			"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL": endpoint,
		}[name]
	})}
	texts := s.Carrier()
	function := s.Invoked(func(ctx context.Context) (string, error) {
		return texts.Send(ctx, carrier.Text{To: "+12065550142", From: "+12065550100", Body: "You're unsubscribed."})
	})
	for range events {
		if out, err := function.Invoke(t.Context(), []byte(`{}`)); err != nil || string(out) != `"aws-1"` {
			t.Fatalf("after %d texts: %s, %v", served.Load(), out, err)
		}
	}
	if n := served.Load(); n != events {
		t.Errorf("%d texts went out, want %d", n, events)
	}
}

// whoever is the HTTP client AWS names.
type whoever struct{ asked int }

func (w *whoever) Do(*http.Request) (*http.Response, error) {
	w.asked++
	return nil, net.ErrClosed
}

// Where the configuration names an HTTP client, texts go by that one; a function without texts has nothing to drop.
func TestTheCarrierTakesTheClientItIsGiven(t *testing.T) {
	var theirs whoever
	s := &wiring.Deployment{AWS: aws.Config{Region: "local", HTTPClient: &theirs, Credentials: aws.AnonymousCredentials{}}}
	function := s.Invoked(func(ctx context.Context) error {
		_, err := s.Carrier().Send(ctx, carrier.Text{})
		return err
	})
	if _, err := function.Invoke(t.Context(), []byte(`{}`)); err == nil || theirs.asked != 1 {
		t.Errorf("asked %d times: %v", theirs.asked, err)
	}
}
