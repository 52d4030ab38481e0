package local

import (
	"context"
	"fmt"
	"io"

	"smsconsent/functions"
	"smsconsent/local/account"
	"smsconsent/local/lambda"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// Deploy sets the functions of smsconsent to work. They are wired as on Lambda, with the stack's AWS, clock and keys in
// place of what the environment gives there; their metrics go nowhere.
func (s *Stack) Deploy(ctx context.Context) error {
	env := func(variable string) string {
		switch variable {
		case "PREFERENCES_URL":
			return s.url + "/preferences"
		case wiring.LinksURL:
			return s.url
		default:
			return account.Env(variable)
		}
	}
	all := lambda.Functions{}
	for _, f := range functions.All() {
		d := account.Deployment(s.catalog.Load(), env, s.AWS(), s.Now)
		d.Log, d.Metrics = s.logs.Also(f.Name, s.log, s.Now), telemetry.New(io.Discard, "smsconsent", s.Now)
		d.LooksForPrograms()
		handler, err := wiring.Open(ctx, d, f.Wire)
		if err != nil {
			return fmt.Errorf("wire function %s: %w", f.Name, err)
		}
		all[f.Name] = handler.Invoke
	}
	s.Attach(all)
	return nil
}
