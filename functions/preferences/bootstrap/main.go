// Command bootstrap starts the preferences function on Lambda.
package main

import (
	"context"

	"smsconsent/functions/preferences"
	"smsconsent/shared/edge/wiring"
)

func main() {
	wiring.Start(func(ctx context.Context, s *wiring.Deployment) (any, error) {
		h, err := preferences.Wire(ctx, s)
		if err != nil {
			return nil, err
		}
		return h.Handle, nil
	})
}
