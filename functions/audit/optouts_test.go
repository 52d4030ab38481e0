package audit_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/testkit/world"
)

// Who answers a campaign with STOP is counted for it by the follow-up that puts the number on AWS's list, once, and
// enough of them pause it. The STOP itself asks for nothing more.
func TestOptOutsAreCountedForTheCampaignTheyAnswer(t *testing.T) {
	const offer = "01KB0000000000000000000FFR"
	w := newWorld(t)
	if err := w.Table.CreateCampaign(t.Context(), campaign.Campaign{
		ID: offer, Brand: "example", Topic: "alerts", Text: "x", At: two, Expires: two.Add(1), State: campaign.Running,
	}); err != nil {
		t.Fatal(err)
	}
	texted := func(before time.Duration) func(*consent.Contact) {
		return func(c *consent.Contact) {
			c.Claims = []consent.Claim{{
				ID: "01KB0000000000000000000001", At: two.Add(-before), Kind: message.Promotional, Program: "alerts",
				Topics: []string{"alerts"}, Campaign: offer,
			}}
		}
	}
	people := world.Numbers("212", 0, 6)
	for i, n := range people {
		before := 4 * time.Hour
		if i == 5 {
			before = 4 * 24 * time.Hour // longer ago than a STOP is an answer
		}
		w.MakeUp(n, two.Add(-30*24*time.Hour), texted(before))
	}
	if _, err := w.Table.Table.CountFates(t.Context(), offer, campaign.Fates{Delivered: 96}); err != nil {
		t.Fatal(err)
	}
	counted := func() int {
		tally, err := w.Table.Fates(t.Context(), offer)
		if err != nil {
			t.Fatal(err)
		}
		return tally.All.OptOuts
	}
	for _, n := range people[2:] {
		w.Says(n, "alerts", keyword.OptOut)
	}
	w.Says(people[2], "alerts", keyword.OptOut) // again, as people do
	if w.Table.Done("CountFates") != 0 {
		t.Error("a STOP had a campaign counted")
	}
	for range 3 {
		w.wake(`{"audit":"follow-up"}`)
		w.Pass(30 * time.Minute)
	}
	if n := counted(); n != 3 {
		t.Errorf("%d opt-outs counted, want 3", n)
	}
	c, err := w.Table.Table.Campaign(t.Context(), offer)
	if err != nil || c.State != campaign.Paused || c.Why != "opt-outs: 3 of 96 texts, limit 3%" {
		t.Errorf("the campaign is %s because %q, %v", c.State, c.Why, err)
	}
	w.Says(people[2], "alerts", keyword.OptOut)
	w.Pass(2 * time.Hour)
	w.wake(`{"audit":"follow-up"}`)
	if n := counted(); n != 3 {
		t.Errorf("somebody who had left counted again: %d", n)
	}
}
