package outbox_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/outbox"
)

// Nobody who did not come back is looked for on AWS's list: it takes one call a second, and others wait for theirs.
func TestNobodyIsLookedForNeedlessly(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.carrier.onSend = full(4)
	if err := w.hear(w.inbound(saidHelp)); err == nil {
		t.Fatal("nothing waits")
	}
	w.did()
	w.finish(t)
	if did := w.did(); slices.ContainsFunc(did, func(call string) bool { return strings.Contains(call, "Default") }) {
		t.Errorf("it did %q", did)
	}
	if n := len(w.contact(t).Waiting); n > 0 || !strings.HasPrefix(w.carrier.sent[len(w.carrier.sent)-1].Body, "HELP: Example Corp.") {
		t.Errorf("%d wait; the last text was %q", n, w.carrier.sent[len(w.carrier.sent)-1].Body)
	}
}

// A table that fails is asked about a message that stops nothing no second time.
func TestAFailingTableIsAskedOnce(t *testing.T) {
	for stops, want := range map[bool]int{true: 1, false: 0} {
		w := newWorld(t)
		w.subscribe(t)
		in := w.inbound(saidHelp)
		if stops {
			in = w.inbound(saidStop)
		}
		asked := 0
		w.faults.before = func(op string) error {
			if op == "heard" {
				asked++
			}
			if op == "read" {
				return errInjected
			}
			return nil
		}
		if err := w.hear(in); !errors.Is(err, errInjected) || asked != want {
			t.Errorf("a STOP %t: %v, asked %d times", stops, err, asked)
		}
	}
}

// Whoever decides knows about whom, also where nothing can be read.
func TestWhoDecidesKnowsAboutWhom(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.faults.before = at("read", fail)
	for range 2 {
		_, _ = w.Change(t.Context(), key, func(c consent.Contact) consent.Change {
			if c.Key != key {
				t.Errorf("decides about %+v", c.Key)
			}
			return consent.Change{Next: c}
		})
	}
}

// An entry of a day after the START is still ours, and not a moment more: what comes later somebody put there.
func TestHowLongAnEntryIsOurs(t *testing.T) {
	for after, ours := range map[time.Duration]bool{24 * time.Hour: true, 24*time.Hour + time.Second: false} {
		w := newWorld(t)
		w.subscribe(t)
		w.mustHear(t, w.inbound(saidStop))
		w.finish(t)
		start := w.inbound(saidStart)
		start.Program = oneStep(w)
		w.mustHear(t, start)
		w.finish(t)
		c := w.contact(t)
		undone, _ := c.UndoneAt("alerts")
		said := len(w.optOuts(t))
		w.pass(48 * time.Hour)
		w.carrier.optedOut[listed] = outbox.ListEntry{Since: undone.Add(after)}
		if err := w.SyncLists(t.Context(), w.contact(t)); err != nil {
			t.Fatal(err)
		}
		if on := len(w.carrier.lists()) > 0; on == ours || (len(w.optOuts(t)) == said) != ours {
			t.Errorf("%s behind the START: listed %t, %d opt-outs", after, on, len(w.optOuts(t))-said)
		}
	}
}

// Turns are used up to two seconds late, and none that is later.
func TestHowLateATurnIsUsed(t *testing.T) {
	for late, lost := range map[time.Duration]bool{2 * time.Second: false, 2*time.Second + 10*time.Millisecond: true} {
		synctest.Test(t, func(t *testing.T) {
			var from tickets
			rate, p := outbox.NewSharedRate(&from), paced("12345", 100)
			if err := rate.Wait(t.Context(), p, 1); err != nil {
				t.Fatal(err)
			}
			time.Sleep(late + 11*time.Millisecond) // the next turn begins behind the first
			if err := rate.Wait(t.Context(), p, 1); err != nil || (from.taken == 2) != lost {
				t.Errorf("%s late: turns were taken %d times, %v", late, from.taken, err)
			}
		})
	}
}

// slow is a table that answers a question too late.
type slow struct {
	*faults
	left time.Duration
}

func (s *slow) Contact(ctx context.Context, _ consent.Key) (consent.Contact, error) {
	end, _ := ctx.Deadline()
	s.left = time.Until(end)
	return consent.Contact{}, errInjected
}

func (s *slow) Heard(ctx context.Context, _ consent.Key, _ string) (bool, error) {
	end, ok := ctx.Deadline()
	if left := time.Until(end); !ok || left > time.Second {
		return false, errors.New("nobody waits so long")
	}
	<-ctx.Done()
	return true, ctx.Err()
}

// A table that does not answer whether it heard a STOP keeps it from the list for a second, and no longer.
func TestTheListDoesNotWaitForTheTable(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	stop := w.inbound(saidStop)
	synctest.Test(t, func(t *testing.T) {
		w.Store = &slow{faults: w.faults}
		begun := time.Now()
		if err := w.hear(stop); err == nil {
			t.Error("it passes for heard")
		}
		if took := time.Since(begun); took != time.Second || !slices.Equal(w.carrier.lists(), []string{listed}) {
			t.Errorf("it took %s; on the lists %q", took, w.carrier.lists())
		}
	})
}
