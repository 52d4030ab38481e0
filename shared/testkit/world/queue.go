package world

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/timeleft"
)

// Function is a function that is woken by schedules and takes jobs from a queue.
type Function func(ctx context.Context, raw json.RawMessage) (*events.SQSEventResponse, error)

// Queue keeps jobs until they are taken.
type Queue struct {
	Jobs []string
	Err  error // the error for every job; nil accepts it

	asked func(call string) error
	mu    sync.Mutex
}

// Put puts jobs on the queue.
func (q *Queue) Put(_ context.Context, work ...any) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := cmp.Or(q.Err, ask(q.asked, "Put")); err != nil {
		return err
	}
	for _, w := range work {
		job, err := json.Marshal(w)
		if err != nil {
			return err
		}
		q.Jobs = append(q.Jobs, string(job))
	}
	return nil
}

// Take removes and returns the job at index i, and reports whether there was one.
func (q *Queue) Take(i int) (string, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if i >= len(q.Jobs) {
		return "", false
	}
	job := q.Jobs[i]
	q.Jobs = slices.Delete(q.Jobs, i, i+1)
	return job, true
}

// Alarm is a schedule that has not fired yet.
type Alarm struct {
	At    time.Time
	Input string
}

// Schedules keeps one-time schedules as EventBridge Scheduler does: a schedule with a name that is taken is not
// changed, and the name stays taken until the fired schedule has been deleted, which takes a while.
type Schedules struct {
	Pending map[string]Alarm
	Made    []time.Time // times of the schedules that were asked for, oldest first
	Err     error       // the error for every schedule; nil makes it

	now   func() time.Time
	asked func(call string) error
	mu    sync.Mutex
	fired map[string]time.Time
}

// maxScheduleName is how long EventBridge Scheduler lets a name be.
const maxScheduleName = 64

// Once makes a schedule.
func (s *Schedules) Once(_ context.Context, name string, at time.Time, input string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := cmp.Or(s.Err, ask(s.asked, "Once")); err != nil {
		return err
	}
	if len(name) > maxScheduleName {
		return fmt.Errorf("the name of a schedule has %d characters, of which AWS takes %d", len(name), maxScheduleName)
	}
	_, taken := s.Pending[name]
	if at, fired := s.fired[name]; taken || (fired && s.now().Sub(at) < time.Minute) {
		return nil
	}
	s.Made = append(s.Made, at)
	if earliest := s.now().Add(5 * time.Second); at.Before(earliest) {
		at = earliest
	}
	s.Pending[name] = Alarm{at.Add(time.Second - 1).Truncate(time.Second), input}
	return nil
}

// First returns the schedule that is due first, and reports whether there is one.
func (s *Schedules) First() (string, Alarm, bool) {
	var first string
	for name, a := range s.Pending {
		if f, ok := s.Pending[first]; !ok || a.At.Before(f.At) || (a.At.Equal(f.At) && name < first) {
			first = name
		}
	}
	a, ok := s.Pending[first]
	return first, a, ok
}

// Fire marks a schedule as fired.
func (s *Schedules) Fire(name string) {
	s.fired[name] = s.Pending[name].At
	delete(s.Pending, name)
}

// Deliver hands the function one job as SQS does, and reports whether it succeeded.
func (w *World) Deliver(ctx context.Context, job string) bool {
	raw, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{MessageId: "m1", Body: job}}})
	if err != nil {
		panic(err)
	}
	out, err := w.Function(ctx, raw)
	return err == nil && len(out.BatchItemFailures) == 0
}

// DeliverKilled delivers a job during which the function may be killed. It reports whether it was killed, and whether
// the job succeeded.
func (w *World) DeliverKilled(ctx context.Context, job string) (dead, ok bool) {
	dead = Survive(func() { ok = w.Deliver(ctx, job) })
	return dead, ok
}

// Wake invokes the function as a schedule does.
func (w *World) Wake(input string) {
	w.T.Helper()
	if out, err := w.Function(w.T.Context(), json.RawMessage(input)); err != nil || out != nil {
		w.T.Fatalf("%s: %v, %v", input, out, err)
	}
}

// Settle does all queued jobs, and the jobs that they queue.
func (w *World) Settle() {
	w.T.Helper()
	for turn := 0; ; turn++ {
		job, ok := w.Queue.Take(0)
		if !ok {
			return
		}
		if turn > 1000 {
			w.T.Fatal("the jobs never end")
		}
		if !w.Deliver(w.T.Context(), job) {
			w.T.Fatalf("job %s failed: %s", job, &w.Logged)
		}
	}
}

// RunOut does all jobs and fires all schedules, until none is left.
func (w *World) RunOut() {
	w.T.Helper()
	w.Settle()
	for {
		name, a, ok := w.Schedules.First()
		if !ok {
			return
		}
		w.fire(name, a)
	}
}

func (w *World) fire(name string, a Alarm) {
	w.T.Helper()
	w.Schedules.Fire(name)
	w.GoTo(a.At)
	w.Wake(a.Input)
	w.Settle()
}

// RunUntil does all jobs, and everything that falls due before end.
func (w *World) RunUntil(end time.Time) {
	w.T.Helper()
	w.Settle()
	for {
		name, a, ok := w.Schedules.First()
		if !ok || a.At.After(end) {
			w.GoTo(end)
			return
		}
		w.fire(name, a)
	}
}

// Shrinking returns a context for a function whose time runs out when short returns true. The function always has the
// time that it reserves for its final record.
func Shrinking(ctx context.Context, short func() bool) context.Context { return shrinking{ctx, short} }

type shrinking struct {
	context.Context
	short func() bool
}

func (c shrinking) Deadline() (time.Time, bool) {
	if c.short() {
		return time.Now().Add(timeleft.Reserve - 1), true
	}
	return time.Now().Add(time.Minute), true
}

// Pacer decides whether a text may be sent now.
type Pacer func() error

// Wait returns p's answer.
func (p Pacer) Wait(context.Context, *program.Program, int) error { return p() }
