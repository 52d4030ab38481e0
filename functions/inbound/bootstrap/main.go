// Command bootstrap starts the inbound function on Lambda.
package main

import (
	"context"

	"smsconsent/functions/inbound"
	"smsconsent/shared/stack"
)

func main() {
	stack.Start(func(ctx context.Context, s *stack.Stack) (any, error) {
		h, err := inbound.Wire(ctx, s)
		if err != nil {
			return nil, err
		}
		return h.Handle, nil
	})
}
