package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
)

// finish has the follow-up run pass, every ten minutes as in life, until nothing is left to do.
func (w *world) finish(t tester) {
	t.Helper()
	for range 12 {
		w.pass(10 * time.Minute)
		w.followUp(t)
	}
	if c := w.contact(t); !c.FollowUp.IsZero() {
		t.Errorf("the follow-up does not come to an end: %+v", c)
	}
}

// stored makes a campaign that can be read again.
func (w *world) store(t tester, id string) {
	t.Helper()
	if err := w.table.CreateCampaign(context.Background(), campaign.Campaign{
		ID: id, Brand: "example", Topic: "alerts", Text: offer, At: noon, Expires: noon.Add(72 * time.Hour), Created: noon, State: campaign.Running,
	}); err != nil {
		t.Fatal(err)
	}
}

// deeds are what people and functions do, from a state that is made ready first. After each of them the person may be
// on no list, where no audit meets them.
func deeds() map[string]struct {
	ready func(*world, *testing.T)
	do    func(*world) error
} {
	type deed = struct {
		ready func(*world, *testing.T)
		do    func(*world) error
	}
	hears := func(intents ...keyword.Intent) func(w *world) error {
		return func(w *world) error {
			for _, intent := range intents {
				w.pass(time.Second)
				if err := w.hear(w.inbound(intent)); err != nil {
					return err
				}
			}
			return nil
		}
	}
	subscribed := func(w *world, t *testing.T) { w.subscribe(t) }
	return map[string]deed{
		"a form": {func(*world, *testing.T) {}, func(w *world) error {
			_, err := w.Change(context.Background(), key, func(c consent.Contact) consent.Change {
				return c.Request(consent.Request{At: w.now(), Source: consent.SourceForm, Topics: w.program("alerts").Topics, Terms: w.Catalog.SignUp})
			})
			return err
		}},
		"JOIN":           {func(*world, *testing.T) {}, hears(keyword.Intent{Kind: keyword.OptIn, Confidence: 1})},
		"HELP of nobody": {func(*world, *testing.T) {}, hears(saidHelp)},
		"STOP":           {subscribed, hears(saidStop)},
		"STOP of nobody": {func(*world, *testing.T) {}, hears(saidStop)},
		"STOP and START": {subscribed, hears(saidStop, saidStart)},
		"START":          {func(w *world, t *testing.T) { w.subscribe(t); w.mustHear(t, w.inbound(saidStop)) }, hears(saidStart)},
		"STOP to one of two": {func(w *world, t *testing.T) {
			w.subscribe(t)
			w.asks(t, w.now().Add(time.Hour), w.program("orders").Topics...)
			yes := w.inbound(saidYes)
			yes.Program = w.program("orders")
			w.mustHear(t, yes)
			w.finish(t)
		}, hears(saidStop)},
		"START in one step": {func(w *world, t *testing.T) { w.subscribe(t); w.mustHear(t, w.inbound(saidStop)); w.finish(t) }, func(w *world) error {
			start := w.inbound(saidStart)
			start.Program = oneStep(w)
			return w.hear(start)
		}},
		"wrong number":    {subscribed, hears(keyword.Intent{Kind: keyword.WrongNumber})},
		"START, then YES": {func(w *world, t *testing.T) { w.subscribe(t); w.mustHear(t, w.inbound(saidStop)) }, hears(saidStart, saidYes)},
		"the page stops everything": {subscribed, func(w *world) error {
			_, err := w.Change(context.Background(), key, func(c consent.Contact) consent.Change { return c.StopEverything(w.brand(), w.now(), nil) })
			return err
		}},
		"a campaign, then STOP": {func(w *world, t *testing.T) { w.subscribe(t); w.store(t, autumn) }, func(w *world) error {
			c, err := w.table.Contact(context.Background(), key)
			if err != nil {
				return err
			}
			_, err = w.send(c, w.campaign(autumn))
			return err
		}},
		"a throttled question": {func(w *world, _ *testing.T) { w.carrier.onSend = full(4) }, hears(keyword.Intent{Kind: keyword.OptIn, Confidence: 1})},
	}
}

