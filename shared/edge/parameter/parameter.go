// Package parameter reads secrets of AWS Systems Manager Parameter Store.
//
// It makes its one request by itself and has the SDK sign and pace it: the SDK's client for Systems Manager builds
// thousands of values for its other calls before a function's first line, a third of all a start has to do.
package parameter

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
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"smsconsent/shared/edge/timeleft"
)

const (
	attempts   = 10          // Lambda gives a start ten seconds
	maxBackoff = time.Second // with random parts of it, two hundred functions that start at once are through in some five
	maxAnswer  = 1 << 20     // bytes; ten parameters, the most of one call, have 8 KB each
)

// Store is Parameter Store as an account and a Region have it. It is safe for concurrent use.
type Store struct {
	cfg     aws.Config
	now     func() time.Time
	retryer aws.Retryer
}

// New returns the store of the configuration's Region, whose HTTP client and endpoint it takes where there are such.
// now is the time requests are signed with.
func New(cfg aws.Config, now func() time.Time) *Store {
	if cfg.HTTPClient == nil {
		cfg.HTTPClient = awshttp.NewBuildableClient()
	}
	return &Store{cfg, now, retry.NewStandard(func(r *retry.StandardOptions) {
		r.MaxAttempts, r.MaxBackoff = attempts, maxBackoff
	})}
}

// Get reads parameters by their names, decrypted, in one call. One that is not there is empty. What the store has no
// room for it asks again. The error is a smithy.APIError where the store refused.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
func (s *Store) Get(ctx context.Context, names ...string) (map[string]string, error) {
	body, err := json.Marshal(struct {
		Names          []string
		WithDecryption bool
	}{names, true})
	if err != nil {
		return nil, fmt.Errorf("ask for parameters: %w", err)
	}
	for attempt := 1; ; attempt++ {
		answer, err := s.ask(ctx, body)
		if err == nil {
			return read(answer, names)
		}
		if attempt == s.retryer.MaxAttempts() || !s.retryer.IsErrorRetryable(err) {
			return nil, fmt.Errorf("ask for parameters: %w", err)
		}
		if err := s.wait(ctx, attempt, err); err != nil {
			return nil, err
		}
	}
}

// wait lets the time pass until the next attempt after one that failed.
func (s *Store) wait(ctx context.Context, attempt int, failed error) error {
	delay, err := s.retryer.RetryDelay(attempt, failed)
	if err != nil {
		return fmt.Errorf("ask for parameters again: %w", err)
	}
	if err := timeleft.Pause(ctx, delay); err != nil {
		return fmt.Errorf("ask for parameters again: %w", err)
	}
	return nil
}

// ask makes one request and returns the body of the answer.
func (s *Store) ask(ctx context.Context, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.endpoint(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "AmazonSSM.GetParameters")
	who, err := s.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	err = signer.NewSigner().SignHTTP(ctx, who, r, hex.EncodeToString(sum[:]), "ssm", s.cfg.Region, s.now())
	if err != nil {
		return nil, err
	}
	resp, err := s.cfg.HTTPClient.Do(r)
	if err != nil {
		return nil, &smithyhttp.RequestSendError{Err: err}
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, &smithyhttp.RequestSendError{Err: err}
	}
	if resp.StatusCode != http.StatusOK {
		return nil, refusal(resp, answer)
	}
	return answer, nil
}

// endpoint is where the Region has its store.
func (s *Store) endpoint() string {
	if s.cfg.BaseEndpoint != nil {
		return *s.cfg.BaseEndpoint
	}
	domain := "amazonaws.com"
	switch {
	case strings.HasPrefix(s.cfg.Region, "cn-"):
		domain = "amazonaws.com.cn"
	case strings.HasPrefix(s.cfg.Region, "eusc-"):
		domain = "amazonaws.eu"
	}
	return "https://ssm." + s.cfg.Region + "." + domain + "/"
}

// refusal is what a store said that did not answer.
func refusal(resp *http.Response, answer []byte) error {
	var said struct {
		Type    string `json:"__type"`
		Message string // or message
	}
	if json.Unmarshal(answer, &said) != nil || said.Type == "" {
		said.Type = resp.Status
	}
	code := said.Type[strings.LastIndexByte(said.Type, '#')+1:]
	return &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: resp},
		Err:      &smithy.GenericAPIError{Code: code, Message: cmp.Or(said.Message, http.StatusText(resp.StatusCode))},
	}
}

func read(answer []byte, names []string) (map[string]string, error) {
	var out struct {
		Parameters []struct{ Name, Value string }
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		return nil, errors.New("read parameters: the answer is not JSON") // which would show of it
	}
	found := make(map[string]string, len(names))
	for _, name := range names {
		found[name] = ""
	}
	for _, p := range out.Parameters {
		found[p.Name] = p.Value
	}
	return found, nil
}
