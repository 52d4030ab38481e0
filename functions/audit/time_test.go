package audit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/queue"
	"smsconsent/shared/edge/table"
)

// shrinking is the context of a function whose time runs out when it is told to.
type shrinking struct {
	context.Context
	short func() bool
}

func (c shrinking) Deadline() (time.Time, bool) {
	if c.short() {
		return time.Now().Add(time.Second), true
	}
	return time.Now().Add(time.Minute), true
}

// pacer says whether a text may have its turn.
type pacer func() error

func (p pacer) Wait(context.Context, *program.Program, int) error { return p() }

// Short of time, before a page or within it, a job hands on what is left; nobody is skipped and nobody looked at twice.
func TestShortOfTime(t *testing.T) {
	for _, texts := range []int{0, 1, 4, 5, 29, 30, 31, 33} {
		t.Run(fmt.Sprintf("after %d texts", texts), func(t *testing.T) {
			b := newBench(t)
			var all []phone.Number
			all = append(all, numbers("305", 0, 5)...)  // Florida comes first
			all = append(all, numbers("212", 0, 30)...) // then New York, in two pages
			for _, n := range all {
				b.person(n, two.Add(-40*day), nil)
			}
			over := func() bool { return len(b.texts) == texts }
			b.outbox.Pacer = pacer(func() error {
				if over() {
					return queue.ErrShortOfTime
				}
				return nil
			})
			if !b.deliver(shrinking{t.Context(), over}, job("alerts", 0)) {
				t.Fatal(&b.log)
			}
			if len(b.queue) != 1 || len(b.texts) != texts {
				t.Fatalf("%d jobs and %d texts, want the rest of this one and %d", len(b.queue), len(b.texts), texts)
			}
			b.outbox.Pacer = nil
			b.settle()
			reached := map[phone.Number]int{}
			for _, text := range b.texts {
				reached[text.To]++
			}
			for _, n := range all {
				// Who was to be reminded when the time ran out is looked at again by the job that does it.
				if reached[n] != 1 || b.looked[n] < 1 || b.looked[n] > 2 {
					t.Errorf("%s was reminded %d times and looked at %d times", n, reached[n], b.looked[n])
				}
			}
			checked := 0
			for line := range strings.SplitSeq(b.metrics.String(), "\n") {
				var n int
				if _, figure, ok := strings.Cut(line, `"AuditChecked":`); ok {
					if _, err := fmt.Sscan(strings.TrimRight(figure, "}"), &n); err != nil {
						t.Fatal(err)
					}
				}
				checked += n
			}
			if checked != len(all) {
				t.Errorf("%d counted as checked, want %d", checked, len(all))
			}
		})
	}
}

// What cannot be handed on must not pass for done.
func TestAHandoverThatFails(t *testing.T) {
	b := newBench(t)
	b.person(numbers("212", 0, 1)[0], two.Add(-40*day), nil)
	b.full = true
	if b.deliver(shrinking{t.Context(), func() bool { return true }}, job("alerts", 0)) {
		t.Error("before a page: the job passed for done")
	}
	b.outbox.Pacer = pacer(func() error { return queue.ErrShortOfTime })
	if b.deliver(t.Context(), job("alerts", 0)) {
		t.Error("within a page: the job passed for done")
	}
	if _, err := b.Handle(t.Context(), []byte(`{"audit":"start"}`)); !errors.Is(err, errBroken) {
		t.Errorf("start: %v, want the queue's error", err)
	}
}

// deaf is an outbox that records nothing.
type deaf struct{ watched }

func (deaf) Record(_ context.Context, sent ...table.Sent) error {
	if len(sent) == 0 {
		return nil
	}
	return errBroken
}

// I3: where the record fails the job fails, and its next delivery puts the text on record without sending it again.
func TestARecordThatFails(t *testing.T) {
	b := newBench(t)
	key := b.person(numbers("212", 0, 1)[0], two.Add(-40*day), nil)
	b.Outbox = deaf{watched{b.outbox, b}}
	if b.deliver(t.Context(), job("alerts", 0)) {
		t.Fatal("the job passed for done")
	}
	b.Outbox = watched{b.outbox, b}
	b.now = b.now.Add(20 * time.Minute)
	if !b.deliver(t.Context(), job("alerts", 0)) {
		t.Fatal(&b.log)
	}
	if n := len(b.record(key).Messages); len(b.texts) != 1 || n != 1 {
		t.Errorf("%d texts and %d on record, want one", len(b.texts), n)
	}
}

// Jobs wait in the queue across a deployment: what is left of one goes on where it says, and is written as ever.
func TestTheRestOfAJobAsItIsWritten(t *testing.T) {
	b := newBench(t)
	var all []phone.Number
	for _, n := range append(numbers("305", 0, 2), numbers("212", 0, 5)...) { // Florida comes first
		all = append(all, n)
		b.person(n, two.Add(-40*day), nil)
	}
	rest := func(behind phone.Number) string {
		return fmt.Sprintf(`{"since":"2027-01-12T14:00:00Z","brand":"example","topic":"alerts","shard":0,"area":"US-NY|America/New_York","after":%q}`, behind)
	}
	b.outbox.Pacer = pacer(func() error {
		if len(b.texts) == 2 {
			return queue.ErrShortOfTime
		}
		return nil
	})
	if !b.deliver(t.Context(), rest(all[3])) {
		t.Fatal(&b.log)
	}
	if len(b.queue) != 1 || b.queue[0] != rest(all[5]) {
		t.Errorf("jobs %v, want what is left behind %s", b.queue, all[5])
	}
	b.outbox.Pacer = nil
	b.settle()
	for i, n := range all {
		if met := b.looked[n] > 0; met != (i > 3) {
			t.Errorf("person %d was looked at: %t", i, met)
		}
	}
	later := `{"since":"2027-01-12T14:00:00Z","opening":"2027-01-12T17:00:00Z","brand":"example","topic":"alerts","shard":0,"area":"US-WA|America/Los_Angeles"}`
	if !b.deliver(shrinking{t.Context(), func() bool { return true }}, later) || len(b.queue) > 0 {
		t.Fatalf("a job of areas without people has %v left", b.queue)
	}
	b.person(numbers("206", 0, 1)[0], two.Add(-40*day), nil)
	if !b.deliver(shrinking{t.Context(), func() bool { return true }}, later) || len(b.queue) != 1 || b.queue[0] != later {
		t.Errorf("jobs %v, want the same that had no time to begin", b.queue)
	}
}

// Who cannot be read is passed over, and what is left begins behind the last person who was looked at.
func TestShortOfTimeBehindAnUnreadableContact(t *testing.T) {
	b := newBench(t)
	all := numbers("212", 0, 6)
	for _, n := range all {
		b.person(n, two.Add(-40*day), nil)
	}
	b.Table = spoilt{madeUp{b.table}, all[1]}
	b.outbox.Pacer = pacer(func() error {
		if len(b.texts) == 3 {
			return queue.ErrShortOfTime
		}
		return nil
	})
	if !b.deliver(t.Context(), job("alerts", 0)) || len(b.queue) != 1 || !strings.Contains(b.queue[0], string(all[3])) {
		t.Errorf("jobs %v, want the rest behind %s", b.queue, all[3])
	}
}
