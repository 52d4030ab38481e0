package sendcheck_test

import (
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/testkit/world"
)

// A campaign that runs and loses what it stands on ends: its approval by its end, its series at once.
func TestWhatARunningCampaignLoses(t *testing.T) {
	w, _ := approving(t)
	w.move(pumpkins, campaign.Running)
	w.GoTo(tuesday.Add(3 * time.Hour))
	w.wave(pumpkins)
	if c := w.campaign(pumpkins); c.State != campaign.Canceled || c.Why != "nobody approved it in time" {
		t.Errorf("%s: %s", c.State, c.Why)
	}
	if !strings.Contains(w.Logged.String(), "campaign is not approved") {
		t.Error("nobody is told")
	}
	w = newWorld(t)
	s := w.repeated(nil)
	run := w.runs(s)[0]
	w.move(run.ID, campaign.Running)
	s = w.series(s)
	s.State = campaign.Canceled
	if err := w.Table.SaveSeries(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	w.wave(run.ID)
	if c := w.campaign(run.ID); c.State != campaign.Canceled || c.Why != "its series is canceled" || w.Carrier.Calls > 0 {
		t.Errorf("%s: %s, %d texts", c.State, c.Why, w.Carrier.Calls)
	}
}

// A shard that is stored and that no audience has, as after a change of their number, is nobody's.
func TestAShardThatIsNone(t *testing.T) {
	for _, number := range []int{-1, 99} {
		w := newWorld(t)
		w.subscribe(nil, world.Numbers("206", 3, 1)...)
		w.create(pumpkins, tuesday, tuesday.Add(24*time.Hour))
		if err := w.Table.SaveShard(t.Context(), campaign.Shard{Campaign: pumpkins, Number: number, Next: tuesday}); err != nil {
			t.Fatal(err)
		}
		w.wave(pumpkins)
		w.Settle()
		if c := w.campaign(pumpkins); c.State != campaign.Done || w.Carrier.Calls != 1 {
			t.Errorf("shard %d: %s after %d texts", number, c.State, w.Carrier.Calls)
		}
		if w.Deliver(t.Context(), job(pumpkins, number)) {
			t.Errorf("a job of shard %d is done", number)
		}
	}
}

// A job of a shard that is done asks for nobody: it only looks whether the campaign is.
func TestAJobOfAShardThatIsDone(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 3, 2)...)
	w.create(pumpkins, tuesday, tuesday.Add(24*time.Hour))
	w.wave(pumpkins)
	w.Deliver(t.Context(), job(pumpkins, 3))
	w.Bill.Take()
	if !w.Deliver(t.Context(), job(pumpkins, 3)) {
		t.Error("it failed")
	}
	if calls, _ := w.Bill.Take(); calls["Query"] != 1 || calls["PutItem"] != 0 || calls["BatchGetItem"] != 0 || w.Carrier.Calls != 2 {
		t.Errorf("it asked %v, %d texts", calls, w.Carrier.Calls)
	}
}

// A job that was overtaken is not done again by the queue; somebody looks again when the one ahead has certainly ended.
func TestAJobThatWasOvertakenIsDoneWith(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 3, 1)...)
	w.create(pumpkins, tuesday, tuesday.Add(24*time.Hour))
	w.move(pumpkins, campaign.Running)
	struck := false
	w.Table.Fault = func(op string, done bool) error {
		if op != "SaveShard" || done || struck {
			return nil
		}
		struck = true
		return w.Table.Table.SaveShard(t.Context(), campaign.Shard{Campaign: pumpkins, Number: 3, Next: tuesday})
	}
	if !w.Deliver(t.Context(), job(pumpkins, 3)) || !struck {
		t.Errorf("struck %t", struck)
	}
	_, alarm, ok := w.Schedules.First()
	if len(w.Queue.Jobs) != 0 || !ok || alarm.At.Before(tuesday.Add(15*time.Minute)) || alarm.At.After(tuesday.Add(45*time.Minute)) {
		t.Errorf("%d jobs, looked at again %s", len(w.Queue.Jobs), alarm.At)
	}
}
