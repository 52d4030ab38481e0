package outbox_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/outbox/internal/carrier"
	"smsconsent/shared/edge/timeleft"
)

// turns is a pacer that does something while a text waits for its turn.
type turns struct {
	w     *world
	parts []int
	wait  func() error
}

func (p *turns) Wait(_ context.Context, _ *program.Program, parts int) error {
	p.w.note("wait")
	p.parts = append(p.parts, parts)
	return p.wait()
}

// I6: a text waits for its turn before the claim, and the gate is asked again after.
func TestTheTurnComesBeforeTheClaim(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	pacer := &turns{w: w, wait: func() error { return nil }}
	w.Pacer = pacer
	text := w.campaign(autumn)
	text.Body = offer + strings.Repeat(" More.", 40) // 298 septets
	w.mustSend(t, text)
	if diff := cmp.Diff([]string{"wait", "claim", "send " + text.Body, "record"}, w.did()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{2}, pacer.parts); diff != "" {
		t.Errorf("message parts: %s", diff)
	}

	w.pass(w.Catalog.LeastGap)
	pacer.wait = func() error { w.pass(10 * time.Hour); return nil } // to two at night
	out := w.mustSend(t, w.campaign(winter))
	if out.Decision.Verdict != gate.Defer || out.Decision.Rule != gate.PermittedHours || !out.Decision.Until.After(w.now()) {
		t.Errorf("I6: %+v", out)
	}
	if diff := cmp.Diff([]string{"wait"}, w.did()); diff != "" {
		t.Errorf("I6: %s", diff)
	}

	w.pass(14 * time.Hour)
	pacer.wait = func() error { return timeleft.ErrShort }
	version := w.contact(t).Version
	if _, err := w.Send(t.Context(), w.contact(t), w.campaign(winter)); !errors.Is(err, timeleft.ErrShort) {
		t.Errorf("Send = %v", err)
	}
	if w.contact(t).Version != version {
		t.Error("something was claimed although there was no time left")
	}
}

// A turn is waited for once, however often the contact changes meanwhile.
func TestATurnIsTakenOnce(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	pacer := &turns{w: w, wait: func() error { return nil }}
	w.Pacer = pacer
	other := w.inbound(saidOther)
	w.faults.before = at("claim", func() error { return w.hear(other) })
	if out := w.mustSend(t, w.campaign(autumn)); !out.Texted() || len(pacer.parts) != 1 {
		t.Errorf("%d turns, %+v", len(pacer.parts), out)
	}
}

// I6: the text lives until its window closes: the hours of the place, or the campaign's end where that comes first.
func TestATextLivesUntilItsWindowCloses(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	out := w.mustSend(t, w.campaign(autumn))
	if out.Decision.Closes.IsZero() || !out.Decision.Closes.Before(noon.Add(12*time.Hour)) {
		t.Fatalf("closes %s", out.Decision.Closes)
	}
	short := w.campaign(winter)
	short.Expires = w.now().Add(20 * time.Minute)
	w.mustSend(t, short)
	want := []time.Duration{out.Decision.Closes.Sub(w.now()), 20 * time.Minute}
	for i, text := range w.carrier.sent {
		if text.TimeToLive != want[i] {
			t.Errorf("text %d lives %s, want %s", i, text.TimeToLive, want[i])
		}
	}
}

// A transactional text that nothing closes gets the longest life, not the shortest.
func TestATextThatNothingClosesLivesLong(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	orders := w.program("orders")
	_, err := w.Change(t.Context(), key, func(c consent.Contact) consent.Change {
		return c.Request(consent.Request{At: w.now(), Source: consent.SourceForm, Terms: w.Catalog.SignUp, Topics: orders.Topics})
	})
	if err != nil {
		t.Fatal(err)
	}
	yes := w.inbound(saidYes)
	yes.Program = orders
	w.mustHear(t, yes)
	w.carrier.sent = nil
	out := w.mustSend(t, outbox.Text{Kind: message.Transactional, Program: orders, Topic: "orders", Ref: "order-4711", Body: "Example Corp.: your order is on its way."})
	if !out.Texted() || w.carrier.sent[0].TimeToLive != carrier.MaxTimeToLive || w.carrier.sent[0].Class != program.Transactional {
		t.Errorf("%+v, sent %+v", out.Decision, w.carrier.sent)
	}
}

// The answer to STOP is presumed welcome for five minutes (47 CFR 64.1200(a)(12)); later it is dropped, not delivered.
func TestAnAnswerToStopLivesFiveMinutes(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	for _, tc := range []struct {
		intent keyword.Intent
		want   time.Duration
	}{{saidHelp, time.Hour}, {saidStop, 5 * time.Minute}} {
		before := len(w.carrier.sent)
		if err := w.hear(w.inbound(tc.intent)); err != nil {
			t.Fatal(err)
		}
		if sent := w.carrier.sent[before:]; len(sent) != 1 || sent[0].TimeToLive != tc.want {
			t.Errorf("%+v was answered by %+v, want one text that lives %s", tc.intent, sent, tc.want)
		}
	}
}
