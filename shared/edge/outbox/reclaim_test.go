package outbox_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
)

// I1, I6: a claim that was long in the making is given back, and the text decided on anew. DynamoDB's client tries
// again by itself when an answer gets lost, and a STOP may come meanwhile.
func TestAClaimLongInTheMakingIsDecidedAnew(t *testing.T) {
	t.Run("and goes out on a fresh claim", func(t *testing.T) {
		w := newWorld(t)
		w.subscribe(t)
		w.faults.after = at("claim", func() error { w.pass(time.Minute); return nil })
		out := w.mustSend(t, w.campaign(autumn))
		if !out.Texted() || len(w.carrier.sent) != 1 || !out.Sent.Message.At.Equal(w.now()) {
			t.Errorf("%+v", out)
		}
	})
	t.Run("and stays when the window closed", func(t *testing.T) {
		w := newWorld(t)
		w.subscribe(t)
		w.faults.after = at("claim", func() error { w.pass(10 * time.Hour); return nil })
		out := w.mustSend(t, w.campaign(autumn))
		if out.Texted() || out.Decision.Rule != gate.PermittedHours || len(w.carrier.sent) != 0 {
			t.Errorf("I6: %+v", out)
		}
	})
	t.Run("and stays when a STOP came", func(t *testing.T) {
		w := newWorld(t)
		w.subscribe(t)
		stop := w.inbound(saidStop)
		w.faults.after = at("claim", func() error { w.pass(time.Minute); return w.hear(stop) })
		out := w.mustSend(t, w.campaign(autumn))
		if out.Texted() || out.Decision.Rule != "opted-out" || slices.ContainsFunc(w.carrier.sent, func(x outbox.SMS) bool { return x.Body == offer }) {
			t.Errorf("I1: %+v", out)
		}
	})
}

// A claim that cannot be given back is told, and its text does not go.
func TestAClaimThatCannotBeGivenBack(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.faults.after = at("claim", func() error { w.pass(time.Minute); return nil })
	w.faults.before = at("bookkeeping", fail)
	if out, err := w.Send(t.Context(), w.contact(t), w.campaign(autumn)); !errors.Is(err, errInjected) || out.Sent != nil || len(w.carrier.sent) > 0 {
		t.Errorf("%+v, %v", out, err)
	}
}

// A claim of ten seconds ago is fresh, and not a moment older.
func TestHowOldAClaimMayBe(t *testing.T) {
	for age, anew := range map[time.Duration]bool{10 * time.Second: false, 10*time.Second + time.Millisecond: true} {
		w := newWorld(t)
		w.subscribe(t)
		claimed := w.now()
		w.faults.after = at("claim", func() error { w.pass(age); return nil })
		if out := w.mustSend(t, w.campaign(autumn)); !out.Texted() || out.Sent.Message.At.Equal(claimed) == anew {
			t.Errorf("%s old: %+v", age, out.Sent)
		}
	}
}

// A claim that nobody interfered with is decided on once, before it; one that somebody did, again behind it.
func TestHowOftenATextIsDecidedOn(t *testing.T) {
	for interfered, want := range map[bool]int{false: 1, true: 2} {
		w := newWorld(t)
		w.subscribe(t)
		if interfered {
			w.Store = &lateAnswer{faults: w.faults, meanwhile: func() { w.mustHear(t, w.inbound(saidOther)) }}
		}
		text, asked := w.campaign(autumn), 0
		text.Due = func(*consent.Contact) bool { asked++; return true }
		if out := w.mustSend(t, text); !out.Texted() || asked != want {
			t.Errorf("interfered with %t: asked %d times, want %d: %+v", interfered, asked, want, out)
		}
	}
}

// Claims are told by our clock to the millisecond, as they are stored.
func TestClaimsAreTimedToTheMillisecond(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.pass(time.Millisecond + 300*time.Microsecond)
	want := w.now().Truncate(time.Millisecond)
	out := w.mustSend(t, w.campaign(autumn))
	if stored, _ := w.claim(t, autumn); !out.Claim.At.Equal(want) || !stored.At.Equal(want) {
		t.Errorf("claimed at %s and stored as %s, want %s", out.Claim.At, stored.At, want)
	}
}

