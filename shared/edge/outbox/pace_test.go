package outbox_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/timeleft"
)

func paced(number string, perSecond int) *program.Program {
	return &program.Program{Identity: program.Identity{ShortCode: number}, PerSecond: perSecond}
}

// tickets are the turns of identities as the table keeps them, without what is saved up.
type tickets struct {
	mu    sync.Mutex
	next  map[string]time.Time
	taken int
}

func (t *tickets) TakeTurns(_ context.Context, identity string, last time.Duration, now time.Time) (time.Time, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.taken++
	if t.next == nil {
		t.next = map[string]time.Time{}
	}
	from := t.next[identity]
	if from.Before(now) {
		from = now
	}
	t.next[identity] = from.Add(last)
	return from, nil
}

// Nine tenths of an identity's message parts a second, and less of a slow one, are kept from the first text on (AWS,
// "Message Parts per Second limits"), and few turns are asked for. The first text goes at once. Time is virtual here.
func TestSharedRateKeepsTheRate(t *testing.T) {
	for name, tc := range map[string]struct {
		perSecond    int
		texts, parts int
		want         time.Duration
		taken        int
	}{
		"one part each":                {10, 91, 1, 10 * time.Second, 10},
		"three parts each":             {10, 10, 3, 3 * time.Second, 4},
		"a slow long code":             {1, 4, 1, 4 * time.Second, 1},
		"a toll-free number":           {3, 28, 1, 10 * time.Second, 3},
		"a fast short code":            {300, 2701, 1, 10 * time.Second, 28},
		"a long text of a slow one":    {1, 2, 24, 32 * time.Second, 2},
		"a text longer than can be is": {1, 2, 99, 32 * time.Second, 2},
		"a text without words":         {10, 91, 0, 10 * time.Second, 10},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var from tickets
				rate, p := outbox.NewSharedRate(&from), paced("12345", tc.perSecond)
				begun := time.Now()
				for range tc.texts {
					if err := rate.Wait(t.Context(), p, tc.parts); err != nil {
						t.Fatal(err)
					}
				}
				if took := time.Since(begun).Round(time.Millisecond); took != tc.want {
					t.Errorf("%d texts of %d parts took %s, want %s", tc.texts, tc.parts, took, tc.want)
				}
				if from.taken != tc.taken {
					t.Errorf("asked for turns %d times, want %d", from.taken, tc.taken)
				}
			})
		})
	}
}

// Jobs in processes of their own keep to the identity's rate together, though each text of a job is slow to go; a job
// that is left alone has all of it. Another identity does not wait for it.
func TestSharedRateIsEachIdentitysOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const jobs, texts = 4, 1000
		var from tickets
		begun := time.Now()
		var mu sync.Mutex
		went := map[string][]time.Duration{}
		var all sync.WaitGroup
		for job := range jobs {
			rate := outbox.NewSharedRate(&from)
			for _, number := range []string{"12345", "54321"} {
				p := paced(number, 100)
				n := texts
				if job == 0 {
					n *= 3 // the one that is left alone
				}
				todo := make(chan struct{}, n)
				for range n {
					todo <- struct{}{}
				}
				close(todo)
				for range 25 { // at once
					all.Go(func() {
						for range todo {
							if err := rate.Wait(t.Context(), p, 1); err != nil {
								t.Error(err)
							}
							mu.Lock()
							went[number] = append(went[number], time.Since(begun))
							mu.Unlock()
							time.Sleep(60 * time.Millisecond)
						}
					})
				}
			}
		}
		all.Wait()
		for number, at := range went {
			slices.Sort(at)
			last := at[len(at)-1]
			if want := time.Duration(len(at)) * time.Second / 90; last > want+want/50 {
				t.Errorf("%d parts of %s took %s, want %s", len(at), number, last, want)
			}
			for i := range at {
				// What went in any second: the rate, and what one job is late with.
				if until, _ := slices.BinarySearch(at, at[i]+time.Second); until-i > 90+25+45 {
					t.Fatalf("%s sent %d parts in the second from %s", number, until-i, at[i])
				}
			}
		}
	})
}

