package world

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/timeleft"
)

// Function is a function that schedules wake and that takes jobs from a queue.
type Function func(ctx context.Context, raw json.RawMessage) (*events.SQSEventResponse, error)

// Queue keeps jobs until they are taken.
type Queue struct {
	Jobs []string
	Err  error // the answer to every job; nil takes it

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

// Take takes the job at that place, or reports that there is none.
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

// Alarm is a schedule that waits.
type Alarm struct {
	At    time.Time
	Input string
}

// Schedules keeps one-time schedules as EventBridge Scheduler does: a name that is taken stays as it is, and it is
// taken until the schedule that fired has been deleted, which takes a while.
type Schedules struct {
	Pending map[string]Alarm
	Made    []time.Time // what was asked for, oldest first
	Err     error       // the answer to every schedule; nil makes it

	now   func() time.Time
	asked func(call string) error
	mu    sync.Mutex
	fired map[string]time.Time
}

// Once makes a schedule.
func (s *Schedules) Once(_ context.Context, name string, at time.Time, input string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := cmp.Or(s.Err, ask(s.asked, "Once")); err != nil {
		return err
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

// First returns the schedule that is due first, or reports that there is none.
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

// Fire takes a schedule as fired.
func (s *Schedules) Fire(name string) {
	s.fired[name] = s.Pending[name].At
	delete(s.Pending, name)
}

// Deliver hands the function one job as SQS does, and reports whether it was done.
func (w *World) Deliver(ctx context.Context, job string) bool {
	raw, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{MessageId: "m1", Body: job}}})
	if err != nil {
		panic(err)
	}
	out, err := w.Function(ctx, raw)
	return err == nil && len(out.BatchItemFailures) == 0
}

// DeliverKilled delivers a job at which the function may be killed, and reports whether it was.
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

// Settle does all jobs that are queued, and those they lead to.
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

// RunOut does all jobs, fires every schedule, and does what that leads to, until nothing is left.
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

// RunUntil does all jobs, and fires what falls due and does what it leads to, until that instant.
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

// Shrinking is the context of a function whose time runs out when short says so. It leaves what a function keeps to
// record what it did, whenever that begins.
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

// Pacer says whether a text may have its turn.
type Pacer func() error

// Wait asks.
func (p Pacer) Wait(context.Context, *program.Program, int) error { return p() }
