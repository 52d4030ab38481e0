package preferences

import (
	"context"
	"encoding/json"
	"net/http"

	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/wiring"
)

// changesAnHour is how many changes one link may make in an hour, more than a person needs.
const changesAnHour = 20

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, d *wiring.Deployment) (*Handler, error) {
	t, g, err := d.TableAndGate(ctx)
	if err != nil {
		return nil, err
	}
	links, err := d.Links(ctx)
	if err != nil {
		return nil, err
	}
	edge, err := d.Edge(ctx)
	if err != nil {
		return nil, err
	}
	return New(Config{
		Catalog:  d.Catalog,
		Links:    links,
		Contacts: t,
		Outbox:   d.Outbox(t, g),
		Limiter:  t,
		Limit:    changesAnHour,
		Edge:     edge,
		Now:      d.Now,
		Log:      d.Log,
		Metrics:  d.Metrics,
	})
}

// Stops reports whether an event is a posted form. A request to show the page waits for newer programs, so that it
// shows them.
func (h *Handler) Stops(payload []byte) bool {
	var r gateway.Request
	return json.Unmarshal(payload, &r) == nil && r.RequestContext.HTTP.Method == http.MethodPost
}

// Invoke serves one event as Lambda's runtime delivers it.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return wiring.Invoke(ctx, h.Handle, payload)
}