// I1, I3, I8: end the function at any call of any deed, let that call fail before or after it was done, and let nobody
// ever try again: not the queue, not the person. The follow-up alone puts every text on record that may have gone out,
// in its own words, and makes AWS's list say what the table says.
func TestTheFollowUpFinishesWhateverWasLeft(t *testing.T) {
	for name, deed := range deeds() {
		t.Run(name, func(t *testing.T) {
			for _, how := range []string{"killed before", "killed after", "fails before", "fails after"} {
				struck := true
				for nth := 0; struck; nth++ {
					w := newWorld(t)
					deed.ready(w, t)
					w.carrier.sent = nil
					calls, op := nth, ""
					struck = false
					hook := func(called string) error {
						if calls--; calls != -1 {
							return nil
						}
						struck, op = true, called
						if strings.HasPrefix(how, "killed") {
							return kill()
						}
						return fail()
					}
					if strings.HasSuffix(how, "before") {
						w.faults.before = hook
					} else {
						w.faults.after = hook
					}
					_, _ = survive(func() error { return deed.do(w) })
					w.faults.before, w.faults.after, w.carrier.onSend = nil, nil, nil
					if name == "a campaign, then STOP" {
						w.pass(time.Second) // before the job comes back
						w.mustHear(t, w.inbound(saidStop))
					}
					w.finish(t)
					w.pass(3 * time.Hour)
					w.finished(t, fmt.Sprintf("%s: %s %s (call %d)", name, how, op, nth))
				}
			}
		})
	}
}

// finished checks what must be true in the end. A call that failed before it was done may have kept the text from going
// out.
func (w *world) finished(t *testing.T, when string) {
	t.Helper()
	c := w.contact(t)
	_, stopped := c.StoppedAt("alerts")
	on := slices.Contains(w.carrier.lists(), listed)
	switch {
	case on == stopped:
	case on && (strings.Contains(when, ": fails before read") || strings.Contains(when, ": fails after read") || strings.Contains(when, ": fails before commit")):
		// The table failed a STOP, of which AWS's list alone knows until the event comes again.
	case !on && strings.HasPrefix(when, "START in one step: ") && (strings.Contains(when, "after take off list") || strings.Contains(when, "before commit")):
		// The table, which is what counts, does not know of a START for which the list was lifted. Put back, the number could
		// not be lifted for 30 days, and the START comes again.
	default:
		t.Errorf("%s: the table says stopped %t, AWS's list %q", when, stopped, w.carrier.lists())
	}
	if len(c.Waiting) > 0 {
		t.Errorf("%s: still waiting: %+v", when, c.Waiting)
	}
	r := w.record(t) // which verifies it
	for _, text := range w.carrier.sent {
		i := slices.IndexFunc(r.Messages, func(m consent.Message) bool { return m.ID == text.Context[outbox.ContextMessage] })
		if i < 0 {
			t.Errorf("I3: %s: a text that was handed over is not on record", when)
		} else if m := r.Messages[i]; m.Body != text.Body || m.Identity != text.From {
			t.Errorf("I3: %s: on record as %+v, it said %q", when, m, text.Body)
		}
	}
}

// I3: sendcheck is ended between sending and recording, and she answers STOP before its job comes back. No audit meets
// her any more.
func TestATextLostBeforeASTOPGoesOnRecord(t *testing.T) {
	stores.Each(t, func(t *testing.T, s dynamotest.Store) {
		w := worldOn(t, s)
		w.subscribe(t)
		w.store(t, autumn)
		w.pass(33 * 24 * time.Hour) // so that the text needs an opt-out notice
		text := w.campaign(autumn)
		text.Expires = w.now().Add(time.Hour)
		w.faults.before = at("record", kill)
		if wasKilled, _ := survive(func() error { _, err := w.send(w.contact(t), text); return err }); !wasKilled {
			t.Fatal("the fault did not strike")
		}
		lost := w.carrier.sent[0]
		w.pass(time.Minute)
		w.mustHear(t, w.inbound(saidStop))
		w.finish(t)
		m := w.text(t, lost.Context[outbox.ContextMessage])
		if m.Status != consent.Unconfirmed || m.Body != lost.Body || !strings.HasSuffix(m.Body, "STOP to unsubscribe.") || m.Campaign != autumn {
			t.Errorf("on record as %+v, it said %q", m, lost.Body)
		}
	})
}