// A function that slept over its turns does not make up for them.
func TestTurnsSleptOverAreLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var from tickets
		rate, p := outbox.NewSharedRate(&from), paced("12345", 100)
		for range 10 {
			if err := rate.Wait(t.Context(), p, 1); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Hour)
		begun := time.Now()
		for range 19 {
			if err := rate.Wait(t.Context(), p, 1); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begun).Round(time.Millisecond); took != 200*time.Millisecond {
			t.Errorf("19 texts took %s, want 200ms", took)
		}
	})
}

// A turn that would come when the function must hand over is refused at once, not waited for.
func TestSharedRateStopsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rate, p := outbox.NewSharedRate(&tickets{}), paced("12345", 1)
		ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
		defer cancel()
		begun := time.Now()
		for _, parts := range []int{15, 1} {
			if err := rate.Wait(ctx, p, parts); err != nil {
				t.Errorf("a turn within the time: %v", err)
			}
		}
		if err := rate.Wait(ctx, p, 24); !errors.Is(err, timeleft.ErrShort) {
			t.Errorf("a turn within the last ten seconds: %v", err)
		}
		if took := time.Since(begun).Round(time.Millisecond); took != 20*time.Second {
			t.Errorf("took %s, want 20s", took)
		}

		given, giveUp := context.WithCancel(t.Context())
		giveUp()
		if err := rate.Wait(given, p, 1); !errors.Is(err, timeleft.ErrShort) {
			t.Errorf("a context given up: %v", err)
		}
	})
}

// A turn is no use to whoever has given up, though there are some left and the next is now.
func TestNoTurnForWhoGaveUp(t *testing.T) {
	given, giveUp := context.WithCancel(t.Context())
	giveUp()
	for range 20 { // for what is both free and given up, either may be seen first
		synctest.Test(t, func(t *testing.T) {
			rate, p := outbox.NewSharedRate(&tickets{}), paced("12345", 100)
			if err := rate.Wait(t.Context(), p, 1); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			if err := rate.Wait(given, p, 1); !errors.Is(err, timeleft.ErrShort) {
				t.Errorf("a turn was given: %v", err)
			}
			var from tickets
			if err := outbox.NewSharedRate(&from).Wait(given, p, 1); !errors.Is(err, timeleft.ErrShort) || from.taken > 0 {
				t.Errorf("%d turns were taken: %v", from.taken, err)
			}
		})
	}
}

// Whoever gives up while they wait for their turn does not send.
func TestGivingUpWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rate, p := outbox.NewSharedRate(&tickets{}), paced("12345", 1)
		if err := rate.Wait(t.Context(), p, 24); err != nil {
			t.Fatal(err)
		}
		ctx, giveUp := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, giveUp)
		if err := rate.Wait(ctx, p, 1); !errors.Is(err, timeleft.ErrShort) {
			t.Errorf("%v", err)
		}
	})
}

// brokenTurns gives out no turns for a while.
type brokenTurns struct {
	tickets
	err error
}

func (b *brokenTurns) TakeTurns(ctx context.Context, identity string, last time.Duration, now time.Time) (time.Time, error) {
	if b.err != nil {
		return time.Time{}, b.err
	}
	return b.tickets.TakeTurns(ctx, identity, last, now)
}

// Where no turns can be had nothing is sent, and whoever asks next asks anew.
func TestWithoutTurnsNothingGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := &brokenTurns{err: errInjected}
		rate, p := outbox.NewSharedRate(turns), paced("12345", 10)
		for range 2 {
			if err := rate.Wait(t.Context(), p, 1); !errors.Is(err, errInjected) {
				t.Errorf("%v", err)
			}
		}
		turns.err = nil
		if err := rate.Wait(t.Context(), p, 1); err != nil || turns.taken != 1 {
			t.Errorf("%v, asked %d times", err, turns.taken)
		}
	})
}

func TestShortOfTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if timeleft.Short(t.Context()) {
			t.Error("a context without end is short of time")
		}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		time.Sleep(20 * time.Second)
		if timeleft.Short(ctx) {
			t.Error("short of time with ten seconds left")
		}
		time.Sleep(time.Nanosecond)
		if !timeleft.Short(ctx) {
			t.Error("not short of time with less than ten seconds left")
		}
	})
}
