package link

import (
	"context"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/edge/wiring/queues"
)

// Wire makes the handler from what the function was deployed with. It writes nothing about anybody, so it has no key of
// the ledger.
func Wire(ctx context.Context, d *wiring.Deployment) (*Handler, error) {
	links, err := d.ShortLinks(ctx, "")
	if err != nil {
		return nil, err
	}
	return New(Config{
		Links:  links,
		Table:  d.Table(consent.Ledger{}),
		Clicks: queues.Receipts(d),
		Now:    d.Now, Log: d.Log, Metrics: d.Metrics,
	})
}

// Invoke serves one event as Lambda's runtime delivers it.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return wiring.Invoke(ctx, h.Handle, payload)
}
