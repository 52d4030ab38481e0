// Package channels is the function that other systems report to: what they sent to the same people, that somebody read
// a text, who opted out (practice: avoid cross-channel fatigue), and values for the fields in texts. It texts nobody.
package channels

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/fact"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// Outbox changes a contact without sending texts, as outbox.Outbox.Note describes. It may be repeated.
type Outbox interface {
	Note(ctx context.Context, key consent.Key, decide func(consent.Contact) consent.Change) (consent.Change, error)
}

// Table stores a person's values for the fields in texts. SetAttributes may be repeated.
type Table interface {
	SetAttributes(ctx context.Context, key consent.Key, given map[string]string) (bool, error)
}

// Config is what a Handler works with.
type Config struct {
	Catalog *program.Catalog
	Outbox  Outbox
	Table   Table
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *telemetry.Metrics `wiring:"optional"`
}

// Handler takes reports from other systems.
type Handler struct {
	Config

	kinds []kind
}

// kind is one kind of report.
type kind struct {
	path   string // where it is posted
	detail string // type of its event
	check  func(body []byte, from teller) (told, error)
}

// teller is who reports, and when.
type teller struct {
	source string // source of the event; empty where it was posted
	caller string // who signed the request; empty where it came by the bus
	now    time.Time
}

// told is one checked report: a change of the contact, or attributes.
type told struct {
	key        consent.Key
	change     func(c consent.Contact) consent.Change
	attributes map[string]string
}

// The path to which opt-outs are posted, and the type of their events.
const (
	optoutPath   = "/optouts"
	optoutDetail = "smsconsent.optout"
)

// New makes a Handler, and returns an error where the Config lacks anything.
func New(c Config) (*Handler, error) {
	if err := wiring.Complete(c); err != nil {
		return nil, err
	}
	h := &Handler{Config: c}
	h.kinds = []kind{
		{"/touches", "smsconsent.touch", h.touch},
		{"/engagements", "smsconsent.engagement", h.engagement},
		{optoutPath, optoutDetail, h.optout},
		{"/attributes", "smsconsent.attributes", h.known},
	}
	return h, nil
}

// event is the part of an EventBridge event that is used.
type event struct {
	ID         string          `json:"id"`
	Source     string          `json:"source"`
	DetailType string          `json:"detail-type"`
	Detail     json.RawMessage `json:"detail"`
}

// Handle handles both triggers: requests of API Gateway and events of the bus.
func (h *Handler) Handle(ctx context.Context, raw json.RawMessage) (any, error) {
	var e event
	if err := json.Unmarshal(raw, &e); err == nil && e.DetailType != "" {
		return nil, h.hear(ctx, e)
	}
	var r gateway.Request
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, errors.New("the event is neither one of a bus nor a request of API Gateway")
	}
	mux := http.NewServeMux()
	for _, k := range h.kinds {
		mux.HandleFunc("POST "+k.path, func(w http.ResponseWriter, r *http.Request) { h.post(w, r, k) })
	}
	return gateway.Handle(ctx, mux, r)
}

// hear handles an event of the bus. It ignores our own events: an opt-out of ours would otherwise be reported for
// ever. An event with a mistake fails, and is kept for a person to look at.
func (h *Handler) hear(ctx context.Context, e event) error {
	for _, k := range h.kinds {
		if k.detail != e.DetailType || e.Source == fact.Source {
			continue
		}
		t, err := k.check(e.Detail, teller{source: e.Source, now: h.Now()})
		var done answer
		if err == nil {
			done, err = h.note(ctx, t)
		}
		if err == nil && done.Error != nil {
			err = &phone.FieldError{Field: done.Error.Field, Message: done.Error.Message}
		}
		if wrong, ok := errors.AsType[*phone.FieldError](err); ok {
			err = fmt.Errorf("event %s of %s: detail.%s: %s", e.ID, e.Source, wrong.Field, wrong.Message)
		}
		h.Metrics.Count("Told", 1, "kind", k.detail, "result", result(done.Status, err))
		return err
	}
	h.Log.InfoContext(ctx, "an event that tells nothing", "event", e.ID, "type", e.DetailType, "source", e.Source)
	return nil
}

// Status is the outcome of a report.
type Status string

// The outcomes.
const (
	Kept      Status = "kept"      // it is noted, and has its effect
	Unchanged Status = "unchanged" // it is old, or was known
	Unknown   Status = "unknown"   // the phone never signed up, so nothing is kept about it
	Refused   Status = "refused"   // with what is kept already it would be too much
	// Superseded is an opt-out older than something the person asked us for since. It is on record, and that
	// continues.
	Superseded Status = "superseded"
)

// result returns the outcome as the value of a metric.
func result(s Status, err error) string {
	if err != nil {
		return "failed"
	}
	return string(s)
}

// note stores a report. It may be repeated.
func (h *Handler) note(ctx context.Context, t told) (answer, error) {
	if t.attributes != nil {
		return h.keep(ctx, t)
	}
	known := false
	ch, err := h.Outbox.Note(ctx, t.key, func(c consent.Contact) consent.Change {
		known = c.Version > 0
		return t.change(c)
	})
	switch {
	case err != nil:
		return answer{}, fmt.Errorf("note what was told: %w", err)
	case ch.Superseded:
		return answer{Status: Superseded}, nil
	case !ch.Repeated && !ch.Empty():
		return answer{Status: Kept}, nil
	case known:
		return answer{Status: Unchanged}, nil
	default:
		return answer{Status: Unknown}, nil
	}
}

// keep stores attributes. They were checked, so only stored ones can make them too many.
func (h *Handler) keep(ctx context.Context, t told) (answer, error) {
	changed, err := h.Table.SetAttributes(ctx, t.key, t.attributes)
	refused, isRefused := errors.AsType[*phone.FieldError](err)
	switch {
	case isRefused:
		return answer{Refused, &gateway.Refusal{Field: refused.Field, Message: refused.Message}}, nil
	case errors.Is(err, table.ErrNoContact):
		return answer{Status: Unknown}, nil
	case err != nil:
		return answer{}, fmt.Errorf("keep attributes: %w", err)
	case changed:
		return answer{Status: Kept}, nil
	default:
		return answer{Status: Unchanged}, nil
	}
}
