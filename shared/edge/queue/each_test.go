package queue_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/edge/queue"
)

// A job that fails comes again by itself; the others of its batch are done and stay done.
func TestEachReportsJustTheJobsThatFailed(t *testing.T) {
	var did []int
	out := queue.Each(t.Context(), slog.New(slog.NewTextHandler(io.Discard, nil)), []events.SQSMessage{
		{MessageId: "a", Body: `{"N":1}`}, {MessageId: "b", Body: `{"N":2}`}, {MessageId: "c", Body: `no job`}, {MessageId: "d", Body: `{"N":3}`},
	}, func(_ context.Context, j struct{ N int }) error {
		did = append(did, j.N)
		if j.N == 2 {
			return errors.New("broken")
		}
		return nil
	})
	if want := []int{1, 2, 3}; !slices.Equal(did, want) {
		t.Errorf("did %v, want %v", did, want)
	}
	var failed []string
	for _, f := range out.BatchItemFailures {
		failed = append(failed, f.ItemIdentifier)
	}
	if want := []string{"b", "c"}; !slices.Equal(failed, want) {
		t.Errorf("failed %v, want %v", failed, want)
	}
}
