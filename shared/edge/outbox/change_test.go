package outbox_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// The claim is written before the carrier hears of the text, for answers and for campaigns.
func TestTheClaimStandsBeforeTheTextIsSent(t *testing.T) {
	w := newWorld(t)
	seen := 0
	w.carrier.onSend = func(text outbox.SMS) error {
		seen++
		c := w.contact(t)
		cl, ok := c.Claimed(text.Context[outbox.ContextMessage])
		if !ok || cl.Content != message.ContentHash(text.Body) || !cl.At.Equal(w.now()) {
			t.Errorf("claim at the time of sending: %+v, %t", cl, ok)
		}
		if text.Context[outbox.ContextBrand] != "example" || text.To != key.Phone {
			t.Errorf("the text names %v", text.Context)
		}
		return nil
	}
	w.subscribe(t)
	w.mustHear(t, w.inbound(saidHelp))
	if out := w.mustSend(t, w.campaign(autumn)); out.Sent == nil {
		t.Errorf("not sent: %+v", out.Decision)
	}
	if seen != 4 {
		t.Errorf("%d texts went out, want request, welcome, help and campaign", seen)
	}
}

// A contact that changed under a decision is decided on again, as it is then.
func TestAConflictDecidesAgain(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	other := w.inbound(saidOther)
	w.faults.before = at("commit", func() error { return w.hear(other) })
	in := w.inbound(saidHelp)
	var versions []int64
	_, err := w.Change(t.Context(), key, func(c consent.Contact) consent.Change {
		versions = append(versions, c.Version)
		return c.Hear(in)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(versions) != 2 || versions[1] <= versions[0] {
		t.Errorf("decided on versions %v, want an old one and a new one", versions)
	}
	if !w.heard(t, in) || !w.heard(t, other) {
		t.Error("one of the two messages was lost")
	}
	if n := len(w.carrier.sent); n != 1 {
		t.Errorf("I9: %d answers to HELP, want 1", n)
	}
}

func TestAConflictWithoutEndIsAnError(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.faults.before = func(op string) error {
		if op == "read" {
			return nil
		}
		return table.ErrConflict
	}
	if err := w.hear(w.inbound(saidHelp)); err == nil || !strings.Contains(err.Error(), "conflicts") {
		t.Errorf("Change = %v", err)
	}
	if _, err := w.Send(t.Context(), w.contact(t), w.campaign(autumn)); err == nil || !strings.Contains(err.Error(), "conflicts") {
		t.Errorf("Send = %v", err)
	}
	if did := w.did(); len(did) != 0 {
		t.Errorf("it did %q", did)
	}
}

// I9: a reply the gate refuses stays unsent; what the person said is written down all the same.
func TestARefusedReplyLeavesTheChange(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	for range 12 {
		w.pass(time.Second)
		w.mustHear(t, w.inbound(saidHelp))
	}
	if n := len(w.carrier.sent); n != 5 { // and the request; the welcome tells of a change
		t.Errorf("%d answers, want the 5 that are left of the hour's 6", n)
	}
	if n := len(w.record(t).Events); n != 14 {
		t.Errorf("%d events, want 14", n)
	}
	if !strings.Contains(w.metrics.String(), `"TextRefused":1}`) {
		t.Error("nobody counted the refusal")
	}
}

// AWS refuses every text to a listed number. So the number follows its STOP an hour later, and until then HELP and STOP
// ALL are answered, however often the follow-up passes.
func TestHELPAndSTOPALLAreAnsweredWithinTheHourOfASTOP(t *testing.T) {
	stores.Each(t, func(t *testing.T, s dynamotest.Store) {
		w := worldOn(t, s)
		w.subscribe(t)
		w.mustHear(t, w.inbound(saidStop))
		want := []string{"commit", "send STOP: You're unsubscribed from Example Corp. alerts. No more messages will be sent. For more info, email help@example.com.", "record"}
		if diff := cmp.Diff(want, w.did()); diff != "" {
			t.Error(diff)
		}
		for range 5 {
			w.pass(10 * time.Minute)
			w.followUp(t)
		}
		w.pass(9 * time.Minute)
		w.mustHear(t, w.inbound(saidHelp))
		w.mustHear(t, w.inbound(saidStopAll))
		if diff := cmp.Diff([]string{"confirmation sent", "reply sent", "reply sent", "reply sent", "reply sent"}, w.statuses(t)); diff != "" {
			t.Error(diff)
		}
		if last := w.carrier.sent[2].Body; len(w.carrier.sent) != 3 || !strings.HasPrefix(last, "STOP: You're unsubscribed from all Example Corp.") {
			t.Errorf("%d answers, the last is %q", len(w.carrier.sent), last)
		}
		for range 5 {
			w.pass(10 * time.Minute)
			w.followUp(t)
		}
		w.pass(9 * time.Minute)
		w.followUp(t)
		if lists := w.carrier.lists(); len(lists) != 0 {
			t.Errorf("on %q within the hour of the last STOP", lists)
		}
		w.pass(time.Minute)
		w.followUp(t)
		if diff := cmp.Diff([]string{listed, "example-orders +12065550142"}, w.carrier.lists()); diff != "" {
			t.Error(diff)
		}
		if c := w.contact(t); !c.FollowUp.IsZero() {
			t.Errorf("looked at again at %s, though all is done", c.FollowUp)
		}
		// From then on AWS refuses the answer to HELP, which the answer to STOP therefore does not promise.
		w.mustHear(t, w.inbound(saidHelp))
		if got := w.statuses(t); got[len(got)-1] != "reply rejected" {
			t.Errorf("HELP after the hour: %q", got)
		}
	})
}

// Whoever comes back within the hour never was on AWS's list, and does not use up the one removal in 30 days.
func TestSTARTWithinTheHourUsesUpNoRemoval(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	var removals []time.Time
	w.carrier.onOptIn = func() error {
		switch {
		case len(w.carrier.lists()) == 0:
			return nil // AWS does not know the number, which the outbox takes for done
		case len(removals) > 0:
			return outbox.ErrStaysOptedOut
		}
		removals = append(removals, w.now())
		return nil
	}
	back := func() {
		t.Helper()
		start := w.inbound(saidStart)
		start.Program = oneStep(w)
		w.mustHear(t, start)
		if _, stopped := w.stopped(t); stopped {
			t.Fatal("the START was not heard")
		}
		w.finish(t)
		if lists := w.carrier.lists(); len(lists) != 0 {
			t.Fatalf("on %q after START", lists)
		}
	}
	for range 3 {
		w.mustHear(t, w.inbound(saidStop))
		for range 5 {
			w.pass(10 * time.Minute)
			w.followUp(t)
		}
		w.pass(9 * time.Minute)
		back()
	}
	if len(removals) != 0 {
		t.Fatalf("taken off AWS's list at %v", removals)
	}
	w.mustHear(t, w.inbound(saidStop))
	w.finish(t)
	if diff := cmp.Diff([]string{listed}, w.carrier.lists()); diff != "" {
		t.Fatal(diff)
	}
	back()
	if len(removals) != 1 {
		t.Errorf("taken off AWS's list at %v, want once", removals)
	}
}

// START takes the number off AWS's list before it is written: should anything fail in between, the table still says
// stopped.
func TestStartLiftsBeforeItIsWritten(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.mustHear(t, w.inbound(saidStop))
	w.finish(t)
	if diff := cmp.Diff([]string{listed}, w.carrier.lists()); diff != "" {
		t.Fatal(diff)
	}
	w.did()

	start := w.inbound(saidStart)
	w.carrier.onOptIn = fail
	if err := w.hear(start); !errors.Is(err, errInjected) {
		t.Fatalf("Change = %v", err)
	}
	if diff := cmp.Diff([]string{"take off Default"}, w.did()); diff != "" {
		t.Error(diff)
	}
	if c := w.contact(t); c.Subs["alerts"].State != consent.Unsubscribed {
		t.Errorf("the person is %s", c.Subs["alerts"].State)
	}

	w.carrier.onOptIn = nil
	w.mustHear(t, start)
	if did := w.did(); len(did) != 4 || did[0] != "take off Default" || did[1] != "commit" || !strings.HasPrefix(did[2], "send Text YES to join") || did[3] != "record" {
		t.Errorf("it did %q", did)
	}
	if lists := w.carrier.lists(); len(lists) != 0 {
		t.Errorf("still on %q", lists)
	}
}

// AWS takes a number off its list once in 30 days. Where it will not, the person stays stopped, the ledger says why,
// and no text is tried.
func TestALiftThatAWSRefusesLeavesTheStop(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.mustHear(t, w.inbound(saidStop))
	w.finish(t)
	w.carrier.onOptIn = func() error { return outbox.ErrStaysOptedOut }
	texts := len(w.carrier.sent)
	start := w.inbound(saidStart)
	for range 2 {
		w.mustHear(t, start)
	}
	r := w.record(t)
	if r.Contact.Subs["alerts"].State != consent.Unsubscribed {
		t.Errorf("the person is %s", r.Contact.Subs["alerts"].State)
	}
	if last := r.Events[len(r.Events)-1]; last.Type != consent.KeptOut || last.Evidence["inbound"] != start.ID || last.Evidence["list"] == "" {
		t.Errorf("the last event is %+v", last)
	}
	if len(w.carrier.sent) != texts {
		t.Errorf("texts were sent to a number on AWS's list: %+v", w.carrier.sent[texts:])
	}
	if !strings.Contains(w.metrics.String(), `"StaysOptedOut"`) {
		t.Error("nobody counted it")
	}
	if out := w.mustSend(t, w.campaign(autumn)); out.Decision.Rule != "opted-out" {
		t.Errorf("the next text: %+v", out.Decision)
	}
}

// I8: a STOP that comes while a START is being written wins, on AWS's list too: even where both come so late that the
// follow-up lists the STOP at once, and the START then takes the number off.
func TestAStopDuringAStartStaysOnTheList(t *testing.T) {
	for name, meet := range map[string]func(w *world, stop func() error){
		"before the lift":   func(w *world, stop func() error) { w.carrier.onOptIn = once(stop) },
		"before the commit": func(w *world, stop func() error) { w.faults.before = at("commit", stop) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.subscribe(t)
			w.pass(10 * time.Minute)
			w.mustHear(t, w.inbound(saidStop))
			w.pass(time.Minute)
			start := w.inbound(saidStart)
			w.pass(time.Second)
			stop := w.inbound(saidStop)
			w.pass(2 * time.Hour)
			meet(w, func() error { err := w.hear(stop); w.followUp(t); w.did(); return err })
			w.mustHear(t, start)
			if did := w.did(); name == "before the lift" && len(w.carrier.lists()) != 0 {
				t.Fatalf("the race did not come about: it did %q", did)
			}
			c := w.contact(t)
			if _, stopped := c.StoppedAt("alerts"); !stopped {
				t.Error("the older START undid the STOP")
			}
			w.finish(t)
			if diff := cmp.Diff([]string{listed}, w.carrier.lists()); diff != "" {
				t.Error(diff)
			}
			if n := len(w.carrier.sent); n != 1 {
				t.Errorf("%d texts, want the answer to the first STOP", n)
			}
		})
	}
}

// I2, I3, I9: whenever the function is ended or a call fails, the message that SNS delivers again is never answered
// twice, and every answer that was handed over is on record in the end.
func TestAMessageDeliveredAgainIsAnsweredOnce(t *testing.T) {
	type crash struct {
		name   string
		inject func(*world)
		sent   int // texts the carrier was handed, over both deliveries
	}
	before := func(op string, how func() error) func(*world) {
		return func(w *world) { w.faults.before = at(op, how) }
	}
	after := func(op string, how func() error) func(*world) {
		return func(w *world) { w.faults.after = at(op, how) }
	}
	crashes := []crash{
		{"killed before the commit", before("commit", kill), 1},
		{"the commit fails", before("commit", fail), 1},
		{"killed after the commit", after("commit", kill), 0},
		{"the commit's answer is lost", after("commit", fail), 0},
		{"killed after sending", func(w *world) { w.carrier.onSend = func(outbox.SMS) error { return kill() } }, 1},
		{"nobody knows what became of it", func(w *world) { w.carrier.onSend = func(outbox.SMS) error { return fail() } }, 1},
		{"killed before the record", before("record", kill), 1},
		{"the record fails", before("record", fail), 1},
		{"the record's answer is lost", after("record", fail), 1},
		{"killed after the record", after("record", kill), 1},
	}
	for _, intent := range []keyword.Intent{saidHelp, saidStop, saidStart, saidYes} {
		for _, cr := range crashes {
			t.Run(string(intent.Kind)+", "+cr.name, func(t *testing.T) {
				w := newWorld(t)
				switch intent.Kind {
				case keyword.Confirm:
					_, err := w.Change(t.Context(), key, func(c consent.Contact) consent.Change {
						return c.Request(consent.Request{At: w.now(), Source: consent.SourceForm, Topics: w.program("alerts").Topics, Terms: w.Catalog.SignUp})
					})
					if err != nil {
						t.Fatal(err)
					}
				case keyword.OptIn:
					w.subscribe(t)
					w.mustHear(t, w.inbound(saidStop))
				default:
					w.subscribe(t)
				}
				w.pass(time.Second)
				w.carrier.sent = nil
				already := len(w.record(t).Events)
				onRecord := len(w.record(t).Messages)

				in := w.inbound(intent)
				cr.inject(w)
				wasKilled, err := survive(func() error { return w.hear(in) })
				if !wasKilled && err == nil && cr.name != "nobody knows what became of it" {
					t.Fatal("the fault did not strike")
				}
				w.faults.before, w.faults.after, w.carrier.onSend = nil, nil, nil
				for range 2 {
					w.pass(time.Second)
					w.mustHear(t, in)
				}

				if n := len(w.carrier.sent); n != cr.sent {
					t.Errorf("I9: %d texts were handed over, want %d", n, cr.sent)
				}
				r := w.record(t)
				if n := len(r.Events) - already; n != 1 {
					t.Errorf("I4: %d events, want 1", n)
				}
				if n := len(r.Messages) - onRecord; n != 1 {
					t.Errorf("I3: %d texts on record for one answer", n)
				}
				if m := r.Messages[len(r.Messages)-1]; m.Body == "" {
					t.Error("I3: the record does not say what the text said")
				}
				for _, text := range w.carrier.sent {
					// Where the table failed a STOP, the number is on AWS's list before its answer can go, and AWS refuses that.
					refused := intent.Kind == keyword.OptOut && cr.name == "the commit fails"
					if m := w.text(t, text.Context[outbox.ContextMessage]); m.Body != text.Body {
						t.Errorf("I3: the record says %q, the text said %q", m.Body, text.Body)
					} else if (m.Status == consent.Rejected) != refused || (!refused && m.Status != consent.Sent && m.Status != consent.Unconfirmed) {
						t.Errorf("I3: a text that was refused (%t) is on record as %s", refused, m.Status)
					}
				}
				w.finish(t)
				if listed := len(w.carrier.lists()) == 1; listed != (intent.Kind == keyword.OptOut) {
					t.Errorf("on AWS's list: %t", listed)
				}
			})
		}
	}
}

// A message that comes again while its first delivery is still sending must not spoil the record of that one.
func TestTheSenderKnowsBetterThanARepeat(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	in := w.inbound(saidHelp)
	w.faults.before = at("record", func() error { return w.hear(in) })
	w.mustHear(t, in)
	if len(w.carrier.sent) != 1 {
		t.Fatalf("%d texts", len(w.carrier.sent))
	}
	m := w.text(t, w.carrier.sent[0].Context[outbox.ContextMessage])
	if m.Status != consent.Sent || m.AWSID == "" || m.Body == "" {
		t.Errorf("on record as %+v", m)
	}
}

// What went out is put on record even when the function's time is up (I3).
func TestTheRecordOutlivesTheContext(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	ctx, cancel := context.WithCancel(t.Context())
	w.carrier.onSend = func(outbox.SMS) error { cancel(); return nil }
	in := w.inbound(saidHelp)
	if _, err := w.Change(ctx, key, func(c consent.Contact) consent.Change { return c.Hear(in) }); err != nil {
		t.Fatal(err)
	}
	if m := w.text(t, w.carrier.sent[0].Context[outbox.ContextMessage]); m.Status != consent.Sent {
		t.Errorf("on record as %s", m.Status)
	}
}

// A sign-up for what the person has already writes and sends nothing.
func TestAnEmptyChangeWritesNothing(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	version := w.contact(t).Version
	ch, err := w.Change(t.Context(), key, func(c consent.Contact) consent.Change {
		return c.Request(consent.Request{At: w.now(), Source: consent.SourceForm, Topics: w.program("alerts").Topics, Terms: w.Catalog.SignUp})
	})
	if err != nil || !ch.Empty() {
		t.Errorf("Change = %+v, %v", ch, err)
	}
	if did := w.did(); len(did) != 0 || w.contact(t).Version != version {
		t.Errorf("it did %q", did)
	}
}
