package sendcheck_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/testkit/world"
)

// Who moves to another area while a campaign runs was texted once and counts once.
func TestWhoMovesCountsOnce(t *testing.T) {
	w := newWorld(t)
	her := world.Numbers("206", 0, 1)[0]
	w.subscribe(nil, her)
	w.subscribe(nil, world.Numbers("808", 0, 2)...)
	w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Running, campaign.Counts{Sent: 1, Deferred: 2})
	w.Change(her, func(c consent.Contact) consent.Change {
		c.Told.State = "HI"
		return consent.Change{Next: c, Joined: []string{"alerts"}, Events: []consent.Event{
			{Seq: c.Head.Seq + 1, Type: consent.Noted, At: w.Now(), Source: "test"},
		}}
	})
	w.RunUntil(tuesday.Add(8*time.Hour + time.Minute))
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 3})
}

// Whom a walk texted that ended before it counted them is counted by the next, though their attributes are meanwhile
// other than the campaign asks for.
func TestWhoIsTextedCountsWhateverTheyBecome(t *testing.T) {
	w := newWorld(t)
	her := world.Numbers("206", 0, 1)[0]
	w.subscribe(nil, her)
	live := func(city string) {
		if _, err := w.Table.SetAttributes(t.Context(), world.Key(her), map[string]string{"city": city}); err != nil {
			t.Fatal(err)
		}
	}
	live("Dallas")
	w.written(campaign.Campaign{
		Topic: "alerts", Text: "Example Corp.: open today. " + pumpkins, Attributes: map[string][]string{"city": {"Dallas"}},
	})
	w.wave(pumpkins)
	w.Table.Fault = world.Failing("SaveShard", 1, errBroken)
	if w.Deliver(t.Context(), job(pumpkins, 0)) || w.once(pumpkins) != 1 {
		t.Fatalf("%d texts, and the progress is stored", w.Carrier.Calls)
	}
	live("Austin")
	w.Settle()
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 1})
	if w.Carrier.Calls != 1 {
		t.Errorf("I2: %d texts", w.Carrier.Calls)
	}
}
