package outbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

// counted is what was counted under a name, by its dimensions.
func (w *world) counted(t tester, name string) []string {
	t.Helper()
	var all []string
	for line := range strings.Lines(w.metrics.String()) {
		var values map[string]any
		if err := json.Unmarshal([]byte(line), &values); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if values[name] == nil {
			continue
		}
		of := name
		for _, dimension := range []string{"kind", "status", "rule"} {
			if v, ok := values[dimension].(string); ok {
				of += " " + v
			}
		}
		all = append(all, of)
	}
	return all
}

// Each text handed over is counted once, by its kind and by what the carrier said; what the gate keeps back, by its
// rule.
func TestWhatIsCounted(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.metrics.Reset()
	w.mustHear(t, w.inbound(saidHelp))
	w.carrier.onSend = func(outbox.SMS) error { return errInjected }
	w.pass(time.Second)
	w.mustHear(t, w.inbound(saidHelp))
	w.carrier.onSend = func(outbox.SMS) error { return &outbox.Rejection{Reason: "NO"} }
	w.mustSend(t, w.campaign(autumn))
	w.carrier.onSend = nil
	late := w.inbound(saidHelp)
	w.pass(2 * time.Hour)
	w.mustHear(t, late)
	if diff := cmp.Diff([]string{"Text reply sent", "Text reply unconfirmed", "Text promotional rejected"}, w.counted(t, "Text")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"TextRefused answer-in-time"}, w.counted(t, "TextRefused")); diff != "" {
		t.Error(diff)
	}
	if n := len(w.counted(t, "Unconfirmed")); n != 1 || len(w.counted(t, "TextThrottled")) > 0 || len(w.counted(t, "CarrierCodeUnknown")) > 0 {
		t.Errorf("%d unconfirmed, in all %s", n, w.metrics.String())
	}
}

// AWS takes one call a second that reads its opt-out lists: behind the first page, where texts are paced too, each
// waits a second, and one whose time is up reads none.
func TestPagesOfAListArePaced(t *testing.T) {
	for _, c := range []struct {
		paced bool
		token string
		waits time.Duration
	}{{false, "", 0}, {false, "more", 0}, {true, "", 0}, {true, "more", time.Second}} {
		w := newWorld(t)
		if c.paced {
			w.Pacer = &turns{w: w, wait: func() error { return nil }}
		}
		before := w.now()
		_, next, err := w.ListedNumbers(t.Context(), w.program("alerts"), c.token)
		if waited := w.now().Sub(before); err != nil || waited != c.waits || (next == "") != (c.token != "") {
			t.Errorf("paced %t, page %q: waited %s, next %q, %v", c.paced, c.token, waited, next, err)
		}
		if did := w.did(); len(did) != 1 || did[0] != `read Default behind "`+c.token+`"` {
			t.Errorf("%q", did)
		}
		w.Outbox.Pause = func(context.Context, time.Duration) error { return errInjected }
		if _, _, err := w.ListedNumbers(t.Context(), w.program("alerts"), c.token); (err != nil) != (c.waits > 0) {
			t.Errorf("paced %t, page %q, with no time: %v", c.paced, c.token, err)
		}
	}
}

// The audit may have AWS's lists made to say what the contact says at once; where that fails the follow-up stays due.
func TestSyncLists(t *testing.T) {
	w := newWorld(t)
	w.mustHear(t, w.inbound(saidStop))
	w.finish(t)
	delete(w.carrier.optedOut, listed)
	w.faults.before = at("put on list", fail)
	if err := w.SyncLists(t.Context(), w.contact(t)); !errors.Is(err, errInjected) || w.contact(t).FollowUp.IsZero() {
		t.Errorf("%v, due %s", err, w.contact(t).FollowUp)
	}
	w.faults.before = at("bookkeeping", fail)
	if err := w.SyncLists(t.Context(), w.contact(t)); !errors.Is(err, errInjected) {
		t.Errorf("%v", err)
	}
	w.faults.before = nil
	if err := w.SyncLists(t.Context(), w.contact(t)); err != nil || !slices.Equal(w.carrier.lists(), []string{listed}) || !w.contact(t).FollowUp.IsZero() {
		t.Errorf("%v: %q, due %s", err, w.carrier.lists(), w.contact(t).FollowUp)
	}
}

