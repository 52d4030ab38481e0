package wiring_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/wired"
)

var stores dynamotest.Stores

func TestMain(m *testing.M) { os.Exit(stores.Run(m)) }

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

// texter is a deployment whose texts go by cfg, and its function, which answers a HELP of a new phone at each event.
func texter(t *testing.T, cfg aws.Config) lambda.Handler {
	t.Helper()
	d := wired.Stack(t)
	d.AWS = cfg
	store := stores.Memory(t)
	ledger, err := d.Ledger(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.New(d.Catalog)
	if err != nil {
		t.Fatal(err)
	}
	brand, _ := d.Catalog.Brand("example")
	program, _ := brand.Program("alerts")
	phones := 0
	function, err := wiring.Open(t.Context(), d, func(_ context.Context, d *wiring.Deployment) (lambda.Handler, error) {
		box := d.Outbox(table.New(store.Client, store.Table, ledger), g)
		return lambda.NewHandler(func(ctx context.Context) (consent.Status, error) {
			phones++
			key := consent.Key{Brand: brand.ID, Phone: phone.Number(fmt.Sprintf("+120655501%02d", phones))}
			ch, err := box.Change(ctx, key, func(c consent.Contact) consent.Change {
				return c.Hear(consent.Inbound{At: d.Now(), Brand: brand, Program: program, Intent: keyword.Intent{Kind: keyword.Help}})
			})
			if len(ch.Texts) != 1 {
				return "", errors.Join(err, errors.New("the HELP was not answered"))
			}
			return ch.Texts[0].Status, err
		}), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return function
}

// The text a function exists for goes out however long it slept, and however many times.
func TestEachInvocationConnectsAnew(t *testing.T) {
	const events = 20
	endpoint, served := once(t)
	function := texter(t, wiring.AWSFrom(func(name string) string {
		return map[string]string{
			"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL": endpoint,
		}[name]
	}))
	for range events {
		if out, err := function.Invoke(t.Context(), []byte(`{}`)); err != nil || string(out) != `"sent"` {
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

// Where the configuration names an HTTP client, texts go by that one, of which nothing is dropped.
func TestTextsGoByTheClientThatIsNamed(t *testing.T) {
	var theirs whoever
	function := texter(t, aws.Config{Region: "us-east-1", HTTPClient: &theirs, Credentials: aws.AnonymousCredentials{}})
	out, err := function.Invoke(t.Context(), []byte(`{}`))
	if err != nil || string(out) != `"unconfirmed"` || theirs.asked != 1 {
		t.Errorf("asked %d times: %s, %v", theirs.asked, out, err)
	}
}

// One door out: whatever a function can reach of its deployment and its outbox, none of it hands a text to the carrier.
func TestNoFunctionGetsHoldOfTheCarrier(t *testing.T) {
	carrier := reflect.TypeFor[outbox.Carrier]()
	for _, of := range []reflect.Type{reflect.TypeFor[*wiring.Deployment](), reflect.TypeFor[*outbox.Outbox]()} {
		for _, field := range reflect.VisibleFields(of.Elem()) {
			if field.IsExported() && field.Type.Implements(carrier) {
				t.Errorf("%s shows %s", of, field.Name)
			}
		}
		for i := range of.NumMethod() {
			method := of.Method(i)
			for j := range method.Type.NumOut() {
				if method.Type.Out(j).Implements(carrier) {
					t.Errorf("%s returns it from %s", of, method.Name)
				}
			}
		}
	}
}
