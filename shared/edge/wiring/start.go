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

// Wire makes a function's handler from what it was deployed with.
type Wire[H lambda.Handler] func(ctx context.Context, d *Deployment) (H, error)

// Start runs a Lambda function: it opens the deployment from the environment, lets wire make the handler, and serves
// events until the runtime ends it. It does not return.
func Start[H lambda.Handler](wire Wire[H]) {
	log := telemetry.NewLogger(os.Stdout)
	handler, err := start(context.Background(), wire)
	if err != nil {
		log.Error("cannot start", "error", err)
		os.Exit(1)
	}
	lambda.StartWithOptions(handler, lambda.WithEnableSIGTERM())
}

func start[H lambda.Handler](ctx context.Context, wire Wire[H]) (lambda.Handler, error) {
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		return nil, fmt.Errorf("programs.yaml: %w", err)
	}
	d := New(catalog, os.Getenv, AWSFrom(os.Getenv), time.Now)
	d.Tell(os.Stdout)
	return Open(ctx, d, wire)
}

// Open returns a function of the deployment as Lambda invokes it: each time without the connections that texts went by
// before it slept. It fails where a name that the function needs is not set.
func Open[H lambda.Handler](ctx context.Context, d *Deployment, wire Wire[H]) (lambda.Handler, error) {
	h, err := wire(ctx, d)
	if err != nil {
		return nil, err
	}
	if err := d.Missing(); err != nil {
		return nil, err
	}
	return awake{h, d}, nil
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

// Invoke has a handler's function serve one event, given and answered as JSON. Each event gets a wrapper of its own,
// for the runtime's keeps the answer in a buffer it writes the next one to: on Lambda a process serves one event at a
// time, on the local stack pages and their files are asked for at once.
func Invoke(ctx context.Context, handle any, payload []byte) ([]byte, error) {
	return lambda.NewHandler(handle).Invoke(ctx, payload)
}
