package outbox_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/queue"
)

func paced(number string, perSecond int) *program.Program {
	return &program.Program{Identity: program.Identity{ShortCode: number}, PerSecond: perSecond}
}

// Nine tenths of an identity's message parts a second, and less of a slow one, are kept from the first text on, and
// shared evenly among the jobs (AWS, "Message Parts per Second limits"). Time is virtual here.
func TestSharedRateKeepsTheRate(t *testing.T) {
	for name, tc := range map[string]struct {
		perSecond, share int
		texts, parts     int
		want             time.Duration
	}{
		"one part each":                {10, 8, 90, 1, 80 * time.Second},
		"three parts each":             {10, 8, 9, 3, 24 * time.Second},
		"an identity for one job":      {10, 1, 90, 1, 10 * time.Second},
		"a slow long code":             {1, 8, 3, 1, 32 * time.Second},
		"a toll-free number":           {3, 1, 27, 1, 10 * time.Second},
		"a long text of a slow one":    {1, 8, 1, 24, 53333 * time.Millisecond}, // as many parts as it sends in a minute
		"the longest text":             {1, 1, 1, 24, 32 * time.Second},
		"a text longer than can be is": {1, 1, 1, 99, 32 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rate, p := outbox.NewSharedRate(tc.share), paced("12345", tc.perSecond)
				begun := time.Now()
				for range tc.texts {
					if err := rate.Wait(t.Context(), p, tc.parts); err != nil {
						t.Fatal(err)
					}
				}
				if took := time.Since(begun).Round(time.Millisecond); took != tc.want {
					t.Errorf("%d texts of %d parts took %s, want %s", tc.texts, tc.parts, took, tc.want)
				}
			})
		})
	}
}

// Jobs in processes of their own keep to the identity's rate together; another identity does not wait for it.
func TestSharedRateIsEachIdentitysOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const jobs = 8
		begun := time.Now()
		var all sync.WaitGroup
		for range jobs {
			rate := outbox.NewSharedRate(jobs)
			for _, p := range []*program.Program{paced("12345", 8), paced("54321", 8)} {
				all.Go(func() {
					for range 9 {
						if err := rate.Wait(t.Context(), p, 1); err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
		all.Wait()
		if took := time.Since(begun).Round(time.Millisecond); took != 10*time.Second {
			t.Errorf("72 parts of each identity took %s, want 10s", took)
		}
	})
}

// A turn that would come when the function must hand over is refused at once, not waited for.
func TestSharedRateStopsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rate, p := outbox.NewSharedRate(1), paced("12345", 1)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		begun := time.Now()
		if err := rate.Wait(ctx, p, 15); err != nil {
			t.Errorf("a turn within the time: %v", err)
		}
		if err := rate.Wait(ctx, p, 1); !errors.Is(err, queue.ErrShortOfTime) {
			t.Errorf("a turn within the last ten seconds: %v", err)
		}
		if took := time.Since(begun).Round(time.Millisecond); took != 20*time.Second {
			t.Errorf("took %s, want 20s", took)
		}

		given, giveUp := context.WithCancel(t.Context())
		giveUp()
		if err := rate.Wait(given, p, 1); !errors.Is(err, queue.ErrShortOfTime) {
			t.Errorf("a context given up: %v", err)
		}
	})
}

func TestShortOfTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if queue.ShortOfTime(t.Context()) {
			t.Error("a context without end is short of time")
		}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		time.Sleep(20 * time.Second)
		if queue.ShortOfTime(ctx) {
			t.Error("short of time with ten seconds left")
		}
		time.Sleep(time.Nanosecond)
		if !queue.ShortOfTime(ctx) {
			t.Error("not short of time with less than ten seconds left")
		}
	})
}
