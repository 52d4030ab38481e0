package local

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/middleware"

	"smsconsent/functions"
	"smsconsent/local/account"
	"smsconsent/local/lambda"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/console"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// Deploy starts the functions of smsconsent. They are wired as on Lambda, but with the stack's AWS, clock and keys.
// Their metrics are thrown away.
func (s *Stack) Deploy(ctx context.Context) error {
	all := lambda.Functions{}
	for _, f := range functions.All() {
		d := s.deployment()
		s.reportCalls(f.Name, &d.AWS)
		d.Log, d.Metrics = s.logs.Tee(f.Name, s.log, s.Now), telemetry.New(io.Discard, "smsconsent", s.Now)
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

// reportCalls makes Options.Called hear of each call of AWS that a function makes.
func (s *Stack) reportCalls(function string, cfg *aws.Config) {
	if s.called == nil {
		return
	}
	tell := middleware.FinalizeMiddlewareFunc("Called", func(
		ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
	) (middleware.FinalizeOutput, middleware.Metadata, error) {
		s.called(function, awsmiddleware.GetServiceID(ctx), middleware.GetOperationName(ctx))
		return next.HandleFinalize(ctx, in)
	})
	cfg.APIOptions = append(cfg.APIOptions, func(stack *middleware.Stack) error {
		return stack.Finalize.Add(tell, middleware.Before)
	})
}

// deployment returns the stack for code that calls it as an AWS account.
func (s *Stack) deployment() *wiring.Deployment {
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
	return account.Deployment(s.catalog.Load(), env, s.AWS(), s.Now)
}

// openPage makes the console's page.
func (s *Stack) openPage(o Options) (err error) {
	c := console.Config{
		Stack: s.deployment(), Log: s.log, Simulated: true, About: console.About{Name: "on this machine"},
		InForce: s.catalog.Load,
		Everybody: func(ctx context.Context) ([]consent.Contact, error) {
			return s.people.All(ctx, dynamodb.NewFromConfig(s.AWS()))
		},
	}
	if o.Campaigns != nil {
		c.Campaigns = o.Campaigns(c.Stack)
	}
	s.page, err = console.New(c)
	return err
}
