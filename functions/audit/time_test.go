package audit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/timeleft"
	"smsconsent/shared/testkit/world"
)

// Short of time, before a page or within it, a job hands on what is left; nobody is skipped and nobody looked at twice.
func TestShortOfTime(t *testing.T) {
	for _, texts := range []int{0, 1, 4, 5, 29, 30, 31, 33} {
		t.Run(fmt.Sprintf("after %d texts", texts), func(t *testing.T) {
			w := newWorld(t)
			var all []phone.Number
			all = append(all, world.Numbers("305", 0, 5)...)  // Florida comes first
			all = append(all, world.Numbers("212", 0, 30)...) // then New York, in two pages
			for _, n := range all {
				w.person(n, two.Add(-40*day), nil)
			}
			over := func() bool { return len(w.Carrier.Sent) == texts }
			w.Outbox.Pacer = world.Pacer(func() error {
				if over() {
					return timeleft.ErrShort
				}
				return nil
			})
			if !w.Deliver(world.Shrinking(t.Context(), over), job("alerts", 0)) {
				t.Fatal(&w.Logged)
			}
			if len(w.Queue.Jobs) != 1 || len(w.Carrier.Sent) != texts {
				t.Fatalf("%d jobs and %d texts, want the rest of this one and %d", len(w.Queue.Jobs), len(w.Carrier.Sent), texts)
			}
			w.Outbox.Pacer = nil
			w.Settle()
			reached := map[phone.Number]int{}
			for _, text := range w.Carrier.Sent {
				reached[text.To]++
			}
			for _, n := range all {
				// Who was to be reminded when the time ran out is looked at again by the job that does it.
				if reached[n] != 1 || w.looked[n] < 1 || w.looked[n] > 2 {
					t.Errorf("%s was reminded %d times and looked at %d times", n, reached[n], w.looked[n])
				}
			}
			reminded := 0
			for line := range strings.SplitSeq(w.Counted.String(), "\n") {
				var n int
				if _, figure, ok := strings.Cut(line, `"AuditReminded":`); ok {
					if _, err := fmt.Sscan(strings.TrimRight(figure, "}"), &n); err != nil {
						t.Fatal(err)
					}
				}
				reminded += n
			}
			if reminded != len(all) {
				t.Errorf("%d counted as reminded, want %d", reminded, len(all))
			}
		})
	}
}

// What cannot be handed on must not pass for done.
func TestAHandoverThatFails(t *testing.T) {
	w := newWorld(t)
	w.person(world.Numbers("212", 0, 1)[0], two.Add(-40*day), nil)
	w.Queue.Err = errBroken
	if w.Deliver(world.Shrinking(t.Context(), func() bool { return true }), job("alerts", 0)) {
		t.Error("before a page: the job passed for done")
	}
	w.Outbox.Pacer = world.Pacer(func() error { return timeleft.ErrShort })
	if w.Deliver(t.Context(), job("alerts", 0)) {
		t.Error("within a page: the job passed for done")
	}
	if _, err := w.handler.Handle(t.Context(), []byte(`{"audit":"start"}`)); !errors.Is(err, errBroken) {
		t.Errorf("start: %v, want the queue's error", err)
	}
	w.Queue.Err = nil
	w.Wake(`{"audit":"start"}`)
	part, _ := w.Queue.Take(0)
	w.Queue.Err = errBroken
	if w.Deliver(world.Shrinking(t.Context(), func() bool { return true }), part) {
		t.Error("a part of an audit passed for done")
	}
}

// deaf is an outbox that records nothing.
type deaf struct{ *outbox.Outbox }

func (deaf) Record(_ context.Context, sent ...table.Sent) error {
	if len(sent) == 0 {
		return nil
	}
	return errBroken
}

// I3: where the record fails the job fails, and its next delivery puts the text on record without sending it again.
func TestARecordThatFails(t *testing.T) {
	w := newWorld(t)
	key := w.person(world.Numbers("212", 0, 1)[0], two.Add(-40*day), nil)
	w.handler.Outbox = deaf{w.Outbox}
	if w.Deliver(t.Context(), job("alerts", 0)) {
		t.Fatal("the job passed for done")
	}
	w.handler.Outbox = w.Outbox
	w.Pass(20 * time.Minute)
	if !w.Deliver(t.Context(), job("alerts", 0)) {
		t.Fatal(&w.Logged)
	}
	if n := len(w.Record(key.Phone).Messages); len(w.Carrier.Sent) != 1 || n != 1 {
		t.Errorf("%d texts and %d on record, want one", len(w.Carrier.Sent), n)
	}
}

