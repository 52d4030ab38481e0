package texts_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"smsconsent/functions/texts"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/world"
)

// survive runs something at which the function may be killed, and reports whether it was.
func survive(do func()) (killed bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(world.Killed); !is {
				panic(r)
			}
			killed = true
		}
	}()
	do()
	return false
}

// strikes kills the function at the nth of its writes, schedules and sends, before or after it is done.
func (w *fixture) strikes(nth int, after bool) (struck func() bool) {
	calls, done := nth, false
	hook := func(isDone bool) {
		if isDone == after && !done {
			if calls--; calls < 0 {
				done = true
				panic(world.Killed{})
			}
		}
	}
	w.Table.Fault = func(_ string, isDone bool) error { hook(isDone); return nil }
	w.Carrier.Answer = func(int, outbox.SMS) error { hook(false); return nil }
	w.Carrier.Landed = func() { hook(true) }
	return func() bool { return done }
}

// I1–I3: kill the function at any step of a text, now or at its hour, and have its caller, its queue or its
// schedule try again. It goes at most once, whatever the carrier had is on record, and nothing is left half done.
func TestKilledAtEachStep(t *testing.T) {
	for name, what := range map[string]body{"now": shipped(), "at its hour": news()} {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, after %t", name, after), func(t *testing.T) {
				steps := 0
				for struck := true; struck; steps++ {
					w := newWorld(t, stores.Memory(t))
					w.GoTo(tonight)
					was := w.strikes(steps, after)
					for survive(func() { w.post(what) }) {
					}
					for {
						schedule, alarm, ok := w.Schedules.First()
						if !ok {
							break
						}
						w.Schedules.Fire(schedule)
						w.GoTo(alarm.At)
						for survive(func() { w.Wake(alarm.Input) }) {
						}
					}
					struck = was()
					w.settled(t, fmt.Sprintf("step %d", steps), what["id"].(string))
				}
				if steps < 3 {
					t.Errorf("struck at %d steps only", steps)
				}
			})
		}
	}
}

// settled checks that the text of that ID went at most once, is on record as what it was, and waits no more.
func (w *fixture) settled(t *testing.T, when, id string) {
	t.Helper()
	r := w.Proof(her)
	on := slices.DeleteFunc(r.Messages, func(m consent.Message) bool { return m.Ref != id })
	if len(w.Carrier.Sent) > 1 || len(on) != 1 {
		t.Fatalf("I2: %s: %d texts went out, %d on record", when, len(w.Carrier.Sent), len(on))
	}
	if on[0].Body == "" || (on[0].Status != consent.Sent && on[0].Status != consent.Unconfirmed) {
		t.Errorf("I3: %s: on record as %+v", when, on[0])
	}
	if len(w.Carrier.Sent) == 0 && on[0].Status != consent.Unconfirmed {
		t.Errorf("%s: nobody was texted, and it is on record as %s", when, on[0].Status)
	}
	if d := w.kept(id); d.Open() {
		t.Errorf("%s: kept as %+v", when, d)
	}
	if a := w.post(shipped().With("id", id)); a.Status != texts.Duplicate || a.First != texts.Sent {
		t.Errorf("%s: asked again: %+v", when, a)
	}
}

// I3: a text whose function was ended before recording it, and whose caller never asks again, is put on record in its
// own words by whoever looks for lost texts.
func TestALostTextKeepsItsWords(t *testing.T) {
	for name, tc := range map[string]struct {
		what body
		at   time.Time
	}{"transactional": {shipped(), noon}, "with a notice": {news(), noon.Add(40 * 24 * time.Hour)}} {
		stores.Each(t, func(t *testing.T, store dynamotest.Store) {
			w := newWorld(t, store)
			w.GoTo(tc.at)
			w.Table.Fault = func(op string, _ bool) error {
				if op == "Record" {
					panic(world.Killed{})
				}
				return nil
			}
			if !survive(func() { w.post(tc.what) }) || len(w.Carrier.Sent) != 1 {
				t.Fatalf("%s: it was not killed after sending", name)
			}
			w.Table.Fault = nil
			w.Pass(outbox.LostAfter)
			if err := w.Outbox.Reconcile(t.Context(), w.Contact(her)); err != nil {
				t.Fatal(err)
			}
			all := w.Proof(her).Messages
			if m := all[len(all)-1]; m.Status != consent.Unconfirmed || m.Body != w.Carrier.Sent[0].Body || m.Body == "" {
				t.Errorf("I3: %s: on record as %+v", name, m)
			}
			w.Pass(consent.WordsKept)
			w.post(shipped().With("id", "later"))
			for _, cl := range w.Contact(her).Claims {
				if (cl.Body != "") != (cl.Ref == "later") {
					t.Errorf("%s: the claim of %q keeps %q", name, cl.Ref, cl.Body)
				}
			}
		})
	}
}

