package sendcheck_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience"

	"smsconsent/shared/testkit/world"
)

// watch is what the hourly schedule does.
func (w *fixture) watch() {
	w.T.Helper()
	w.Wake(string(event(w.T, "sendcheck-watch-schedule.json")))
}

func (w *fixture) stuck() int { return strings.Count(w.Counted.String(), `"CampaignStuck":1`) }

// withoutTopics has the function work under programs that have the brand and none of its topics.
func (w *fixture) withoutTopics() {
	w.handler.Catalog = &program.Catalog{Brands: []program.Brand{{ID: "example"}}}
}

// lose drops all that would come back to a campaign by itself.
func (w *fixture) lose() {
	w.Queue.Jobs = nil
	clear(w.Schedules.Pending)
}

// Whatever was to come back to a campaign and got lost, the watch says so and sets it going, once it had its time.
func TestACampaignNobodyComesBackTo(t *testing.T) {
	for name, c := range map[string]struct {
		live func(*fixture) // until all is lost
		sent int            // by then
		then time.Duration
		want int // of eight in Seattle and eight in Honolulu
	}{
		"its first schedule was lost":     {func(*fixture) {}, 0, time.Minute, 8},
		"its jobs failed too often":       {func(w *fixture) { w.wave(pumpkins) }, 0, time.Minute, 8},
		"the schedule of an opening":      {func(w *fixture) { w.wave(pumpkins); w.Settle() }, 8, time.Hour, 16},
		"half of its jobs failed for one": {func(w *fixture) { w.wave(pumpkins); w.Queue.Jobs = oneEach(pumpkins)[:4]; w.Settle() }, 4, time.Minute, 8},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for shard := range audience.Shards {
				w.subscribe(nil, append(world.Numbers("206", shard, 1), world.Numbers("808", shard, 1)...)...)
			}
			w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
			c.live(w)
			w.lose()
			due := tuesday.Add(c.then)
			w.RunUntil(due.Add(campaign.StandstillAfter - 2*time.Minute))
			w.watch()
			if w.stuck() != 0 || len(w.Queue.Jobs) > 0 {
				t.Errorf("before its time is up: %d alarms, jobs %v", w.stuck(), w.Queue.Jobs)
			}
			w.RunUntil(due.Add(campaign.StandstillAfter + time.Minute))
			if n := w.once(pumpkins); n != c.sent {
				t.Fatalf("%d texted with nobody to come back, want %d: the test proves nothing", n, c.sent)
			}
			w.watch()
			w.Settle()
			if n := w.once(pumpkins); n != c.want || w.stuck() != 1 {
				t.Errorf("%d texted, want %d; %d alarms, want one", n, c.want, w.stuck())
			}
			if !strings.Contains(w.Logged.String(), "stands still") || !strings.Contains(w.Logged.String(), pumpkins) {
				t.Errorf("the log does not say which: %s", &w.Logged)
			}
			w.RunUntil(tuesday.Add(9 * time.Hour))
			w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 16})
		})
	}
}

// The watch leaves alone what gets on by itself: it costs nobody a second walk and wakes no operator.
func TestTheWatchLeavesAloneWhatGetsOn(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 2)...)
	w.subscribe(nil, world.Numbers("808", 0, 2)...)
	for hour := range 4 {
		w.create([]string{pumpkins, squashes, pumpkins + "x", squashes + "x"}[hour], tuesday.Add(time.Duration(6*hour)*time.Hour), tuesday.Add(24*time.Hour))
	}
	w.move(pumpkins+"x", campaign.Paused)
	w.move(squashes+"x", campaign.Done)
	w.wave(pumpkins)
	for hour := time.Duration(0); hour < 5; hour++ {
		w.RunUntil(tuesday.Add(hour * time.Hour))
		saves, jobs, pending := w.Table.Done("SaveShard"), len(w.Queue.Jobs), maps.Clone(w.Schedules.Pending)
		w.watch()
		if w.stuck() != 0 || w.Table.Done("SaveShard") != saves || len(w.Queue.Jobs) != jobs || !maps.Equal(w.Schedules.Pending, pending) {
			t.Errorf("after %d hours: %d alarms, jobs %v", hour, w.stuck(), w.Queue.Jobs)
		}
	}
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 4})
	w.expect(squashes, campaign.Scheduled, campaign.Counts{})
	w.expect(pumpkins+"x", campaign.Paused, campaign.Counts{})
}

// A function ended between the last shard and the campaign's end leaves nothing to do and nobody to say so.
func TestTheWatchEndsWhatIsDone(t *testing.T) {
	w := newWorld(t)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.wave(pumpkins)
	w.Table.Fault = func(op string, _ bool) error {
		if op == "SetCampaignState" {
			return errBroken
		}
		return nil
	}
	for {
		body, ok := w.Queue.Take(0)
		if !ok {
			break
		}
		w.Deliver(t.Context(), body)
	}
	w.Table.Fault = nil
	w.expect(pumpkins, campaign.Running, campaign.Counts{})
	w.watch()
	w.expect(pumpkins, campaign.Done, campaign.Counts{})
	if w.stuck() != 0 {
		t.Error("a campaign that is done raised the alarm")
	}
}

