package sendcheck_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/world"
)

// Somebody may move a campaign while a function is about to. It stays where that person put it, and the function is
// done: to try again would change nothing.
func TestWhatAPersonMovesMeanwhileStays(t *testing.T) {
	for name, tc := range map[string]struct {
		ready func(w *fixture) (id string)
		do    func(w *fixture, id string) error
	}{
		"at its end": {func(w *fixture) string {
			w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
			for _, body := range oneEach(pumpkins)[1:] {
				w.Deliver(t.Context(), body)
			}
			return pumpkins
		}, func(w *fixture, id string) error { return w.AttemptJob(job(id, 0)) }},
		"as its series is canceled": {func(w *fixture) string {
			s := w.series(w.repeated(nil))
			s.State = campaign.Canceled
			if err := w.Table.SaveSeries(w.T.Context(), s); err != nil {
				t.Fatal(err)
			}
			return w.runs(s)[0].ID
		}, func(w *fixture, id string) error { return w.Attempt(fmt.Sprintf(`{"campaign":%q}`, id)) }},
		"as its time runs out": {func(w *fixture) string {
			w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
			w.move(pumpkins, campaign.Paused)
			w.GoTo(tuesday.Add(2 * time.Hour))
			return pumpkins
		}, func(w *fixture, _ string) error { return w.Attempt(`{"watch":"campaigns"}`) }},
	} {
		w := newWorld(t)
		id := tc.ready(w)
		w.Table.Fault = func(op string, done bool) error {
			if op != "SetCampaignState" || done {
				return nil
			}
			return w.Table.Table.SetCampaignState(t.Context(), id, []campaign.State{w.campaign(id).State}, "moved", "")
		}
		if err := tc.do(w, id); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if c := w.campaign(id); c.State != "moved" || len(w.Queue.Jobs) > 0 {
			t.Errorf("%s: it is %s, jobs %v", name, c.State, w.Queue.Jobs)
		}
	}
}

// Whoever changes a series while its next run is being made has the last word.
func TestASeriesThatIsChangedMeanwhile(t *testing.T) {
	w := newWorld(t)
	s := w.series(w.repeated(nil))
	w.GoTo(tuesday)
	s.Why, s.State = "enough", campaign.Canceled
	w.Table.Fault = func(op string, done bool) error {
		if op != "SaveSeries" || done {
			return nil
		}
		return w.Table.Table.SaveSeries(t.Context(), s)
	}
	if err := w.Attempt(fmt.Sprintf(`{"series":%q}`, s.ID)); err != nil || w.series(s).Why != "enough" {
		t.Errorf("%+v: %v", w.series(s), err)
	}
}

// A run whose series is no longer stored goes out all the same: nobody canceled it.
func TestARunWhoseSeriesIsGone(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 1)...)
	w.written(campaign.Campaign{
		Series: "01KB00000000000000000000S9", Topic: "alerts", Text: "Example Corp.: open today. " + pumpkins,
	})
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 1})
}

// A schedule may fire a minute early by our clock; one that comes earlier is made again, under the name that all share
// who ask for that instant.
func TestHowEarlyACampaignIsWoken(t *testing.T) {
	for early, queued := range map[time.Duration]int{time.Minute: 1, time.Minute + time.Millisecond: 0} {
		w := newWorld(t)
		w.StandStill()
		at := tuesday.Add(2 * time.Minute)
		w.create(pumpkins, at, tuesday.Add(time.Hour))
		w.SetClock(at.Add(-early))
		w.wave(pumpkins)
		a, again := w.Schedules.Pending[fmt.Sprintf("campaign-%s-%d", pumpkins, at.Unix())]
		if len(w.Queue.Jobs) != queued || again != (queued == 0) || again && !a.At.Equal(at) {
			t.Errorf("%s early: jobs %v, schedules %v", early, w.Queue.Jobs, w.Schedules.Pending)
		}
	}
}

