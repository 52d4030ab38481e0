package records

import (
	"context"

	"smsconsent/shared/edge/wiring"
)

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, s *wiring.Deployment) (*Handler, error) {
	ledger, err := s.Ledger(ctx)
	if err != nil {
		return nil, err
	}
	return &Handler{
		Catalog: s.Catalog,
		Table:   s.Table(ledger),
		Ledger:  ledger,
		Now:     s.Now,
		Log:     s.Log,
		Metrics: s.Metrics,
	}, nil
}