// What happens while the follow-up is at work is followed up as well: a STOP that is ended before it comes to the list,
// and a text that is lost a moment before.
func TestTheFollowUpMissesNothingThatHappensMeanwhile(t *testing.T) {
	t.Run("a STOP", func(t *testing.T) {
		w := newWorld(t)
		w.subscribe(t)
		w.pass(10 * time.Minute)
		w.faults.before = at("bookkeeping", func() error {
			w.faults.after = at("commit", kill)
			_, err := survive(func() error {
				_, err := w.Change(t.Context(), key, func(c consent.Contact) consent.Change { return c.StopEverything(w.brand(), w.now(), nil) })
				return err
			})
			w.faults.after = nil
			return err
		})
		w.followUp(t)
		if _, stopped := w.stopped(t); !stopped || len(w.carrier.lists()) != 0 {
			t.Fatalf("the race did not come about: stopped %t, lists %q", stopped, w.carrier.lists())
		}
		w.finish(t)
		if diff := cmp.Diff([]string{listed, "example-orders +12065550142"}, w.carrier.lists()); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a STOP that takes the place of one undone", func(t *testing.T) {
		w := newWorld(t)
		w.subscribe(t)
		for range 12 { // so that no text that START brings has the contact looked at again
			w.pass(12 * time.Minute)
			w.mustHear(t, w.inbound(saidHelp))
		}
		for _, intent := range []keyword.Intent{saidStop, saidStart, saidStop} {
			w.mustHear(t, w.inbound(intent))
			w.pass(time.Minute)
		}
		start := w.inbound(saidStart)
		w.pass(time.Minute)
		again := w.inbound(saidStop)
		w.pass(2 * time.Hour) // so that both come late, when the hour of either STOP is over
		texts := len(w.carrier.sent)
		w.faults.before = at("bookkeeping", func() error { return errors.Join(w.hear(start), w.hear(again)) })
		w.followUp(t)
		if at, _ := w.stopped(t); !at.Equal(again.At) || len(w.carrier.lists()) != 0 || len(w.carrier.sent) != texts {
			t.Fatalf("the race did not come about: stopped %s, lists %q, texts %d", at, w.carrier.lists(), len(w.carrier.sent)-texts)
		}
		w.finish(t)
		if diff := cmp.Diff([]string{listed}, w.carrier.lists()); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a text", func(t *testing.T) {
		w := newWorld(t)
		w.mustHear(t, w.inbound(saidHelp))
		w.pass(4 * time.Minute)
		w.faults.before = at("record", kill)
		if wasKilled, _ := survive(func() error { return w.hear(w.inbound(saidHelp)) }); !wasKilled {
			t.Fatal("the fault did not strike")
		}
		lost := w.carrier.sent[1]
		w.pass(2 * time.Minute)
		w.followUp(t)
		w.finish(t)
		if m := w.text(t, lost.Context[outbox.ContextMessage]); m.Status != consent.Unconfirmed || m.Body != lost.Body {
			t.Errorf("on record as %+v", m)
		}
	})
}

// A contact is looked at again where something may be left, and nowhere else. A campaign's text is: its job comes
// again, and the audit meets who got it.
func TestWhoIsLookedAtAgain(t *testing.T) {
	for name, tc := range map[string]struct {
		do   func(w *world)
		want time.Duration // at the latest; 0 for never
	}{
		"a request":             {func(w *world) { w.request(t) }, outbox.LostAfter},
		"HELP of a stranger":    {func(w *world) { w.mustHear(t, w.inbound(saidHelp)) }, outbox.LostAfter},
		"words of a stranger":   {func(w *world) { w.mustHear(t, w.inbound(saidOther)) }, 0},
		"HELP of a subscriber":  {func(w *world) { w.subscribe(t); w.finish(t); w.mustHear(t, w.inbound(saidHelp)) }, outbox.LostAfter},
		"words of a subscriber": {func(w *world) { w.subscribe(t); w.finish(t); w.mustHear(t, w.inbound(saidOther)) }, 0},
		"STOP":                  {func(w *world) { w.subscribe(t); w.finish(t); w.mustHear(t, w.inbound(saidStop)) }, time.Hour},
		"HELP after STOP":       {func(w *world) { w.mustHear(t, w.inbound(saidStop)); w.mustHear(t, w.inbound(saidHelp)) }, outbox.LostAfter},
		"STOP ALL, and HELP long after": {func(w *world) {
			w.mustHear(t, w.inbound(keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything}))
			w.finish(t)
			w.mustHear(t, w.inbound(saidHelp))
		}, outbox.LostAfter},
		"STOP, and words long after":  {func(w *world) { w.mustHear(t, w.inbound(saidStop)); w.finish(t); w.mustHear(t, w.inbound(saidOther)) }, 0},
		"a campaign for a subscriber": {func(w *world) { w.subscribe(t); w.finish(t); w.mustSend(t, w.campaign(autumn)) }, 0},
		"the switch of the last topic": {func(w *world) {
			w.subscribe(t)
			w.finish(t)
			if _, err := w.Change(t.Context(), key, func(c consent.Contact) consent.Change {
				return c.Choose(consent.Choice{At: w.now(), Off: w.program("alerts").Topics, Terms: w.Catalog.SignUp})
			}); err != nil {
				t.Fatal(err)
			}
		}, outbox.LostAfter},
	} {
		w := newWorld(t)
		tc.do(w)
		c := w.contact(t)
		if looks := !c.FollowUp.IsZero(); looks != (tc.want > 0) {
			t.Errorf("%s: looked at again %t, want within %s: %s", name, looks, tc.want, c.FollowUp)
		} else if looks && c.FollowUp.Sub(w.now()) > tc.want {
			t.Errorf("%s: not before %s", name, c.FollowUp.Sub(w.now()))
		}
	}
}

