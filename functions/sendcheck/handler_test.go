package sendcheck_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience"

	"smsconsent/shared/testkit/world"
)

const sample = "01M84S1580ABCDEFGHJKMNPQRS" // the campaign of the sample events

func event(t testing.TB, name string) json.RawMessage {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "events", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestSampleEvents(t *testing.T) {
	w := newWorld(t)
	w.create(sample, tuesday, tuesday.Add(time.Hour))
	hers := world.Numbers("206", 3, 1)
	w.subscribe(nil, hers...)
	if out, err := w.handler.Handle(t.Context(), event(t, "sendcheck-schedule.json")); err != nil || out != nil {
		t.Fatalf("schedule: %v, %v", out, err)
	}
	if want := []string{chain(sample, 0, 1, 2, 3, 4, 5, 6, 7)}; !slices.Equal(w.Queue.Jobs, want) {
		t.Errorf("jobs %v, want %v", w.Queue.Jobs, want)
	}
	if state, _ := w.status(sample); state != campaign.Running {
		t.Errorf("the campaign is %s, want running", state)
	}
	if out, err := w.handler.Handle(t.Context(), event(t, "sendcheck-job.json")); err != nil || len(out.BatchItemFailures) != 0 {
		t.Fatalf("job: %v, %v", out, err)
	}
	if n := w.once(sample); n != 1 {
		t.Errorf("%d people of shard 3 were texted, want 1", n)
	}
}

func TestMalformedEvents(t *testing.T) {
	for _, raw := range []string{
		``, `{`, `[]`, `{}`, `{"campaign":""}`, `{"campaign":7}`, `{"Records":[]}`, `{"audit":"start"}`,
		`{"campaign":"` + pumpkins + `x"}`, `{"campaign":"` + pumpkins + `","Records":7}`,
	} {
		w := newWorld(t)
		w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
		if out, err := w.handler.Handle(t.Context(), json.RawMessage(raw)); err == nil || out != nil {
			t.Errorf("%s: %v, %v: want an error", raw, out, err)
		}
		if w.Table.Done("SaveShard") > 0 || len(w.Queue.Jobs) > 0 || w.campaign(pumpkins).State != campaign.Scheduled {
			t.Errorf("%s changed something", raw)
		}
	}
}

func TestMalformedJobs(t *testing.T) {
	hers := world.Numbers("206", 0, 1)
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
			w := newWorld(t)
			w.subscribe(nil, hers...)
			w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
			w.createTo("nobody", "alerts", "brand", tuesday, tuesday.Add(time.Hour))
			w.createTo("example", "nothing", "topic", tuesday, tuesday.Add(time.Hour))
			raw := fmt.Sprintf(`{"Records":[{"messageId":"bad","body":%q},{"messageId":"good","body":%q}]}`, c.body, job(pumpkins, 0))
			out, err := w.handler.Handle(t.Context(), json.RawMessage(raw))
			if err != nil || len(out.BatchItemFailures) != 1 || out.BatchItemFailures[0].ItemIdentifier != "bad" {
				t.Errorf("%+v, %v: want just the bad job to fail", out, err)
			}
			if n := w.once(pumpkins); n != 1 {
				t.Errorf("the other job texted %d, want 1", n)
			}
			if !strings.Contains(w.Logged.String(), "sqs=bad") || strings.Contains(w.Logged.String(), string(hers[0])) {
				t.Errorf("log: %s", &w.Logged)
			}
		})
	}
}

func TestACampaignThatDoesNotRunDoesNothing(t *testing.T) {
	for _, state := range []campaign.State{campaign.Paused, campaign.Done} {
		w := newWorld(t)
		w.subscribe(nil, world.Numbers("206", 0, 1)...)
		w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
		w.move(pumpkins, state)
		w.wave(pumpkins)
		if !w.Deliver(t.Context(), job(pumpkins, 0)) {
			t.Errorf("%s: the job failed", state)
		}
		if len(w.Queue.Jobs) > 0 || w.Carrier.Calls > 0 || w.Table.Done("SaveShard") > 0 || w.campaign(pumpkins).State != state {
			t.Errorf("a campaign that is %s did something", state)
		}
	}
}

// Dashboards see of a page how many got the campaign, wait or do not get it, and by which rule.
func TestWhatBecomesOfAPageIsCounted(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, "+12065550142", "+12065550143")
	w.subscribe(full(tuesday.Add(time.Hour)), "+12065550144")
	w.subscribe(func(c *consent.Contact) { c.Health.Undeliverable = true }, "+12065550145")
	w.create(pumpkins, tuesday, tuesday.Add(2*time.Hour))
	w.wave(pumpkins)
	w.Settle()
	for line, times := range map[string]int{ // each is in another page
		`"result":"sent","CampaignText":1}`: 2, `"result":"deferred","CampaignText":1}`: 1, `"result":"refused","CampaignText":1}`: 1,
		`"rule":"deliverable","CampaignRefused":1}`: 1,
	} {
		if n := strings.Count(w.Counted.String(), line); n != times {
			t.Errorf("%s is there %d times, want %d", line, n, times)
		}
	}
	if strings.Contains(w.Counted.String(), `":0}`) { // each line is paid for
		t.Errorf("what became of nobody is counted: %s", &w.Counted)
	}
}

