package outbox_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// I3: the form's function is ended before it records its question, and the YES may take days.
func TestALostQuestionGoesOnRecord(t *testing.T) {
	w := newWorld(t)
	w.Catalog.SignUp.ConfirmWithin = 96 * time.Hour
	w.faults.before = at("record", kill)
	if wasKilled, _ := survive(func() error { w.request(t); return nil }); !wasKilled {
		t.Fatal("the fault did not strike")
	}
	lost := w.carrier.sent[0]
	w.finish(t)
	if m := w.text(t, lost.Context[outbox.ContextMessage]); m.Status != consent.Unconfirmed || m.Body != lost.Body {
		t.Errorf("on record as %+v", m)
	}
	w.pass(80 * time.Hour)
	w.mustHear(t, w.inbound(saidYes))
	if state := w.contact(t).Subs["alerts"].State; state != consent.Subscribed {
		t.Errorf("the person is %s", state)
	}
}

// What cannot be rebuilt word for word is not: the record says what it lacks, and never says something else.
func TestTheRecordNeverSaysSomethingElse(t *testing.T) {
	lose := func(w *world, do func() error) outbox.SMS {
		w.faults.before = at("record", kill)
		if wasKilled, _ := survive(do); !wasKilled {
			t.Fatal("the fault did not strike")
		}
		return w.carrier.sent[len(w.carrier.sent)-1]
	}
	recorded := func(w *world, text outbox.SMS) (string, string) {
		w.pass(time.Hour)
		if err := w.Reconcile(t.Context(), w.contact(t)); err != nil {
			t.Fatal(err)
		}
		m := w.text(t, text.Context[outbox.ContextMessage])
		if m.Status != consent.Unconfirmed || len(m.History) != 1 {
			t.Errorf("on record as %+v", m)
		}
		return m.Body, m.History[0].Detail
	}
	campaign := func(w *world) func() error {
		return func() error { _, err := w.send(w.contact(t), w.campaign(autumn)); return err }
	}
	t.Run("the campaign is not stored", func(t *testing.T) {
		w := newWorld(t)
		w.subscribe(t)
		if body, why := recorded(w, lose(w, campaign(w))); body != "" || !strings.HasSuffix(why, "its words are not known: its campaign is not stored") {
			t.Errorf("%q, %q", body, why)
		}
	})
	t.Run("the campaign says something else", func(t *testing.T) {
		w := newWorld(t)
		w.subscribe(t)
		w.store(t, autumn)
		text := w.campaign(autumn)
		text.Body = "Example Corp.: something else. Reply STOP to cancel."
		sent := lose(w, func() error { _, err := w.send(w.contact(t), text); return err })
		if body, why := recorded(w, sent); body != "" || !strings.Contains(why, "says something else now") {
			t.Errorf("%q, %q", body, why)
		}
	})
	t.Run("the opt-out notice is worded another way", func(t *testing.T) {
		w := newWorld(t)
		w.subscribe(t)
		w.store(t, autumn)
		w.pass(33 * 24 * time.Hour)
		text := w.campaign(autumn)
		text.Expires = w.now().Add(time.Hour)
		sent := lose(w, func() error { _, err := w.send(w.contact(t), text); return err })
		reworded := strings.Replace(programs, "region: US\n", "region: US\n    texts: {en: {notice: Text STOP to end.}}\n", 1)
		w.under(t, reworded)
		if body, why := recorded(w, sent); body != offer || !strings.Contains(why, "the opt-out notice behind it was worded another way") {
			t.Errorf("it said %q; %q, %q", sent.Body, body, why)
		}
	})
	t.Run("our own text is worded another way", func(t *testing.T) {
		w := newWorld(t)
		w.subscribe(t)
		sent := lose(w, func() error { return w.hear(w.inbound(saidHelp)) })
		w.under(t, strings.ReplaceAll(programs, "help@example.com", "care@example.com"))
		if body, why := recorded(w, sent); body != "" || !strings.Contains(why, "have changed since") {
			t.Errorf("it said %q; %q, %q", sent.Body, body, why)
		}
	})
	t.Run("the program is gone", func(t *testing.T) {
		w := newWorld(t)
		sent := lose(w, func() error { return w.hear(w.inbound(saidHelp)) })
		w.under(t, strings.ReplaceAll(programs, "- id: alerts", "- id: offers"))
		if body, why := recorded(w, sent); body != "" || !strings.HasSuffix(why, "programs.yaml no longer has its program") {
			t.Errorf("it said %q; %q, %q", sent.Body, body, why)
		}
	})
	t.Run("a link", func(t *testing.T) {
		w := newWorld(t)
		w.subscribe(t)
		links := &pages{}
		w.Links = links
		sent := lose(w, func() error { return w.hear(w.inbound(saidHelp)) })
		w.Links = nil // as in the audit
		body, why := recorded(w, sent)
		if body == "" || strings.Contains(body, "http") || !strings.Contains(why, "a link to the preference page, if it had one, is left out") {
			t.Errorf("it said %q; %q, %q", sent.Body, body, why)
		}
		sent = lose(w, func() error { w.Links = links; w.pass(time.Hour); return w.hear(w.inbound(saidHelp)) })
		want := strings.Replace(sent.Body, "https://example.com/preferences?t=secret"+strings.Repeat("x", len(links.made)), "[link]", 1)
		if body, _ := recorded(w, sent); body != want {
			t.Errorf("it said %q; %q", sent.Body, body)
		}
	})
}

