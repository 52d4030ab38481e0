package sendcheck_test

import (
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/testkit/world"
)

// A wave makes a job for each hundred message parts a second that a campaign may send, begun or full, and at most one a
// shard: more would only wait for each other. Each shard that is left is in one of them, and in one only.
func TestAWaveKeepsTheRateBusyWithAsFewJobs(t *testing.T) {
	for _, tc := range []struct {
		perSecond int // of which campaigns have nine tenths
		done      []int
		want      []string
	}{
		{1, nil, []string{chain(pumpkins, 0, 1, 2, 3, 4, 5, 6, 7)}},
		{111, nil, []string{chain(pumpkins, 0, 1, 2, 3, 4, 5, 6, 7)}},
		{112, nil, []string{chain(pumpkins, 0, 2, 4, 6), chain(pumpkins, 1, 3, 5, 7)}},
		{300, nil, []string{chain(pumpkins, 0, 3, 6), chain(pumpkins, 1, 4, 7), chain(pumpkins, 2, 5)}},
		{300, []int{0, 2, 3, 6}, []string{chain(pumpkins, 1, 7), job(pumpkins, 4), job(pumpkins, 5)}},
		{10_000, nil, oneEach(pumpkins)},
		{10_000, []int{0, 1, 2, 4, 5, 7}, []string{job(pumpkins, 3), job(pumpkins, 6)}},
	} {
		w := newWorld(t)
		prog, _, _ := w.Catalog.Brands[0].Topic("alerts")
		prog.PerSecond = tc.perSecond
		w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
		for _, n := range tc.done {
			if err := w.Table.SaveShard(t.Context(), campaign.Shard{Campaign: pumpkins, Number: n, Saved: tuesday}); err != nil {
				t.Fatal(err)
			}
		}
		w.wave(pumpkins)
		if !slices.Equal(w.Queue.Jobs, tc.want) {
			t.Errorf("%d parts a second, %v done: %v, want %v", tc.perSecond, tc.done, w.Queue.Jobs, tc.want)
		}
	}
}

// A campaign that is paused just while a wave queues its jobs stays so. The wave is done, since its queue would only
// get the same jobs again, and these text nobody.
func TestAWaveThatAPauseOvertakes(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 2)...)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.Table.Fault = func(op string, done bool) error {
		if op == "SetCampaignState" && !done {
			from := []campaign.State{campaign.Scheduled}
			return w.Table.Table.SetCampaignState(t.Context(), pumpkins, from, campaign.Paused, "")
		}
		return nil
	}
	w.wave(pumpkins) // fails the test where it fails
	if len(w.Queue.Jobs) != 1 {
		t.Errorf("jobs %v", w.Queue.Jobs)
	}
	w.Settle()
	w.expect(pumpkins, campaign.Paused, campaign.Counts{})
	if w.Carrier.Calls > 0 {
		t.Errorf("%d texts", w.Carrier.Calls)
	}
}
