package outbox_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/outbox"
)

// A turn for a question that a change needs is waited for once, however often the contact changes meanwhile.
func TestATurnForAQuestionIsTakenOnce(t *testing.T) {
	w := newWorld(t)
	topic := w.unread(t)
	pacer := &turns{w: w, wait: func() error { return nil }}
	w.Pacer = pacer
	w.faults.before = at("commit", func() error {
		_, err := w.table.UpdateBookkeeping(t.Context(), w.contact(t), func(c consent.Contact) consent.Contact {
			return c.FollowUpBy(w.now().Add(time.Hour))
		})
		return err
	})
	w.review(t, topic)
	if len(pacer.parts) != 1 || w.contact(t).Subs["alerts"].TierNow() != consent.Asked {
		t.Errorf("%d turns; she is %s", len(pacer.parts), w.contact(t).Subs["alerts"].TierNow())
	}
}

// I8: AWS refuses a text as opted out, and before that is written she says STOP and comes back. No opt-out goes on
// record that nobody said.
func TestAStopAndAStartWhileAWSRefuses(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.carrier.onSend = func(x outbox.SMS) error {
		if x.Body == offer {
			return &outbox.Rejection{Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT", OptedOut: true}
		}
		return nil
	}
	w.faults.after = at("bookkeeping", func() error {
		w.pass(time.Second)
		stop := w.inbound(saidStop)
		w.pass(time.Second)
		start := w.inbound(saidStart)
		start.Program = oneStep(w)
		return errors.Join(w.hear(stop), w.hear(start))
	})
	if out := w.mustSend(t, w.campaign(autumn)); out.Rejection == nil {
		t.Errorf("%+v", out)
	}
	if s := w.contact(t).Subs["alerts"].State; s != consent.Subscribed || !slices.Equal(w.optOuts(t), []string{consent.SourceSMS}) {
		t.Errorf("she is %s; opt-outs on record: %q", s, w.optOuts(t))
	}
}

// A change that happened before and that no message brought leaves what waits to its own event and to the follow-up.
func TestARepeatedChangeSendsNobodyElsesTexts(t *testing.T) {
	w := newWorld(t)
	w.carrier.onSend = full(4)
	w.request(t)
	waiting, sent := len(w.contact(t).Waiting), len(w.carrier.sent)
	if waiting != 1 {
		t.Fatalf("%d wait", waiting)
	}
	w.pass(time.Minute)
	repeated := func(c consent.Contact) consent.Change { return consent.Change{Next: c, Repeated: true} }
	if _, err := w.Change(t.Context(), key, repeated); err != nil {
		t.Fatal(err)
	}
	if n := len(w.contact(t).Waiting); n != 1 || len(w.carrier.sent) != sent {
		t.Errorf("%d wait, %d went", n, len(w.carrier.sent)-sent)
	}
}

// A note that was heard before comes back with the contact as it is.
func TestARepeatedNoteKnowsAboutWhom(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	stop := w.inbound(saidStop)
	w.mustHear(t, stop)
	ch, err := w.Note(t.Context(), key, func(c consent.Contact) consent.Change {
		e := consent.Event{Seq: c.Head.Seq + 1, Type: consent.Noted, At: w.now()}
		return consent.Change{Next: c, Events: []consent.Event{e}, Inbound: stop.ID}
	})
	if err != nil || !ch.Repeated || ch.Next.Version != w.contact(t).Version {
		t.Errorf("%+v, %v", ch, err)
	}
}

// What another channel said under an ID is the same content as the campaign that shares the ID.
func TestContentSharedByItsID(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	touch := consent.Touch{At: w.now(), Channel: "email", Content: "spring-sale"}
	if _, err := w.Change(t.Context(), key, func(c consent.Contact) consent.Change {
		return c.Touch(touch, 24*time.Hour)
	}); err != nil {
		t.Fatal(err)
	}
	w.Catalog.OtherChannels.Within = 24 * time.Hour
	text := w.campaign(autumn)
	text.Shared = "spring-sale"
	if out := w.mustSend(t, text); out.Decision.Rule != "cross-channel" {
		t.Errorf("%s by %q", out.Decision.Verdict, out.Decision.Rule)
	}
	text.Shared = "summer-sale"
	if out := w.mustSend(t, text); !out.Texted() {
		t.Errorf("another: %s by %q", out.Decision.Verdict, out.Decision.Rule)
	}
}

// Only texts that answer or ask are counted as throttled: a campaign's comes again by itself, and counts with the
// campaign. What is on record of either is timed to the millisecond.
func TestWhatIsThrottledIsCounted(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.carrier.onSend = full(9)
	w.pass(3*time.Millisecond + 400*time.Microsecond)
	if out := w.mustSend(t, w.campaign(autumn)); out.Rejection == nil || strings.Contains(w.metrics.String(), "TextThrottled") {
		t.Errorf("%+v: %s", out, &w.metrics)
	}
	if err := w.hear(w.inbound(saidHelp)); err == nil || strings.Count(w.metrics.String(), `"TextThrottled":1`) != 1 {
		t.Errorf("%v: %s", err, &w.metrics)
	}
	for _, m := range w.stored(t).Messages {
		if m.Status == consent.Rejected && m.Kind == message.Promotional && m.History[0].At.Nanosecond() != 3*int(time.Millisecond) {
			t.Errorf("on record at %s", m.History[0].At)
		}
	}
}

// I3: a lost text whose words are known is on record as that, and says nothing of what is missing.
func TestALostTextWhoseWordsAreKnown(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.store(t, autumn)
	w.lose(t, func() error { _, err := w.send(w.contact(t), w.campaign(autumn)); return err })
	w.pass(outbox.LostAfter)
	if err := w.Reconcile(t.Context(), w.contact(t)); err != nil {
		t.Fatal(err)
	}
	m := w.text(t, w.carrier.sent[0].Context[outbox.ContextMessage])
	if m.Body != offer || m.History[0].Detail != "claimed, and no record of what followed" {
		t.Errorf("%q, %+v", m.Body, m.History)
	}
}

// A text that was withheld, and whose sender was ended before it gave the claim back, goes when its campaign meets it.
func TestAWithheldTextWhoseClaimWasLeft(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.faults.after = at("claim", func() error { w.pass(time.Minute); return nil })
	w.faults.before = at("bookkeeping", kill)
	if wasKilled, _ := survive(func() error { _, err := w.Send(t.Context(), w.contact(t), w.campaign(autumn)); return err }); !wasKilled {
		t.Fatal("the fault did not strike")
	}
	if _, left := w.claim(t, autumn); !left || len(w.carrier.sent) != 0 {
		t.Fatalf("a claim is left: %t, %d texts", left, len(w.carrier.sent))
	}
	w.faults.before, w.faults.after = nil, nil
	w.pass(time.Hour)
	if out := w.mustSend(t, w.campaign(autumn)); !out.Texted() || out.Already || len(w.carrier.sent) != 1 {
		t.Errorf("%+v, %d texts", out, len(w.carrier.sent))
	}
}

// A STOP to a brand that programs.yaml has no more, and that the table fails, is told as what failed.
func TestAStopToABrandThatIsGone(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	stop := w.inbound(saidStop)
	w.under(t, strings.ReplaceAll(programs, "- id: example\n", "- id: other\n"))
	w.faults.before = at("read", fail)
	if err := w.hear(stop); !errors.Is(err, errInjected) || len(w.carrier.lists()) != 0 {
		t.Errorf("%v, lists %q", err, w.carrier.lists())
	}
}
