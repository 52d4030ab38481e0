package local

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"sync"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Function is a Lambda function as the runtime calls it.
type Function func(ctx context.Context, payload []byte) ([]byte, error)

// Functions are Lambda functions by name, such as "optin".
type Functions map[string]Function

// attempts is how often Lambda tries an asynchronous invocation: once and, when it fails, twice again. Its waits of one
// and two minutes in between are left out, so that whoever caused the event can be told how it went.
const attempts = 3

// FunctionARN is the ARN under which schedules name a function, such as "sendcheck".
func FunctionARN(name string) string {
	return "arn:aws:lambda:" + Region + ":" + Account + ":function:smsconsent-" + name
}

// invocation collects what may only happen once the function has ended.
type invocation struct {
	mu    sync.Mutex
	after []func()
}

type invocationKey struct{}

// afterInvocation runs f when the invocation that made the call has ended, or at once for a call from outside. A
// delivery receipt takes seconds on AWS; here it must not overtake the record of the text it is about.
func afterInvocation(ctx context.Context, f func()) {
	inv, ok := ctx.Value(invocationKey{}).(*invocation)
	if !ok {
		f()
		return
	}
	inv.mu.Lock()
	inv.after = append(inv.after, f)
	inv.mu.Unlock()
}

// invoked reports whether a function made the call, and not somebody outside.
func invoked(ctx context.Context) bool { return ctx.Value(invocationKey{}) != nil }

// invoke runs a function once, as Lambda does: with a deadline, a request ID and no regard to who has lost interest.
func (s *Stack) invoke(ctx context.Context, name string, payload []byte) (out []byte, err error) {
	fn := (*s.functions.Load())[name]
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
	ctx = context.WithValue(context.WithoutCancel(ctx), invocationKey{}, inv)
	ctx = lambdacontext.NewContext(
		ctx,
		&lambdacontext.LambdaContext{AwsRequestID: newID(), InvokedFunctionArn: FunctionARN(name)},
	)
	ctx, cancel := context.WithTimeout(ctx, s.deadline)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("function panicked: %v", p)
		}
	}()
	return fn(ctx, payload)
}

// invokeEvent runs a function as an asynchronous event source does: again when it fails, and with a dead-letter queue
// for what fails every time.
func (s *Stack) invokeEvent(ctx context.Context, name string, payload []byte) error {
	var err error
	for attempt := range attempts {
		if _, err = s.invoke(ctx, name, payload); err == nil {
			return nil
		}
		s.log.Error("function failed", "function", name, "attempt", attempt+1, "error", redact(err))
	}
	s.queues.bury(s.queues.events, payload)
	return fmt.Errorf("function %s failed %d times", name, attempts)
}

var phoneLike = regexp.MustCompile(`\+?[0-9]{7,15}`)

// redact keeps phone numbers out of the log, whatever a library put into its error.
func redact(err error) error {
	return errors.New(phoneLike.ReplaceAllString(err.Error(), "[phone]"))
}

// newID is a random UUID, version 4.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
