package sendcheck

import (
	"bytes"
	"context"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/edge/forecast"
	"smsconsent/shared/edge/table"
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
		Plan: planning(d, t),
		Now:  d.Now, Log: d.Log, Metrics: d.Metrics,
	})
}

// planning returns the Plan for the runs of series.
func planning(d *wiring.Deployment, t *table.Table) func(context.Context, campaign.Campaign) (plan.Plan, error) {
	f := forecast.Forecast{Catalog: d.Catalog, Links: d.Getenv(wiring.LinksURL), Table: t, List: d.Audience(), Now: d.Now}
	return func(ctx context.Context, c campaign.Campaign) (plan.Plan, error) {
		prices, err := plan.ReadPrices(bytes.NewReader(plan.Shipped()))
		if err != nil {
			return plan.Plan{}, err
		}
		return f.Plan(ctx, c, prices)
	}
}

// Invoke handles one event as Lambda's runtime delivers it.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return wiring.Invoke(ctx, h.Handle, payload)
}
