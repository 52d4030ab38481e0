// Command bootstrap starts the preferences function on Lambda.
package main

import (
	"context"

	"smsconsent/functions/preferences"
	"smsconsent/shared/stack"
)

func main() {
	stack.Start(func(ctx context.Context, s *stack.Stack) (any, error) {
		h, err := preferences.Wire(ctx, s)
		if err != nil {
			return nil, err
		}
		return h.Handle, nil
	})
}
