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
	handle, err := open(context.Background(), wire)
	if err != nil {
		log.Error("cannot start", "error", err)
		os.Exit(1)
	}
	lambda.StartWithOptions(handle, lambda.WithEnableSIGTERM())
}

func open(ctx context.Context, wire func(ctx context.Context, s *Stack) (any, error)) (any, error) {
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		return nil, fmt.Errorf("programs.yaml: %w", err)
	}
	return wire(ctx, &Stack{
		Names:   NamesFrom(os.Getenv),
		AWS:     AWSFrom(os.Getenv),
		Catalog: catalog,
		Now:     time.Now,
		Log:     telemetry.NewLogger(os.Stdout),
		Metrics: telemetry.New(os.Stdout, time.Now),
	})
}
