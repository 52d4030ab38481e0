// Package functions lists the Lambda functions of the product, for code that handles all of them: the local stack, and
// tests of permissions. No function imports it, so that each binary holds its own code only.
package functions

import (
	"context"
	"reflect"

	"github.com/aws/aws-lambda-go/lambda"

	"smsconsent/functions/audit"
	"smsconsent/functions/channels"
	"smsconsent/functions/inbound"
	"smsconsent/functions/link"
	"smsconsent/functions/optin"
	"smsconsent/functions/preferences"
	"smsconsent/functions/receipts"
	"smsconsent/functions/records"
	"smsconsent/functions/sendcheck"
	"smsconsent/functions/stream"
	"smsconsent/functions/texts"
	"smsconsent/shared/edge/wiring"
)

// Function is one Lambda function.
type Function struct {
	Name   string                      // of its folder; in template.yaml it is "${AWS::StackName}-" and this
	Wire   wiring.Wire[lambda.Handler] // makes its handler
	Config reflect.Type                // what the handler works with
}

// All returns every function, in the order in which a person meets them.
func All() []Function {
	return []Function{
		{"optin", erased(optin.Wire), reflect.TypeFor[optin.Config]()},
		{"inbound", erased(inbound.Wire), reflect.TypeFor[inbound.Config]()},
		{"preferences", erased(preferences.Wire), reflect.TypeFor[preferences.Config]()},
		{"sendcheck", erased(sendcheck.Wire), reflect.TypeFor[sendcheck.Config]()},
		{"audit", erased(audit.Wire), reflect.TypeFor[audit.Config]()},
		{"receipts", erased(receipts.Wire), reflect.TypeFor[receipts.Config]()},
		{"link", erased(link.Wire), reflect.TypeFor[link.Config]()},
		{"texts", erased(texts.Wire), reflect.TypeFor[texts.Config]()},
		{"records", erased(records.Wire), reflect.TypeFor[records.Config]()},
		{"channels", erased(channels.Wire), reflect.TypeFor[channels.Config]()},
		{"stream", erased(stream.Wire), reflect.TypeFor[stream.Config]()},
	}
}

// erased returns wire without the type of what it makes.
func erased[H lambda.Handler](wire wiring.Wire[H]) wiring.Wire[lambda.Handler] {
	return func(ctx context.Context, d *wiring.Deployment) (lambda.Handler, error) { return wire(ctx, d) }
}
