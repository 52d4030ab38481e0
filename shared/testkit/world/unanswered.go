package world

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
)

// ErrUnanswered is what a call that EachUnanswered has fail is answered with.
var ErrUnanswered = errors.New("no answer")

func (w *World) asked(call string) error { return ask(w.Unanswered, call) }

func ask(hook func(call string) error, call string) error {
	if hook == nil {
		return nil
	}
	return hook(call)
}

// Attempt invokes the function with an event. It returns an error where the function fails, or the job in the event
// does.
func (w *World) Attempt(event string) error {
	out, err := w.Function(context.Background(), json.RawMessage(event))
	if err == nil && out != nil && len(out.BatchItemFailures) > 0 {
		return ErrUnanswered
	}
	return err
}

// AttemptJob invokes the function with a job, as SQS does. It returns an error where the function fails, or the job
// does.
func (w *World) AttemptJob(job string) error {
	if !w.Deliver(context.Background(), job) {
		return ErrUnanswered
	}
	return nil
}

// Answered returns an error for a status code that means a fault on our side.
func Answered(status int) error {
	if status >= http.StatusInternalServerError {
		return ErrUnanswered
	}
	return nil
}

// EachUnanswered makes each call of a run fail once, in a new world from begin each time: calls of the store, the
// queue, the schedules and AWS's lists, except those named in but. A run with a failed call must return an error, and
// a run without one must not. The run makes at least atLeast calls.
func EachUnanswered(t *testing.T, atLeast int, begin func(t *testing.T) (*World, func() error), but ...string) {
	t.Helper()
	failed := 0
	for nth, struck := 0, true; struck; nth++ {
		w, run := begin(t)
		calls, call := nth, ""
		struck = false
		var mu sync.Mutex
		w.Unanswered = func(asked string) error {
			mu.Lock()
			defer mu.Unlock()
			if slices.Contains(but, asked) {
				return nil
			}
			if calls--; calls != -1 {
				return nil
			}
			struck, call = true, asked
			return ErrUnanswered
		}
		err := run()
		w.Unanswered = nil
		switch {
		case struck && err == nil:
			t.Errorf("call %d, %s, was not answered, and it passes for done", nth+1, call)
		case !struck && err != nil:
			t.Errorf("with all calls answered: %v", err)
		case struck:
			failed++
		}
	}
	if failed < atLeast {
		t.Errorf("it made %d calls, want %d at least", failed, atLeast)
	}
}
