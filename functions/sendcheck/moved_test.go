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