// I3: a text that only its delivery event tells of goes on record once nobody else can be about to put it there.
func TestRecover(t *testing.T) {
	w := newWorld(t)
	w.faults.before = at("record", kill)
	if wasKilled, _ := survive(func() error { return w.hear(w.inbound(saidHelp)) }); !wasKilled {
		t.Fatal("the fault did not strike")
	}
	id := w.carrier.sent[0].Context[outbox.ContextMessage]
	w.pass(outbox.LostAfter - time.Millisecond)
	if err := w.Recover(t.Context(), w.contact(t), id, "aws-1"); err == nil || len(w.stored(t).Messages) != 0 {
		t.Errorf("on record while its sender may put it there: %v", err)
	}
	w.pass(time.Millisecond)
	if err := w.Recover(t.Context(), w.contact(t), "made up", "aws-1"); err == nil || len(w.stored(t).Messages) != 0 {
		t.Errorf("on record although it was never claimed: %v", err)
	}
	if err := w.Recover(t.Context(), w.contact(t), id, "aws-1"); err != nil {
		t.Error(err)
	}
	if m := w.text(t, id); m.AWSID != "aws-1" || m.Status != consent.Unconfirmed ||
		m.Body != w.carrier.sent[0].Body || !strings.HasPrefix(m.History[0].Detail, "claimed, and no record of what followed;") {
		t.Errorf("on record as %+v", m)
	}
}

// I3: whoever finds a lost text puts the same on record: what it said, the policy, and that nobody knows its outcome.
// Only a delivery event adds AWS's ID. Each way of finding it costs no more calls than it must.
func TestEveryWayOfFindingALostTextRecordsTheSame(t *testing.T) {
	find := func(t *testing.T, lose, find func(w *world) error) (consent.Message, map[string]int) {
		t.Helper()
		s := stores.Memory(t)
		bill := dynamotest.NewBill(s.Client)
		w := worldOn(t, s)
		w.table = table.New(bill, s.Table, w.ledger)
		w.faults.Table = w.table
		w.subscribe(t)
		w.store(t, autumn)
		w.pass(time.Hour)
		w.followUp(t)
		w.carrier.sent = nil
		w.faults.before = at("record", kill)
		if wasKilled, _ := survive(func() error { return lose(w) }); !wasKilled {
			t.Fatal("the fault did not strike")
		}
		w.pass(outbox.LostAfter)
		bill.Take()
		if err := find(w); err != nil {
			t.Fatal(err)
		}
		calls, _ := bill.Take()
		sent := w.carrier.sent
		if len(sent) != 1 {
			t.Fatalf("I2: it went out %d times", len(sent))
		}
		m := w.text(t, sent[0].Context[outbox.ContextMessage])
		if m.Body != sent[0].Body || m.Policy != w.Gate.Policy() || m.Status != consent.Unconfirmed ||
			len(m.History) != 1 || !m.History[0].At.Equal(w.now()) ||
			!strings.HasPrefix(m.History[0].Detail, "claimed, and no record of what followed") {
			t.Errorf("on record as %+v", m)
		}
		return m, calls
	}
	byAudit := func(w *world) error { return w.Reconcile(t.Context(), w.contact(t)) }
	byFollowUp := func(w *world) error { return w.FollowUp(t.Context(), w.contact(t)) }
	byReceipt := func(w *world) error {
		return w.Recover(t.Context(), w.contact(t), w.carrier.sent[0].Context[outbox.ContextMessage], "aws-1")
	}
	var said consent.Inbound
	for what, tc := range map[string]struct {
		lose func(w *world) error
		ways map[string]func(w *world) error
		cost map[string]map[string]int
	}{
		"a campaign's text": {
			func(w *world) error { _, err := w.send(w.contact(t), w.campaign(autumn)); return err },
			map[string]func(w *world) error{
				"audit":   byAudit,
				"receipt": byReceipt,
				"its job": func(w *world) error { _, err := w.send(w.contact(t), w.campaign(autumn)); return err },
			},
			// One read is of the contact; the campaign's text is read where nobody knows it.
			map[string]map[string]int{
				"audit":   {"GetItem": 2, "BatchGetItem": 1, "PutItem": 1},
				"receipt": {"GetItem": 2, "PutItem": 1},
				"its job": {"GetItem": 1, "BatchGetItem": 1, "PutItem": 1},
			},
		},
		"an answer": {
			func(w *world) error { said = w.inbound(saidHelp); return w.hear(said) },
			map[string]func(w *world) error{
				"audit":     byAudit,
				"receipt":   byReceipt,
				"follow-up": byFollowUp,
				"its event": func(w *world) error { return w.hear(said) },
			},
			map[string]map[string]int{
				"audit":   {"GetItem": 1, "BatchGetItem": 1, "PutItem": 1},
				"receipt": {"GetItem": 1, "PutItem": 1},
			},
		},
	} {
		t.Run(what, func(t *testing.T) {
			want, _ := find(t, tc.lose, tc.ways["audit"])
			for way, by := range tc.ways {
				m, calls := find(t, tc.lose, by)
				if id := m.AWSID; (way == "receipt") != (id == "aws-1") {
					t.Errorf("%s: AWS's ID is %q", way, id)
				}
				m.ID, m.AWSID = want.ID, ""
				if diff := cmp.Diff(want, m); diff != "" {
					t.Errorf("%s (-audit +%s):\n%s", way, way, diff)
				}
				if cost, fixed := tc.cost[way]; fixed {
					delete(calls, dynamotest.ItemsWritten)
					if diff := cmp.Diff(cost, calls); diff != "" {
						t.Errorf("%s: calls (-want +got):\n%s", way, diff)
					}
				}
			}
		})
	}
}

