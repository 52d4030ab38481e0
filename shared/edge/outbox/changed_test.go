package outbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
)

// asks signs the person up for topics, a question a program.
func (w *world) asks(t tester, by time.Time, topics ...program.Topic) outbox.Changed {
	t.Helper()
	ch, err := w.Change(context.Background(), key, func(c consent.Contact) consent.Change {
		ch := c.Request(consent.Request{At: w.now(), Source: consent.SourceAPI, Topics: topics, Terms: w.Catalog.SignUp})
		for i := range ch.Ask {
			ch.Ask[i].By = by
		}
		return ch
	})
	if err != nil {
		t.Fatal(err)
	}
	return ch
}

// Whoever asked for a change can tell its caller what became of each text.
func TestAChangeSaysWhatBecameOfItsTexts(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer error
		want   outbox.TextResult
	}{
		{"taken", nil, outbox.TextResult{Status: consent.Sent}},
		{"nobody knows", errInjected, outbox.TextResult{Status: consent.Unconfirmed}},
		{"throttled", &outbox.Rejection{Reason: "THROTTLED", Throttled: true}, outbox.TextResult{Status: consent.Rejected, Reason: "THROTTLED", Waits: true}},
		{"the account may not send", &outbox.Rejection{Reason: "QUOTA", Quota: true}, outbox.TextResult{Status: consent.Rejected, Reason: "QUOTA", Waits: true}},
		{"opted out at AWS", &outbox.Rejection{Reason: "OPTED_OUT", OptedOut: true}, outbox.TextResult{Status: consent.Rejected, Reason: "OPTED_OUT", OptedOut: true}},
		{"refused", &outbox.Rejection{Reason: "INVALID"}, outbox.TextResult{Status: consent.Rejected, Reason: "INVALID"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			alerts, orders := w.program("alerts").Topics[0], w.program("orders").Topics[0]
			w.carrier.onSend = func(text outbox.SMS) error {
				if text.From == w.program("alerts").Identity.String() {
					return tc.answer
				}
				return nil
			}
			ch := w.asks(t, time.Time{}, alerts, orders)
			if len(ch.Texts) != 2 || len(ch.Ask) != 2 {
				t.Fatalf("%d texts, %d handovers", len(ch.Ask), len(ch.Texts))
			}
			tc.want.Ask = ch.Ask[0]
			if diff := cmp.Diff([]outbox.TextResult{tc.want, {Ask: ch.Ask[1], Status: consent.Sent}}, ch.Texts); diff != "" {
				t.Error(diff)
			}
			if kind := ch.Texts[0].Kind; kind != message.Confirmation {
				t.Errorf("kind %s", kind)
			}
		})
	}
}

// A text the gate keeps back is told of too, with the gate's own words.
func TestAChangeSaysWhatTheGateKeptBack(t *testing.T) {
	w := newWorld(t)
	_, err := w.Change(t.Context(), key, func(c consent.Contact) consent.Change { return undeliverable(c, w.now()) })
	if err != nil {
		t.Fatal(err)
	}
	ch := w.asks(t, time.Time{}, w.program("alerts").Topics...)
	want := []outbox.TextResult{{Ask: ch.Ask[0], Reason: "texts do not reach this number"}}
	if diff := cmp.Diff(want, ch.Texts); diff != "" || len(w.carrier.sent) != 0 {
		t.Errorf("%d texts; %s", len(w.carrier.sent), diff)
	}
}

// What another writer made moot is not told of: only the last decision counts.
func TestOnlyWhatWasWrittenIsToldOf(t *testing.T) {
	w := newWorld(t)
	w.faults.before = at("commit", func() error { return w.hear(w.inbound(saidOther)) })
	if ch := w.asks(t, time.Time{}, w.program("alerts").Topics...); len(ch.Texts) != 1 {
		t.Errorf("%d handovers for one text", len(ch.Texts))
	}
	if ch := w.asks(t, time.Time{}, w.program("alerts").Topics...); !ch.Empty() || len(ch.Texts) != 0 {
		t.Errorf("nothing was written, and yet: %+v", ch.Texts)
	}
}

// A text that must have come by a certain time does not live beyond it, nor longer than usual.
func TestATextEndsWithItsHour(t *testing.T) {
	for by, want := range map[time.Duration]time.Duration{0: time.Hour, 10 * time.Minute: 10 * time.Minute, 3 * time.Hour: time.Hour} {
		w := newWorld(t)
		var at time.Time
		if by > 0 {
			at = w.now().Add(by)
		}
		w.asks(t, at, w.program("alerts").Topics...)
		if got := w.carrier.sent[0].TimeToLive; got != want {
			t.Errorf("by %s: it lives for %s, want %s", by, got, want)
		}
	}
}
