// Command bootstrap starts the audit function on Lambda.
package main

import (
	"context"

	"smsconsent/functions/audit"
	"smsconsent/shared/stack"
)

func main() {
	stack.Start(func(ctx context.Context, s *stack.Stack) (any, error) {
		h, err := audit.Wire(ctx, s)
		if err != nil {
			return nil, err
		}
		return h.Handle, nil
	})
}
