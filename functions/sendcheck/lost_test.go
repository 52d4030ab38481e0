package sendcheck_test

import (
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/testkit/world"
)

// A campaign that runs and loses what it stands on ends: its approval by its end, its series at once.
func TestWhatARunningCampaignLoses(t *testing.T) {
	w, _ := approving(t)
	w.move(pumpkins, campaign.Running)
	w.GoTo(tuesday.Add(3 * time.Hour))
	w.wave(pumpkins)
	if c := w.campaign(pumpkins); c.State != campaign.Canceled || c.Why != "nobody approved it in time" || len(w.Queue.Jobs) > 0 {
		t.Errorf("%s: %s, jobs %v", c.State, c.Why, w.Queue.Jobs)
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
	if c := w.campaign(run.ID); c.State != campaign.Canceled || c.Why != "its series is canceled" || len(w.Queue.Jobs) > 0 {
		t.Errorf("%s: %s, jobs %v", c.State, c.Why, w.Queue.Jobs)
	}
}

// A shard that is stored and that no audience has, as after a change of their number, is nobody's.
func TestAShardThatIsNone(t *testing.T) {
	for _, number := range []int{-1, audience.Shards, 99} {
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

// What becomes of each person is counted by what it was.
func TestEachOutcomeIsCounted(t *testing.T) {
	w := newWorld(t)
	people := world.Numbers("206", 3, 3)
	w.subscribe(nil, people[0])
	w.subscribe(full(tuesday.Add(48*time.Hour)), people[1]) // behind the campaign's end
	w.subscribe(digestsOnly, people[2])
	w.create(pumpkins, tuesday, tuesday.Add(2*time.Hour))
	w.wave(pumpkins)
	w.RunOut()
	_, counts := w.status(pumpkins)
	for result, want := range map[string]int{"sent": counts.Sent, "expired": counts.Expired} {
		if got := w.Count("CampaignText", "result", result); got != want || want != 1 {
			t.Errorf("%s: counted %d of %d", result, got, want)
		}
	}
	// Each walk counts who waits and who is refused anew.
	for _, result := range []string{"deferred", "refused"} {
		if got := w.Count("CampaignText", "result", result); got < 1 {
			t.Errorf("%s: counted %d", result, got)
		}
	}
	if got := w.Count("CampaignRefused", "rule", "engagement-tier"); got != w.Count("CampaignText", "result", "refused") {
		t.Errorf("by rule: counted %d", got)
	}
}

// Where a campaign keeps to each person's own clock, nobody of an area is read before it is time there.
func TestNobodyIsReadBeforeTheirOwnHour(t *testing.T) {
	for _, tc := range []struct{ clock, from, opens, want int }{ // all in Seattle
		{10, 9, 0, 1},
		{10, 15, 15, 0},
		{8, 7, 9, 0}, // their own hour has come, the permitted ones have not
	} {
		w := newWorld(t)
		w.SetClock(tuesday.Add(time.Duration(tc.clock-10) * time.Hour))
		w.subscribe(nil, world.Numbers("206", 3, 1)...)
		day := time.Date(2027, time.January, 5, 0, 0, 0, 0, time.UTC)
		if err := w.Table.CreateCampaign(t.Context(), campaign.Campaign{
			ID: pumpkins, Brand: "example", Topic: "alerts", Text: "Example Corp.: pumpkins", At: tuesday.Add(-10 * time.Hour),
			Expires: tuesday.Add(24 * time.Hour), State: campaign.Running,
			Local: jurisdiction.Local{From: day.Add(time.Duration(tc.from) * time.Hour), Until: day.Add(19 * time.Hour)},
		}); err != nil {
			t.Fatal(err)
		}
		w.Bill.Take()
		if !w.Deliver(t.Context(), job(pumpkins, 3)) {
			t.Fatal(&w.Logged)
		}
		calls, _ := w.Bill.Take()
		if calls["BatchGetItem"] != tc.want || w.Carrier.Calls != tc.want {
			t.Errorf("%+v: read %d times, %d texts", tc, calls["BatchGetItem"], w.Carrier.Calls)
		}
		if tc.want == 0 {
			opens := tuesday.Add(time.Duration(tc.opens-10) * time.Hour)
			if _, a, ok := w.Schedules.First(); !ok || !a.At.Equal(opens) {
				t.Errorf("%+v: looked at again at %s", tc, a.At)
			}
		}
	}
}

// A paused campaign whose time is over ends with its last instant.
func TestTheInstantAPausedCampaignEnds(t *testing.T) {
	for late, want := range map[time.Duration]campaign.State{-time.Millisecond: campaign.Paused, 0: campaign.Running} {
		w := newWorld(t)
		w.subscribe(nil, world.Numbers("206", 3, 1)...)
		w.create(pumpkins, tuesday, tuesday.Add(2*time.Hour))
		w.move(pumpkins, campaign.Paused)
		w.StandStill()
		w.SetClock(tuesday.Add(2*time.Hour + late))
		w.Wake(`{"watch":"campaigns"}`)
		if c := w.campaign(pumpkins); c.State != want {
			t.Errorf("%s: %s", late, c.State)
		}
	}
}
