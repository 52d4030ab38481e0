package receipts

import (
	"context"

	"smsconsent/shared/gate"
	"smsconsent/shared/stack"
)

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, s *stack.Stack) (*Handler, error) {
	t, err := s.SealedTable(ctx)
	if err != nil {
		return nil, err
	}
	g, err := gate.New(s.Catalog)
	if err != nil {
		return nil, err
	}
	return &Handler{Table: t, Outbox: s.Outbox(t, g), Now: s.Now, Log: s.Log, Metrics: s.Metrics}, nil
}
