package outbox_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
)

// Somebody who writes to the table, and has no key, makes up a contact with proofs. No campaign texts it, an alarm goes
// off, and what the phone itself says is heard and answered as ever.
func TestAnInventedContactIsTextedNothingUnasked(t *testing.T) {
	s := stores.Memory(t)
	w := worldOn(t, s)
	strangers, err := consent.ParseLedger(base64.StdEncoding.EncodeToString([]byte("a stranger's key of thirty-two bytes")))
	if err != nil {
		t.Fatal(err)
	}
	_, err = table.New(s.Client, s.Table, strangers).Commit(t.Context(), consent.Change{
		Next: consent.Contact{Key: key, Subs: map[string]consent.Subscription{"alerts": {
			State: consent.Subscribed, Program: "alerts", Class: program.Promotional, Since: noon.AddDate(0, -1, 0), Request: 1, Proof: 2,
		}}},
		Events: []consent.Event{{Seq: 1, Type: consent.Noted, At: noon}}, Joined: []string{"alerts"},
	}, noon)
	if err != nil {
		t.Fatal(err)
	}

	out, err := w.send(w.contact(t), w.campaign(autumn))
	if err != nil || out.Decision.Verdict != gate.Refuse || out.Decision.Rule != "evidence" || len(w.carrier.sent) != 0 {
		t.Errorf("%+v, %v; %d texts went out", out.Decision, err, len(w.carrier.sent))
	}
	if n := strings.Count(w.metrics.String(), `"LedgerFault":1`); n != 1 {
		t.Errorf("told of %d times", n)
	}

	w.mustHear(t, w.inbound(saidStop))
	c := w.contact(t)
	if _, stopped := c.StoppedAt("alerts"); !stopped || !c.Suspect || len(w.carrier.sent) != 1 {
		t.Errorf("stopped %t, suspect %t, %d answers", stopped, c.Suspect, len(w.carrier.sent))
	}
	if n := strings.Count(w.metrics.String(), `"LedgerFault":1`); n != 2 {
		t.Errorf("told of %d times", n)
	}
	nothing := func(c consent.Contact) consent.Change { return consent.Change{Next: c} }
	if _, err := w.Note(t.Context(), key, nothing); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(w.metrics.String(), `"LedgerFault":1`); n != 3 {
		t.Errorf("told of %d times, at last where nobody is texted", n)
	}
	if err := w.ledger.Verify(w.stored(t), w.now()); err == nil {
		t.Error("the record verifies")
	}
}
