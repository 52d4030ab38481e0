package outbox_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/outbox"
)

// What the gate keeps back of what a person is owed is on record, in its words and with the gate's reason; it has no
// claim, no number in the chain of texts, and was never handed over.
func TestWhatIsWithheldIsOnRecord(t *testing.T) {
	for name, tc := range map[string]struct {
		do     func(w *world)
		kind   message.Kind
		reason string
	}{
		"an answer too many": {func(w *world) {
			w.subscribe(t)
			for range 7 {
				w.pass(time.Second)
				w.mustHear(t, w.inbound(saidHelp))
			}
		}, message.Reply, "this phone had its answers for this hour"},
		"a question to a phone that is gone": {func(w *world) {
			if _, err := w.Change(t.Context(), key, func(c consent.Contact) consent.Change { return undeliverable(c, w.now()) }); err != nil {
				t.Fatal(err)
			}
			w.request(t)
		}, message.Confirmation, "texts do not reach this number"},
		"an answer to what was said long ago": {func(w *world) {
			stop := w.inbound(saidStop)
			w.pass(11 * time.Hour)
			w.mustHear(t, stop)
		}, message.Reply, "it is too late to answer what was said"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			tc.do(w)
			r := w.record(t)
			m := r.Messages[len(r.Messages)-1]
			if m.Status != consent.Withheld || m.Kind != tc.kind || m.Body == "" || m.Number != 0 || m.AWSID != "" || m.Identity != "+12065550100" || m.Policy != w.Gate.Policy() {
				t.Fatalf("on record as %+v", m)
			}
			if len(m.History) != 1 || m.History[0].Detail != tc.reason || m.History[0].Status != consent.Withheld {
				t.Errorf("because %+v, want %q", m.History, tc.reason)
			}
			if _, claimed := r.Contact.Claimed(m.ID); claimed {
				t.Error("it has a claim")
			}
			for _, text := range w.carrier.sent {
				if text.Context[outbox.ContextMessage] == m.ID {
					t.Error("it was handed over")
				}
			}
		})
	}
}

// The answer to what a person changed is owed to them: the claim says so, and so the limit of answers counts it apart.
func TestAClaimTellsOfAChange(t *testing.T) {
	for _, tc := range []struct {
		intent keyword.Intent
		change bool
	}{{saidStop, true}, {saidHelp, false}} {
		w := newWorld(t)
		w.subscribe(t)
		w.mustHear(t, w.inbound(tc.intent))
		c := w.contact(t)
		if cl := c.Claims[len(c.Claims)-1]; cl.Kind != message.Reply || cl.Change != tc.change {
			t.Errorf("the answer to %s: %+v", tc.intent.Kind, cl)
		}
	}
}
