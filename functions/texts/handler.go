// Package texts is the function by which other systems text one person, for example that an order has shipped
// (practice: obtain permission; send at appropriate times). Each text passes the same gate as a campaign's, is
// claimed, sent and recorded as one, and its answer says which rule decided.
package texts

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/queue"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// Table is the part of the consent table that the handler uses. Package table says for each method which errors it
// returns and whether it may be repeated.
type Table interface {
	Contacts(ctx context.Context, keys []consent.Key) ([]consent.Contact, []table.Unreadable, error)
	Attributes(ctx context.Context, key consent.Key) (map[string]string, error)
	ContactAndDeferred(ctx context.Context, key consent.Key, ref string) (consent.Contact, consent.Deferred, error)
	SaveDeferred(ctx context.Context, d consent.Deferred) (consent.Deferred, error)
	Statuses(ctx context.Context, texts ...table.Text) (map[table.Text]consent.Status, error)
}

// Audience finds the people for whom a text waits.
type Audience interface {
	Singles(ctx context.Context, brand, ref string, limit int) ([]consent.Key, error)
}

// Schedules makes schedules for waiting texts. A schedule with an existing name is not made again.
type Schedules interface {
	Once(ctx context.Context, name string, at time.Time, input string) error
}

// Outbox sends and records texts, as outbox.Outbox does. Every method may be repeated: a text with the same ID is
// sent at most once (I2).
type Outbox interface {
	Change(ctx context.Context, key consent.Key, decide func(consent.Contact) consent.Change) (outbox.Changed, error)
	SendOne(ctx context.Context, c consent.Contact, t outbox.Text) (outbox.Outcome, error)
	Withhold(ctx context.Context, key consent.Key, t outbox.Text, id, why string) error
}

// Config is what a Handler works with.
type Config struct {
	Catalog   *program.Catalog
	Gate      *gate.Gate
	Table     Table
	Ledger    consent.Ledger // seals the IDs of decisions
	Audience  Audience
	Outbox    Outbox
	Schedules Schedules
	Now       func() time.Time
	Log       *slog.Logger
	Metrics   *telemetry.Metrics `wiring:"optional"`
}

// Handler texts one person at a time.
type Handler struct{ Config }

// New makes a Handler, and returns an error where the Config lacks anything.
func New(c Config) (*Handler, error) { return &Handler{c}, wiring.Complete(c) }

// Handle handles all triggers: requests of API Gateway, batches of SQS, events of the bus, and inputs of schedules.
func (h *Handler) Handle(ctx context.Context, raw json.RawMessage) (any, error) {
	var e struct {
		event
		due
		gateway.Request
		Records []events.SQSMessage
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, errors.New("the event is none this function takes")
	}
	switch {
	case e.Text != "":
		return nil, h.wake(ctx, e.due)
	case e.DetailType != "":
		return nil, h.hear(ctx, e.event)
	case len(e.Records) > 0:
		return queue.EachMessage(ctx, h.Log, e.Records, h.take), nil
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /texts", h.post)
	mux.HandleFunc("POST /may", h.may)
	mux.HandleFunc("GET /may/{id}", h.decided)
	mux.HandleFunc("DELETE /texts/{id}", h.remove)
	return gateway.Handle(ctx, mux, e.Request)
}
