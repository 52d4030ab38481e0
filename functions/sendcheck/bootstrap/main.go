// Command bootstrap starts the sendcheck function on Lambda.
package main

import (
	"context"

	"smsconsent/functions/sendcheck"
	"smsconsent/shared/edge/wiring"
)

func main() {
	wiring.Start(func(ctx context.Context, s *wiring.Deployment) (any, error) {
		h, err := sendcheck.Wire(ctx, s)
		if err != nil {
			return nil, err
		}
		return h.Handle, nil
	})
}
