package outbox_test

import (
	"context"
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
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
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

// The opt-out notice is added for those who were not told for a month, and for nobody else (CTIA Messaging Principles
// 5.1.3).
func TestTheOptOutNoticeIsAddedWhereItIsNeeded(t *testing.T) {
	const day = 24 * time.Hour
	for name, tc := range map[string]struct {
		after time.Duration // since the welcome, which told
		body  string
		want  string
		reads string // the person's language
	}{
		"told lately":        {7 * day, offer, offer, ""},
		"told long ago":      {35 * day, offer, offer + " Reply STOP to unsubscribe.", ""},
		"reads Spanish":      {35 * day, offer, offer + " Responde STOP para cancelar.", "es-US"},
		"the text tells":     {35 * day, offer + " Text STOP to end.", offer + " Text STOP to end.", ""},
		"the word by itself": {35 * day, "Example Corp.: stop by on Friday", "Example Corp.: stop by on Friday Reply STOP to unsubscribe.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.subscribeReading(t, tc.reads)
			w.pass(tc.after)
			text := w.campaign(autumn)
			text.Body, text.Expires = tc.body, w.now().Add(day)
			out := w.mustSend(t, text)
			if len(w.carrier.sent) != 1 {
				t.Fatalf("not sent: %+v", out.Decision)
			}
			got := w.carrier.sent[0].Body
			if got != tc.want {
				t.Errorf("sent %q, want %q", got, tc.want)
			}
			cl, _ := w.claim(t, autumn)
			if added := got != tc.body; (cl.Notice != "") != added || added && tc.body+message.OptOutNotice(w.brand(), cl.Notice) != got {
				t.Errorf("the claim names a notice in %q", cl.Notice)
			}
			if told := message.HasOptOut(got); cl.OptOut != told {
				t.Errorf("the claim says told %t, the text %t", cl.OptOut, told)
			}
			if cl.Content != message.ContentHash(tc.body) {
				t.Error("the notice made another content of the text: the cross-channel rule would miss it")
			}
		})
	}
}

// Whoever was only told of the texts is told how to stop with the first of them, and again a month later; whoever said
// YES was told by the question.
func TestTheFirstTextAfterATellingTellsHowToStop(t *testing.T) {
	const shipped, day = "Example Corp.: your order has shipped.", 24 * time.Hour
	w := newWorld(t)
	topic := &w.program("orders").Topics[0]
	text := func() string {
		w.carrier.sent = nil
		w.mustSend(t, outbox.Text{Kind: message.Transactional, Program: w.program("orders"), Topic: "orders", Body: shipped})
		if len(w.carrier.sent) != 1 {
			t.Fatal("not sent")
		}
		return w.carrier.sent[0].Body
	}
	request := func(c consent.Contact) consent.Change {
		return c.Request(consent.Request{
			At: w.now(), Source: consent.SourceAPI, Topics: []program.Topic{*topic}, Terms: w.Catalog.SignUp, ToldAt: w.now(),
			Evidence: map[string]string{"at": "2026-11-24", "source": "checkout", "disclosure": "We text you when it ships."},
		})
	}
	topic.Told = true
	if _, err := w.Change(t.Context(), key, request); err != nil {
		t.Fatal(err)
	}
	notice := message.OptOutNotice(w.brand(), "en-US")
	for i, want := range []string{shipped + notice, shipped, shipped, shipped, shipped + notice} {
		if got := text(); got != want {
			t.Errorf("text %d is %q, want %q", i, got, want)
		}
		w.pass(8 * day)
	}
	w.record(t)
}

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
