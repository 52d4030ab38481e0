package outbox_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
)

// full is a carrier without room for the next so many texts.
func full(texts int) func(outbox.SMS) error {
	return func(outbox.SMS) error {
		if texts--; texts >= 0 {
			return &outbox.Rejection{Reason: "THROTTLED", Throttled: true}
		}
		return nil
	}
}

// request signs the person up for alerts on a form.
func (w *world) request(t tester) outbox.Changed {
	t.Helper()
	ch, err := w.Change(context.Background(), key, func(c consent.Contact) consent.Change {
		return c.Request(consent.Request{At: w.now(), Source: consent.SourceForm, Topics: w.program("alerts").Topics, Terms: w.Catalog.SignUp})
	})
	if err != nil {
		t.Fatal(err)
	}
	return ch
}

// followUp is one run of the follow-up for the person.
func (w *world) followUp(t tester) {
	t.Helper()
	ch, err := w.Change(context.Background(), key, func(c consent.Contact) consent.Change { return c.Expire(w.now()) })
	if err != nil {
		t.Fatal(err)
	}
	if err := w.FollowUp(context.Background(), ch.Next); err != nil {
		t.Fatal(err)
	}
}

// statuses is what the texts on record are, oldest first.
func (w *world) statuses(t tester) []string {
	t.Helper()
	var all []string
	for _, m := range w.record(t).Messages {
		all = append(all, string(m.Kind)+" "+string(m.Status))
	}
	return all
}

// An answer the carrier has no room for is not lost: its event fails and comes again, and finds the answer waiting. It
// goes once, however often the event comes, and is on record with each try.
func TestAnAnswerWithoutRoomWaits(t *testing.T) {
	stores.Each(t, func(t *testing.T, s dynamotest.Store) {
		for _, intent := range []keyword.Intent{saidHelp, saidStop, saidYes, saidStart} {
			w := worldOn(t, s)
			switch intent.Kind {
			case keyword.Confirm:
				w.request(t)
				w.pass(time.Second)
			case keyword.OptIn:
				w.subscribe(t)
				w.mustHear(t, w.inbound(saidStop))
				w.pass(time.Minute)
			default:
				w.subscribe(t)
			}
			w.carrier.sent = nil
			already := len(w.record(t).Events)
			w.carrier.onSend = full(2 * 4)
			in := w.inbound(intent)
			for range 2 {
				if err := w.hear(in); err == nil {
					t.Fatalf("%s: the event passed for done and would not come again", intent.Kind)
				}
				c := w.contact(t)
				if len(c.Waiting) != 1 || c.FollowUp.IsZero() {
					t.Fatalf("%s: waiting %+v, follow-up at %s", intent.Kind, c.Waiting, c.FollowUp)
				}
				w.pass(time.Minute)
			}
			w.mustHear(t, in)
			w.mustHear(t, in)
			if n := len(w.carrier.sent); n != 2*4+1 || len(w.contact(t).Waiting) != 0 {
				t.Errorf("I9: %s: offered %d times, want nine; waiting %+v", intent.Kind, n, w.contact(t).Waiting)
			}
			r := w.record(t)
			if n := len(r.Events) - already; n != 1 {
				t.Errorf("I4: %s: %d events", intent.Kind, n)
			}
			last := r.Messages[len(r.Messages)-3:]
			if last[0].Status != consent.Rejected || last[1].Status != consent.Rejected || last[2].Status != consent.Sent {
				t.Errorf("%s: on record %q", intent.Kind, w.statuses(t))
			}
			if !strings.Contains(w.metrics.String(), `"TextThrottled":1`) {
				t.Errorf("%s: nobody counted it", intent.Kind)
			}
			w.finish(t)
			if listed := len(w.carrier.lists()) == 1; listed != (intent.Kind == keyword.OptOut) {
				t.Errorf("%s: on AWS's list %t", intent.Kind, listed)
			}
			w = nil
			if s.InMemory {
				s = stores.Memory(t)
			} else {
				s = stores.Local(t)
			}
		}
	})
}

