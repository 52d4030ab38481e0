package outbox_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
)

const aDay = 24 * time.Hour

// unread is somebody who gets digests only, and has used up the chances they had with those.
func (w *world) unread(t *testing.T) *program.Topic {
	t.Helper()
	topic := w.bored(t)
	w.review(t, topic)
	for i := range topic.Engagement.Ask.Chances {
		w.pass(31 * aDay)
		w.chance(t, 50+i)
	}
	w.pass(90 * aDay)
	w.openDay(t)
	if c := w.contact(t); c.Subs["alerts"].Tier != consent.Digest || c.Attention["alerts"].Chances != topic.Engagement.Ask.Chances {
		t.Fatalf("%+v, %+v", c.Subs["alerts"], c.Attention["alerts"])
	}
	w.did()
	w.carrier.sent = nil
	return topic
}

// bored is somebody who has used up the chances of the regular tier.
func (w *world) bored(t *testing.T) *program.Topic {
	t.Helper()
	topic, _ := w.program("alerts").Topic("alerts")
	w.subscribe(t)
	for i := range topic.Engagement.Digest.Chances {
		w.chance(t, i)
	}
	w.pass(90 * aDay)
	return topic
}

// chance is a digest with a link, on the next day that is no holiday.
func (w *world) chance(t *testing.T, n int) {
	t.Helper()
	w.pass(aDay)
	w.openDay(t)
	text := w.campaign(fmt.Sprintf("01KB3M8Y5T0QF2Z9W6R7C4X1%02d", n))
	text.Body, text.Digest, text.Opens, text.Expires = offer+" Reply MORE for more.", true, time.Time{}, time.Time{}
	if out := w.mustSend(t, text); out.Sent == nil {
		t.Fatalf("chance %d: %s by %s", n, out.Decision.Verdict, out.Decision.Rule)
	}
}

// openDay waits for the next day on which texts may go out at this hour.
func (w *world) openDay(t *testing.T) {
	t.Helper()
	c := w.contact(t)
	for {
		if opens, err := w.Gate.Person(&c).Opening(w.now()); err != nil || opens.Equal(w.now()) {
			return
		}
		w.pass(aDay)
	}
}