func TestNobodyOnTheListEndsAtOnce(t *testing.T) {
	w := newWorld(t)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.wave(pumpkins)
	for n := range audience.Shards {
		if state, _ := w.status(pumpkins); state != campaign.Running {
			t.Fatalf("before shard %d the campaign is %s", n, state)
		}
		if !w.Deliver(t.Context(), job(pumpkins, n)) {
			t.Fatal(&w.Logged)
		}
	}
	w.expect(pumpkins, campaign.Done, campaign.Counts{})
	if len(w.Schedules.Made) > 0 {
		t.Errorf("schedules at %v", w.Schedules.Made)
	}
}

// Seattle is open and Honolulu, two hours behind, is not: its people wait, count as deferred, and get theirs at nine.
func TestAClosedAreaWaitsForItsOpening(t *testing.T) {
	w := newWorld(t)
	for shard := range 3 {
		w.subscribe(nil, world.Numbers("206", shard, 2)...)
		w.subscribe(nil, world.Numbers("808", shard, 3)...)
	}
	w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Running, campaign.Counts{Sent: 6, Deferred: 9})
	nine := time.Date(2027, time.January, 5, 19, 0, 0, 0, time.UTC)
	if len(w.Schedules.Made) != 1 || !w.Schedules.Made[0].Equal(nine) {
		t.Fatalf("schedules at %v, want one for three shards, at %s", w.Schedules.Made, nine)
	}
	w.wave(pumpkins)
	if want := []string{chain(pumpkins, 0, 1, 2)}; !slices.Equal(w.Queue.Jobs, want) {
		t.Fatalf("the second wave queued %v, want only the unfinished shards", w.Queue.Jobs)
	}
	w.Settle()
	if n := w.once(pumpkins); n != 6 {
		t.Fatalf("%d texted before nine", n)
	}
	w.RunUntil(nine.Add(time.Minute))
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 15})
	if n := w.once(pumpkins); n != 15 {
		t.Errorf("%d texted, want 15", n)
	}
}

// I6: at the campaign's end the rest expires. No schedule is made after it.
func TestTheRestExpires(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 2)...)
	w.subscribe(nil, world.Numbers("808", 0, 3)...)
	end := tuesday.Add(30 * time.Minute)
	w.create(pumpkins, tuesday, end)
	w.wave(pumpkins)
	w.RunUntil(end.Add(-time.Second))
	w.expect(pumpkins, campaign.Running, campaign.Counts{Sent: 2, Deferred: 3})
	w.RunUntil(end.Add(time.Second))
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 2, Expired: 3})
	for _, at := range w.Schedules.Made {
		if at.After(end) {
			t.Errorf("a schedule at %s, after the end at %s", at, end)
		}
	}
	if n := w.once(pumpkins); n != 2 {
		t.Errorf("%d texted, want 2", n)
	}
}

// Whom a rule refused while others waited stays refused by it when the campaign ends, and who waited expires by the
// rule they waited for: in areas that open and close at other hours.
func TestTheEndChangesNoReason(t *testing.T) {
	w := newWorld(t)
	end := tuesday.Add(10 * time.Hour) // 18:00 in Seattle, 23:00 in New York
	for _, code := range []string{"206", "212", "808"} {
		numbers := world.Numbers(code, 0, 4)
		w.subscribe(digestsOnly, numbers[:2]...)
		w.subscribe(full(end.Add(24*time.Hour)), numbers[2:]...)
	}
	w.create(pumpkins, tuesday, end)
	w.wave(pumpkins)
	for at := tuesday; at.Before(end.Add(-time.Hour)); at = at.Add(time.Hour) {
		w.RunUntil(at)
	}
	w.GoTo(end.Add(6 * time.Hour))
	w.RunUntil(end.Add(6 * time.Hour))
	w.expect(pumpkins, campaign.Done, campaign.Counts{Refused: 6, Expired: 6})
	shards, err := w.Table.Shards(t.Context(), pumpkins)
	if err != nil {
		t.Fatal(err)
	}
	want := campaign.Reasons{
		RefusedBy: map[string]int{"engagement-tier": 6}, ExpiredBy: map[string]int{"promised-frequency": 6},
	}
	if got := campaign.AllReasons(shards); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// A campaign that is woken too early waits, and one that is woken after its end texts nobody.
func TestOutsideTheCampaignsTime(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 2)...)
	w.create(pumpkins, tuesday.Add(time.Hour), tuesday.Add(2*time.Hour))
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Scheduled, campaign.Counts{})
	if !w.Schedules.Made[0].Equal(tuesday.Add(time.Hour)) {
		t.Errorf("woken again at %s", w.Schedules.Made[0])
	}
	w.GoTo(tuesday.Add(3 * time.Hour))
	w.RunUntil(tuesday.Add(4 * time.Hour))
	w.expect(pumpkins, campaign.Done, campaign.Counts{Expired: 2})
	if w.Carrier.Calls > 0 {
		t.Errorf("%d texts", w.Carrier.Calls)
	}
}

