package sendcheck_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience"
)

const sample = "01M84S1580ABCDEFGHJKMNPQRS" // the campaign of the sample events

func event(t *testing.T, name string) json.RawMessage {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "events", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestSampleEvents(t *testing.T) {
	b := newBench(t)
	b.campaign(sample, tuesday, tuesday.Add(time.Hour))
	hers := numbers("206", 3, 1)
	b.subscribe(nil, hers...)
	if out, err := b.Handle(t.Context(), event(t, "sendcheck-schedule.json")); err != nil || out != nil {
		t.Fatalf("schedule: %v, %v", out, err)
	}
	var want []string
	for n := range audience.Shards {
		want = append(want, job(sample, n))
	}
	if !slices.Equal(b.queue.jobs, want) {
		t.Errorf("jobs %v, want one a shard", b.queue.jobs)
	}
	if state, _ := b.status(sample); state != campaign.Running {
		t.Errorf("the campaign is %s, want running", state)
	}
	if out, err := b.Handle(t.Context(), event(t, "sendcheck-job.json")); err != nil || len(out.BatchItemFailures) != 0 {
		t.Fatalf("job: %v, %v", out, err)
	}
	if n := b.air.once(t, sample); n != 1 {
		t.Errorf("%d people of shard 3 were texted, want 1", n)
	}
}

func TestMalformedEvents(t *testing.T) {
	for _, raw := range []string{``, `{`, `[]`, `{}`, `{"campaign":""}`, `{"campaign":7}`, `{"Records":[]}`, `{"audit":"start"}`, `{"campaign":"` + pumpkins + `x"}`} {
		b := newBench(t)
		b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
		if out, err := b.Handle(t.Context(), json.RawMessage(raw)); err == nil || out != nil {
			t.Errorf("%s: %v, %v: want an error", raw, out, err)
		}
		if b.store.saves > 0 || len(b.queue.jobs) > 0 || b.store.campaigns[pumpkins].State != campaign.Scheduled {
			t.Errorf("%s changed something", raw)
		}
	}
}

func TestMalformedJobs(t *testing.T) {
	hers := numbers("206", 0, 1)
	for _, c := range []struct{ name, body string }{
		{"no JSON", `x`},
		{"empty", `{}`},
		{"shard past the last", job(pumpkins, audience.Shards)},
		{"shard before the first", job(pumpkins, -1)},
		{"shard of letters", `{"campaign":"` + pumpkins + `","shard":"a"}`},
		{"unknown campaign", job(pumpkins+"x", 0)},
		{"unknown brand", job("brand", 0)},
		{"unknown topic", job("topic", 0)},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.subscribe(nil, hers...)
			b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
			b.store.campaigns["brand"] = campaign.Campaign{ID: "brand", Brand: "nobody", Topic: "alerts", State: campaign.Running, Expires: tuesday.Add(time.Hour)}
			b.store.campaigns["topic"] = campaign.Campaign{ID: "topic", Brand: "example", Topic: "nothing", State: campaign.Running, Expires: tuesday.Add(time.Hour)}
			raw := fmt.Sprintf(`{"Records":[{"messageId":"bad","body":%q},{"messageId":"good","body":%q}]}`, c.body, job(pumpkins, 0))
			out, err := b.Handle(t.Context(), json.RawMessage(raw))
			if err != nil || len(out.BatchItemFailures) != 1 || out.BatchItemFailures[0].ItemIdentifier != "bad" {
				t.Errorf("%+v, %v: want just the bad job to fail", out, err)
			}
			if n := b.air.once(t, pumpkins); n != 1 {
				t.Errorf("the other job texted %d, want 1", n)
			}
			if !strings.Contains(b.log.String(), "sqs=bad") || strings.Contains(b.log.String(), string(hers[0])) {
				t.Errorf("log: %s", b.log)
			}
		})
	}
}

func TestACampaignThatDoesNotRunDoesNothing(t *testing.T) {
	for _, state := range []campaign.State{campaign.Paused, campaign.Done} {
		b := newBench(t)
		b.subscribe(nil, numbers("206", 0, 1)...)
		b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
		c := b.store.campaigns[pumpkins]
		c.State = state
		b.store.campaigns[pumpkins] = c
		b.wave(t, pumpkins)
		if !b.deliver(t.Context(), job(pumpkins, 0)) {
			t.Errorf("%s: the job failed", state)
		}
		if len(b.queue.jobs) > 0 || b.air.calls > 0 || b.store.saves > 0 || b.store.campaigns[pumpkins].State != state {
			t.Errorf("a campaign that is %s did something", state)
		}
	}
}

