package outbox_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/outbox"
)

// lose has a function be ended before it records what it sent.
func (w *world) lose(t tester, do func() error) {
	t.Helper()
	w.faults.before = at("record", kill)
	if wasKilled, _ := survive(do); !wasKilled {
		t.Fatal("the fault did not strike")
	}
	w.faults.before = nil
}

// greeting is a campaign with a field, as it is stored.
func (w *world) greeting(t tester) outbox.Text {
	t.Helper()
	if err := w.table.CreateCampaign(context.Background(), campaign.Campaign{
		ID: autumn, Brand: "example", Topic: "alerts", Text: "Example Corp.: hi {first_name|there}. Reply STOP to cancel.", At: w.now(),
		Expires: w.now().Add(72 * time.Hour), Created: w.now(), State: campaign.Running,
	}); err != nil {
		t.Fatal(err)
	}
	text := w.campaign(autumn)
	text.Body = "Example Corp.: hi there. Reply STOP to cancel."
	return text
}

// Whatever does not answer, nothing passes for done: who asked is told, so that the event comes again. What the carrier
// does not answer is on record as unconfirmed instead, for that text may have gone.
func TestNothingPassesForDone(t *testing.T) {
	subscribed := func(w *world, t *testing.T) { w.subscribe(t) }
	sign := func(w *world) func(consent.Contact) consent.Change {
		return func(c consent.Contact) consent.Change {
			return c.Engage(consent.Signal{At: w.now(), Kind: consent.SignalClick, Source: consent.SourceLink})
		}
	}
	stopEverything := func(w *world) func(consent.Contact) consent.Change {
		return func(c consent.Contact) consent.Change { return c.StopEverything(w.brand(), w.now(), nil) }
	}
	refuse := func(r outbox.Rejection) func(*world, *testing.T) {
		return func(w *world, t *testing.T) {
			w.subscribe(t)
			w.carrier.onSend = func(outbox.SMS) error { return &r }
		}
	}
	followUp := func(w *world) error {
		c, err := w.table.Contact(context.Background(), key)
		if err != nil {
			return err
		}
		return w.FollowUp(context.Background(), c)
	}
	send := func(w *world) error {
		c, err := w.table.Contact(context.Background(), key)
		if err != nil {
			return err
		}
		_, err = w.SendOne(context.Background(), c, w.campaign(autumn))
		return err
	}
	for name, tc := range map[string]struct {
		ready func(*world, *testing.T)
		do    func(*world) error
		calls int // that it makes and that may fail, at least
	}{
		"Change": {subscribed, func(w *world) error { return w.hear(w.inbound(saidHelp)) }, 3},
		"Change of bookkeeping": {func(w *world, t *testing.T) { w.subscribe(t); w.pass(48 * time.Hour) }, func(w *world) error {
			_, err := w.Change(context.Background(), key, sign(w))
			return err
		}, 2},
		"Change that lifts": {func(w *world, t *testing.T) { w.subscribe(t); w.mustHear(t, w.inbound(saidStop)); w.finish(t) }, func(w *world) error {
			start := w.inbound(saidStart)
			start.Program = oneStep(w)
			return w.hear(start)
		}, 4},
		"Note": {subscribed, func(w *world) error { _, err := w.Note(context.Background(), key, stopEverything(w)); return err }, 2},
		"Note of bookkeeping": {func(w *world, t *testing.T) { w.subscribe(t); w.pass(48 * time.Hour) }, func(w *world) error {
			_, err := w.Note(context.Background(), key, sign(w))
			return err
		}, 2},
		"SendOne":            {subscribed, send, 2},
		"SendOne, refused":   {refuse(outbox.Rejection{Reason: "BLOCKED"}), send, 3},
		"SendOne, opted out": {refuse(outbox.Rejection{Reason: "OPTED_OUT", OptedOut: true}), send, 5},
		"an answer, refused": {refuse(outbox.Rejection{Reason: "BLOCKED"}), func(w *world) error { return w.hear(w.inbound(saidHelp)) }, 4},
		"SendOne of what is on record as not sent": {func(w *world, t *testing.T) {
			refuse(outbox.Rejection{Reason: "BLOCKED"})(w, t)
			w.faults.before = at("bookkeeping", kill)
			if wasKilled, _ := survive(func() error { return send(w) }); !wasKilled {
				t.Fatal("the fault did not strike")
			}
			w.carrier.onSend = nil
		}, send, 4},
		"SendOne of a claim long in the making": {func(w *world, t *testing.T) {
			w.subscribe(t)
			w.faults.after = at("claim", func() error { w.pass(time.Minute); return nil })
		}, send, 5},
		"Withhold": {subscribed, func(w *world) error {
			text := w.campaign("")
			text.Ref = "order-4711"
			return w.Withhold(context.Background(), key, text, ulidAt(w.now()), "it is late")
		}, 1},
		"FollowUp of a STOP": {func(w *world, t *testing.T) { w.subscribe(t); w.mustHear(t, w.inbound(saidStop)); w.pass(time.Hour) }, followUp, 3},
		"FollowUp of what waits": {func(w *world, t *testing.T) {
			w.subscribe(t)
			w.carrier.onSend = full(4)
			if err := w.hear(w.inbound(saidHelp)); err == nil {
				t.Fatal("nothing waits")
			}
			w.pass(time.Minute)
		}, followUp, 4},
		"FollowUp of an entry of our own": {func(w *world, t *testing.T) {
			w.subscribe(t)
			w.stopAndList(t, func() error { return w.hear(w.inbound(saidStart)) })
			w.pass(time.Hour)
		}, followUp, 3},
		"FollowUp of a lost text with fields": {func(w *world, t *testing.T) {
			w.subscribe(t)
			text := w.greeting(t)
			w.lose(t, func() error { _, err := w.send(w.contact(t), text); return err })
			w.mustHear(t, w.inbound(saidStop))
			w.pass(2 * time.Hour)
		}, followUp, 5},
		"SyncLists": {func(w *world, t *testing.T) { w.subscribe(t); w.mustHear(t, w.inbound(saidStop)); w.pass(time.Hour) }, func(w *world) error {
			c, err := w.table.Contact(context.Background(), key)
			return errors.Join(err, w.SyncLists(context.Background(), c))
		}, 4},
		"Recover": {func(w *world, t *testing.T) {
			w.subscribe(t)
			w.lose(t, func() error { return send(w) })
			w.pass(outbox.LostAfter)
		}, func(w *world) error {
			c, err := w.table.Contact(context.Background(), key)
			if err != nil {
				return err
			}
			return w.Recover(context.Background(), c, c.Claims[len(c.Claims)-1].ID, "aws-1")
		}, 2},
		"a message that comes again": {func(w *world, t *testing.T) {
			w.subscribe(t)
			w.again = w.inbound(saidHelp)
			w.lose(t, func() error { return w.hear(w.again) })
			w.pass(time.Hour)
		}, func(w *world) error {
			again := w.again
			_, err := w.Change(context.Background(), key, func(c consent.Contact) consent.Change {
				ch := c.Hear(again)
				ch.Repeated = false
				return ch
			})
			return err
		}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			failed := 0
			for nth, struck := 0, true; struck; nth++ {
				w := newWorld(t)
				tc.ready(w, t)
				calls, op := nth, ""
				struck = false
				w.faults.before = func(called string) error {
					if called == "send" {
						return nil
					}
					if calls--; calls != -1 {
						return nil
					}
					struck, op = true, called
					return errInjected
				}
				if err := tc.do(w); struck && !errors.Is(err, errInjected) || !struck && err != nil {
					t.Errorf("%q failed: %v", op, err)
				}
				if struck {
					failed++
				}
			}
			if failed < tc.calls {
				t.Errorf("%d calls", failed)
			}
		})
	}
}
