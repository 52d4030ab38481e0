package outbox_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox"
)

// I1: a STOP that is written between the decision and the claim wins; one that is written after the claim finds the
// text gone.
func TestAStopBeforeTheClaimWins(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	stop := w.inbound(saidStop)
	w.faults.before = at("claim", func() error { return w.hear(stop) })
	out := w.mustSend(t, w.campaign(autumn))
	if out.Decision.Rule != "opted-out" || out.Sent != nil || out.Texted() {
		t.Errorf("outcome %+v", out)
	}
	if c := w.contact(t); len(w.carrier.sent) != 1 { // the answer to STOP
		t.Errorf("%d texts after STOP, claims %+v", len(w.carrier.sent), c.Claims)
	}
}

// I1: STOP and a campaign race. No claim is newer than the STOP, and no text goes out without a claim older than it.
func TestStopAndSendRace(t *testing.T) {
	w := newWorld(t)
	const people = 40
	var mu sync.Mutex
	texted := map[phone.Number]string{} // claim under which a person got the campaign
	w.carrier.onSend = func(text outbox.SMS) error {
		if text.Body == offer {
			mu.Lock()
			defer mu.Unlock()
			texted[text.To] = text.Context[outbox.ContextMessage]
		}
		return nil
	}
	var all sync.WaitGroup
	stopped, claimed := make([]int64, people), make([]int64, people) // versions the two wrote
	for n := range people {
		k := consent.Key{Brand: "example", Phone: phone.Number(fmt.Sprintf("+12065551%03d", n))}
		change := func(decide func(consent.Contact) consent.Change) outbox.Changed {
			ch, err := w.Change(t.Context(), k, decide)
			if err != nil {
				t.Error(err)
			}
			return ch
		}
		change(func(c consent.Contact) consent.Change {
			return c.Request(consent.Request{At: w.now(), Source: consent.SourceForm, Topics: w.program("alerts").Topics, Terms: w.Catalog.SignUp})
		})
		yes := w.inbound(saidYes)
		change(func(c consent.Contact) consent.Change { return c.Hear(yes) })
		read, err := w.table.Contact(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		stop := w.inbound(saidStop)
		// Neither writes before the other is about to, so that they meet at the table.
		ready := map[string]chan struct{}{"commit": make(chan struct{}), "claim": make(chan struct{})}
		var once [2]sync.Once
		w.faults.before = func(op string) error {
			switch op {
			case "commit":
				once[0].Do(func() { close(ready["commit"]) })
				<-ready["claim"]
			case "claim":
				once[1].Do(func() { close(ready["claim"]) })
				<-ready["commit"]
			}
			return nil
		}
		racers := []func(){
			func() {
				stopped[n] = change(func(c consent.Contact) consent.Change { return c.Hear(stop) }).Next.Version
			},
			func() {
				out, err := w.send(read, w.campaign(autumn))
				// A STOP that is done before an older claim's text is handed over has the number on AWS's list, which keeps it
				// back.
				late := out.Rejection != nil && out.Rejection.OptedOut
				if err != nil || out.Texted() == (out.Decision.Rule == "opted-out" || late) {
					t.Errorf("Send = %+v, %v", out, err)
				}
				if late {
					mu.Lock()
					delete(texted, k.Phone)
					mu.Unlock()
				}
				if out.Sent != nil {
					// The claim was the next write on what was read, or the STOP would have been found.
					claimed[n] = read.Version + 1
				}
			},
		}
		for i := range racers {
			all.Go(racers[(i+n)%len(racers)])
		}
		all.Wait()
		w.faults.before = nil
		c, err := w.table.Contact(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		cl, has := c.CampaignClaim(autumn)
		if has != (texted[k.Phone] != "") || has && cl.ID != texted[k.Phone] {
			t.Errorf("claim %q, texted under %q", cl.ID, texted[k.Phone])
		}
		if has && claimed[n] >= stopped[n] {
			t.Errorf("I1: claimed in version %d, stopped in %d", claimed[n], stopped[n])
		}
	}
	t.Logf("%d of %d were texted before their STOP", len(texted), people)
}

// I2: of many jobs that walk over the same person at once, one sends.
func TestManySendsOfACampaignAreOneText(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	c := w.contact(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if out, err := w.send(c, w.campaign(autumn)); err != nil || !out.Texted() {
				t.Errorf("Send = %+v, %v", out, err)
			}
		})
	}
	all.Wait()
	if n := len(w.carrier.sent); n != 1 {
		t.Errorf("I2: %d texts", n)
	}
	if m := w.text(t, w.carrier.sent[0].Context[outbox.ContextMessage]); m.Status != consent.Sent {
		t.Errorf("I3: on record as %s", m.Status)
	}
}

