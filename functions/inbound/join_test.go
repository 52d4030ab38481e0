package inbound_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
)

// A keyword is a way in like any other: the request is on record with the person's own words, and waits for a YES that
// names it (I5).
func TestAKeywordLeavesEvidence(t *testing.T) {
	w := newWorld(t)
	if back := w.says(her, alerts, "  Join!  "); len(back) != 1 {
		t.Fatalf("%q", back)
	}
	asked := w.Clock()
	r := w.Proof(her)
	if len(r.Events) != 1 || len(r.Messages) != 1 || r.Messages[0].Kind != message.Confirmation || r.Contact.Subs["alerts"].State != consent.Pending {
		t.Fatalf("%+v", r)
	}
	e := r.Events[0]
	if e.Type != consent.Requested || e.Source != consent.SourceSMS || !e.At.Equal(asked) || e.Program != "alerts" {
		t.Errorf("%+v", e)
	}
	if diff := cmp.Diff([]string{"alerts"}, e.Topics); diff != "" {
		t.Error(diff)
	}
	want := map[string]string{"inbound": "in-1", "body": "  Join!  ", "from": string(her), "to": alerts, "understood": "opt-in", "why": e.Evidence["why"]}
	if diff := cmp.Diff(want, e.Evidence); diff != "" || e.Evidence["why"] == "" {
		t.Error(diff)
	}

	w.says(her, alerts, "yes please")
	r = w.Proof(her)
	e = r.Events[1]
	if e.Type != consent.Confirmed || e.Request != 1 || e.Evidence["body"] != "yes please" || !e.At.Equal(w.Clock()) {
		t.Errorf("%+v", e)
	}
	if s := r.Contact.Subs["alerts"]; s.State != consent.Subscribed || s.Request != 1 || s.Proof != 2 {
		t.Errorf("%+v", s)
	}
}