// Jobs wait in the queue across a deployment: what is left of one goes on where it says, and is written as ever.
func TestTheRestOfAJobAsItIsWritten(t *testing.T) {
	w := newWorld(t)
	var all []phone.Number
	for _, n := range append(world.Numbers("305", 0, 2), world.Numbers("212", 0, 5)...) { // Florida comes first
		all = append(all, n)
		w.person(n, two.Add(-40*day), nil)
	}
	rest := func(behind phone.Number) string {
		return fmt.Sprintf(`{"since":"2027-01-12T14:00:00Z","brand":"example","topic":"alerts","shard":0,"area":"US-NY|America/New_York","after":%q}`, behind)
	}
	w.Outbox.Pacer = world.Pacer(func() error {
		if len(w.Carrier.Sent) == 2 {
			return timeleft.ErrShort
		}
		return nil
	})
	if !w.Deliver(t.Context(), rest(all[3])) {
		t.Fatal(&w.Logged)
	}
	if len(w.Queue.Jobs) != 1 || w.Queue.Jobs[0] != rest(all[5]) {
		t.Errorf("jobs %v, want what is left behind %s", w.Queue.Jobs, all[5])
	}
	w.Outbox.Pacer = nil
	w.Settle()
	for i, n := range all {
		if met := w.looked[n] > 0; met != (i > 3) {
			t.Errorf("person %d was looked at: %t", i, met)
		}
	}
	later := `{"since":"2027-01-12T14:00:00Z","opening":"2027-01-12T17:00:00Z","brand":"example","topic":"alerts","shard":0,"area":"US-WA|America/Los_Angeles"}`
	if !w.Deliver(world.Shrinking(t.Context(), func() bool { return true }), later) || len(w.Queue.Jobs) > 0 {
		t.Fatalf("a job of areas without people has %v left", w.Queue.Jobs)
	}
	w.person(world.Numbers("206", 0, 1)[0], two.Add(-40*day), nil)
	if !w.Deliver(world.Shrinking(t.Context(), func() bool { return true }), later) || len(w.Queue.Jobs) != 1 || w.Queue.Jobs[0] != later {
		t.Errorf("jobs %v, want the same that had no time to begin", w.Queue.Jobs)
	}
}

// Who cannot be read is passed over, and what is left begins behind the last person who was looked at.
func TestShortOfTimeBehindAnUnreadableContact(t *testing.T) {
	w := newWorld(t)
	all := world.Numbers("212", 0, 6)
	for _, n := range all {
		w.person(n, two.Add(-40*day), nil)
	}
	w.Spoil(all[1])
	w.Outbox.Pacer = world.Pacer(func() error {
		if len(w.Carrier.Sent) == 3 {
			return timeleft.ErrShort
		}
		return nil
	})
	if !w.Deliver(t.Context(), job("alerts", 0)) || len(w.Queue.Jobs) != 1 || !strings.Contains(w.Queue.Jobs[0], string(all[3])) {
		t.Errorf("jobs %v, want the rest behind %s", w.Queue.Jobs, all[3])
	}
}

// One person who is done is left behind, like many: the rest begins with the next.
func TestShortOfTimeBehindOnePerson(t *testing.T) {
	w := newWorld(t)
	both := world.Numbers("212", 0, 2)
	for _, n := range both {
		w.person(n, two.Add(-40*day), nil)
	}
	w.Outbox.Pacer = world.Pacer(func() error {
		if len(w.Carrier.Sent) == 1 {
			return timeleft.ErrShort
		}
		return nil
	})
	if !w.Deliver(t.Context(), job("alerts", 0)) || len(w.Queue.Jobs) != 1 || !strings.Contains(w.Queue.Jobs[0], string(both[0])) {
		t.Errorf("jobs %v, want the rest behind %s", w.Queue.Jobs, both[0])
	}
}
