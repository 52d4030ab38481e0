package stream

import (
	"context"

	"smsconsent/shared/edge/wiring"
)

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, d *wiring.Deployment) (*Handler, error) {
	ledger, err := d.Ledger(ctx)
	if err != nil {
		return nil, err
	}
	return New(Config{
		Ledger: ledger, Bus: d.Bus(), Receipts: d.Receipts(), DeadLetters: d.DeadLetters(), Log: d.Log, Metrics: d.Metrics,
	})
}

// Invoke serves one event as Lambda's runtime delivers it.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return wiring.Invoke(ctx, h.Handle, payload)
}
