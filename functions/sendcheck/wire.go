package sendcheck

import (
	"context"

	"smsconsent/shared/audience"
	"smsconsent/shared/gate"
	"smsconsent/shared/outbox"
	"smsconsent/shared/stack"
)

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, s *stack.Stack) (*Handler, error) {
	t, err := s.Table(ctx)
	if err != nil {
		return nil, err
	}
	g, err := gate.New(s.Catalog)
	if err != nil {
		return nil, err
	}
	box := s.Outbox(t, g)
	if !s.Simulated {
		// As many jobs run at once as the audience has shards, each in a process of its own.
		box.Pacer = outbox.NewSharedRate(audience.Shards)
	}
	return &Handler{
		Catalog: s.Catalog, Table: t, Audience: s.Audience(), Gate: g, Outbox: box,
		Queue: s.CampaignJobs(), Schedules: s.CampaignSchedules(), Now: s.Now, Log: s.Log, Metrics: s.Metrics,
	}, nil
}
