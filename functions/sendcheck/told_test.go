package sendcheck_test

import (
	"fmt"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/world"
)

// A wave, a job, a run of a series or of the watch any of whose calls is not answered fails, and comes again.
func TestNothingPassesForDone(t *testing.T) {
	people := world.Numbers("206", 3, 1)
	begun := func(w *fixture) {
		w.subscribe(nil, people...)
		w.create(pumpkins, tuesday, tuesday.Add(24*time.Hour))
	}
	wave := func(w *fixture) error { return w.Attempt(fmt.Sprintf(`{"campaign":%q}`, pumpkins)) }
	walk := func(w *fixture) error { return w.AttemptJob(chain(pumpkins, 3, 4)) }
	run := "" // of a series
	for name, tc := range map[string]struct {
		ready func(w *fixture)
		do    func(w *fixture) error
		calls int
	}{
		"a wave": {begun, wave, 4},
		"a campaign put off": {func(w *fixture) {
			w.create(pumpkins, tuesday.Add(time.Hour), tuesday.Add(24*time.Hour))
		}, wave, 2},
		"a campaign whose shards are done": {func(w *fixture) {
			begun(w)
			w.wave(pumpkins)
			w.Settle()
			w.move(pumpkins, campaign.Running)
		}, wave, 3},
		"a shard": {begun, walk, 12},
		"a shard, with fields": {func(w *fixture) {
			w.subscribe(nil, people...)
			w.written(campaign.Campaign{
				ID: pumpkins, Brand: "example", Topic: "alerts", Text: "Example Corp.: hi {first_name|there}", At: tuesday,
				Expires: tuesday.Add(24 * time.Hour), State: campaign.Scheduled,
			})
		}, walk, 12},
		"people who must wait": {func(w *fixture) {
			w.subscribe(full(tuesday.Add(3*time.Hour)), people...)
			w.create(pumpkins, tuesday, tuesday.Add(24*time.Hour))
		}, walk, 8},
		"one who is texted and one who waits": {func(w *fixture) {
			w.subscribe(nil, world.Numbers("206", 3, 2)[1])
			w.subscribe(full(tuesday.Add(3*time.Hour)), people...)
			w.create(pumpkins, tuesday, tuesday.Add(24*time.Hour))
		}, walk, 13},
		"people looked at again": {func(w *fixture) {
			w.subscribe(nil, world.Numbers("206", 3, 2)[1])
			w.subscribe(full(tuesday.Add(3*time.Hour)), people...)
			w.create(pumpkins, tuesday, tuesday.Add(24*time.Hour))
			w.Deliver(w.T.Context(), chain(pumpkins, 3, 4))
			w.Queue.Jobs = nil
			w.GoTo(tuesday.Add(3*time.Hour + time.Minute))
		}, walk, 10},
		"a planned campaign": {func(w *fixture) {
			w.subscribe(nil, people...)
			if err := w.Table.CreateCampaign(w.T.Context(), campaign.Campaign{
				ID: pumpkins, Brand: "example", Topic: "alerts", Text: "Example Corp.: pumpkins", At: tuesday,
				Expires: tuesday.Add(24 * time.Hour), State: campaign.Scheduled, Plan: campaign.Plan{Hash: "a", People: 1},
			}); err != nil {
				w.T.Fatal(err)
			}
		}, walk, 13},
		"an account that may not send": {func(w *fixture) {
			begun(w)
			w.Carrier.Answer = func(int, outbox.SMS) error { return &outbox.Rejection{Reason: "SPEND_LIMIT", Quota: true} }
		}, walk, 8},
		"a night": {func(w *fixture) { begun(w); w.GoTo(tuesday.Add(13 * time.Hour)) }, walk, 5},
		"the last shard": {func(w *fixture) {
			begun(w)
			w.wave(pumpkins)
			w.Settle()
			w.move(pumpkins, campaign.Running)
		}, func(w *fixture) error { return w.AttemptJob(job(pumpkins, 3)) }, 3},
		"the watch": {func(w *fixture) {
			begun(w)
			w.wave(pumpkins)
			w.Queue.Jobs = nil
			w.GoTo(tuesday.Add(3 * time.Hour))
		}, func(w *fixture) error { return w.Attempt(`{"watch":"campaigns"}`) }, 5},
		"a campaign nobody approved in time": {func(w *fixture) {
			for i := range w.Catalog.Brands {
				w.Catalog.Brands[i].Approval = true
			}
			begun(w)
			w.GoTo(tuesday.Add(25 * time.Hour))
		}, wave, 3},
		"a run of a canceled series": {func(w *fixture) {
			s := w.series(w.repeated(nil))
			run = w.runs(s)[0].ID
			s.State = campaign.Canceled
			if err := w.Table.SaveSeries(w.T.Context(), s); err != nil {
				w.T.Fatal(err)
			}
		}, func(w *fixture) error { return w.Attempt(fmt.Sprintf(`{"campaign":%q}`, run)) }, 3},
		"the end of a paused campaign": {func(w *fixture) {
			begun(w)
			w.move(pumpkins, campaign.Paused)
			w.GoTo(tuesday.Add(25 * time.Hour))
		}, func(w *fixture) error { return w.Attempt(`{"watch":"campaigns"}`) }, 6},
		"who waited has left": {func(w *fixture) {
			w.subscribe(full(tuesday.Add(3*time.Hour)), people...)
			w.create(pumpkins, tuesday, tuesday.Add(24*time.Hour))
			w.Deliver(w.T.Context(), chain(pumpkins, 3, 4))
			w.Queue.Jobs = nil
			w.stop(people...)
			w.GoTo(tuesday.Add(3*time.Hour + time.Minute))
		}, walk, 6},
		"the watch, of what nobody approved": {func(w *fixture) {
			for i := range w.Catalog.Brands {
				w.Catalog.Brands[i].Approval = true
			}
			begun(w)
			w.GoTo(tuesday.Add(3 * time.Hour))
		}, func(w *fixture) error { return w.Attempt(`{"watch":"campaigns"}`) }, 4},
		"a series whose run is too dear": {func(w *fixture) {
			w.repeated(func(s *campaign.Series) { s.AtMost(0.01) })
			w.plan.Cost = 1
			w.GoTo(tuesday.Add(time.Minute))
		}, func(w *fixture) error { return w.Attempt(`{"series":"01KB00000000000000000000S1"}`) }, 2},
		"a series": {func(w *fixture) { w.repeated(nil); w.GoTo(tuesday.Add(time.Minute)) }, func(w *fixture) error {
			return w.Attempt(`{"series":"01KB00000000000000000000S1"}`)
		}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			world.EachUnanswered(t, tc.calls, func(t *testing.T) (*world.World, func() error) {
				w := newWorld(t)
				tc.ready(w)
				return w.World, func() error { return tc.do(w) }
			})
		})
	}
}
