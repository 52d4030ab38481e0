package inbound

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
	answers := s.Outbox(t, g)
	if s.Names.PreferencesURL != "" {
		links, err := s.Links(ctx)
		if err == nil {
			answers.Links = links
		} else {
			// A STOP must not wait for the key of a page: until this is mended, answers go out without the link.
			s.Log.ErrorContext(ctx, "no links to the preference page", "error", err)
			s.Metrics.Count("LinksMissing", 1)
		}
	}
	return &Handler{
		Catalog:     s.Catalog,
		Outbox:      answers,
		Records:     t,
		DeadLetters: s.DeadLetters(),
		Log:         s.Log,
		Metrics:     s.Metrics,
	}, nil
}
