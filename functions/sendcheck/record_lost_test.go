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
