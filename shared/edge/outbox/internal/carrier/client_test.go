package carrier_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"

	"smsconsent/shared/edge/outbox/internal/carrier"
)

// by is a carrier that texts through the client to an endpoint.
func by(c *carrier.Client, endpoint string) *carrier.Carrier {
	return carrier.New(sms.New(sms.Options{
		Region: "us-east-1", HTTPClient: c, BaseEndpoint: aws.String(endpoint),
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	}), "")
}

// take reads one text off a connection, counts it and answers that it was taken.
func take(r *bufio.Reader, w io.Writer, taken *atomic.Int32) error {
	req, err := http.ReadRequest(r)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, req.Body); err != nil {
		return err
	}
	taken.Add(1)
	_, err = io.WriteString(w, "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: 21\r\n\r\n{\"MessageId\":\"aws-1\"}")
	return err
}

// forgetful is a server that takes the first text of every connection. It has forgotten the connection by the second:
// that one meets a reset, as it does where a network between dropped it while the function slept.
func forgetful(t *testing.T) (endpoint string, taken *atomic.Int32) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	taken = new(atomic.Int32)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				r := bufio.NewReader(conn)
				if take(r, conn, taken) == nil {
					_, _ = r.ReadByte()
				}
				_ = conn.(*net.TCPConn).SetLinger(0) // closing resets
				_ = conn.Close()
			}()
		}
	}()
	return "http://" + l.Addr().String(), taken
}

// What a function exists for is often the first text after it slept. On the connection it was left with, nobody would
// know what became of it, and it would never be offered again; on a new one it goes out.
func TestAFunctionThatSleptConnectsAnew(t *testing.T) {
	const texts = 20
	endpoint, taken := forgetful(t)
	client := carrier.NewClient()
	for range texts {
		client.CloseIdleConnections()
		if _, err := by(client, endpoint).Send(t.Context(), text()); err != nil {
			t.Fatal(err)
		}
	}
	if n := taken.Load(); n != texts {
		t.Errorf("%d texts were taken, want %d", n, texts)
	}
	// I2: without, the second text is unknown, and is not offered twice.
	_, err := by(client, endpoint).Send(t.Context(), text())
	if _, certain := errors.AsType[*carrier.Rejection](err); err == nil || certain || taken.Load() != texts {
		t.Errorf("on a connection of the time before: %v, after %d texts", err, taken.Load())
	}
}

// A campaign has twenty-five texts on their way at once, and none should need a handshake because of the others.
func TestAsManyConnectionsAreKeptAsTextsGoAtOnce(t *testing.T) {
	if n := carrier.NewClient().Transport().MaxIdleConnsPerHost; n < 25 {
		t.Errorf("%d connections are kept", n)
	}
}

// A connection that breaks before the request is on its way has certainly sent nothing, so the text is offered again,
// in the same call. Time is virtual here.
func TestATextThatNeverLeftIsTriedAgain(t *testing.T) {
	known := httptest.NewTLSServer(nil) // for its certificate
	known.Close()
	for name, tc := range map[string]struct {
		broken int32 // handshakes that break off
		tries  int32
		taken  int32
		want   string // reason of the rejection; "" where the text goes out
	}{
		"the first two handshakes": {2, 3, 1, ""},
		"every handshake":          {100, 4, 0, "UNREACHABLE"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var dialled, taken atomic.Int32
				client := carrier.NewClient()
				client.Transport().TLSClientConfig.RootCAs = known.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
				client.Transport().DialContext = func(context.Context, string, string) (net.Conn, error) {
					ours, theirs := net.Pipe()
					if dialled.Add(1) <= tc.broken {
						return ours, theirs.Close()
					}
					go func() {
						conn := tls.Server(theirs, &tls.Config{Certificates: known.TLS.Certificates, MinVersion: tls.VersionTLS12})
						_ = take(bufio.NewReader(conn), conn, &taken)
						_ = conn.Close()
					}()
					return ours, nil
				}
				begun := time.Now()
				_, err := by(client, "https://example.com").Send(t.Context(), text())
				r, rejected := errors.AsType[*carrier.Rejection](err)
				if rejected != (tc.want != "") || rejected && (r.Reason != tc.want || !r.Throttled) || !rejected && err != nil {
					t.Errorf("%v, want a rejection %q", err, tc.want)
				}
				if dialled.Load() != tc.tries || taken.Load() != tc.taken {
					t.Errorf("%d connections, %d texts taken; want %d and %d", dialled.Load(), taken.Load(), tc.tries, tc.taken)
				}
				if late := time.Since(begun); late > 15*time.Second {
					t.Errorf("I1: it ended %s after the claim", late)
				}
				client.CloseIdleConnections()
			})
		})
	}
}

// half is a connection whose server answers the first text. By the second it is gone: nothing can be written any more.
type half struct {
	net.Conn
	writes atomic.Int32
}

func (c *half) Write(b []byte) (int, error) {
	if c.writes.Add(1) > 1 {
		return 0, &net.OpError{Op: "write", Net: "tcp", Err: syscall.EPIPE}
	}
	return c.Conn.Write(b)
}

// A kept connection that takes no byte of the text has sent nothing either: the text goes by another, once.
func TestAKeptConnectionThatTakesNothingIsReplaced(t *testing.T) {
	client := carrier.NewClient()
	var dialled, taken atomic.Int32
	client.Transport().DialContext = func(context.Context, string, string) (net.Conn, error) {
		dialled.Add(1)
		ours, theirs := net.Pipe()
		go func() {
			for r := bufio.NewReader(theirs); take(r, theirs, &taken) == nil; {
			}
		}()
		return &half{Conn: ours}, nil
	}
	for n := int32(1); n <= 3; n++ {
		if _, err := by(client, "http://sms").Send(t.Context(), text()); err != nil {
			t.Fatal(err)
		}
		if taken.Load() != n || dialled.Load() != n {
			t.Errorf("after text %d: %d taken over %d connections", n, taken.Load(), dialled.Load())
		}
	}
}

// What broke off on its way is never offered again, and the error holds neither the number nor the text (I2, I10).
func TestATextThatBrokeOffIsOfferedOnce(t *testing.T) {
	var met atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		met.Add(1)
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			t.Error(err)
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_ = conn.Close()
	}))
	defer server.Close()
	_, err := by(carrier.NewClient(), server.URL).Send(t.Context(), text())
	if _, certain := errors.AsType[*carrier.Rejection](err); err == nil || certain || met.Load() != 1 {
		t.Errorf("%v, after %d requests", err, met.Load())
	}
	isPrivate(t, err)
	if !strings.Contains(err.Error(), "unknown") {
		t.Errorf("the error says %q", err)
	}
}
