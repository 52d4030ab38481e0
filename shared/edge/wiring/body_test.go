package wiring_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/edge/wiring"
)

// sooner is an HTTP client to which the answer comes before it has looked for the end of the request's body, which is
// closed by then.
type sooner struct {
	body   string
	looked error
}

func (s *sooner) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, r.ContentLength))
	if err != nil {
		return nil, err
	}
	if err := r.Body.Close(); err != nil {
		return nil, err
	}
	s.body = string(body)
	_, s.looked = io.Copy(io.Discard, r.Body)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}

// An answer is read to its end however soon it comes: a body that is closed has ended, and is no failure, for which
// Go's client would tear the connection down under the answer.
func TestAnAnswerThatComesAtOnceIsRead(t *testing.T) {
	var client sooner
	cfg := wiring.AWSFrom(func(string) string { return "x" })
	cfg.BaseEndpoint, cfg.HTTPClient = aws.String("http://localhost"), &client
	_, err := dynamodb.NewFromConfig(cfg).ListTables(t.Context(), &dynamodb.ListTablesInput{Limit: aws.Int32(7)})
	if err != nil || client.body != `{"Limit":7}` {
		t.Errorf("asked %s: %v", client.body, err)
	}
	if client.looked != nil {
		t.Errorf("looking for the body's end: %v", client.looked)
	}
}