// A text whose every try at its hour fails does not wait for ever: at its end it is ended and on record, and the alarm
// on it goes off. So it is too where the function was ended while the text left.
func TestAStuckTextEndsWithItsTime(t *testing.T) {
	broken := errors.New("broken")
	for name, fault := range map[string]func(string, bool) error{
		"before it leaves": world.Failing("SaveDeferred", 3, broken),
		"while it leaves":  world.Failing("Claim", 3, broken),
		"ended after it went": func(op string, _ bool) error {
			if op == "Record" {
				panic(world.Killed{})
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := waiting(t, stores.Memory(t))
			schedule, alarm, _ := w.Schedules.First()
			w.Schedules.Fire(schedule)
			w.GoTo(alarm.At)
			w.Table.Fault = fault
			for tries := 0; tries < 3 && len(w.Carrier.Sent) == 0; tries++ {
				survive(func() {
					if _, err := w.Function(t.Context(), json.RawMessage(alarm.Input)); err == nil {
						t.Error("the try did not fail")
					}
				})
			}
			w.Table.Fault = nil
			sent := len(w.Carrier.Sent)
			w.RunOut()
			d := w.kept("news-1")
			on := w.statuses("news-1")
			if d.Open() || len(on) != 1 || len(w.Carrier.Sent) != sent {
				t.Errorf("it is kept as %+v, on record as %q, and %d texts went out", d, on, len(w.Carrier.Sent))
			}
			if want := map[bool]string{true: "unconfirmed", false: "withheld"}[sent == 1]; !strings.HasPrefix(on[0], want) {
				t.Errorf("on record as %q, want %s", on, want)
			}
			if !strings.Contains(w.Counted.String(), "TextStuck") {
				t.Error("no alarm goes off")
			}
		})
	}
}

// Who was told that a text is withdrawn does not see it go: from when it leaves, the answer is that it is on its way.
func TestWithdrawnWhileItLeaves(t *testing.T) {
	w := waiting(t, stores.Memory(t))
	asked := 0
	w.Table.Fault = func(op string, done bool) error {
		if op == "Claim" && !done {
			asked++
			if code, said := w.call(http.MethodDelete, "/texts/news-1", "", "", shop); code != http.StatusConflict {
				t.Errorf("while it leaves: %d %s", code, said)
			}
		}
		return nil
	}
	w.RunOut()
	if asked != 1 || len(w.Carrier.Sent) != 1 {
		t.Errorf("asked %d times, %d texts went out", asked, len(w.Carrier.Sent))
	}
}

// Should the table or EventBridge Scheduler fail, the caller is asked to try again, and the second try does it all.
func TestAFaultIsTriedAgain(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.GoTo(tonight)
	broken := fmt.Errorf("broken")
	refused := func(what body) {
		t.Helper()
		if code, said := w.call(http.MethodPost, "/texts", "", what.String(), shop); code != http.StatusServiceUnavailable || strings.Contains(said, "broken") {
			t.Errorf("%s: %d %s", what["id"], code, said)
		}
	}
	w.Table.Fault = world.Failing("Claim", 1, broken)
	refused(shipped())
	w.Table.Fault = world.Failing("SaveDeferred", 1, broken)
	refused(news())
	w.Schedules.Err = broken
	refused(news().With("id", "news-2"))
	w.Schedules.Err = nil
	for _, what := range []body{shipped(), news(), news().With("id", "news-2")} {
		if a := w.post(what); a.Status == texts.Duplicate {
			t.Errorf("%s: %+v", what["id"], a)
		}
	}
	// A text that is gone is answered as gone, although its record failed; the next who asks puts it there.
	w.Table.Fault = world.Failing("Record", 1, broken)
	if a := w.post(shipped().With("id", "b")); a.Status != texts.Sent {
		t.Errorf("answered %+v", a)
	}
	if a := w.post(shipped().With("id", "b")); a.Status != texts.Duplicate || a.Delivery != consent.Unconfirmed {
		t.Errorf("asked again: %+v", a)
	}
	w.RunOut()
	if n := len(w.Carrier.Sent); n != 4 {
		t.Errorf("%d texts went out, want 4", n)
	}
}

// Of any number of posts with one ID at once exactly one text goes out, and is kept exactly once where it waits.
func TestManyAtOnceSendOne(t *testing.T) {
	atOnce := func(t *testing.T, store dynamotest.Store, posts int) {
		for name, what := range map[string]body{"now": shipped(), "at night": news()} {
			w := newWorld(t, store)
			w.GoTo(tonight)
			answers := make([]texts.Answer, posts)
			var wg sync.WaitGroup
			for i := range answers {
				wg.Go(func() {
					code, said := w.call(http.MethodPost, "/texts", "", what.String(), shop)
					if err := json.Unmarshal([]byte(said), &answers[i]); err != nil || code != http.StatusOK {
						t.Errorf("%d %s", code, said)
					}
				})
			}
			wg.Wait()
			first := slices.DeleteFunc(slices.Clone(answers), func(a texts.Answer) bool { return a.Status == texts.Duplicate })
			w.RunOut()
			if len(first) != 1 || len(w.Carrier.Sent) != 1 {
				t.Errorf("I2: %s: %d first answers, %d texts went out", name, len(first), len(w.Carrier.Sent))
			}
		}
	}
	t.Run("1,000 in memory", func(t *testing.T) { atOnce(t, stores.Memory(t), 1000) })
	t.Run("50 on DynamoDB Local", func(t *testing.T) { atOnce(t, stores.Local(t), 50) })
}
