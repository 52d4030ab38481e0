// Command bootstrap starts the inbound function on Lambda.
package main

import (
	"context"

	"smsconsent/functions/inbound"
	"smsconsent/shared/edge/wiring"
)

func main() {
	wiring.Start(func(ctx context.Context, s *wiring.Deployment) (any, error) {
		h, err := inbound.Wire(ctx, s)
		if err != nil {
			return nil, err
		}
		return h.Handle, nil
	})
}