// Jobs that are quicker than the wave that queued them find the campaign scheduled yet: they end it, and pause it where
// the account's limit is reached, which is told with the reason.
func TestJobsQuickerThanTheirWave(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 1)...)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.create(squashes, tuesday, tuesday.Add(time.Hour))
	for _, body := range oneEach(pumpkins) {
		w.Deliver(t.Context(), body)
	}
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 1})
	w.Carrier.Answer = func(int, outbox.SMS) error { return &outbox.Rejection{Reason: "SPEND_LIMIT", Quota: true} }
	w.subscribe(nil, world.Numbers("206", 1, 1)...)
	w.Deliver(t.Context(), job(squashes, 1))
	w.expect(squashes, campaign.Paused, campaign.Counts{})
	if !strings.Contains(w.Logged.String(), "campaign paused") || !strings.Contains(w.Logged.String(), "SPEND_LIMIT") {
		t.Errorf("log: %s", &w.Logged)
	}
}

// A campaign that is resumed after its last shard was done, while it was paused, ends with the next wave.
func TestAWaveThatFindsNothingToDoEndsTheCampaign(t *testing.T) {
	w := newWorld(t)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.wave(pumpkins)
	w.Settle()
	w.move(pumpkins, campaign.Running)
	w.wave(pumpkins)
	w.expect(pumpkins, campaign.Done, campaign.Counts{})
}

// A job that is done with its shard queues nothing: what is left to do there has a schedule.
func TestAJobThatIsDoneQueuesNothing(t *testing.T) {
	for name, ready := range map[string]func(w *fixture){
		"nobody is there":      func(*fixture) {},
		"all have it":          func(w *fixture) { w.subscribe(nil, world.Numbers("206", 3, 2)...) },
		"somebody has to wait": func(w *fixture) { w.subscribe(full(tuesday.Add(time.Hour)), world.Numbers("206", 3, 1)...) },
		"the topic is gone":    (*fixture).withoutTopics,
	} {
		w := newWorld(t)
		ready(w)
		w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
		for range 2 {
			w.Deliver(t.Context(), job(pumpkins, 3))
			if len(w.Queue.Jobs) > 0 {
				t.Errorf("%s: jobs %v", name, w.Queue.Jobs)
			}
		}
	}
}

// The watch leaves a campaign alone of which any shard got on lately, though another is overdue: one job handles
// several in turn.
func TestTheWatchWaitsForAJobOfManyShards(t *testing.T) {
	w := newWorld(t)
	w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	w.wave(pumpkins)
	w.Queue.Jobs = nil
	w.GoTo(tuesday.Add(time.Hour))
	w.Deliver(t.Context(), job(pumpkins, 3))
	w.watch()
	if w.stuck() > 0 || len(w.Queue.Jobs) > 0 {
		t.Errorf("%d alarms, jobs %v", w.stuck(), w.Queue.Jobs)
	}
	w.GoTo(tuesday.Add(2 * time.Hour))
	w.watch()
	if w.stuck() != 1 || len(w.Queue.Jobs) == 0 {
		t.Errorf("an hour later: %d alarms, jobs %v", w.stuck(), w.Queue.Jobs)
	}
}

// A campaign whose topic is gone ends with its last instant, though every schedule was lost.
func TestTheInstantACampaignWithoutItsTopicEnds(t *testing.T) {
	end := tuesday.Add(2 * time.Hour)
	for late, want := range map[time.Duration]campaign.State{-time.Millisecond: campaign.Scheduled, 0: campaign.Done} {
		w := newWorld(t)
		w.StandStill()
		w.subscribe(nil, world.Numbers("206", 3, 1)...)
		w.create(pumpkins, tuesday, end)
		w.withoutTopics()
		w.SetClock(end.Add(late))
		w.watch()
		w.Settle()
		if c := w.campaign(pumpkins); c.State != want || w.Table.Done("SaveCandidates") > 0 {
			t.Errorf("%s: it is %s", late, c.State)
		}
	}
}

// A series that no longer runs, and a campaign that is over, cost the watch nothing.
func TestTheWatchAsksNothingOfWhatIsOver(t *testing.T) {
	w := newWorld(t)
	s := w.series(w.repeated(nil))
	s.State = campaign.Canceled
	if err := w.Table.SaveSeries(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	w.move(w.runs(s)[0].ID, campaign.Done)
	w.GoTo(tuesday.Add(2 * week))
	w.Bill.Take()
	w.watch()
	if calls, _ := w.Bill.Take(); calls["GetItem"]+calls["UpdateItem"] > 0 {
		t.Errorf("it asked %v", calls)
	}
}
