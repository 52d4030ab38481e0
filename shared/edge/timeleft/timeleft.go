// Package timeleft tells how much of its time a function has left, and lets time pass.
package timeleft

import (
	"context"
	"errors"
	"time"
)

// ErrShort says that the function will be ended before the work is done: what is left needs a job of its own.
var ErrShort = errors.New("the function's time is running out")

// Reserve is how much of its time a function keeps to record what it did and to queue the rest.
const Reserve = 10 * time.Second

// Short reports whether the context ends too soon to begin anything more.
func Short(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) < Reserve
}

// Pause lets time pass by the real clock. Where the context ends before, it returns why.
func Pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
