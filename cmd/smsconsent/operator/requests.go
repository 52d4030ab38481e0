package operator

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/signup"
	"smsconsent/shared/edge/gateway"
)

// maxWait is the longest wait between two tries.
const maxWait = 30 * time.Second

// requests posts requests to a stack.
type requests struct {
	*api

	retries int // tries after the first, for requests that the API could not answer
	pause   func(context.Context, time.Duration) error
}

// requestsPath is the route for sign-ups by other systems.
const requestsPath = "/requests"

// openRequests opens the stack's API for requests.
func openRequests(ctx context.Context) (*requests, error) {
	a, err := openAPI(ctx)
	if err != nil {
		return nil, err
	}
	return &requests{api: a, pause: pause}, nil
}

// stackNow returns the local stack's time where AWS_ENDPOINT_URL points to one, and else this machine's.
func stackNow(ctx context.Context) time.Time {
	if endpoint := os.Getenv("AWS_ENDPOINT_URL"); loopback(endpoint) {
		if now, err := localClock(ctx, endpoint); err == nil {
			return now
		}
	}
	return time.Now()
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// ask posts one request and returns its result. It retries failures that may pass, with growing pauses. Nobody is
// asked twice by that, because the stack knows whom it asked. A posted request is finished even where ctx ends. An
// error means that every other request would fail in the same way.
func (r *requests) ask(ctx context.Context, v signup.Request) (importResult, error) {
	for try := 0; ; try++ {
		code, body, err := r.call(context.WithoutCancel(ctx), http.MethodPost, requestsPath, v)
		if err != nil {
			code, body = http.StatusBadGateway, nil
		}
		res, fatal := r.result(code, body)
		if err != nil {
			res.message = "no answer: " + err.Error()
		}
		passing := code == http.StatusTooManyRequests || code >= http.StatusInternalServerError
		if fatal != nil || !passing || try == r.retries {
			return res, fatal
		}
		wait := min(time.Second<<try, maxWait)
		if err := r.pause(ctx, wait/2+rand.N(wait/2)); err != nil {
			return res, nil //nolint:nilerr // interrupted: the result of the last try stands
		}
	}
}

// result decodes an answer.
func (r *requests) result(code int, body []byte) (importResult, error) {
	now := r.now()
	var a signup.Answer
	if err := json.Unmarshal(body, &a); err == nil && a.Status != "" {
		message := cmp.Or(a.Reason, eachTopic(a.Topics))
		if a.Attributes != "" {
			message = strings.TrimPrefix(message+"; attributes not kept: "+a.Attributes, "; ")
		}
		return importResult{status: a.Status, at: now, retryAt: a.At, message: message}, nil
	}
	var refusal gateway.RefusalBody
	_ = json.Unmarshal(body, &refusal) // it stays empty where the body is something else
	why := strings.TrimPrefix(refusal.Error.Field+": "+refusal.Error.Message, ": ")
	switch {
	case code == http.StatusTooManyRequests || code >= http.StatusInternalServerError:
		return importResult{
			status:  rowFailed,
			at:      now,
			retryAt: now,
			message: cmp.Or(why, "the API answered "+http.StatusText(code)),
		}, nil
	case code == http.StatusForbidden || code == http.StatusUnauthorized:
		return importResult{}, errors.New(
			"the API refuses these AWS credentials: attach the policy ImportPolicyArn of the stack's outputs to the people who use them",
		)
	case why == "":
		return importResult{}, fmt.Errorf(
			"%s answered %d %s: it is not the API of smsconsent",
			r.url+requestsPath,
			code,
			http.StatusText(code),
		)
	}
	return importResult{status: rowRefused, at: now, retryAt: now, message: why}, nil
}

// eachTopic lists the status of each topic, such as "alerts: subscribed, orders: asked".
func eachTopic(topics map[string]signup.Status) string {
	each := make([]string, 0, len(topics))
	for _, id := range slices.Sorted(maps.Keys(topics)) {
		each = append(each, id+": "+string(topics[id]))
	}
	return strings.Join(each, ", ")
}
