package audit

import (
	"context"

	"smsconsent/shared/edge/reports"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/edge/wiring/desks"
	"smsconsent/shared/edge/wiring/queues"
	"smsconsent/shared/edge/wiring/schedules"
)

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, d *wiring.Deployment) (*Handler, error) {
	t, g, err := d.TableAndGate(ctx)
	if err != nil {
		return nil, err
	}
	return New(Config{
		Catalog: d.Catalog, Table: t, Audience: d.Audience(), Gate: g, Outbox: d.PacedOutbox(t, g),
		Queue: queues.AuditJobs(d), Schedules: schedules.Audits(d),
		Reports: reports.New(reports.Client(d.AWS), d.ReportsBucket()), Desk: desks.Reports(d),
		Now: d.Now, Log: d.Log, Metrics: d.Metrics,
	})
}

// Invoke handles one event as Lambda's runtime delivers it.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return wiring.Invoke(ctx, h.Handle, payload)
}
