package outbox_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/outbox"
)

// A text the carrier has no room for at first goes a moment later, within the same run and under the same claim. Nobody
// sleeps for it here.
func TestTheOutboxIsPatient(t *testing.T) {
	for throttled := range 4 {
		w := newWorld(t)
		w.subscribe(t)
		w.carrier.onSend = full(throttled)
		begun := w.now()
		w.mustHear(t, w.inbound(saidHelp))
		if n := len(w.carrier.sent); n != throttled+1 || len(w.contact(t).Waiting) != 0 {
			t.Errorf("throttled %d times: offered %d times, waiting %+v", throttled, n, w.contact(t).Waiting)
		}
		if got := w.statuses(t); !slices.Equal(got[2:], []string{"reply sent"}) {
			t.Errorf("throttled %d times: on record %q", throttled, got)
		}
		if want := []time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond, 3500 * time.Millisecond}[throttled]; w.now().Sub(begun) != want {
			t.Errorf("throttled %d times: it took %s, want %s", throttled, w.now().Sub(begun), want)
		}
	}
}

// Nobody is patient whose time is up: the function has to put on record what became of the text. Time is virtual
// here.
func TestPatienceEndsWithTheFunction(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.carrier.onSend = full(9)
	help := w.inbound(saidHelp)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 9*time.Second)
		defer cancel()
		if _, err := w.Change(ctx, key, func(c consent.Contact) consent.Change { return c.Hear(help) }); err == nil {
			t.Error("the event passed for done")
		}
	})
	if n := len(w.carrier.sent); n != 1 {
		t.Errorf("offered %d times", n)
	}
}

// A question is not put after a STOP that came while the carrier had no room for it.
func TestPatienceAsksAgain(t *testing.T) {
	w := newWorld(t)
	stop := w.inbound(saidStop)
	w.Pause = func(_ context.Context, d time.Duration) error {
		w.pass(d)
		w.carrier.onSend = nil
		return w.hear(stop)
	}
	w.carrier.onSend = full(1)
	w.request(t)
	for _, text := range w.carrier.sent[1:] {
		if strings.HasPrefix(text.Body, "Text YES") {
			t.Errorf("I1: asked after STOP: %q", text.Body)
		}
	}
	w.Pause = nil
	w.pass(10 * time.Minute)
	w.followUp(t)
	want := []string{"confirmation rejected", "reply sent", "confirmation withheld"}
	if diff := cmp.Diff(want, w.statuses(t)); diff != "" {
		t.Error(diff)
	}
}

// atNth makes a hook that acts at one call of op, counted from 0.
func atNth(op string, nth int, act func() error) func(string) error {
	return func(called string) error {
		if called != op {
			return nil
		}
		if nth--; nth == -1 {
			return act()
		}
		return nil
	}
}

// bucket is how AWS throttles: an identity's message parts a second, and no more saved up than one second's.
type bucket struct {
	mu     sync.Mutex
	rate   float64
	left   float64
	filled time.Time
}

func (b *bucket) take() bool {
	const rounding = 1e-6
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.left = min(b.rate, b.left+now.Sub(b.filled).Seconds()*b.rate)
	b.filled = now
	if b.left < 1-rounding {
		return false
	}
	b.left--
	return true
}

// With a campaign going as fast as it may, an answer finds room within the outbox's patience, on a slow number and on a
// fast one. At the whole of the rate it would find none. Time is virtual here.
func TestAnAnswerFindsRoomBesideACampaign(t *testing.T) {
	for _, perSecond := range []int{1, 2, 3, 10, 100} {
		w := newWorld(t)
		w.subscribe(t)
		synctest.Test(t, func(t *testing.T) {
			const jobs = 8
			aws := &bucket{rate: float64(perSecond), filled: time.Now()}
			p := *w.program("alerts")
			p.PerSecond = perSecond
			ctx, end := context.WithCancel(t.Context())
			var shared tickets
			var all sync.WaitGroup
			for n := range jobs {
				all.Go(func() {
					time.Sleep(time.Duration(n) * time.Second / time.Duration(perSecond)) // each begins when it was found a worker
					for pacer := outbox.NewSharedRate(&shared); pacer.Wait(ctx, &p, 1) == nil; {
						aws.take()
					}
				})
			}
			w.Pause = nil // waits, by the virtual clock
			w.carrier.onSend = func(outbox.SMS) error {
				for try := range 4 { // which are the SDK's own (package carrier)
					if aws.take() {
						return nil
					}
					time.Sleep(300 * time.Millisecond << try)
				}
				return &outbox.Rejection{Reason: "THROTTLED", Throttled: true}
			}
			for n := range 20 {
				time.Sleep(30*time.Second + time.Duration(n)*77*time.Millisecond)
				w.pass(5 * time.Minute)
				if err := w.hear(w.inbound(saidHelp)); err != nil {
					t.Errorf("%d a second, answer %d: %v", perSecond, n, err)
				}
				if n == 9 {
					w.pass(24 * time.Hour) // a phone gets twelve answers a day
				}
			}
			end()
			all.Wait()
		})
	}
}