// I1: a claim whose answer got lost comes with the contact as it has become since. Whatever would keep the text back
// now does, and nothing is left of the claim.
func TestALostAnswerTellsOfWhatHappenedSince(t *testing.T) {
	topic := keyword.Intent{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "alerts"}
	for name, tc := range map[string]struct {
		meanwhile func(w *world, c consent.Contact) consent.Change
		rule      string
	}{
		"nothing that matters": {func(w *world, c consent.Contact) consent.Change { return c.Hear(w.inbound(saidOther)) }, ""},
		"a STOP":               {func(w *world, c consent.Contact) consent.Change { return c.Hear(w.inbound(saidStop)) }, "opted-out"},
		"a STOP to the topic": {func(w *world, c consent.Contact) consent.Change {
			in := w.inbound(topic)
			in.Program = w.program("orders")
			return c.Hear(in)
		}, "opted-out"},
		"the switch of the topic": {func(w *world, c consent.Contact) consent.Change {
			return c.Choose(consent.Choice{At: w.now(), Off: w.program("alerts").Topics, Terms: w.Catalog.SignUp})
		}, "opted-out"},
		"a pause":         {func(w *world, c consent.Contact) consent.Change { return c.Pause(w.now(), w.now().Add(time.Hour), nil) }, "paused"},
		"a phone is gone": {func(w *world, c consent.Contact) consent.Change { return undeliverable(c, w.now()) }, "deliverable"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.subscribe(t)
			w.Store = &lateAnswer{faults: w.faults, meanwhile: func() {
				if _, err := w.Change(t.Context(), key, func(c consent.Contact) consent.Change { return tc.meanwhile(w, c) }); err != nil {
					t.Fatal(err)
				}
			}}
			out := w.mustSend(t, w.campaign(autumn))
			went := slices.ContainsFunc(w.carrier.sent, func(x outbox.SMS) bool { return x.Body == offer })
			if out.Decision.Rule != tc.rule || went != (tc.rule == "") || went != out.Texted() {
				t.Errorf("I1: it went %t, %+v", went, out)
			}
			if _, claimed := w.claim(t, autumn); claimed != went {
				t.Errorf("claimed %t, went %t", claimed, went)
			}
			w.pass(3 * time.Hour)
			if r := w.record(t); !went && !slices.ContainsFunc(r.Messages, func(m consent.Message) bool {
				return m.Status == consent.Withheld && m.Campaign == autumn && m.Number != 0
			}) {
				t.Errorf("I3: nothing tells of the text that was claimed: %+v", r.Messages)
			}
		})
	}
	t.Run("another reminder", func(t *testing.T) {
		w := newWorld(t)
		w.subscribe(t)
		late := &lateAnswer{faults: w.faults, meanwhile: func() { w.mustHear(t, w.inbound(saidOther)) }}
		w.Store = late
		text := w.campaign("")
		asked := 0
		text.Kind = message.Reminder
		text.Due = func(*consent.Contact) bool { asked++; return asked == 1 }
		if out := w.mustSend(t, text); out.Texted() || len(w.carrier.sent) != 0 {
			t.Errorf("%+v", out)
		}
	})
}

func undeliverable(c consent.Contact, at time.Time) consent.Change {
	c.Health.Undeliverable = true
	return consent.Change{Next: c, Events: []consent.Event{{Seq: c.Head.Seq + 1, Type: consent.Noted, At: at, Source: consent.SourceCarrier}}}
}

// With the carrier out of reach for days a campaign asks again and again. The contact stays as small as it was, so that
// a STOP can be written; what was refused is on record.
func TestAContactDoesNotGrowWhileTheCarrierIsUnreachable(t *testing.T) {
	stores.Each(t, func(t *testing.T, s dynamotest.Store) {
		w := worldOn(t, s)
		w.subscribe(t)
		before := w.contact(t)
		w.carrier.onSend = func(outbox.SMS) error { return &outbox.Rejection{Reason: "UNREACHABLE", Throttled: true} }
		tries := 0
		for range 140 {
			w.pass(30 * time.Minute)
			if out := w.mustSend(t, w.campaign(autumn)); out.Rejection != nil {
				tries++
			}
		}
		if tries < 30 {
			t.Fatalf("%d tries prove nothing", tries)
		}
		after := w.contact(t)
		after.Version, after.Texts = before.Version, before.Texts // which count
		if diff := cmp.Diff(before, after); diff != "" {
			t.Error(diff)
		}
		refused := 0
		for _, m := range w.record(t).Messages {
			if m.Status == consent.Rejected {
				refused++
			}
		}
		if refused != tries {
			t.Errorf("%d refused texts on record of %d", refused, tries)
		}
	})
}

// lateAnswer answers a claim with the contact as it became meanwhile, as the table does where it finds the claim
// written by an earlier try.
type lateAnswer struct {
	*faults
	meanwhile func()
}

func (l *lateAnswer) Claim(ctx context.Context, before consent.Contact, cl consent.Claim, keep time.Duration) (consent.Contact, error) {
	if _, err := l.faults.Claim(ctx, before, cl, keep); err != nil {
		return consent.Contact{}, err
	}
	l.meanwhile()
	return l.Contact(ctx, before.Key)
}
