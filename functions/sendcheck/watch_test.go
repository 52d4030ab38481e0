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
)

// watch is what the hourly schedule does.
func (b *bench) watch(t *testing.T) {
	t.Helper()
	if out, err := b.Handle(t.Context(), event(t, "sendcheck-watch-schedule.json")); err != nil || out != nil {
		t.Fatalf("%v, %v", out, err)
	}
}

func (b *bench) stuck() int { return strings.Count(b.metrics.String(), `"CampaignStuck":1`) }

// lose drops all that would come back to a campaign by itself.
func (b *bench) lose() {
	b.queue.jobs = nil
	clear(b.schedules.pending)
}

// Whatever was to come back to a campaign and got lost, the watch says so and sets it going, once it had its time.
func TestACampaignNobodyComesBackTo(t *testing.T) {
	for name, c := range map[string]struct {
		live func(*bench) // until all is lost
		sent int          // by then
		then time.Duration
		want int // of eight in Seattle and eight in Honolulu
	}{
		"its first schedule was lost":     {func(*bench) {}, 0, time.Minute, 8},
		"its jobs failed too often":       {func(b *bench) { b.wave(t, pumpkins) }, 0, time.Minute, 8},
		"the schedule of an opening":      {func(b *bench) { b.wave(t, pumpkins); b.settle(t) }, 8, time.Hour, 16},
		"half of its jobs failed for one": {func(b *bench) { b.wave(t, pumpkins); b.queue.jobs = b.queue.jobs[:4]; b.settle(t) }, 4, time.Minute, 8},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			for shard := range audience.Shards {
				b.subscribe(nil, append(numbers("206", shard, 1), numbers("808", shard, 1)...)...)
			}
			b.campaign(pumpkins, tuesday, tuesday.Add(8*time.Hour))
			c.live(b)
			b.lose()
			due := tuesday.Add(c.then)
			b.run(t, due.Add(campaign.Patience-2*time.Minute))
			b.watch(t)
			if b.stuck() != 0 || len(b.queue.jobs) > 0 {
				t.Errorf("before its time is up: %d alarms, jobs %v", b.stuck(), b.queue.jobs)
			}
			b.run(t, due.Add(campaign.Patience+time.Minute))
			if n := b.air.once(t, pumpkins); n != c.sent {
				t.Fatalf("%d texted with nobody to come back, want %d: the test proves nothing", n, c.sent)
			}
			b.watch(t)
			b.settle(t)
			if n := b.air.once(t, pumpkins); n != c.want || b.stuck() != 1 {
				t.Errorf("%d texted, want %d; %d alarms, want one", n, c.want, b.stuck())
			}
			if !strings.Contains(b.log.String(), "stands still") || !strings.Contains(b.log.String(), pumpkins) {
				t.Errorf("the log does not say which: %s", b.log)
			}
			b.run(t, tuesday.Add(9*time.Hour))
			b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 16})
		})
	}
}

// The watch leaves alone what gets on by itself: it costs nobody a second walk and wakes no operator.
func TestTheWatchLeavesAloneWhatGetsOn(t *testing.T) {
	b := newBench(t)
	b.subscribe(nil, numbers("206", 0, 2)...)
	b.subscribe(nil, numbers("808", 0, 2)...)
	for hour := range 4 {
		b.campaign([]string{pumpkins, squashes, pumpkins + "x", squashes + "x"}[hour], tuesday.Add(time.Duration(6*hour)*time.Hour), tuesday.Add(24*time.Hour))
	}
	paused := b.store.campaigns[pumpkins+"x"]
	paused.State = campaign.Paused
	b.store.campaigns[pumpkins+"x"] = paused
	done := b.store.campaigns[squashes+"x"]
	done.State = campaign.Done
	b.store.campaigns[squashes+"x"] = done
	b.wave(t, pumpkins)
	for hour := time.Duration(0); hour < 5; hour++ {
		b.run(t, tuesday.Add(hour*time.Hour))
		saves, jobs, pending := b.store.saves, len(b.queue.jobs), maps.Clone(b.schedules.pending)
		b.watch(t)
		if b.stuck() != 0 || b.store.saves != saves || len(b.queue.jobs) != jobs || !maps.Equal(b.schedules.pending, pending) {
			t.Errorf("after %d hours: %d alarms, jobs %v", hour, b.stuck(), b.queue.jobs)
		}
	}
	b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 4})
	b.want(t, squashes, campaign.Scheduled, campaign.Counts{})
	b.want(t, pumpkins+"x", campaign.Paused, campaign.Counts{})
}