// I1: a text whose claim was left behind is decided on anew when that is taken back: it goes to nobody who said STOP
// meanwhile.
func TestARefusedTextIsNotSentPastASTOP(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.carrier.onSend = full(1)
	w.faults.before = at("bookkeeping", kill)
	if wasKilled, _ := survive(func() error { _, err := w.send(w.contact(t), w.campaign(autumn)); return err }); !wasKilled {
		t.Fatal("the fault did not strike")
	}
	w.mustHear(t, w.inbound(saidStop))
	w.carrier.sent = nil
	out := w.mustSend(t, w.campaign(autumn))
	if _, left := w.claim(t, autumn); out.Texted() || out.Decision.Rule != "opted-out" || len(w.carrier.sent) > 0 || left {
		t.Errorf("I1: %+v, its claim is left %t", out, left)
	}
}

// A campaign's text that the carrier refused for certain goes out when its job comes again, also where the function was
// ended before it took the claim back.
func TestARefusedTextIsSentThoughItsClaimWasLeft(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.carrier.onSend = full(1)
	w.faults.before = at("bookkeeping", kill)
	wasKilled, _ := survive(func() error { _, err := w.send(w.contact(t), w.campaign(autumn)); return err })
	if _, left := w.claim(t, autumn); !wasKilled || !left {
		t.Fatal("the fault did not strike")
	}
	if out := w.mustSend(t, w.campaign(autumn)); out.Sent == nil || out.Already {
		t.Errorf("outcome %+v", out)
	}
}

// I3: a single text that was lost goes on record in its own words, which its claim holds for as long as that may take.
func TestALostSingleTextGoesOnRecordInItsWords(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	text := w.campaign("")
	text.Ref, text.Vouched = "order-4711", message.Vouched{NotMarketing: "shop"}
	w.faults.before = at("record", kill)
	if wasKilled, _ := survive(func() error { _, err := w.SendOne(t.Context(), w.contact(t), text); return err }); !wasKilled {
		t.Fatal("the fault did not strike")
	}
	w.pass(outbox.LostAfter)
	if err := w.Reconcile(t.Context(), w.contact(t)); err != nil {
		t.Fatal(err)
	}
	m := w.text(t, w.carrier.sent[0].Context[outbox.ContextMessage])
	if m.Status != consent.Unconfirmed || m.Body != w.carrier.sent[0].Body || m.Ref != text.Ref || m.Vouched != text.Vouched {
		t.Errorf("on record as %+v", m)
	}
}

// A campaign that meets a claim of its own puts that text on record, and leaves alone another's that may be on its way.
func TestACampaignRecordsItsOwnLostTextOnly(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	for _, id := range []string{autumn, winter} {
		w.faults.before = at("record", kill)
		if wasKilled, _ := survive(func() error { _, err := w.send(w.contact(t), w.campaign(id)); return err }); !wasKilled {
			t.Fatal("the fault did not strike")
		}
		w.pass(w.Catalog.LeastGap)
	}
	if out := w.mustSend(t, w.campaign(autumn)); !out.Already {
		t.Errorf("%+v", out)
	}
	var recorded []string
	for _, m := range w.stored(t).Messages {
		if m.Campaign != "" {
			recorded = append(recorded, m.Campaign)
		}
	}
	if len(recorded) != 1 || recorded[0] != autumn {
		t.Errorf("on record are %q", recorded)
	}
}

// Whoever sends one text learns of what went wrong: of the record beside the outcome, for the text is gone.
func TestWhatGoesWrongWithOneText(t *testing.T) {
	for _, op := range []string{"claim", "record"} {
		w := newWorld(t)
		w.subscribe(t)
		w.faults.before = at(op, fail)
		out, err := w.SendOne(t.Context(), w.contact(t), w.campaign(autumn))
		if !errors.Is(err, errInjected) || (out.Sent != nil) != (op == "record") {
			t.Errorf("%s failed: %+v, %v", op, out, err)
		}
	}
}
