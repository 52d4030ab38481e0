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
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"

	"smsconsent/local/account"
)

const (
	maxAnswer = 8 << 20 // bytes; Lambda answers with 6 MB at most

	// answerTimeout is how long an answer may take. API Gateway itself gives up after 30 seconds.
	answerTimeout = 40 * time.Second
)

// api is the API of a stack. Each call is signed with the operator's own AWS credentials.
type api struct {
	url       string // without a slash at its end
	aws       aws.Config
	http      *http.Client
	now       func() time.Time // the stack's clock
	simulated bool             // the local stack, which has no limit on texts per second
}

// openAPI returns the API of the deployed stack, or of the local one where AWS_ENDPOINT_URL points to this machine.
func openAPI(ctx context.Context) (*api, error) {
	a := &api{
		now: time.Now,
		// Redirects are not followed. They would send a phone number to another host, and the signature would be
		// wrong there.
		http: &http.Client{
			Timeout:       answerTimeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	if endpoint := os.Getenv("AWS_ENDPOINT_URL"); loopback(endpoint) {
		now, err := localClock(ctx, endpoint)
		if err != nil {
			return nil, fmt.Errorf("no local stack answers at %s; start it with: make run (%w)", endpoint, err)
		}
		a.url, a.aws, a.simulated = strings.TrimSuffix(endpoint, "/"), account.AWS(endpoint), true
		a.now = func() time.Time { return now }
		return a, nil
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
	if a.aws, err = config.LoadDefaultConfig(ctx); err != nil {
		return nil, fmt.Errorf("AWS configuration: %w", err)
	}
	if a.aws.Region = cmp.Or(regionOf(u.Hostname()), a.aws.Region); a.aws.Region == "" {
		return nil, usageError{errors.New("AWS_REGION is not set, and API_URL does not tell the Region")}
	}
	if _, err := a.aws.Credentials.Retrieve(ctx); err != nil {
		return nil, fmt.Errorf("AWS credentials: %w", err)
	}
	a.url = strings.TrimSuffix(address, "/")
	return a, nil
}

// regionOf returns the AWS Region in the host name that API Gateway gives an API. It is empty for a custom domain.
func regionOf(host string) string {
	if parts := strings.Split(host, "."); len(parts) > 3 && parts[1] == "execute-api" {
		return parts[2]
	}
	return ""
}

// call signs and sends a request with v as its JSON body; nil means no body. It returns the answer's status code and
// body. An error means that no whole answer came.
func (a *api) call(ctx context.Context, method, path string, v any) (code int, body []byte, err error) {
	var payload []byte
	if v != nil {
		if payload, err = json.Marshal(v); err != nil {
			return 0, nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, a.url+path, bytes.NewReader(payload))
	if err != nil {
		return 0, nil, err
	}
	if v != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	credentials, err := a.aws.Credentials.Retrieve(ctx)
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
		a.aws.Region,
		time.Now(),
	); err != nil {
		return 0, nil, fmt.Errorf("sign request: %w", err)
	}
	resp, err := a.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return resp.StatusCode, body, err
}