// A text AWS had no capacity for did not go out: its claim counts for nothing and it may be sent later.
func TestAThrottledTextMayBeSentLater(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.carrier.onSend = func(outbox.SMS) error { return &outbox.Rejection{Reason: "THROTTLED", Throttled: true} }
	out := w.mustSend(t, w.campaign(autumn))
	if out.Texted() || out.Rejection == nil || !out.Rejection.Throttled {
		t.Errorf("throttled: %+v", out)
	}
	if c := w.contact(t); len(c.Claims) != 2 { // of the question and the welcome
		t.Errorf("the claim stands: %+v", c.Claims)
	}
	refused := w.carrier.sent[0].Context[outbox.ContextMessage]
	w.carrier.onSend = nil
	w.pass(time.Minute)
	if again := w.mustSend(t, w.campaign(autumn)); !again.Texted() || again.Already {
		t.Errorf("a minute later: %+v", again)
	}
	if m := w.text(t, refused); m.Status != consent.Rejected || m.History[0].Detail != "THROTTLED" {
		t.Errorf("I3: the first try is on record as %+v", m)
	}
}

// Whom AWS holds on its opt-out list has opted out, where only AWS heard it.
func TestAnOptOutOnlyAWSHeard(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	if err := w.carrier.OptOut(t.Context(), "Default", key.Phone); err != nil {
		t.Fatal(err)
	}
	out := w.mustSend(t, w.campaign(autumn))
	if out.Texted() || out.Rejection == nil || !out.Rejection.OptedOut {
		t.Errorf("outcome %+v", out)
	}
	r := w.record(t)
	if r.Contact.Subs["alerts"].State != consent.Unsubscribed {
		t.Errorf("the person is %s", r.Contact.Subs["alerts"].State)
	}
	if e := r.Events[len(r.Events)-1]; e.Type != consent.OptedOut || e.Source != "carrier" {
		t.Errorf("I4: the last event is %+v", e)
	}
	if m := w.text(t, w.carrier.sent[0].Context[outbox.ContextMessage]); m.Status != consent.Rejected {
		t.Errorf("on record as %s", m.Status)
	}
	for _, id := range []string{autumn, winter} {
		if out := w.mustSend(t, w.campaign(id)); out.Decision.Rule != "opted-out" || out.Texted() {
			t.Errorf("the next: %+v", out)
		}
	}
	if n := len(w.carrier.sent); n != 1 {
		t.Errorf("%d texts were handed over, want 1", n)
	}
}

// I2, I3: a text whose outcome nobody knows is on record as that, and never sent again.
func TestAnUnknownOutcomeIsNeverSentAgain(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.carrier.onSend = func(outbox.SMS) error { return errors.New("outcome of sending unknown: InternalServerException") }
	out := w.mustSend(t, w.campaign(autumn))
	if !out.Texted() || out.Sent.Message.Status != consent.Unconfirmed || out.Rejection != nil {
		t.Errorf("outcome %+v", out)
	}
	recorded := w.text(t, out.Sent.Message.ID)
	w.carrier.onSend = nil
	w.pass(time.Hour)
	again := w.mustSend(t, w.campaign(autumn))
	if !again.Already || !again.Texted() || again.Sent != nil {
		t.Errorf("again: %+v", again)
	}
	if n := len(w.carrier.sent); n != 1 {
		t.Errorf("I2: handed over %d times", n)
	}
	if diff := cmp.Diff(recorded, w.text(t, out.Sent.Message.ID)); diff != "" {
		t.Errorf("the record changed: %s", diff)
	}
	if !strings.Contains(w.metrics.String(), `"Unconfirmed"`) {
		t.Error("nobody counted it")
	}
}

// I2, I3: wherever the function is ended, a campaign's text is handed over at most once and is on record once the job
// came again.
func TestACampaignSurvivesCrashes(t *testing.T) {
	for name, tc := range map[string]struct {
		inject func(*world)
		sent   int
		status consent.Status
	}{
		"killed before the claim":    {func(w *world) { w.faults.before = at("claim", kill) }, 1, consent.Sent},
		"the claim fails":            {func(w *world) { w.faults.before = at("claim", fail) }, 1, consent.Sent},
		"killed after the claim":     {func(w *world) { w.faults.after = at("claim", kill) }, 0, consent.Unconfirmed},
		"the claim's answer is lost": {func(w *world) { w.faults.after = at("claim", fail) }, 0, consent.Unconfirmed},
		"killed after sending":       {func(w *world) { w.carrier.onSend = func(outbox.SMS) error { return kill() } }, 1, consent.Unconfirmed},
		"killed before the record":   {func(w *world) { w.faults.before = at("record", kill) }, 1, consent.Unconfirmed},
		"the record fails":           {func(w *world) { w.faults.before = at("record", fail) }, 1, consent.Unconfirmed},
		"killed after the record":    {func(w *world) { w.faults.after = at("record", kill) }, 1, consent.Sent},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.subscribe(t)
			w.pass(32 * 24 * time.Hour) // so that the text needs an opt-out notice
			text := w.campaign(autumn)
			text.Expires = w.now().Add(24 * time.Hour)
			tc.inject(w)
			if wasKilled, err := survive(func() error { _, err := w.send(w.contact(t), text); return err }); !wasKilled && err == nil {
				t.Fatal("the fault did not strike")
			}
			w.faults.before, w.faults.after, w.carrier.onSend = nil, nil, nil
			for range 2 {
				w.pass(time.Minute)
				if out := w.mustSend(t, text); !out.Texted() {
					t.Errorf("%+v", out)
				}
			}
			if n := len(w.carrier.sent); n != tc.sent {
				t.Errorf("I2: handed over %d times, want %d", n, tc.sent)
			}
			cl, _ := w.claim(t, autumn)
			m := w.text(t, cl.ID)
			if m.Status != tc.status || m.Campaign != autumn || m.Identity != "+12065550100" || m.Policy != w.Gate.Policy() {
				t.Errorf("I3: on record as %+v", m)
			}
			if want := offer + " Reply STOP to unsubscribe."; m.Body != want {
				t.Errorf("I3: the record says %q, want what went out: %q", m.Body, want)
			}
		})
	}
}

