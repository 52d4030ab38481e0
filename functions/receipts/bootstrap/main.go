// Command bootstrap starts the receipts function on Lambda.
package main

import (
	"context"

	"smsconsent/functions/receipts"
	"smsconsent/shared/edge/wiring"
)

func main() {
	wiring.Start(func(ctx context.Context, s *wiring.Deployment) (any, error) {
		h, err := receipts.Wire(ctx, s)
		if err != nil {
			return nil, err
		}
		return h.Handle, nil
	})
}
