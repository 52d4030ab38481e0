package channels

import (
	"context"
	"encoding/json"
	"strings"

	"smsconsent/shared/edge/wiring"
)

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, d *wiring.Deployment) (*Handler, error) {
	t, g, err := d.TableAndGate(ctx)
	if err != nil {
		return nil, err
	}
	return New(Config{
		Catalog: d.Catalog, Outbox: d.Recovery(t, g), Table: t, Now: d.Now, Log: d.Log, Metrics: d.Metrics,
	})
}

// Stops reports whether an event has opt-outs.
func (h *Handler) Stops(payload []byte) bool {
	var e struct {
		event
		Path string `json:"rawPath"`
	}
	return json.Unmarshal(payload, &e) == nil && (e.DetailType == optoutDetail || strings.HasSuffix(e.Path, optoutPath))
}

// Invoke serves one event as Lambda's runtime delivers it.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return wiring.Invoke(ctx, h.Handle, payload)
}
