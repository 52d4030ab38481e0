// Command smsconsent runs the stack on one machine and operates a deployed one.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"smsconsent/cmd/smsconsent/operator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // who is asked a second time ends at once
	code := operator.Run(ctx, os.Args[1:], os.Stdout, os.Stderr, localCommand())
	stop()
	os.Exit(code)
}