// What waits is dropped when it can no longer come in time: the answer to STOP after five minutes (47 CFR
// 64.1200(a)(12)), others after an hour.
func TestAnAnswerDoesNotWaitForEver(t *testing.T) {
	for _, tc := range []struct {
		intent keyword.Intent
		after  time.Duration
		goes   bool
	}{
		{saidStop, 4 * time.Minute, true}, {saidStop, 5 * time.Minute, false}, {saidHelp, 59 * time.Minute, true}, {saidHelp, time.Hour, false},
	} {
		w := newWorld(t)
		w.subscribe(t)
		w.carrier.onSend = full(4)
		in := w.inbound(tc.intent)
		if err := w.hear(in); err == nil {
			t.Fatal("the event passed for done")
		}
		w.pass(tc.after)
		w.carrier.sent = nil
		w.mustHear(t, in)
		if goes := len(w.carrier.sent) == 1; goes != tc.goes || len(w.contact(t).Waiting) != 0 {
			t.Errorf("%s, %s later: it goes %t, want %t", tc.intent.Kind, tc.after, goes, tc.goes)
		}
		if tc.goes {
			if left := w.carrier.sent[0].TimeToLive; left > time.Hour-tc.after {
				t.Errorf("%s, %s later: it lives for another %s", tc.intent.Kind, tc.after, left)
			}
		}
	}
}

// Somebody who asked anew meanwhile is not told any more that their request ran out.
func TestThatARequestRanOutIsNotSaidOfTheNext(t *testing.T) {
	w := newWorld(t)
	w.request(t)
	w.pass(w.Catalog.SignUp.ConfirmWithin + time.Minute)
	yes := w.inbound(saidYes)
	w.carrier.onSend = full(4)
	if err := w.hear(yes); err == nil {
		t.Fatal("the event passed for done")
	}
	w.pass(time.Second)
	w.mustHear(t, w.inbound(keyword.Intent{Kind: keyword.OptIn}))
	sent := len(w.carrier.sent)
	w.mustHear(t, yes)
	if got := w.carrier.sent[sent:]; len(got) != 0 {
		t.Errorf("sent %+v", got)
	}
	untrue := func(m consent.Message) bool { return m.History[0].Detail == "it is not true any more" }
	if m := w.record(t).Messages; !slices.ContainsFunc(m, untrue) {
		t.Errorf("on record: %+v", m)
	}
}

// An answer that is no longer true by the time there is room for it stays unsent, and the record says why.
func TestAnAnswerThatIsNoLongerTrueStaysUnsent(t *testing.T) {
	w := newWorld(t)
	w.request(t)
	w.pass(time.Second)
	yes := w.inbound(saidYes)
	w.carrier.onSend = full(4)
	if err := w.hear(yes); err == nil {
		t.Fatal("the event passed for done")
	}
	w.pass(time.Second)
	w.mustHear(t, w.inbound(saidStop))
	w.pass(time.Second)
	w.mustHear(t, yes)
	if slices.ContainsFunc(w.carrier.sent[5:], func(x outbox.SMS) bool { return strings.HasPrefix(x.Body, "You're subscribed") }) {
		t.Error("the person was told they are subscribed after their STOP")
	}
	messages := w.record(t).Messages
	if last := messages[len(messages)-1]; last.Status != consent.Withheld || last.History[0].Detail != "it is not true any more" {
		t.Errorf("on record %q: %+v", w.statuses(t), last)
	}
}

// An event that comes again sends the answer that is its own. What waits beside it has an event of its own.
func TestAnEventSendsItsOwnAnswer(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.carrier.onSend = full(8)
	var said []consent.Inbound
	for range 2 {
		w.pass(time.Second)
		said = append(said, w.inbound(saidHelp))
		if err := w.hear(said[len(said)-1]); err == nil {
			t.Fatal("the event passed for done")
		}
	}
	for i := range said {
		offered := len(w.carrier.sent)
		w.mustHear(t, said[i])
		c := w.contact(t)
		if len(w.carrier.sent) != offered+1 || len(c.Waiting) != 1-i || i == 0 && c.Waiting[0].Inbound != said[1].ID {
			t.Errorf("event %d: offered %d, waiting %+v", i, len(w.carrier.sent)-offered, c.Waiting)
		}
	}
}

