package records_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/functions/records"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/request"
	"smsconsent/shared/testkit/world"
)

const her = phone.Number("+12065550142")

var (
	noon      = time.Date(2026, time.December, 1, 20, 0, 0, 0, time.UTC) // in Seattle
	errBroken = errors.New("broken")
)

// fixture is the function in its world.
type fixture struct {
	*world.World
	handler *records.Handler
}

// emptyWorld holds nobody's record.
func emptyWorld(t *testing.T) *fixture {
	t.Helper()
	w := &fixture{World: world.New(t, noon)}
	w.StandStill()
	var err error
	w.handler, err = records.New(records.Config{
		Catalog: w.Catalog, Table: w.Table, Ledger: w.Ledger, Now: w.Now, Log: w.Log, Metrics: w.Metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// newWorld holds the record of a person who asked, got the question, and said YES a minute later.
func newWorld(t *testing.T) *fixture {
	t.Helper()
	w := emptyWorld(t)
	w.Requests(her, "alerts")
	delivered := consent.StatusChange{At: noon.Add(3 * time.Second), Status: consent.Delivered, Detail: "TEXT_DELIVERED"}
	if _, err := w.Table.MessageStatus(t.Context(), world.Key(her), w.Record(her).Messages[0].ID, delivered); err != nil {
		t.Fatal(err)
	}
	w.Pass(time.Minute)
	w.Says(her, "alerts", keyword.Confirm)
	w.Pass(time.Hour)
	return w
}

// keep puts a text on her record.
func (w *fixture) keep(m consent.Message) {
	w.T.Helper()
	if err := w.Table.Record(w.T.Context(), table.Sent{Key: world.Key(her), Message: m}); err != nil {
		w.T.Fatal(err)
	}
}

func (w *fixture) ask(method, path, query string) events.APIGatewayV2HTTPResponse {
	w.T.Helper()
	return w.send(request.Call{
		Method: method, Path: path, Query: query, Caller: "arn:aws:iam::123456789012:user/compliance",
	})
}

func (w *fixture) send(c request.Call) events.APIGatewayV2HTTPResponse {
	w.T.Helper()
	return w.handle(c.Event())
}

func (w *fixture) handle(e events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	w.T.Helper()
	out, err := w.handler.Handle(w.T.Context(), e)
	if err != nil {
		w.T.Fatal(err)
	}
	return out
}

func (w *fixture) get(query string) map[string]any {
	w.T.Helper()
	out := w.ask("GET", "/records/+12065550142", query)
	var r map[string]any
	if err := json.Unmarshal([]byte(out.Body), &r); err != nil || out.StatusCode != http.StatusOK {
		w.T.Fatalf("%d %s: %v", out.StatusCode, out.Body, err)
	}
	return r
}
