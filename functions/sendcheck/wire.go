package sendcheck

import (
	"context"

	"smsconsent/shared/core/gate"
	"smsconsent/shared/edge/wiring"
)

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, s *wiring.Deployment) (*Handler, error) {
	t, err := s.SealedTable(ctx)
	if err != nil {
		return nil, err
	}
	g, err := gate.New(s.Catalog)
	if err != nil {
		return nil, err
	}
	return &Handler{
		Catalog: s.Catalog, Table: t, Audience: s.Audience(), Gate: g, Outbox: s.PacedOutbox(t, g),
		Queue: s.CampaignJobs(), Schedules: s.CampaignSchedules(), Now: s.Now, Log: s.Log, Metrics: s.Metrics,
	}, nil
}