func (w *world) review(t *testing.T, topic *program.Topic) outbox.Changed {
	t.Helper()
	done, err := w.Change(t.Context(), key, func(c consent.Contact) consent.Change { return c.Review(topic, w.now()) })
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// Whether somebody still wants the texts is asked once, after the change that says so is written with the claim, and a
// YES brings them back.
func TestTheQuestionWhetherTheyStillWantTheTexts(t *testing.T) {
	stores.Each(t, func(t *testing.T, s dynamotest.Store) {
		w := worldOn(t, s)
		topic := w.unread(t)
		pacer := &turns{w: w, wait: func() error { return nil }}
		w.Pacer = pacer
		w.review(t, topic)
		want := []string{"wait", "commit", "send Still want Example Corp. alerts? Reply YES, or we will stop sending them. Reply HELP for help, STOP to unsubscribe.", "record"}
		if diff := cmp.Diff(want, w.did()); diff != "" {
			t.Error(diff)
		}
		w.pass(20 * aDay)
		w.review(t, topic)
		if did := w.did(); len(did) != 0 {
			t.Errorf("asked again: %q", did)
		}
		text := w.campaign(winter)
		text.Digest, text.Expires = true, time.Time{}
		if out := w.mustSend(t, text); out.Decision.Rule != "engagement-tier" {
			t.Errorf("a digest while asked: %s by %s", out.Decision.Verdict, out.Decision.Rule)
		}
		w.mustHear(t, w.inbound(saidYes))
		c := w.contact(t)
		if c.Subs["alerts"].TierNow() != consent.Regular || len(w.carrier.sent) != 2 || !strings.HasPrefix(w.carrier.sent[1].Body, "You're subscribed to Example Corp. alerts.") {
			t.Errorf("%+v after the YES, and %d texts", c.Subs["alerts"], len(w.carrier.sent))
		}
		w.record(t)
	})
}

// I6, I7: where the question may not go now, nobody is moved. They are asked when it may.
func TestTheQuestionKeepsToTheHours(t *testing.T) {
	w := newWorld(t)
	topic := w.unread(t)
	w.pass(10 * time.Hour)
	done := w.review(t, topic)
	if !done.Empty() || len(w.did()) != 0 || len(done.Texts) != 1 || done.Texts[0].Reason == "" {
		t.Errorf("at night: %+v", done)
	}
	if tier := w.contact(t).Subs["alerts"].Tier; tier != consent.Digest {
		t.Errorf("%s at night", tier)
	}
	w.pass(14 * time.Hour)
	w.openDay(t)
	w.review(t, topic)
	if tier := w.contact(t).Subs["alerts"].Tier; tier != consent.Asked || len(w.carrier.sent) != 1 {
		t.Errorf("%s the next day, %d texts", tier, len(w.carrier.sent))
	}
}

// I2, I3: whatever call fails or is the function's last, the question goes out once at most, and is on record.
func TestTheQuestionSurvivesKills(t *testing.T) {
	for _, when := range []string{"before", "after"} {
		for _, op := range []string{"commit", "record", "bookkeeping"} {
			for name, how := range map[string]func() error{"killed": kill, "failed": fail} {
				t.Run(fmt.Sprint(when, " ", op, " ", name), func(t *testing.T) {
					w := newWorld(t)
					topic := w.unread(t)
					if op == "bookkeeping" {
						w.carrier.onSend = full(4)
					}
					if hook := atNth(op, 0, how); when == "before" {
						w.faults.before = hook
					} else {
						w.faults.after = hook
					}
					for range 4 {
						_, err := survive(func() error {
							_, err := w.Change(t.Context(), key, func(c consent.Contact) consent.Change { return c.Review(topic, w.now()) })
							return err
						})
						if err != nil && !errors.Is(err, errInjected) {
							t.Fatal(err)
						}
						w.pass(time.Minute)
					}
					w.faults.before, w.faults.after = nil, nil
					w.pass(10 * time.Minute)
					w.followUp(t)
					taken := len(w.carrier.sent)
					if op == "bookkeeping" {
						taken -= 4 // refused by a carrier without room
					}
					if taken > 1 {
						t.Errorf("I2: asked %d times", taken)
					}
					if tier := w.contact(t).Subs["alerts"].Tier; tier != consent.Asked {
						t.Errorf("%s", tier)
					}
					w.pass(3 * time.Hour)
					if err := w.Reconcile(t.Context(), w.contact(t)); err != nil {
						t.Fatal(err)
					}
					r := w.record(t) // which verifies it
					if last := r.Messages[len(r.Messages)-1]; last.Kind != message.Renewal || !strings.HasPrefix(last.Body, "Still want") {
						t.Errorf("I3: on record %+v", last)
					}
				})
			}
		}
	}
}

// A sign that only counts is written by itself, once, and where the contact changed meanwhile it is decided on anew.
func TestASignIsBookkeeping(t *testing.T) {
	stores.Each(t, func(t *testing.T, s dynamotest.Store) {
		w := worldOn(t, s)
		w.subscribe(t)
		w.pass(2 * aDay)
		sign := consent.Signal{At: w.now(), Kind: consent.SignalClick, Topic: "alerts"}
		engage := func(c consent.Contact) consent.Change { return c.Engage(sign) }
		for _, want := range [][]string{{"bookkeeping"}, nil} {
			done, err := w.Change(t.Context(), key, engage)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, w.did()); diff != "" {
				t.Error(diff)
			}
			if at := done.Next.Attention["alerts"].Sign; !at.Equal(sign.At) || !w.contact(t).Attention["alerts"].Sign.Equal(sign.At) {
				t.Errorf("the last sign was at %s", at)
			}
		}
		w.record(t)
	})
}

// What began as bookkeeping and takes an event by now gets one (I4).
func TestASignThatTakesAnEventByNow(t *testing.T) {
	w := newWorld(t)
	topic := w.bored(t)
	w.faults.before = at("bookkeeping", func() error { w.review(t, topic); return nil })
	sign := consent.Signal{At: w.now().Add(time.Minute), Kind: consent.SignalClick, Topic: "alerts"}
	done, err := w.Change(t.Context(), key, func(c consent.Contact) consent.Change { return c.Engage(sign) })
	if err != nil {
		t.Fatal(err)
	}
	events := w.record(t).Events
	back := events[len(events)-1]
	if len(done.Events) != 1 || back.Type != consent.Moved || back.Tier != consent.Regular || events[len(events)-2].Tier != consent.Digest {
		t.Errorf("events %+v", events)
	}
}