// The confirmation of a STOP that had to wait stays unsent where the person came back meanwhile, and goes where not.
func TestTheConfirmationOfAStopThatWaited(t *testing.T) {
	for back, want := range map[bool]int{false: 1, true: 0} {
		w := newWorld(t)
		w.subscribe(t)
		stop := w.inbound(saidStop)
		w.carrier.onSend = full(4)
		if err := w.hear(stop); err == nil {
			t.Fatal("the event passed for done")
		}
		w.pass(time.Second)
		if back {
			start := w.inbound(saidStart)
			start.Program = oneStep(w)
			w.mustHear(t, start)
		}
		w.carrier.sent = nil
		w.mustHear(t, stop)
		if n := len(w.carrier.sent); n != want || len(w.contact(t).Waiting) != 0 {
			t.Errorf("back %t: %d texts went out, %d wait", back, n, len(w.contact(t).Waiting))
		}
	}
}

// It is the account that may not send, by a limit or its state: answers and questions wait all the same, and the alarm
// goes off, whether a campaign meets it or not.
func TestAnAccountThatMayNotSendIsCounted(t *testing.T) {
	refuses := func(outbox.SMS) error {
		return &outbox.Rejection{Reason: "MONTHLY_SPEND_LIMIT_REACHED", Quota: true}
	}
	for name, do := range map[string]func(w *world){
		"an answer": func(w *world) {
			if err := w.hear(w.inbound(saidHelp)); err == nil {
				t.Error("the event passed for done")
			}
		},
		"a campaign": func(w *world) { w.mustSend(t, w.campaign(autumn)) },
		"a question": func(w *world) { w.asks(t, time.Time{}, w.program("orders").Topics...) },
	} {
		w := newWorld(t)
		w.subscribe(t)
		w.carrier.onSend = refuses
		do(w)
		if n := strings.Count(w.metrics.String(), `"AccountRefused":1`); n != 1 || len(w.carrier.sent) != 1 {
			t.Errorf("%s: counted %d times, offered %d times", name, n, len(w.carrier.sent))
		}
		if waits := len(w.contact(t).Waiting) == 1; waits != (name != "a campaign") {
			t.Errorf("%s: it waits %t", name, waits)
		}
	}
}

// Whatever call fails or is the function's last while an answer waits, it goes at most once, and is not lost but by a
// kill at the moment of its sending.
func TestAWaitingAnswerSurvivesKills(t *testing.T) {
	for _, when := range []string{"before", "after"} {
		for _, op := range []string{"bookkeeping", "record"} {
			for _, how := range []func() error{kill, fail} {
				for nth := range 3 {
					w := newWorld(t)
					w.subscribe(t)
					w.carrier.onSend = full(4)
					help := w.inbound(saidHelp)
					hook := atNth(op, nth, how)
					if when == "before" {
						w.faults.before = hook
					} else {
						w.faults.after = hook
					}
					for range 4 {
						if _, err := survive(func() error { return w.hear(help) }); err != nil && len(w.contact(t).Waiting) == 0 && !errors.Is(err, errInjected) {
							t.Fatal(err)
						}
						w.pass(time.Minute)
					}
					w.faults.before, w.faults.after = nil, nil
					w.pass(10 * time.Minute)
					w.followUp(t)
					taken := max(0, len(w.carrier.sent)-4)
					if taken > 1 {
						t.Errorf("I9: %s %s %d: answered %d times", when, op, nth, taken)
					}
					w.pass(10 * time.Minute)
					if err := w.Reconcile(t.Context(), w.contact(t)); err != nil {
						t.Fatal(err)
					}
					w.pass(3 * time.Hour)
					w.record(t) // which verifies it: every text that was claimed is there (I3)
				}
			}
		}
	}
}
