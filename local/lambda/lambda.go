// Package lambda stands in for AWS Lambda: it runs functions in this process.
package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/local/faults"
	"smsconsent/local/redact"
)

// Function is a Lambda function as the runtime calls it.
type Function func(ctx context.Context, payload []byte) ([]byte, error)

// Functions are Lambda functions by name, such as "optin".
type Functions map[string]Function

// attempts is how often Lambda tries an asynchronous invocation: once and, when it fails, twice again. Its waits of one
// and two minutes in between are left out, so that whoever caused the event can be told how it went.
const attempts = 3

// Lambda runs functions. It is safe for use by several goroutines.
type Lambda struct {
	Options
	functions atomic.Pointer[Functions]
}

// Options is what a Lambda is made of.
type Options struct {
	Deadline time.Duration // real time a function has for one invocation
	Log      *slog.Logger
	Now      func() time.Time
	Faults   *faults.Account // nil for none

	// Own returns a function's own log, where a run that failed is told as well; nil tells it nowhere.
	Own func(function string) *slog.Logger

	// Bury keeps an event that no attempt could handle.
	Bury func(payload []byte)
}

// New makes a Lambda without functions.
func New(o Options) *Lambda {
	l := &Lambda{Options: o}
	l.Attach(Functions{})
	return l
}

// Attach makes the functions those that run.
func (l *Lambda) Attach(f Functions) { l.functions.Store(&f) }

// named returns the function of a name; nil where there is none.
func (l *Lambda) named(name string) Function {
	if slices.Contains(l.Faults.Now().Missing, name) {
		return nil
	}
	return (*l.functions.Load())[name]
}

// invocation collects what may only happen once the function has ended.
type invocation struct {
	mu    sync.Mutex
	after []func()
}

type invocationKey struct{}

// AfterInvocation runs f when the invocation that made the call has ended, or at once for a call from outside. A
// delivery receipt takes seconds on AWS; here it must not overtake the record of the text it is about.
func AfterInvocation(ctx context.Context, f func()) {
	inv, ok := ctx.Value(invocationKey{}).(*invocation)
	if !ok {
		f()
		return
	}
	inv.mu.Lock()
	inv.after = append(inv.after, f)
	inv.mu.Unlock()
}

// Invoked reports whether a function made the call, and not somebody outside.
func Invoked(ctx context.Context) bool { return ctx.Value(invocationKey{}) != nil }

// Invoke runs a function once, as Lambda does: with a deadline, a request ID and no regard to who has lost interest.
func (l *Lambda) Invoke(ctx context.Context, name string, payload []byte) (out []byte, err error) {
	ctx = lambdacontext.NewContext(
		context.WithoutCancel(ctx),
		&lambdacontext.LambdaContext{AwsRequestID: awsjson.NewID(), InvokedFunctionArn: account.FunctionARN(name)},
	)
	out, err = l.run(ctx, name, payload)
	if err != nil && l.Own != nil {
		l.Own(name).ErrorContext(ctx, "function failed", "error", redact.Error(err))
	}
	return out, err
}

func (l *Lambda) run(ctx context.Context, name string, payload []byte) (out []byte, err error) {
	fn := l.named(name)
	if fn == nil {
		return nil, fmt.Errorf("there is no function %s", name)
	}
	inv := &invocation{}
	defer func() {
		inv.mu.Lock()
		after := inv.after
		inv.mu.Unlock()
		for _, f := range after {
			f()
		}
	}()
	ctx = context.WithValue(ctx, invocationKey{}, inv)
	ctx, cancel := context.WithTimeout(ctx, l.Deadline)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("function panicked: %v", p)
		}
	}()
	return fn(ctx, payload)
}

// letter is the record that Lambda hands to the destination for failures (AWS Lambda Developer Guide, "Capturing
// records of Lambda asynchronous invocations").
func (l *Lambda) letter(name string, payload []byte, err error) []byte {
	letter, failed := json.Marshal(map[string]any{
		"version": "1.0", "timestamp": l.Now().Format(account.TopicTime),
		"requestContext": map[string]any{
			"requestId": awsjson.NewID(), "functionArn": account.FunctionARN(name) + ":$LATEST", "condition": "RetriesExhausted",
			"approximateInvokeCount": attempts,
		},
		"requestPayload":  json.RawMessage(payload),
		"responseContext": map[string]any{"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
		"responsePayload": map[string]string{"errorMessage": fmt.Sprint(redact.Error(err)), "errorType": "error"},
	})
	if failed != nil {
		return payload // no JSON, which no function would have got
	}
	return letter
}

// InvokeEvent runs a function as an asynchronous event source does: again when it fails, and with a dead-letter queue
// for what fails every time.
func (l *Lambda) InvokeEvent(ctx context.Context, name string, payload []byte) error {
	var err error
	for attempt := range attempts {
		if _, err = l.Invoke(ctx, name, payload); err == nil {
			return nil
		}
		l.Log.Error("function failed", "function", name, "attempt", attempt+1, "error", redact.Error(err))
	}
	l.Bury(l.letter(name, payload, err))
	return fmt.Errorf("function %s failed %d times", name, attempts)
}
