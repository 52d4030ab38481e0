package consent_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
)

// A text that waits goes from one stage to the next, and says at each what a person can check: while it waits until
// when and why, when it went under which claim and no reason any more, and otherwise why it ended.
func TestTheStagesOfADeferredText(t *testing.T) {
	at := noon.Add(time.Hour + time.Microsecond).In(time.FixedZone("west", -8*3600))
	waits := consent.Deferred{Topic: "orders", Proof: 2}.Waiting(at, "permitted-hours", "it is night")
	want := consent.Deferred{
		Topic: "orders", Proof: 2, State: consent.Waits, Until: noon.Add(time.Hour), Rule: "permitted-hours", Because: "it is night",
	}
	if diff := cmp.Diff(want, waits); diff != "" || waits.Until.Location() != time.UTC {
		t.Error(diff)
	}
	leaves := waits.Leaving()
	want.State = consent.Leaves
	if diff := cmp.Diff(want, leaves); diff != "" {
		t.Error(diff)
	}
	went := leaves.Gone("01")
	want.State, want.Rule, want.Because, want.Claim = consent.Went, "", "", "01"
	if diff := cmp.Diff(want, went); diff != "" {
		t.Error(diff)
	}
	ended := waits.Ended(consent.Withdrawn, "opted-out", "the person opted out")
	want.State, want.Rule, want.Because, want.Claim = consent.Withdrawn, "opted-out", "the person opted out", ""
	if diff := cmp.Diff(want, ended); diff != "" {
		t.Error(diff)
	}
	for d, open := range map[*consent.Deferred]bool{&waits: true, &leaves: true, &went: false, &ended: false} {
		if d.Open() != open {
			t.Errorf("%s may still go: %t", d.State, d.Open())
		}
	}
}

// I1: a text that waits is lost with the consent it was asked for under, and no newer consent brings it back.
func TestADeferredTextIsLostWithItsConsent(t *testing.T) {
	for _, c := range []struct {
		state consent.State
		proof int64
		rule  string
	}{
		{consent.Subscribed, 2, ""},
		{consent.Suspended, 2, ""}, // which the gate keeps back as long as it lasts
		{consent.Unsubscribed, 2, "opted-out"},
		{consent.Subscribed, 5, "topic-consent"},
		{consent.Pending, 0, "topic-consent"},
	} {
		d := consent.Deferred{Topic: "orders", Proof: 2}
		contact := consent.Contact{Subs: map[string]consent.Subscription{"orders": {State: c.state, Proof: c.proof}}}
		if rule, because := d.Lost(&contact); rule != c.rule || (because == "") != (rule == "") {
			t.Errorf("%s by %d: %q because %q", c.state, c.proof, rule, because)
		}
	}
}
