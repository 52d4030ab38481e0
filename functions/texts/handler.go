// Package texts is the function by which other systems text one person: that an order shipped, that a table is ready
// (practice: obtain permission; send at appropriate times). Each text passes the same gate as a campaign's, is claimed,
// sent and recorded as one, and its answer says which rule decided.
package texts

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// Table is what the handler needs of the consent table.
type Table interface {
	Contact(ctx context.Context, key consent.Key) (consent.Contact, error)
	Contacts(ctx context.Context, keys []consent.Key) ([]consent.Contact, []table.Unreadable, error)
	Statuses(ctx context.Context, texts ...table.Text) (map[table.Text]consent.Status, error)
}

// Outbox is what the handler needs of the outbox.
type Outbox interface {
	SendOne(ctx context.Context, c consent.Contact, t outbox.Text) (outbox.Outcome, error)
}

// Config is what a Handler works with.
type Config struct {
	Catalog *program.Catalog
	Gate    *gate.Gate
	Table   Table
	Ledger  consent.Ledger // seals the IDs of decisions
	Outbox  Outbox
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *telemetry.Metrics `wiring:"optional"`
}

// Handler texts one person at a time.
type Handler struct {
	Config
}

// New makes a handler. It fails where the Config lacks anything.
func New(c Config) (*Handler, error) {
	if err := wiring.Complete(c); err != nil {
		return nil, err
	}
	return &Handler{Config: c}, nil
}

// Handle takes all triggers: a request of API Gateway.
func (h *Handler) Handle(ctx context.Context, raw json.RawMessage) (any, error) {
	var r gateway.Request
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, errors.New("the event is no request of API Gateway")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /texts", h.post)
	mux.HandleFunc("POST /may", h.may)
	mux.HandleFunc("GET /may/{id}", h.decided)
	return gateway.Handle(ctx, mux, r)
}