// One campaign that cannot be set going keeps no other from it, and is not passed over in silence.
func TestTheWatchLooksAtEveryCampaign(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 1)...)
	w.create(squashes, tuesday, tuesday.Add(8*time.Hour)) // is looked at first
	w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	w.GoTo(tuesday.Add(time.Hour))
	failed := false
	w.Table.Fault = func(op string, done bool) error {
		if op == "SetCampaignState" && !done && !failed {
			failed = true
			return errBroken
		}
		return nil
	}
	if _, err := w.handler.Handle(t.Context(), json.RawMessage(`{"watch":"campaigns"}`)); err == nil || !strings.Contains(err.Error(), squashes) {
		t.Errorf("the watch says %v", err)
	}
	if w.stuck() != 2 || !slices.Contains(w.Queue.Jobs, chain(pumpkins, 0, 1, 2, 3, 4, 5, 6, 7)) {
		t.Errorf("%d alarms, jobs %v", w.stuck(), w.Queue.Jobs)
	}
}

// A topic that programs.yaml no longer has, or not yet, gets nobody texted. The campaign waits, raises the alarm, goes
// on where a deployment brings the topic in time, and is over at its end with everybody counted.
func TestACampaignWithoutItsTopic(t *testing.T) {
	end := tuesday.Add(3 * time.Hour)
	for name, c := range map[string]struct {
		back   bool // the topic, before the end
		counts campaign.Counts
		why    string
	}{
		"for good":   {false, campaign.Counts{Sent: 2, Expired: 3}, `topic "alerts" is not in programs.yaml`},
		"for a time": {true, campaign.Counts{Sent: 5}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.subscribe(nil, world.Numbers("206", 0, 2)...)
			w.subscribe(nil, world.Numbers("808", 0, 3)...)
			w.create(pumpkins, tuesday, end)
			known := w.Catalog
			w.wave(pumpkins)
			w.Settle()
			w.expect(pumpkins, campaign.Running, campaign.Counts{Sent: 2, Deferred: 3})

			w.withoutTopics()
			name, opening, _ := w.Schedules.First()
			w.Schedules.Fire(name)
			w.GoTo(opening.At)
			w.wave(pumpkins)
			for range 5 { // as often as SQS tries
				if w.Deliver(t.Context(), w.Queue.Jobs[0]) {
					t.Fatal("a job nobody could do passed for done")
				}
			}
			w.Queue.Jobs = nil
			w.GoTo(opening.At.Add(time.Hour))
			w.watch()
			if w.stuck() != 1 || len(w.Queue.Jobs) > 0 || w.Carrier.Calls != 2 {
				t.Errorf("%d alarms, jobs %v, %d texts", w.stuck(), w.Queue.Jobs, w.Carrier.Calls)
			}
			if !strings.Contains(w.Logged.String(), `"campaign cannot go on" campaign=`+pumpkins) {
				t.Error("nobody is told which campaign it is")
			}
			if c.back {
				w.handler.Catalog = known
				w.watch()
				w.Settle()
			}
			w.RunUntil(end.Add(time.Minute))
			w.expect(pumpkins, campaign.Done, c.counts)
			if why := w.campaign(pumpkins).Why; why != c.why {
				t.Errorf("it ended because of %q, want %q", why, c.why)
			}
		})
	}
}

// A campaign whose time runs out while it is paused ends: whoever was not texted is counted as expired, and nobody is
// texted (I6). Before its time it stays paused, and one that is canceled stays canceled.
func TestAPausedCampaignEndsWithItsTime(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 2)...)
	w.subscribe(nil, world.Numbers("808", 0, 2)...)
	w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	w.create(squashes, tuesday, tuesday.Add(8*time.Hour))
	w.wave(pumpkins)
	w.Settle()
	for _, id := range []string{pumpkins, squashes} {
		from := []campaign.State{campaign.Scheduled, campaign.Running}
		if err := w.Table.SetCampaignState(t.Context(), id, from, campaign.Paused, "wrong price"); err != nil {
			t.Fatal(err)
		}
	}
	w.move(squashes, campaign.Canceled)
	w.RunUntil(tuesday.Add(8*time.Hour - time.Minute))
	w.watch()
	w.expect(pumpkins, campaign.Paused, campaign.Counts{Sent: 2, Deferred: 2})
	w.GoTo(tuesday.Add(8 * time.Hour))
	w.watch()
	if !strings.Contains(w.Logged.String(), "while it was paused\" campaign="+pumpkins) {
		t.Errorf("nobody is told: %s", &w.Logged)
	}
	w.Settle()
	w.watch()
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 2, Expired: 2})
	w.expect(squashes, campaign.Canceled, campaign.Counts{})
	c, err := w.Table.Campaign(t.Context(), pumpkins)
	if err != nil || c.Why != "its time ran out while it was paused: wrong price" {
		t.Errorf("it ended because %q, %v", c.Why, err)
	}
}
