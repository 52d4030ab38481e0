package texts

import (
	"context"

	"smsconsent/shared/core/gate"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/edge/wiring/schedules"
)

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, d *wiring.Deployment) (*Handler, error) {
	ledger, err := d.Ledger(ctx)
	if err != nil {
		return nil, err
	}
	g, err := gate.New(d.Catalog)
	if err != nil {
		return nil, err
	}
	t := d.Table(ledger)
	return New(Config{
		Catalog: d.Catalog, Gate: g, Table: t, Ledger: ledger, Audience: d.Audience(), Outbox: d.Outbox(t, g),
		Schedules: schedules.Texts(d),
		Now:       d.Now, Log: d.Log, Metrics: d.Metrics,
	})
}

// Invoke serves one event as Lambda's runtime delivers it.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return wiring.Invoke(ctx, h.Handle, payload)
}