// A single text that does not go out is on record under its own ID, in its words, with who answers for it, and why.
func TestASingleTextThatIsWithheld(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	text := outbox.Text{
		Kind: message.Transactional, Program: w.program("orders"), Topic: "orders", Ref: "order-4711", Body: "Example Corp.: it is on its way.",
		Vouched: message.Vouched{NotMarketing: "shop"},
	}
	id := ulidAt(w.now())
	for range 2 { // it is safe to repeat
		if err := w.Withhold(t.Context(), key, text, id, "the person opted out"); err != nil {
			t.Fatal(err)
		}
	}
	m := w.text(t, id)
	want := consent.Message{
		ID: id, At: w.now(), Kind: message.Transactional, Program: "orders", Topics: []string{"orders"}, Ref: "order-4711",
		Content: message.ContentHash(text.Body), Identity: "+12065550101", Body: text.Body, Vouched: text.Vouched,
		Status: consent.Withheld, Policy: w.Gate.Policy(),
		History: []consent.StatusChange{{At: w.now(), Status: consent.Withheld, Detail: "the person opted out"}},
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
	w.record(t)
}

// Nobody waits longer to offer an answer again than the answer may still come.
func TestPatienceEndsWithTheAnswersTime(t *testing.T) {
	for left, offered := range map[time.Duration]int{500 * time.Millisecond: 1, 501 * time.Millisecond: 2} {
		w := newWorld(t)
		w.subscribe(t)
		w.carrier.onSend = full(9)
		help := w.inbound(saidHelp)
		w.pass(time.Hour - left)
		_ = w.hear(help)
		if n := len(w.carrier.sent); n != offered {
			t.Errorf("%s left: offered %d times, want %d", left, n, offered)
		}
	}
}

// Whoever cannot wait offers no text again.
func TestNobodyWaitsWhoCannot(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.carrier.onSend = full(9)
	w.Outbox.Pause = func(context.Context, time.Duration) error { return errInjected }
	_ = w.hear(w.inbound(saidHelp))
	if n := len(w.carrier.sent); n != 1 || len(w.contact(t).Waiting) != 1 {
		t.Errorf("offered %d times, %d wait", n, len(w.contact(t).Waiting))
	}
}

// What could not be written is told to whoever asked for it, be it bookkeeping or a change that never found its moment.
func TestWhatCannotBeWrittenIsTold(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.pass(48 * time.Hour)
	sign := func(c consent.Contact) consent.Change {
		return c.Engage(consent.Signal{At: w.now(), Kind: consent.SignalClick, Source: consent.SourceLink})
	}
	for name, write := range map[string]func() error{
		"Change": func() error { _, err := w.Change(t.Context(), key, sign); return err },
		"Note":   func() error { _, err := w.Note(t.Context(), key, sign); return err },
	} {
		w.faults.before = at("bookkeeping", fail)
		if err := write(); !errors.Is(err, errInjected) {
			t.Errorf("%s: %v", name, err)
		}
	}
	tries := 0
	w.faults.before = func(op string) error {
		if op != "commit" {
			return nil
		}
		tries++
		return table.ErrConflict
	}
	stop := func(c consent.Contact) consent.Change { return c.StopEverything(w.brand(), w.now(), nil) }
	if _, err := w.Note(t.Context(), key, stop); err == nil || tries != outbox.MaxTries {
		t.Errorf("Note: %v after %d conflicts", err, tries)
	}
}

// A question the carrier had no room for is put again only to whom it was looked whether they still want it.
func TestAQuestionIsNotPutBlindly(t *testing.T) {
	for fails, offered := range map[bool]int{false: 2, true: 1} {
		w := newWorld(t)
		w.carrier.onSend = full(1)
		w.Outbox.Pause = func(context.Context, time.Duration) error {
			if fails {
				w.faults.before = at("read", fail)
			}
			return nil
		}
		w.request(t)
		if n := len(w.carrier.sent); n != offered {
			t.Errorf("the contact cannot be read %t: offered %d times", fails, n)
		}
	}
}

// forgetful is a table that cannot tell what is known of people.
type forgetful struct{ *faults }

func (forgetful) Attributes(context.Context, consent.Key) (map[string]string, error) {
	return nil, errInjected
}

// I3: a lost text with fields waits for its record until what is known of the person can be read, rather than going on
// record without its words.
func TestALostTextWaitsForWhatIsKnown(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	c := campaign.Campaign{
		ID: autumn, Brand: "example", Topic: "alerts", Text: "Example Corp.: hi {first_name|there}. Reply STOP to cancel.", At: w.now(),
		Expires: w.now().Add(72 * time.Hour), Created: w.now(), State: campaign.Running,
	}
	if err := w.table.CreateCampaign(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	text := w.campaign(autumn)
	text.Body = "Example Corp.: hi there. Reply STOP to cancel."
	w.faults.before = at("record", kill)
	if wasKilled, _ := survive(func() error { _, err := w.send(w.contact(t), text); return err }); !wasKilled {
		t.Fatal("the fault did not strike")
	}
	w.pass(outbox.LostAfter)
	before := len(w.stored(t).Messages)
	w.Store = forgetful{w.faults}
	if err := w.Reconcile(t.Context(), w.contact(t)); !errors.Is(err, errInjected) || len(w.stored(t).Messages) != before {
		t.Errorf("%v, %d texts on record", err, len(w.stored(t).Messages)-before)
	}
	w.Store = w.faults
	if err := w.Reconcile(t.Context(), w.contact(t)); err != nil {
		t.Fatal(err)
	}
	if m := w.text(t, w.carrier.sent[0].Context[outbox.ContextMessage]); m.Body != text.Body {
		t.Errorf("on record as %q", m.Body)
	}
}

// Whoever meets their own claim again learns which it is.
func TestTheClaimOfATextThatWentBefore(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	first := w.mustSend(t, w.campaign(autumn))
	again := w.mustSend(t, w.campaign(autumn))
	if !again.Already || again.Claim.ID != first.Claim.ID || again.Claim.ID == "" || again.Sent != nil {
		t.Errorf("%+v, went as %+v", again, first.Claim)
	}
}

// An opt-out that only AWS heard, and that cannot be written, is told to whoever sent.
func TestAnOptOutOfAWSThatCannotBeWritten(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.carrier.onSend = func(outbox.SMS) error {
		return &outbox.Rejection{Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT", OptedOut: true}
	}
	w.faults.before = at("commit", fail)
	if out, err := w.Send(t.Context(), w.contact(t), w.campaign(autumn)); !errors.Is(err, errInjected) || out.Rejection == nil {
		t.Errorf("%+v, %v", out, err)
	}
}

// A change comes back with the contact as it is stored, be it bookkeeping or a message that was heard before.
func TestAChangeComesBackAsItIsStored(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.pass(48 * time.Hour)
	sign := func(c consent.Contact) consent.Change {
		return c.Engage(consent.Signal{At: w.now(), Kind: consent.SignalClick, Source: consent.SourceLink})
	}
	ch, err := w.Change(t.Context(), key, sign)
	if stored := w.contact(t); err != nil || len(ch.Events) > 0 || ch.Next.Version != stored.Version {
		t.Errorf("%v: version %d, stored %d", err, ch.Next.Version, stored.Version)
	}
	stop := w.inbound(saidStop)
	w.mustHear(t, stop)
	w.pass(time.Second)
	start := w.inbound(saidStart)
	start.Program = oneStep(w)
	w.mustHear(t, start)
	w.pass(time.Second)
	ch, err = w.Change(t.Context(), key, func(c consent.Contact) consent.Change { return c.Hear(stop) })
	if stored := w.contact(t); err != nil || !ch.Repeated || ch.Next.Key != key || ch.Next.Version != stored.Version {
		t.Errorf("%v: repeated %t, %+v", err, ch.Repeated, ch.Next.Key)
	}
}
