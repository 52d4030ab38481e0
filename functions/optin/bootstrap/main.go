// Command bootstrap starts the optin function on Lambda.
package main

import (
	"context"

	"smsconsent/functions/optin"
	"smsconsent/shared/stack"
)

func main() {
	stack.Start(func(ctx context.Context, s *stack.Stack) (any, error) {
		h, err := optin.Wire(ctx, s)
		if err != nil {
			return nil, err
		}
		return h.Handle, nil
	})
}
