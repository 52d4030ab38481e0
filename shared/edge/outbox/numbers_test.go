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

// AWS takes one call a second that reads its opt-out lists: behind the first page, where texts are paced too, each waits
// a second, and one whose time is up reads none.
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
