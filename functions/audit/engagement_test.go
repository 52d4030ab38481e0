package audit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/testkit/world"
)

// silent makes up somebody in a tier since that many days, with chances they did not use.
func (w *fixture) silent(n phone.Number, tier consent.Tier, days, chances int, more ...func(*consent.Contact)) {
	w.T.Helper()
	w.person(n, two.Add(-400*day), func(c *consent.Contact) {
		s := c.Subs["alerts"]
		s.Tier, s.Moved = tier, two.Add(-time.Duration(days)*day)
		c.Subs["alerts"] = s
		// Told lately how to opt out, so that no reminder is due; longer ago than the promise looks back.
		c.Claims = []consent.Claim{{
			ID: "01KA0000000000000000000000", At: two.Add(-10 * day), Kind: message.Reply, Program: "alerts", Topics: []string{"alerts"}, OptOut: true,
		}}
		c.Attention = map[string]consent.Attention{"alerts": {Chances: chances}}
		for _, change := range more {
			change(c)
		}
	})
}

func (w *fixture) tier(n phone.Number) consent.Tier {
	return w.Contact(n).Subs["alerts"].TierNow()
}

// Practice: adjust your sending based on engagement. The audit moves whom the topic bores, a step a run at most, asks
// once, and moves nobody twice.
func TestTheAuditMovesWhoShowsNoSign(t *testing.T) {
	w := newWorld(t)
	n := world.Numbers("212", 0, 6)
	asked := func(c *consent.Contact) {
		c.Claims = append(c.Claims, consent.Claim{
			ID: "01KA0000000000000000000001", At: c.Subs["alerts"].Moved, Kind: message.Renewal, Program: "alerts", Topics: []string{"alerts"}, OptOut: true,
		})
	}
	w.silent(n[0], consent.Regular, 91, 6)
	w.silent(n[1], consent.Regular, 91, 5)
	w.silent(n[2], consent.Digest, 91, 3)
	w.silent(n[3], consent.Asked, 31, 0, asked)
	w.silent(n[4], consent.Asked, 29, 0, asked)
	w.silent(n[5], consent.Digest, 91, 3, func(c *consent.Contact) { c.Health.Undeliverable = true })
	want := []consent.Tier{consent.Digest, consent.Regular, consent.Asked, consent.OffList, consent.Asked, consent.Digest}
	for range 2 {
		w.run()
		for i, tier := range want {
			if got := w.tier(n[i]); got != tier {
				t.Errorf("person %d is in tier %s, want %s", i, got, tier)
			}
		}
		if len(w.Carrier.Sent) != 1 || !strings.HasPrefix(w.Carrier.Sent[0].Body, "Still want Example Corp. alerts? Reply YES") {
			t.Errorf("sent %+v, want one question", w.Carrier.Sent)
		}
	}
	for i, wantEvents := range []int{1, 0, 1, 1, 0, 0} {
		moved := 0
		for _, e := range w.Record(n[i]).Events {
			if e.Type == consent.Moved || e.Type == consent.TakenOff {
				moved++
				if e.Source != consent.SourceAudit || e.Evidence["policy"] == "" || e.Evidence["from"] == "" {
					t.Errorf("event %+v", e)
				}
			}
		}
		if moved != wantEvents {
			t.Errorf("person %d was moved %d times, want %d", i, moved, wantEvents)
		}
	}
	if counted := w.Counted.String(); !strings.Contains(counted, `"AuditMoved":1`) || !strings.Contains(counted, `"to":"removed"`) {
		t.Errorf("metrics %s", counted)
	}
	if strings.Contains(w.Logged.String(), "212555") {
		t.Errorf("I10: log %s", &w.Logged)
	}
}

// I6, I7: as many texts as promised came already, so the question waits, and whom it is about stays where they are.
func TestTheQuestionCountsAgainstThePromise(t *testing.T) {
	w := newWorld(t)
	n := world.Numbers("212", 0, 1)[0]
	w.silent(n, consent.Digest, 91, 3, func(c *consent.Contact) {
		for i := range 2 {
			c.Claims = append(c.Claims, consent.Claim{
				ID: fmt.Sprintf("01KA00000000000000000000A%d", i), At: two.Add(-5 * day), Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"},
				Campaign: fmt.Sprintf("01KB00000000000000000000A%d", i),
			})
		}
	})
	w.run()
	if w.tier(n) != consent.Digest || len(w.Carrier.Sent) != 0 {
		t.Errorf("%s, %d texts", w.tier(n), len(w.Carrier.Sent))
	}
	w.SetClock(two.Add(30 * day))
	w.run()
	if questions := len(w.Carrier.Sent); w.tier(n) != consent.Asked || questions == 0 {
		t.Errorf("%s, %d texts, a month later", w.tier(n), questions)
	}
}
