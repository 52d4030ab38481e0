package smsconsent_test

import (
	"context"
	"io"
	"net/http"
	"slices"
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

// Every function obeys what is published: those that people opt out by once they are done with an event, for nothing
// stands between a STOP and its record, and all others before they begin with it.
func TestEveryFunctionLooksForPrograms(t *testing.T) {
	stops := []string{"inbound", "preferences", "channels"}
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
		clock, table.asked = start.Add(time.Hour), 0
		if _, err := open.Invoke(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		want := 1
		if slices.Contains(stops, f.Name) {
			want = 0
		}
		if before != want || table.asked != 1 {
			t.Errorf("%s looks %d times before it handles an event and %d in all, want %d and 1", f.Name, before, table.asked, want)
		}
	}
}