func TestNobodyOnTheListEndsAtOnce(t *testing.T) {
	b := newBench(t)
	b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
	b.wave(t, pumpkins)
	for n := range audience.Shards {
		if state, _ := b.status(pumpkins); state != campaign.Running {
			t.Fatalf("before shard %d the campaign is %s", n, state)
		}
		if !b.deliver(t.Context(), job(pumpkins, n)) {
			t.Fatal(b.log)
		}
	}
	b.want(t, pumpkins, campaign.Done, campaign.Counts{})
	if len(b.schedules.made) > 0 {
		t.Errorf("schedules at %v", b.schedules.made)
	}
}

// Seattle is open and Honolulu, two hours behind, is not: its people wait, count as deferred, and get theirs at nine.
func TestAClosedAreaWaitsForItsOpening(t *testing.T) {
	b := newBench(t)
	for shard := range 3 {
		b.subscribe(nil, numbers("206", shard, 2)...)
		b.subscribe(nil, numbers("808", shard, 3)...)
	}
	b.campaign(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	b.wave(t, pumpkins)
	b.settle(t)
	b.want(t, pumpkins, campaign.Running, campaign.Counts{Sent: 6, Deferred: 9})
	nine := time.Date(2027, time.January, 5, 19, 0, 0, 0, time.UTC)
	if len(b.schedules.made) != 1 || !b.schedules.made[0].Equal(nine) {
		t.Fatalf("schedules at %v, want one for three shards, at %s", b.schedules.made, nine)
	}
	b.wave(t, pumpkins)
	if want := []string{job(pumpkins, 0), job(pumpkins, 1), job(pumpkins, 2)}; !slices.Equal(b.queue.jobs, want) {
		t.Fatalf("the second wave queued %v, want only the unfinished shards", b.queue.jobs)
	}
	b.settle(t)
	if n := b.air.once(t, pumpkins); n != 6 {
		t.Fatalf("%d texted before nine", n)
	}
	b.run(t, nine.Add(time.Minute))
	b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 15})
	if n := b.air.once(t, pumpkins); n != 15 {
		t.Errorf("%d texted, want 15", n)
	}
}

// I6: at the campaign's end the rest expires. No schedule is made after it.
func TestTheRestExpires(t *testing.T) {
	b := newBench(t)
	b.subscribe(nil, numbers("206", 0, 2)...)
	b.subscribe(nil, numbers("808", 0, 3)...)
	end := tuesday.Add(30 * time.Minute)
	b.campaign(pumpkins, tuesday, end)
	b.wave(t, pumpkins)
	b.run(t, end.Add(-time.Second))
	b.want(t, pumpkins, campaign.Running, campaign.Counts{Sent: 2, Deferred: 3})
	b.run(t, end.Add(time.Second))
	b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 2, Expired: 3})
	for _, at := range b.schedules.made {
		if at.After(end) {
			t.Errorf("a schedule at %s, after the end at %s", at, end)
		}
	}
	if n := b.air.once(t, pumpkins); n != 2 {
		t.Errorf("%d texted, want 2", n)
	}
}

// A campaign that is woken too early waits, and one that is woken after its end texts nobody.
func TestOutsideTheCampaignsTime(t *testing.T) {
	b := newBench(t)
	b.subscribe(nil, numbers("206", 0, 2)...)
	b.campaign(pumpkins, tuesday.Add(time.Hour), tuesday.Add(2*time.Hour))
	b.wave(t, pumpkins)
	b.settle(t)
	b.want(t, pumpkins, campaign.Running, campaign.Counts{Deferred: 2})
	if !b.schedules.made[0].Equal(tuesday.Add(time.Hour)) {
		t.Errorf("woken again at %s", b.schedules.made[0])
	}
	b.goTo(tuesday.Add(3 * time.Hour))
	b.run(t, tuesday.Add(4*time.Hour))
	b.want(t, pumpkins, campaign.Done, campaign.Counts{Expired: 2})
	if b.air.calls > 0 {
		t.Errorf("%d texts", b.air.calls)
	}
}

