// Package lambda imitates AWS Lambda: it runs functions in this process.
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

// attempts is how often Lambda tries an asynchronous invocation. Its waits of one and two minutes between them are
// left out, so that the caller learns the result.
const attempts = 3

// Lambda runs functions. It is safe for concurrent use.
type Lambda struct {
	Options
	functions atomic.Pointer[Functions]
}

// Options configures a Lambda.
type Options struct {
	Deadline time.Duration // timeout of an invocation, in real time
	Log      *slog.Logger
	Now      func() time.Time
	Faults   *faults.Account // nil for none

	// FunctionLog returns a function's own log, which also gets its failures. It may be nil.
	FunctionLog func(function string) *slog.Logger

	// Bury keeps an event that no attempt could handle, for replay.
	Bury func(payload []byte)
}

// New returns a Lambda without functions.
func New(o Options) *Lambda {
	l := &Lambda{Options: o}
	l.Attach(Functions{})
	return l
}

// Attach sets the functions.
func (l *Lambda) Attach(f Functions) { l.functions.Store(&f) }

// named returns the function with a name; nil where there is none.
func (l *Lambda) named(name string) Function {
	if slices.Contains(l.Faults.Now().Missing, name) {
		return nil
	}
	return (*l.functions.Load())[name]
}

// invocation collects what must wait until the function has ended.
type invocation struct {
	mu    sync.Mutex
	after []func()
}

type invocationKey struct{}

// AfterInvocation runs f when the invocation that made the call has ended, or at once for a call from outside. On AWS
// a delivery receipt takes seconds. Here it must not overtake the record of its text.
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

// Invoke runs a function once, with a deadline and a request ID. Like Lambda, it does not stop where ctx ends.
func (l *Lambda) Invoke(ctx context.Context, name string, payload []byte) (out []byte, err error) {
	ctx = lambdacontext.NewContext(
		context.WithoutCancel(ctx),
		&lambdacontext.LambdaContext{AwsRequestID: awsjson.NewID(), InvokedFunctionArn: account.FunctionARN(name)},
	)
	out, err = l.run(ctx, name, payload)
	if err != nil && l.FunctionLog != nil {
		l.FunctionLog(name).ErrorContext(ctx, "function failed", "error", redact.Error(err))
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

// failureRecord returns the record that Lambda sends to the on-failure destination (AWS Lambda Developer Guide,
// "Capturing records of Lambda asynchronous invocations").
func (l *Lambda) failureRecord(name string, payload []byte, err error) []byte {
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
		return payload // not JSON; events of functions always are
	}
	return letter
}

// InvokeEvent runs a function as an asynchronous event source does: it retries, and buries an event that fails every
// time.
func (l *Lambda) InvokeEvent(ctx context.Context, name string, payload []byte) error {
	var err error
	for attempt := range attempts {
		if _, err = l.Invoke(ctx, name, payload); err == nil {
			return nil
		}
		l.Log.Error("function failed", "function", name, "attempt", attempt+1, "error", redact.Error(err))
	}
	l.Bury(l.failureRecord(name, payload, err))
	return fmt.Errorf("function %s failed %d times", name, attempts)
}