// One person of the area must wait by a promise made to them alone. When the area is walked again the others, texted
// before, are not counted or asked again, and those who left since stay counted.
func TestPeopleDeferredOneByOne(t *testing.T) {
	w := newWorld(t)
	group := world.Numbers("206", 0, 60)
	late := group[7]
	w.subscribe(full(tuesday.Add(90*time.Minute)), late)
	w.subscribe(nil, slices.Concat(group[:7], group[8:])...)
	w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Running, campaign.Counts{Sent: 59, Deferred: 1})

	w.stop(group[3])
	// Woken before it is time, the function reads nobody's contact again.
	records, reads := len(w.textsOf(pumpkins)), w.Table.Looked()
	w.wave(pumpkins)
	w.Settle()
	if w.Table.Looked() != reads {
		t.Errorf("%d contacts were read before anybody's time", w.Table.Looked()-reads)
	}
	w.expect(pumpkins, campaign.Running, campaign.Counts{Sent: 59, Deferred: 1})

	w.RunUntil(tuesday.Add(2 * time.Hour))
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 60})
	if n := w.once(pumpkins); n != 60 {
		t.Errorf("%d texted, want 60", n)
	}
	if got := len(w.textsOf(pumpkins)); got != records+1 {
		t.Errorf("%d texts on record, want one more than %d", got, records)
	}
	for _, f := range w.Carrier.Sent {
		if f.SMS.To == late && f.At.Before(tuesday.Add(90*time.Minute)) {
			t.Errorf("I7: texted at %s, before the promise allows", f.At)
		}
	}
}

// I1: who said STOP while the campaign ran is refused, or no longer on the list.
func TestStopInBetween(t *testing.T) {
	w := newWorld(t)
	group := world.Numbers("206", 0, 30)
	w.subscribe(nil, group...)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	stopped := false
	w.Table.Fault = func(op string, done bool) error {
		if op == "Claim" && !done && !stopped {
			stopped = true
			w.stop(group[0])  // of this page, the very person about to be claimed
			w.stop(group[1])  // of this page, read already
			w.stop(group[29]) // of the next page
		}
		return nil
	}
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 27, Refused: 2})
	for _, f := range w.Carrier.Sent {
		if slices.Contains([]phone.Number{group[0], group[1], group[29]}, f.SMS.To) {
			t.Errorf("I1: %s was texted after STOP", f.SMS.To)
		}
	}
}

// Two deliveries of one job at the same time, which SQS may make and every second wave does, text nobody twice and
// count nobody twice.
func TestTheSameJobTwiceAtOnce(t *testing.T) {
	for range 5 {
		w := newWorld(t)
		for shard := range audience.Shards {
			w.subscribe(nil, world.Numbers("206", shard, 30)...)
		}
		w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
		w.wave(pumpkins)
		var all sync.WaitGroup
		for _, body := range slices.Concat(oneEach(pumpkins), oneEach(pumpkins)) {
			all.Go(func() {
				if !w.Deliver(t.Context(), body) {
					t.Errorf("job %s failed", body)
				}
			})
		}
		all.Wait()
		w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 30 * audience.Shards})
		if n := w.once(pumpkins); n != 30*audience.Shards {
			t.Errorf("%d texted, want %d", n, 30*audience.Shards)
		}
	}
}

// A shard that has saved a page and is still being walked is not finished: another shard that ends meanwhile must not
// end the campaign under it.
func TestAShardOnItsWayKeepsTheCampaignOpen(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 30)...)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.wave(pumpkins)
	others := oneEach(pumpkins)[1:]
	w.Table.Fault = func(op string, done bool) error {
		if op == "SaveShard" && done && w.Table.Done("SaveShard") == 1 {
			for _, body := range others {
				if !w.Deliver(t.Context(), body) {
					t.Errorf("job %s failed", body)
				}
			}
			if state, _ := w.status(pumpkins); state != campaign.Running {
				t.Errorf("the campaign is %s with half a shard to go", state)
			}
		}
		return nil
	}
	if !w.Deliver(t.Context(), job(pumpkins, 0)) {
		t.Fatal(&w.Logged)
	}
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 30})
}
