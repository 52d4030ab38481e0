// Command bootstrap starts the audit function on Lambda.
package main

import (
	"context"

	"smsconsent/functions/audit"
	"smsconsent/shared/edge/wiring"
)

func main() {
	wiring.Start(func(ctx context.Context, s *wiring.Deployment) (any, error) {
		h, err := audit.Wire(ctx, s)
		if err != nil {
			return nil, err
		}
		return h.Handle, nil
	})
}
