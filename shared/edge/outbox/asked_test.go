package outbox_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/testkit/dynamotest"
)

// A question waits as long as its request may be confirmed, and the follow-up puts it. Whoever filled in the form is
// told nothing else.
func TestAQuestionWithoutRoomIsPutLater(t *testing.T) {
	stores.Each(t, func(t *testing.T, s dynamotest.Store) {
		w := worldOn(t, s)
		w.carrier.onSend = full(4)
		ch := w.request(t)
		if len(ch.Texts) != 1 || !ch.Texts[0].Waits || ch.Texts[0].Status != consent.Rejected {
			t.Errorf("handed over: %+v", ch.Texts)
		}
		if again := w.request(t); !again.Empty() {
			t.Errorf("another request took the place of the one that waits: %+v", again)
		}
		w.pass(10 * time.Minute)
		w.followUp(t)
		if diff := cmp.Diff([]string{"confirmation rejected", "confirmation sent"}, w.statuses(t)); diff != "" {
			t.Fatal(diff)
		}
		w.pass(time.Minute)
		w.mustHear(t, w.inbound(saidYes))
		if state := w.contact(t).Subs["alerts"].State; state != consent.Subscribed {
			t.Errorf("the YES to it left the person %s", state)
		}
		w.pass(20 * time.Minute)
		w.followUp(t)
		if c := w.contact(t); !c.FollowUp.IsZero() || len(c.Waiting) != 0 {
			t.Errorf("something is left to do: %+v", c)
		}
	})
}

// Whoever asks by text while the question a form called for waits is asked once.
func TestAQuestionThatWaitsIsNotPutTwice(t *testing.T) {
	w := newWorld(t)
	w.carrier.onSend = full(4)
	w.request(t)
	w.pass(time.Minute)
	w.mustHear(t, w.inbound(keyword.Intent{Kind: keyword.OptIn, Confidence: 1}))
	w.finish(t)
	if diff := cmp.Diff([]string{"confirmation rejected", "confirmation sent"}, w.statuses(t)); diff != "" {
		t.Error(diff)
	}
}

// A question that waited is no answer to anything any more: it keeps to the hours, and is not put when its request has
// ended.
func TestAQuestionThatWaitedKeepsToTheHours(t *testing.T) {
	w := newWorld(t)
	w.pass(11 * time.Hour) // 23:00 in Seattle, where somebody fills in a form
	w.carrier.onSend = full(8)
	w.request(t)
	w.pass(10 * time.Minute)
	w.followUp(t) // within the hour it is still what they wait for
	if n := len(w.carrier.sent); n != 8 {
		t.Fatalf("offered %d times within the hour", n)
	}
	w.pass(time.Hour)
	w.followUp(t)
	c := w.contact(t)
	if len(w.carrier.sent) != 8 || len(c.Waiting) != 1 || !c.FollowUp.Equal(c.Waiting[0].From) {
		t.Fatalf("at 0:10: offered %d times, %+v", len(w.carrier.sent), c)
	}
	if opens := noon.Add(21 * time.Hour); c.FollowUp.Before(opens.Add(-2*time.Hour)) || c.FollowUp.After(opens) {
		t.Errorf("it goes at %s, and the hours open in the morning", c.FollowUp)
	}
	w.pass(c.FollowUp.Sub(w.now()))
	w.followUp(t)
	if n := len(w.carrier.sent); n != 9 {
		t.Errorf("in the morning: offered %d times", n)
	}

	w = newWorld(t)
	w.carrier.onSend = full(4)
	w.request(t)
	w.pass(w.Catalog.SignUp.ConfirmWithin + time.Minute)
	w.followUp(t)
	if n := len(w.carrier.sent); n != 4 || len(w.contact(t).Waiting) != 0 || w.contact(t).Subs["alerts"].State != consent.Expired {
		t.Errorf("its request has ended: offered %d times, %+v", n, w.contact(t))
	}
}

// A question kept back only for now, because the phone had its answers for the hour or because of the hour, waits and
// is put. A YES meanwhile adds nothing, and what never went is on record only once it is given up.
func TestAQuestionKeptBackForNowIsPutLater(t *testing.T) {
	join := keyword.Intent{Kind: keyword.OptIn, Confidence: 1, Topic: "alerts"}
	for name, tc := range map[string]struct {
		begin time.Duration // after noon
		ask   func(w *world)
		until time.Duration // at the earliest after it was asked for
	}{
		"the phone had its answers": {0, func(w *world) {
			for range w.Catalog.AnswersAnHour {
				w.mustHear(t, w.inbound(saidHelp))
				w.pass(time.Minute)
			}
			w.mustHear(t, w.inbound(join))
		}, 50 * time.Minute},
		"at night, of a JOIN said in the evening": {11 * time.Hour, func(w *world) {
			in := w.inbound(join)
			in.At = in.At.Add(-2 * time.Hour)
			w.mustHear(t, in)
		}, 8 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.pass(tc.begin)
			tc.ask(w)
			asked, sent, c := w.now(), len(w.carrier.sent), w.contact(t)
			if len(c.Waiting) != 1 || c.FollowUp.IsZero() || c.FollowUp.After(c.Waiting[0].From) || c.Waiting[0].From.Before(asked.Add(tc.until)) {
				t.Fatalf("waiting %+v, looked at %s", c.Waiting, c.FollowUp)
			}
			w.pass(time.Minute)
			w.mustHear(t, w.inbound(saidYes))
			w.followUp(t)
			if again := w.contact(t); len(again.Waiting) != 1 || again.Waiting[0].Request != c.Waiting[0].Request || again.Subs["alerts"].State != consent.Pending {
				t.Errorf("a YES meanwhile: waiting %+v", again.Waiting)
			}
			if len(w.carrier.sent) != sent || slices.Contains(w.statuses(t), "confirmation withheld") {
				t.Errorf("asked at once, or given up: %q", w.statuses(t))
			}
			w.pass(w.contact(t).FollowUp.Sub(w.now()))
			w.followUp(t)
			w.pass(c.Waiting[0].From.Sub(w.now()))
			w.followUp(t)
			if got := w.statuses(t); len(w.carrier.sent) != sent+1 || got[len(got)-1] != "confirmation sent" {
				t.Fatalf("when its time has come: %q", got)
			}
			w.pass(time.Minute)
			w.mustHear(t, w.inbound(saidYes))
			if state := w.contact(t).Subs["alerts"].State; state != consent.Subscribed {
				t.Errorf("the YES to it left the person %s", state)
			}
		})
	}
}

// A trusted caller's question never goes later than it allowed.
func TestAQuestionThatWaitedKeepsItsEnd(t *testing.T) {
	w := newWorld(t)
	w.carrier.onSend = full(4)
	w.asks(t, w.now().Add(30*time.Minute), w.program("alerts").Topics...)
	w.pass(31 * time.Minute)
	w.followUp(t)
	if n := len(w.carrier.sent); n != 4 {
		t.Errorf("offered %d times", n)
	}
}
