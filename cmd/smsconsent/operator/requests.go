package operator

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"

	"smsconsent/local/account"
	"smsconsent/shared/core/signup"
	"smsconsent/shared/edge/gateway"
)

const (
	maxAnswer   = 64 << 10
	longestWait = 30 * time.Second // between two tries

	// patience is how long an answer may take: API Gateway itself gives up after 30 seconds.
	patience = 40 * time.Second
)

// requests posts requests to a stack, signed by the operator's own credentials.
type requests struct {
	url       string
	aws       aws.Config
	http      *http.Client
	now       func() time.Time // the stack's clock
	simulated bool             // the local stack, which texts as fast as it is told to
	retries   int              // tries after the first, of what the API could not answer
	pause     func(context.Context, time.Duration) error
}

// openRequests finds the API of the deployed stack, or of the local one where AWS_ENDPOINT_URL points to this machine.
func openRequests(ctx context.Context) (*requests, error) {
	r := &requests{
		now:   time.Now,
		pause: pause,
		// A redirect would lead a phone number elsewhere, and its signature would not fit there.
		http: &http.Client{
			Timeout:       patience,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	if endpoint := os.Getenv("AWS_ENDPOINT_URL"); loopback(endpoint) {
		now, err := localClock(ctx, endpoint)
		if err != nil {
			return nil, fmt.Errorf("no local stack answers at %s; start it with: make run (%w)", endpoint, err)
		}
		r.url, r.aws, r.simulated = endpoint+"/requests", account.AWS(endpoint), true
		r.now = func() time.Time { return now }
		return r, nil
	}
	address := os.Getenv("API_URL")
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" {
		return nil, usageError{
			fmt.Errorf(
				"API_URL: %q is no address that begins with https://; export the stack's outputs, or set AWS_ENDPOINT_URL=http://localhost:8080 for the local stack",
				address,
			),
		}
	}
	if r.aws, err = config.LoadDefaultConfig(ctx); err != nil {
		return nil, fmt.Errorf("AWS configuration: %w", err)
	}
	if r.aws.Region = cmp.Or(regionOf(u.Hostname()), r.aws.Region); r.aws.Region == "" {
		return nil, usageError{errors.New("AWS_REGION is not set, and API_URL does not tell the Region")}
	}
	if _, err := r.aws.Credentials.Retrieve(ctx); err != nil {
		return nil, fmt.Errorf("AWS credentials: %w", err)
	}
	r.url = strings.TrimSuffix(address, "/") + "/requests"
	return r, nil
}

// stackNow returns the time at the stack, where that can be told without asking AWS.
func stackNow(ctx context.Context) time.Time {
	if endpoint := os.Getenv("AWS_ENDPOINT_URL"); loopback(endpoint) {
		if now, err := localClock(ctx, endpoint); err == nil {
			return now
		}
	}
	return time.Now()
}

// regionOf returns the Region in the name API Gateway gives an API, and empty for a domain of one's own.
func regionOf(host string) string {
	if parts := strings.Split(host, "."); len(parts) > 3 && parts[1] == "execute-api" {
		return parts[2]
	}
	return ""
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// ask posts one request and says what became of it. What the API could not do for the moment it asks again, ever later:
// that bothers nobody twice, because the stack knows whom it asked. Once posted, a request is finished although ctx
// ends. The error is one that every other request would meet too.
func (r *requests) ask(ctx context.Context, v signup.Request) (importResult, error) {
	for try := 0; ; try++ {
		code, body, err := r.post(context.WithoutCancel(ctx), v)
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
		wait := min(time.Second<<try, longestWait)
		if err := r.pause(ctx, wait/2+rand.N(wait/2)); err != nil {
			return res, nil //nolint:nilerr // whoever waits no longer keeps what the last try said
		}
	}
}

// post signs and sends one request.
func (r *requests) post(ctx context.Context, v signup.Request) (code int, body []byte, err error) {
	payload, err := json.Marshal(v)
	if err != nil {
		return 0, nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(payload))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	credentials, err := r.aws.Credentials.Retrieve(ctx)
	if err != nil {
		return 0, nil, fmt.Errorf("AWS credentials: %w", err)
	}
	sum := sha256.Sum256(payload)
	if err := v4.NewSigner().SignHTTP(
		ctx,
		credentials,
		req,
		hex.EncodeToString(sum[:]),
		"execute-api",
		r.aws.Region,
		time.Now(),
	); err != nil {
		return 0, nil, fmt.Errorf("sign request: %w", err)
	}
	resp, err := r.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return resp.StatusCode, body, err
}

// result reads an answer.
func (r *requests) result(code int, body []byte) (importResult, error) {
	now := r.now()
	var a signup.Answer
	if err := json.Unmarshal(body, &a); err == nil && a.Status != "" {
		return importResult{status: a.Status, at: now, retryAt: a.At, message: cmp.Or(a.Reason, eachTopic(a.Topics))}, nil
	}
	var refusal gateway.RefusalBody
	_ = json.Unmarshal(body, &refusal) // what is none leaves it empty
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
			"the API refuses these AWS credentials: attach the policy ImportPolicyArn of the stack's outputs to whoever uses them",
		)
	case why == "":
		return importResult{}, fmt.Errorf(
			"%s answered %d %s: it is not the API of smsconsent",
			r.url,
			code,
			http.StatusText(code),
		)
	}
	return importResult{status: rowRefused, at: now, retryAt: now, message: why}, nil
}

// eachTopic spells what became of each topic: "alerts: subscribed, orders: asked".
func eachTopic(topics map[string]signup.Status) string {
	each := make([]string, 0, len(topics))
	for _, id := range slices.Sorted(maps.Keys(topics)) {
		each = append(each, id+": "+string(topics[id]))
	}
	return strings.Join(each, ", ")
}
