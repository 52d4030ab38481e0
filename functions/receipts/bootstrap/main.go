// Command bootstrap starts the receipts function on Lambda.
package main

import (
	"context"

	"smsconsent/functions/receipts"
	"smsconsent/shared/stack"
)

func main() {
	stack.Start(func(ctx context.Context, s *stack.Stack) (any, error) {
		h, err := receipts.Wire(ctx, s)
		if err != nil {
			return nil, err
		}
		return h.Handle, nil
	})
}
