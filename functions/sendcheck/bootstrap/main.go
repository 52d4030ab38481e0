// Command bootstrap starts the sendcheck function on Lambda.
package main

import (
	"context"

	"smsconsent/functions/sendcheck"
	"smsconsent/shared/stack"
)

func main() {
	stack.Start(func(ctx context.Context, s *stack.Stack) (any, error) {
		h, err := sendcheck.Wire(ctx, s)
		if err != nil {
			return nil, err
		}
		return h.Handle, nil
	})
}
