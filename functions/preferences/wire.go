package preferences

import (
	"context"

	"smsconsent/shared/core/gate"
	"smsconsent/shared/edge/wiring"
)

// limit is how many changes one link may make in an hour: more than anybody needs to make up their mind.
const limit = 20

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
	links, err := s.Links(ctx)
	if err != nil {
		return nil, err
	}
	return New(Handler{
		Catalog:  s.Catalog,
		Links:    links,
		Contacts: t,
		Outbox:   s.Outbox(t, g),
		Limiter:  t,
		Limit:    limit,
		Now:      s.Now,
		Log:      s.Log,
		Metrics:  s.Metrics,
	}), nil
}
