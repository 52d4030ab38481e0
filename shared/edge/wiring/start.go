package wiring

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"smsconsent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/telemetry"
)

// Start runs a Lambda function: it opens the deployment from the environment, lets wire make the handler's function,
// and serves events until the runtime ends it. It does not return.
func Start(wire func(ctx context.Context, d *Deployment) (any, error)) {
	log := telemetry.NewLogger(os.Stdout)
	handler, err := open(context.Background(), wire)
	if err != nil {
		log.Error("cannot start", "error", err)
		os.Exit(1)
	}
	lambda.StartWithOptions(handler, lambda.WithEnableSIGTERM())
}

func open(ctx context.Context, wire func(ctx context.Context, d *Deployment) (any, error)) (lambda.Handler, error) {
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		return nil, fmt.Errorf("programs.yaml: %w", err)
	}
	d := &Deployment{
		Names:   NamesFrom(os.Getenv),
		AWS:     AWSFrom(os.Getenv),
		Catalog: catalog,
		Now:     time.Now,
		Log:     telemetry.NewLogger(os.Stdout),
		Metrics: telemetry.New(os.Stdout, time.Now),
	}
	handle, err := wire(ctx, d)
	if err != nil {
		return nil, err
	}
	return d.Invoked(handle), nil
}

// Invoked is a handler's function as Lambda invokes it: without the connections that texts went by before it slept.
func (d *Deployment) Invoked(handle any) lambda.Handler {
	return awake{lambda.NewHandler(handle), d}
}

type awake struct {
	lambda.Handler
	deployment *Deployment
}

// Invoke handles one event.
func (a awake) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	for _, o := range a.deployment.outboxes {
		o.CloseIdleConnections()
	}
	return a.Handler.Invoke(ctx, payload)
}
