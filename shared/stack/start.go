package stack

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"smsconsent"
	"smsconsent/shared/program"
	"smsconsent/shared/telemetry"
)

// Start runs a Lambda function: it opens the stack from the environment, lets wire make the handler's function, and
// serves events until the runtime ends it. It does not return.
func Start(wire func(ctx context.Context, s *Stack) (any, error)) {
	log := telemetry.NewLogger(os.Stdout)
	handler, err := open(context.Background(), wire)
	if err != nil {
		log.Error("cannot start", "error", err)
		os.Exit(1)
	}
	lambda.StartWithOptions(handler, lambda.WithEnableSIGTERM())
}

func open(ctx context.Context, wire func(ctx context.Context, s *Stack) (any, error)) (lambda.Handler, error) {
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		return nil, fmt.Errorf("programs.yaml: %w", err)
	}
	s := &Stack{
		Names:   NamesFrom(os.Getenv),
		AWS:     AWSFrom(os.Getenv),
		Catalog: catalog,
		Now:     time.Now,
		Log:     telemetry.NewLogger(os.Stdout),
		Metrics: telemetry.New(os.Stdout, time.Now),
	}
	handle, err := wire(ctx, s)
	if err != nil {
		return nil, err
	}
	return s.Invoked(handle), nil
}

// Invoked is a handler's function as Lambda invokes it: without the connections that texts went by before it slept.
func (s *Stack) Invoked(handle any) lambda.Handler {
	return awake{lambda.NewHandler(handle), s}
}

type awake struct {
	lambda.Handler
	stack *Stack
}

// Invoke handles one event.
func (a awake) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if a.stack.texts != nil {
		a.stack.texts.CloseIdleConnections()
	}
	return a.Handler.Invoke(ctx, payload)
}
