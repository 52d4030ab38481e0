package receipts

import (
	"context"

	"smsconsent/shared/stack"
)

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, s *stack.Stack) (*Handler, error) {
	t, err := s.SealedTable(ctx)
	if err != nil {
		return nil, err
	}
	return &Handler{Table: t, Now: s.Now, Log: s.Log, Metrics: s.Metrics}, nil
}