// A follow-up any of whose calls fails says so and stays due, so that the next run finishes what it left.
func TestAFollowUpThatFailsStaysDue(t *testing.T) {
	for _, op := range []string{"record unconfirmed", "put on list", "bookkeeping"} {
		w := newWorld(t)
		w.subscribe(t)
		w.faults.before = at("record", kill) // the STOP's answer is lost, and its number comes on no list
		if wasKilled, _ := survive(func() error { return w.hear(w.inbound(saidStop)) }); !wasKilled {
			t.Fatal("the fault did not strike")
		}
		w.pass(time.Hour)
		w.faults.before = at(op, fail)
		if err := w.FollowUp(t.Context(), w.contact(t)); !errors.Is(err, errInjected) {
			t.Errorf("%s failed: %v", op, err)
		}
		c := w.contact(t)
		if c.FollowUp.IsZero() || c.FollowUp.After(w.now()) {
			t.Errorf("%s failed, and the follow-up is due %s", op, c.FollowUp)
		}
		w.finish(t)
		if len(w.carrier.lists()) != 1 || w.text(t, w.carrier.sent[0].Context[outbox.ContextMessage]).Status != consent.Unconfirmed {
			t.Errorf("%s failed, and later the lists say %q", op, w.carrier.lists())
		}
	}
}

// A follow-up of a brand that programs.yaml has no more says so and stays due, and one that is not due does nothing.
func TestAFollowUpNobodyCanDo(t *testing.T) {
	w := newWorld(t)
	w.mustHear(t, w.inbound(saidStop))
	w.did()
	if err := w.FollowUp(t.Context(), w.contact(t)); err != nil || len(w.did()) > 0 {
		t.Errorf("before its time: %v", err)
	}
	none := w.contact(t)
	none.FollowUp = time.Time{}
	if err := w.FollowUp(t.Context(), none); err != nil || len(w.did()) > 0 {
		t.Errorf("of which there is none: %v", err)
	}
	w.pass(time.Hour)
	w.under(t, strings.ReplaceAll(programs, "- id: example\n", "- id: other\n"))
	before := w.contact(t)
	if err := w.FollowUp(t.Context(), before); err == nil || !strings.Contains(err.Error(), "example") {
		t.Errorf("a brand that is gone: %v", err)
	}
	if after := w.contact(t); !after.FollowUp.Equal(before.FollowUp) || len(w.did()) > 0 {
		t.Errorf("it is due %s", after.FollowUp)
	}
}

// Where nothing waits, a follow-up writes nothing for it: a contact is written once, when all is done.
func TestAFollowUpWritesOnce(t *testing.T) {
	w := newWorld(t)
	w.mustHear(t, w.inbound(saidStop))
	w.pass(time.Hour)
	w.did()
	if err := w.FollowUp(t.Context(), w.contact(t)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"put on Default", "bookkeeping"}, w.did()); diff != "" {
		t.Error(diff)
	}
}

// A change that has nothing to write, and did not happen before either, leaves texts alone that others are about to
// record.
func TestNothingToWriteMendsNothing(t *testing.T) {
	w := newWorld(t)
	w.faults.before = at("record", kill)
	if wasKilled, _ := survive(func() error { return w.hear(w.inbound(saidHelp)) }); !wasKilled {
		t.Fatal("the fault did not strike")
	}
	w.did()
	nothing := func(c consent.Contact) consent.Change { return consent.Change{Next: c} }
	if _, err := w.Change(t.Context(), key, nothing); err != nil {
		t.Fatal(err)
	}
	if did := w.did(); len(did) != 0 {
		t.Errorf("it did %q", did)
	}
}

// What waits for a program that programs.yaml has no more is given up, also where its person came back to it.
func TestWhatWaitsForAProgramThatIsGone(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.mustHear(t, w.inbound(saidStop))
	w.pass(time.Second)
	w.carrier.onSend = full(4)
	if err := w.hear(w.inbound(saidStart)); err == nil {
		t.Fatal("the event passed for done")
	}
	w.under(t, strings.ReplaceAll(programs, "- id: alerts", "- id: offers"))
	w.carrier.sent = nil
	w.finish(t)
	if c := w.contact(t); len(c.Waiting) != 0 || len(w.carrier.sent) != 0 {
		t.Errorf("%d wait, %d went out", len(c.Waiting), len(w.carrier.sent))
	}
}
