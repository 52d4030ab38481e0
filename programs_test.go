package smsconsent_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"smsconsent/functions"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/testkit/wired"
)

// empty is a table with nothing in it that counts how often it is asked.
type empty struct{ asked int }

func (e *empty) Do(*http.Request) (*http.Response, error) {
	e.asked++
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}

// handling is a handler that does f with each event.
type handling struct {
	lambda.Handler
	f func()
}

func (h handling) Invoke(context.Context, []byte) ([]byte, error) {
	h.f()
	return nil, nil
}

// Stops asks the handler.
func (h handling) Stops(payload []byte) bool {
	s, ok := h.Handler.(wiring.Stopper)
	return ok && s.Stops(payload)
}

// Every function obeys what is published before it begins with an event; only nothing stands between a STOP and its
// record, so those that people opt out by look once they are done with it.
func TestEveryFunctionLooksForPrograms(t *testing.T) {
	said := func(body string) string {
		sms := fmt.Sprintf(`{"originationNumber":"+12065550142","destinationNumber":"+12065550100","messageBody":%q,"inboundMessageId":"1"}`, body)
		return fmt.Sprintf(`{"Records":[{"Sns":{"Timestamp":"2026-12-01T20:00:00Z","Message":%q}}]}`, sms)
	}
	stops := map[string][]string{
		"inbound":     {said("STOP"), said("please stop texting me")},
		"preferences": {`{"requestContext":{"http":{"method":"POST"}},"rawPath":"/preferences"}`},
		"channels":    {`{"rawPath":"/optouts"}`, `{"detail-type":"smsconsent.optout"}`},
	}
	others := []string{"", said("JOIN"), `{"requestContext":{"http":{"method":"GET"}},"rawPath":"/preferences"}`, `{"rawPath":"/touches"}`}
	for _, f := range functions.All() {
		d, table := wired.Stack(t), &empty{}
		start := d.Now()
		clock := start
		d.Now = func() time.Time { return clock }
		d.AWS = wiring.AWSFrom(func(string) string { return "local" })
		d.AWS.HTTPClient = table
		d.LooksForPrograms()
		before := 0
		open, err := wiring.Open(t.Context(), d, func(ctx context.Context, d *wiring.Deployment) (lambda.Handler, error) {
			h, err := f.Wire(ctx, d)
			return handling{h, func() { before = table.asked }}, err
		})
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if table.asked != 1 {
			t.Errorf("%s looks %d times as it starts", f.Name, table.asked)
		}
		looks := func(want int, event string) {
			t.Helper()
			clock, table.asked = clock.Add(time.Hour), 0
			if _, err := open.Invoke(t.Context(), []byte(event)); err != nil {
				t.Fatal(err)
			}
			if before != want || table.asked != 1 {
				t.Errorf("%s looks %d times before it handles %s and %d in all, want %d and 1", f.Name, before, event, table.asked, want)
			}
		}
		for _, event := range others {
			looks(1, event)
		}
		for _, event := range stops[f.Name] {
			looks(0, event)
		}
	}
}
