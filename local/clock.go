package local

import (
	"context"
	"errors"
	"sync"
	"time"
)

// errBackwards is returned by Advance for an instant that has passed: records already carry later times.
var errBackwards = errors.New("the clock only moves forward")

// clock is the machine's clock plus an offset that only grows. So it runs, and never goes back.
type clock struct {
	real func() time.Time

	mu     sync.Mutex
	offset time.Duration
	last   time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read()
}

// read returns the machine's time, but never an earlier one than before: the machine's clock may be set back while
// the stack runs.
func (c *clock) read() time.Time {
	t := c.real().Add(c.offset).UTC().Round(0)
	if t.Before(c.last) {
		return c.last
	}
	c.last = t
	return t
}

// moveTo sets the clock to t, unless it is already later.
func (c *clock) moveTo(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ahead := t.Sub(c.read()); ahead > 0 {
		c.offset += ahead
	}
}

// Advance moves the clock forward to target. Everything that falls due on the way is done at its own time, in order,
// and everything that follows from it is done before the clock moves on. It stops between two such times when ctx
// ends. It returns errBackwards where target has passed.
func (s *Stack) Advance(ctx context.Context, target time.Time) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	if target.Before(s.Now()) {
		return errBackwards
	}
	for {
		if err := s.settle(ctx); err != nil {
			return err
		}
		due, ok := s.nextDue()
		if !ok || due.After(target) {
			break
		}
		s.clock.moveTo(due)
		s.changes.Bump()
	}
	s.clock.moveTo(target)
	s.changes.Bump()
	return s.settle(ctx)
}

// Run does what falls due as time passes, until ctx ends. It looks at every tick, and when something was queued or
// scheduled.
func (s *Stack) Run(ctx context.Context, ticks <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
		case <-s.wake:
		}
		if err := s.Settle(ctx); err != nil {
			return
		}
		s.saveChanges()
	}
}

// Settle does everything that is due now and all that follows from it.
func (s *Stack) Settle(ctx context.Context) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	return s.settle(ctx)
}

// settle does one thing at a time, so that a test always runs in the same order. The caller holds the lock.
func (s *Stack) settle(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !s.schedules.FireOne(ctx) && !s.queues.DeliverOne(ctx) && !s.stream.DeliverOne(ctx) {
			return nil
		}
	}
}

// nextDue returns the next time at which there is something to do; false where there is none.
func (s *Stack) nextDue() (time.Time, bool) {
	next, ok := s.schedules.NextDue()
	if t, has := s.queues.NextVisible(); has && (!ok || t.Before(next)) {
		next, ok = t, true
	}
	return next, ok
}

func (s *Stack) lock(ctx context.Context) error {
	select {
	case s.busy <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Stack) unlock() { <-s.busy }
