package local

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/aws-lambda-go/lambda"

	"smsconsent/functions/audit"
	"smsconsent/functions/inbound"
	"smsconsent/functions/optin"
	"smsconsent/functions/preferences"
	"smsconsent/functions/receipts"
	"smsconsent/functions/records"
	"smsconsent/functions/sendcheck"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// Deploy sets the functions of smsconsent to work. They are wired as on Lambda, with the stack's AWS, clock and keys in
// place of what the environment gives there; their metrics go nowhere.
func (s *Stack) Deploy(ctx context.Context) error {
	names := Names()
	names.PreferencesURL = s.url + "/preferences"
	deployed := &wiring.Deployment{
		Names: names, AWS: s.AWS(), Catalog: s.catalog, Now: s.Now, Secret: Secret, Simulated: true,
		Log: s.log, Metrics: telemetry.New(io.Discard, s.Now),
	}
	optinHandler, err := optin.Wire(ctx, deployed)
	if err != nil {
		return fmt.Errorf("wire function optin: %w", err)
	}
	inboundHandler, err := inbound.Wire(ctx, deployed)
	if err != nil {
		return fmt.Errorf("wire function inbound: %w", err)
	}
	sendcheckHandler, err := sendcheck.Wire(ctx, deployed)
	if err != nil {
		return fmt.Errorf("wire function sendcheck: %w", err)
	}
	auditHandler, err := audit.Wire(ctx, deployed)
	if err != nil {
		return fmt.Errorf("wire function audit: %w", err)
	}
	receiptsHandler, err := receipts.Wire(ctx, deployed)
	if err != nil {
		return fmt.Errorf("wire function receipts: %w", err)
	}
	recordsHandler, err := records.Wire(ctx, deployed)
	if err != nil {
		return fmt.Errorf("wire function records: %w", err)
	}
	preferencesHandler, err := preferences.Wire(ctx, deployed)
	if err != nil {
		return fmt.Errorf("wire function preferences: %w", err)
	}
	s.Attach(Functions{
		OptIn:       function(optinHandler.Handle),
		Inbound:     function(inboundHandler.Handle),
		SendCheck:   function(sendcheckHandler.Handle),
		Audit:       function(auditHandler.Handle),
		Receipts:    function(receiptsHandler.Handle),
		Records:     function(recordsHandler.Handle),
		Preferences: function(preferencesHandler.Handle),
	})
	return nil
}

// function calls a handler as the runtime does. Each call gets a wrapper of its own, for the runtime's keeps the answer
// in a buffer it writes the next one to: on Lambda a process serves one event at a time, here pages and their files are
// asked for at once.
func function(handler any) Function {
	return func(ctx context.Context, payload []byte) ([]byte, error) {
		return lambda.NewHandler(handler).Invoke(ctx, payload)
	}
}