// A function ended between the last shard and the campaign's end leaves nothing to do and nobody to say so.
func TestTheWatchEndsWhatIsDone(t *testing.T) {
	b := newBench(t)
	b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
	b.wave(t, pumpkins)
	b.store.fault = func(op string, _ bool) error {
		if op == "SetCampaignState" {
			return errBroken
		}
		return nil
	}
	for {
		body, ok := b.queue.take(0)
		if !ok {
			break
		}
		b.deliver(t.Context(), body)
	}
	b.store.fault = nil
	b.want(t, pumpkins, campaign.Running, campaign.Counts{})
	b.watch(t)
	b.want(t, pumpkins, campaign.Done, campaign.Counts{})
	if b.stuck() != 0 {
		t.Error("a campaign that is done raised the alarm")
	}
}

// One campaign that cannot be set going keeps no other from it, and is not passed over in silence.
func TestTheWatchLooksAtEveryCampaign(t *testing.T) {
	b := newBench(t)
	b.subscribe(nil, numbers("206", 0, 1)...)
	b.campaign(squashes, tuesday, tuesday.Add(8*time.Hour)) // is looked at first
	b.campaign(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	b.goTo(tuesday.Add(time.Hour))
	failed := false
	b.store.fault = func(op string, done bool) error {
		if op == "SetCampaignState" && !done && !failed {
			failed = true
			return errBroken
		}
		return nil
	}
	if _, err := b.Handle(t.Context(), json.RawMessage(`{"watch":"campaigns"}`)); err == nil || !strings.Contains(err.Error(), squashes) {
		t.Errorf("the watch says %v", err)
	}
	if b.stuck() != 2 || !slices.Contains(b.queue.jobs, job(pumpkins, 0)) {
		t.Errorf("%d alarms, jobs %v", b.stuck(), b.queue.jobs)
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
			b := newBench(t)
			b.subscribe(nil, numbers("206", 0, 2)...)
			b.subscribe(nil, numbers("808", 0, 3)...)
			b.campaign(pumpkins, tuesday, end)
			known := b.Catalog
			b.wave(t, pumpkins)
			b.settle(t)
			b.want(t, pumpkins, campaign.Running, campaign.Counts{Sent: 2, Deferred: 3})

			b.Catalog = &program.Catalog{Brands: []program.Brand{{ID: "example"}}}
			name, opening, _ := b.schedules.first()
			b.schedules.fire(name)
			b.goTo(opening.at)
			b.wave(t, pumpkins)
			for range 5 { // as often as SQS tries
				if b.deliver(t.Context(), b.queue.jobs[0]) {
					t.Fatal("a job nobody could do passed for done")
				}
			}
			b.queue.jobs = nil
			b.goTo(opening.at.Add(time.Hour))
			b.watch(t)
			if b.stuck() != 1 || len(b.queue.jobs) > 0 || b.air.calls != 2 {
				t.Errorf("%d alarms, jobs %v, %d texts", b.stuck(), b.queue.jobs, b.air.calls)
			}
			if c.back {
				b.Catalog = known
				b.watch(t)
				b.settle(t)
			}
			b.run(t, end.Add(time.Minute))
			b.want(t, pumpkins, campaign.Done, c.counts)
			if why := b.store.campaigns[pumpkins].Why; why != c.why {
				t.Errorf("it ended because of %q, want %q", why, c.why)
			}
		})
	}
}