// One person of the area must wait by a promise made to them alone. When the area is walked again the others, texted
// before, are not counted or asked again, and those who left since stay counted.
func TestPeopleDeferredOneByOne(t *testing.T) {
	b := newBench(t)
	group := numbers("206", 0, 60)
	late := group[7]
	b.subscribe(nil, group...)
	b.subscribe(full(tuesday.Add(90*time.Minute)), late)
	b.campaign(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	b.wave(t, pumpkins)
	b.settle(t)
	b.want(t, pumpkins, campaign.Running, campaign.Counts{Sent: 59, Deferred: 1})

	stop := consent.Key{Brand: "example", Phone: group[3]}
	if _, err := b.outbox.Change(t.Context(), stop, func(c consent.Contact) consent.Change {
		return c.CarrierOptOut("alerts", b.clock(), "test")
	}); err != nil {
		t.Fatal(err)
	}
	// Woken before it is time, the function reads nobody's contact again.
	records, reads := len(b.store.campaignTexts(pumpkins)), b.store.reads
	b.wave(t, pumpkins)
	b.settle(t)
	if b.store.reads != reads {
		t.Errorf("%d contacts were read before anybody's time", b.store.reads-reads)
	}
	b.want(t, pumpkins, campaign.Running, campaign.Counts{Sent: 59, Deferred: 1})

	b.run(t, tuesday.Add(2*time.Hour))
	b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 60})
	if n := b.air.once(t, pumpkins); n != 60 {
		t.Errorf("%d texted, want 60", n)
	}
	if got := len(b.store.campaignTexts(pumpkins)); got != records+1 {
		t.Errorf("%d texts on record, want one more than %d", got, records)
	}
	for _, f := range b.air.out {
		if f.text.To == late && f.at.Before(tuesday.Add(90*time.Minute)) {
			t.Errorf("I7: texted at %s, before the promise allows", f.at)
		}
	}
}

// I1: who said STOP while the campaign ran is refused, or no longer on the list.
func TestStopInBetween(t *testing.T) {
	b := newBench(t)
	group := numbers("206", 0, 30)
	b.subscribe(nil, group...)
	b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
	stop := func(n phone.Number) {
		t.Helper()
		if _, err := b.outbox.Change(t.Context(), consent.Key{Brand: "example", Phone: n}, func(c consent.Contact) consent.Change {
			return c.CarrierOptOut("alerts", b.clock(), "test")
		}); err != nil {
			t.Fatal(err)
		}
	}
	stopped := false
	b.store.fault = func(op string, done bool) error {
		if op == "Claim" && !done && !stopped {
			stopped = true
			stop(group[0])  // of this page, the very person about to be claimed
			stop(group[1])  // of this page, read already
			stop(group[29]) // of the next page
		}
		return nil
	}
	b.wave(t, pumpkins)
	b.settle(t)
	b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 27, Refused: 2})
	for _, f := range b.air.out {
		if slices.Contains([]phone.Number{group[0], group[1], group[29]}, f.text.To) {
			t.Errorf("I1: %s was texted after STOP", f.text.To)
		}
	}
}

// Two deliveries of one job at the same time, which SQS may make and every second wave does, text nobody twice and
// count nobody twice.
func TestTheSameJobTwiceAtOnce(t *testing.T) {
	for range 5 {
		b := newBench(t)
		for shard := range audience.Shards {
			b.subscribe(nil, numbers("206", shard, 30)...)
		}
		b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
		b.wave(t, pumpkins)
		var all sync.WaitGroup
		for _, body := range slices.Concat(b.queue.jobs, b.queue.jobs) {
			all.Go(func() {
				if !b.deliver(t.Context(), body) {
					t.Errorf("job %s failed", body)
				}
			})
		}
		all.Wait()
		b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 30 * audience.Shards})
		if n := b.air.once(t, pumpkins); n != 30*audience.Shards {
			t.Errorf("%d texted, want %d", n, 30*audience.Shards)
		}
	}
}

// A shard that has saved a page and is still being walked is not finished: another shard that ends meanwhile must not
// end the campaign under it.
func TestAShardOnItsWayKeepsTheCampaignOpen(t *testing.T) {
	b := newBench(t)
	b.subscribe(nil, numbers("206", 0, 30)...)
	b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
	b.wave(t, pumpkins)
	others := slices.Clone(b.queue.jobs[1:])
	b.store.fault = func(op string, done bool) error {
		if op == "SaveShard" && done && b.store.saves == 1 {
			for _, body := range others {
				if !b.deliver(t.Context(), body) {
					t.Errorf("job %s failed", body)
				}
			}
			if state, _ := b.status(pumpkins); state != campaign.Running {
				t.Errorf("the campaign is %s with half a shard to go", state)
			}
		}
		return nil
	}
	if !b.deliver(t.Context(), job(pumpkins, 0)) {
		t.Fatal(b.log)
	}
	b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 30})
}