// What the gate refuses or defers leaves no trace.
func TestARefusedTextLeavesNoTrace(t *testing.T) {
	w := newWorld(t)
	if out := w.mustSend(t, w.campaign(autumn)); out.Decision.Verdict != gate.Refuse || out.Decision.Rule != "topic-consent" {
		t.Errorf("somebody unknown: %+v", out)
	}
	w.subscribe(t)
	early := w.campaign(autumn)
	early.Opens = w.now().Add(time.Hour)
	if out := w.mustSend(t, early); out.Decision.Verdict != gate.Defer || !out.Decision.Until.Equal(early.Opens) {
		t.Errorf("too early: %+v", out)
	}
	if did := w.did(); len(did) != 0 {
		t.Errorf("it did %q", did)
	}
	stranger := w.contact(t)
	stranger.Brand = "nobody"
	if _, err := w.Send(t.Context(), stranger, w.campaign(autumn)); err == nil || strings.Contains(err.Error(), "206555") {
		t.Errorf("a brand that is not there: %v", err)
	}
}

// I3: claims that have no text on record are put there as unconfirmed, however old they are; what may still be on its
// way, what was refused and what is on record stay as they are.
func TestReconcilePutsLostTextsOnRecord(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	now := w.now()
	claim := func(age time.Duration) consent.Claim {
		cl := consent.Claim{
			ID: ulidAt(now.Add(-age)), At: now.Add(-age), Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}, Campaign: autumn,
			Content: message.ContentHash(offer),
		}
		c, err := w.table.Claim(t.Context(), w.contact(t), cl, 0)
		if err != nil {
			t.Fatal(err)
		}
		return c.Claims[len(c.Claims)-1]
	}
	lost := []consent.Claim{claim(34 * 24 * time.Hour), claim(49 * time.Hour), claim(6 * time.Minute), claim(5 * time.Minute)}
	others := []consent.Claim{claim(5*time.Minute - time.Millisecond), claim(time.Minute)}
	refused := claim(3 * time.Hour) // and the function was ended before it took the claim back
	no := sentText(refused, "refused")
	no.Message.Status = consent.Rejected
	known := claim(2 * time.Hour)
	if err := w.Record(t.Context(), sentText(known, "known"), no); err != nil {
		t.Fatal(err)
	}
	err := w.table.CreateCampaign(t.Context(), campaign.Campaign{
		ID: autumn, Brand: "example", Topic: "alerts", Text: offer, At: now, Expires: now.Add(time.Hour), Created: now, State: campaign.Running,
	})
	if err != nil {
		t.Fatal(err)
	}
	before := len(w.stored(t).Messages)

	for range 2 {
		if err := w.Reconcile(t.Context(), w.contact(t)); err != nil {
			t.Fatal(err)
		}
	}
	for _, cl := range lost {
		if m := w.text(t, cl.ID); m.Status != consent.Unconfirmed || !m.At.Equal(cl.At) || m.Campaign != autumn || m.Identity != "+12065550100" || m.Body != offer {
			t.Errorf("I3: on record as %+v", m)
		}
	}
	if m := w.text(t, known.ID); m.Status != consent.Sent || m.Body != "known" {
		t.Errorf("what is on record became %+v", m)
	}
	r := w.stored(t)
	if n := len(r.Messages) - before; n != len(lost) {
		t.Errorf("%d texts were added, want %d", n, len(lost))
	}
	for _, cl := range others {
		if slices.ContainsFunc(r.Messages, func(m consent.Message) bool { return m.ID == cl.ID }) {
			t.Errorf("the claim of %s ago was recorded", now.Sub(cl.At))
		}
	}
	if len(w.carrier.sent) != 0 {
		t.Error("I2: something was sent")
	}
	if _, claimed := r.Contact.Claimed(refused.ID); claimed || w.text(t, refused.ID).Status != consent.Rejected {
		t.Error("the claim of a refused text stands")
	}
}
