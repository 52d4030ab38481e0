package sendcheck

import (
	"context"

	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/edge/wiring/queues"
	"smsconsent/shared/edge/wiring/schedules"
)

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, d *wiring.Deployment) (*Handler, error) {
	t, g, err := d.TableAndGate(ctx)
	if err != nil {
		return nil, err
	}
	o, err := d.CampaignOutbox(ctx, t, g)
	if err != nil {
		return nil, err
	}
	return New(Config{
		Catalog: d.Catalog, Table: t, Audience: d.Audience(), Gate: g, Outbox: o,
		Queue: queues.CampaignJobs(d), Schedules: schedules.Campaigns(d), AtOnce: batch,
		Now: d.Now, Log: d.Log, Metrics: d.Metrics,
	})
}

// Invoke serves one event as Lambda's runtime delivers it.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return wiring.Invoke(ctx, h.Handle, payload)
}
