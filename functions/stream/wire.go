package stream

import (
	"context"

	"smsconsent/shared/edge/bus"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/edge/wiring/queues"
)

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, d *wiring.Deployment) (*Handler, error) {
	ledger, err := d.Ledger(ctx)
	if err != nil {
		return nil, err
	}
	return New(Config{
		Ledger: ledger, Bus: bus.OnAWS(d.AWS, d.Needed("BUS_NAME"), d.Getenv("PHONES_BUS_NAME")), Receipts: queues.Receipts(d), DeadLetters: queues.DeadLetters(d), Log: d.Log, Metrics: d.Metrics,
	})
}

// Invoke serves one event as Lambda's runtime delivers it.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return wiring.Invoke(ctx, h.Handle, payload)
}
