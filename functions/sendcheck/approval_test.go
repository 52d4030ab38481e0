package sendcheck_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/testkit/world"
)

// approving is a campaign of a brand whose campaigns somebody else approves, made by Ana.
func approving(t *testing.T) (*fixture, campaign.Campaign) {
	t.Helper()
	w := newWorld(t)
	for i := range w.Catalog.Brands {
		w.Catalog.Brands[i].Approval = true
	}
	w.subscribe(nil, world.Numbers("206", 0, 3)...)
	w.create(pumpkins, tuesday, tuesday.Add(2*time.Hour))
	c := w.campaign(pumpkins)
	c.By = "arn:aws:iam::1:user/ana"
	if err := w.Table.EditCampaign(t.Context(), c, false); err != nil {
		t.Fatal(err)
	}
	return w, c
}

func (w *fixture) approve(c campaign.Campaign, by string) {
	w.T.Helper()
	if err := w.Table.Approve(w.T.Context(), c.ID, campaign.Approval{By: by, At: w.Now(), Of: c.Fingerprint()}); err != nil {
		w.T.Fatal(err)
	}
}

const ben = "arn:aws:iam::1:user/ben"

// A campaign goes out once another than who made it approved it, as it stands; until then nobody gets it, whoever wakes
// it.
func TestNobodyGetsWhatNobodyApproved(t *testing.T) {
	w, c := approving(t)
	asks := func(when string) {
		w.wave(pumpkins)
		w.Deliver(t.Context(), job(pumpkins, 0))
		w.Wake(`{"watch":"campaigns"}`)
		w.Settle()
		if w.Carrier.Calls > 0 {
			t.Fatalf("%s %d texts went out", when, w.Carrier.Calls)
		}
		w.expect(pumpkins, campaign.Scheduled, campaign.Counts{})
	}
	asks("before it was approved")
	w.approve(c, c.By)
	asks("approved by who made it")
	before := c
	before.Text += " And more."
	w.approve(before, ben)
	asks("approved as it was before")
	w.approve(c, ben)
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 3})
}

// What is written to a campaign behind its approval stops it, in the middle too.
func TestWhatIsChangedBehindTheApprovalStops(t *testing.T) {
	w, c := approving(t)
	w.approve(c, ben)
	c.Text = "Buy now. " + pumpkins
	if err := w.Table.EditCampaign(t.Context(), c, false); err != nil {
		t.Fatal(err)
	}
	w.Deliver(t.Context(), job(pumpkins, 0))
	w.wave(pumpkins)
	w.Settle()
	if w.Carrier.Calls > 0 {
		t.Errorf("%d texts went out", w.Carrier.Calls)
	}
}

// A campaign nobody approved in its time is over, and stands still to nobody's alarm.
func TestNotApprovedInTime(t *testing.T) {
	w, _ := approving(t)
	w.GoTo(tuesday.Add(time.Hour))
	w.Wake(`{"watch":"campaigns"}`)
	w.expect(pumpkins, campaign.Scheduled, campaign.Counts{})
	w.GoTo(tuesday.Add(3 * time.Hour))
	w.Wake(`{"watch":"campaigns"}`)
	w.expect(pumpkins, campaign.Canceled, campaign.Counts{})
	if c := w.campaign(pumpkins); c.Why != "nobody approved it in time" || w.stuck() > 0 {
		t.Errorf("it says %q, %d alarms", c.Why, w.stuck())
	}
}
