package texts_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent"
	"smsconsent/functions/texts"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/request"
	"smsconsent/shared/testkit/schema"
	"smsconsent/shared/testkit/world"
)

var (
	stores dynamotest.Stores
	api    schema.API
)

func TestMain(m *testing.M) { os.Exit(stores.Run(m)) }

const (
	her  = phone.Number("+12065550142")
	him  = phone.Number("+12065550143") // signed up for nothing
	shop = "arn:aws:sts::123456789012:assumed-role/shop/session"
)

var noon = time.Date(2026, time.December, 1, 20, 0, 0, 0, time.UTC) // in Seattle

// fixture is the function in its world, in which she is subscribed to orders and alerts.
type fixture struct {
	*world.World
	handler *texts.Handler
	api     *schema.API
}

func newWorld(t testing.TB, store dynamotest.Store) *fixture {
	t.Helper()
	return newWorldUnder(t, store, string(smsconsent.Programs()))
}

// newWorldUnder is newWorld with another programs.yaml.
func newWorldUnder(t testing.TB, store dynamotest.Store, programs string) *fixture {
	t.Helper()
	w := &fixture{World: world.On(t, store, programs, noon), api: &api}
	var err error
	w.handler, err = texts.New(texts.Config{
		Catalog: w.Catalog, Gate: w.Gate, Table: w.Table, Ledger: w.Ledger, Audience: w.Audience, Outbox: w.Outbox,
		Schedules: w.Schedules, Now: w.Now, Log: w.Log, Metrics: w.Metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Function = func(ctx context.Context, raw json.RawMessage) (*events.SQSEventResponse, error) {
		out, err := w.handler.Handle(ctx, raw)
		answer, _ := out.(*events.SQSEventResponse)
		return answer, err
	}
	w.Subscribe(her, noon.Add(-48*time.Hour), "orders", "alerts")
	w.Carrier.Sent = nil
	return w
}

// body is what is asked of the API.
type body = request.Body

func shipped() body {
	return body{"brand": "example", "topic": "orders", "phone": "(206) 555-0142", "text": "Your order has shipped.", "id": "order-4711"}
}

// call calls the API as API Gateway hands it over, signed by a caller where one is named. Whatever a test asks is asked
// and answered as docs/openapi.yaml says.
func (w *fixture) call(method, path, query, body, caller string) (int, string) {
	w.T.Helper()
	return w.callAs("application/json", method, path, query, body, caller)
}

// callAs is call with a body of another type.
func (w *fixture) callAs(kind, method, path, query, body, caller string) (int, string) {
	w.T.Helper()
	code, answer := request.Call{Method: method, Path: path, Query: query, Type: kind, Body: body, Caller: caller}.Through(w.T, w.handler.Invoke)
	w.api.Exchange(w.T, method, path, body, code, answer)
	return code, strings.TrimSpace(answer)
}

// post posts a request that is right, and returns its answer.
func (w *fixture) post(what body) texts.Answer {
	w.T.Helper()
	code, said := w.call(http.MethodPost, "/texts", "", what.String(), shop)
	var a texts.Answer
	if err := json.Unmarshal([]byte(said), &a); err != nil || code != http.StatusOK {
		w.T.Fatalf("%s: %d %s", what, code, said)
	}
	return a
}
