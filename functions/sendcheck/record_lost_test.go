package sendcheck_test

import (
	"testing"
	"testing/synctest"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/world"
)

// I3: a batch of texts that the store did not take fails the job, though later texts of the page are put on record; the
// job that comes again finds them. Nobody is begun with meanwhile. Time is virtual here, so that most texts under way
// end after the store has failed.
func TestABatchThatIsNotRecordedFailsTheJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.atOnce(25)
		const people = 60
		w.subscribe(nil, world.Numbers("206", 0, people)...)
		w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
		prog, _, _ := w.Catalog.Brands[0].Topic("alerts")
		prog.PerSecond = 100_000 // all are of one page
		w.Carrier.Answer = func(n int, _ outbox.SMS) error {
			time.Sleep(time.Duration(n) * time.Millisecond)
			return nil
		}
		w.Table.Fault = world.Failing("Record", 1, errBroken)
		if w.Deliver(t.Context(), job(pumpkins, 0)) {
			t.Error("the job passes as done")
		}
		if w.Carrier.Calls >= people || len(w.textsOf(pumpkins)) >= w.Carrier.Calls {
			t.Errorf("%d texts went out, %d are on record", w.Carrier.Calls, len(w.textsOf(pumpkins)))
		}
		w.wave(pumpkins)
		w.Settle()
		w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: people})
		if n := w.once(pumpkins); n != people || len(w.textsOf(pumpkins)) != people {
			t.Errorf("%d texted, %d on record, want %d", n, len(w.textsOf(pumpkins)), people)
		}
	})
}

// I3: what a job sent is on record although the campaign was paused or canceled before the job came again. Those of the
// pages before were recorded, and those of an area that was not entered are not read.
func TestWhatAStoppedCampaignSentIsOnRecord(t *testing.T) {
	for _, state := range []campaign.State{campaign.Paused, campaign.Canceled} {
		w := newWorld(t)
		const people = 60 // on pages of 25
		w.subscribe(nil, world.Numbers("206", 0, people)...)
		w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
		w.Table.Fault = func(op string, done bool) error {
			if op != "Record" || done || len(w.textsOf(pumpkins)) == 0 {
				return nil
			}
			return errBroken // for the second page and all further
		}
		if w.Deliver(t.Context(), job(pumpkins, 0)) {
			t.Error("the job passes as done")
		}
		lost := w.Carrier.Calls - len(w.textsOf(pumpkins))
		w.Table.Fault = nil
		w.move(pumpkins, state)
		w.Pass(2 * outbox.LostAfter)
		w.Bill.Take()
		if !w.Deliver(t.Context(), job(pumpkins, 0)) {
			t.Error("the job of a campaign that stopped fails")
		}
		calls, _ := w.Bill.Take()
		if got := len(w.textsOf(pumpkins)); lost == 0 || got != w.Carrier.Calls || w.Carrier.Calls >= people {
			t.Errorf("%s: %d texts went out, %d were lost, %d are on record", state, w.Carrier.Calls, lost, got)
		}
		if calls["Query"] > 5 {
			t.Errorf("%s: it cost %v", state, calls)
		}
	}
}
