package sendcheck_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/world"
)

// costing is the function with a campaign and those people on the list of alerts, before anything is paid for.
func costing(t *testing.T, numbers ...phone.Number) *fixture {
	t.Helper()
	w := newWorld(t)
	for _, n := range numbers {
		w.Subscribe(n, tuesday.Add(-24*time.Hour), "alerts")
	}
	w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	w.Bill.Take()
	return w
}

// What a page of 25 people costs: one more page, and nothing else. The hours are asked once an area, not once a person.
func TestCostOfAPage(t *testing.T) {
	calls := func(people int) map[string]int {
		w := costing(t, append(world.Numbers("206", 0, people), world.Numbers("808", 0, 2)...)...)
		if !w.Deliver(t.Context(), job(pumpkins, 0)) {
			t.Fatal(&w.Logged)
		}
		spent, _ := w.Bill.Take()
		if n := w.once(pumpkins); n != people {
			t.Fatalf("%d texted, want %d", n, people)
		}
		w.expect(pumpkins, campaign.Scheduled, campaign.Counts{Sent: people, Deferred: 2})
		if len(w.hours.asked) != 2 {
			t.Errorf("the hours of two areas were asked %d times", len(w.hours.asked))
		}
		return spent
	}
	few, many := calls(30), calls(55)
	page := map[string]int{}
	for name, n := range many {
		if n -= few[name]; n != 0 {
			page[name] = n
		}
	}
	want := map[string]int{
		"Query":          1,      // the page of the audience
		"BatchGetItem":   1,      // its contacts
		"GetItem":        1,      // is the campaign still running?
		"PutItem":        25 + 2, // the claims, whom they may be to, and the progress
		"BatchWriteItem": 1,      // the records
	}
	if diff := cmp.Diff(want, page); diff != "" {
		t.Errorf("a page costs (-want +got):\n%s", diff)
	}
	// Beside its pages a job reads the campaign and the progress, finds the areas, counts those who wait, saves, and keeps
	// who is done with where somebody is left.
	rest := map[string]int{"Query": 3 + 1, "GetItem": 1 + 1, "PutItem": 1 + 1}
	for name, n := range map[string]int{"Query": 2, "GetItem": 2, "PutItem": 30 + 2 + 1, "BatchGetItem": 2, "BatchWriteItem": 2} {
		rest[name] += n
	}
	if diff := cmp.Diff(rest, few); diff != "" {
		t.Errorf("a job of two pages costs (-want +got):\n%s", diff)
	}
}

// On the table itself: a person who waited is texted at the opening, and the others are not asked again.
func TestSecondWaveOnTheTable(t *testing.T) {
	w := costing(t, append(world.Numbers("206", 0, 5), world.Numbers("808", 0, 2)...)...)
	w.wave(pumpkins)
	w.Settle()
	w.Bill.Take()
	w.RunUntil(tuesday.Add(2 * time.Hour))
	if calls, _ := w.Bill.Take(); calls["BatchGetItem"] != 1 || calls["PutItem"] != 2+2 || calls["UpdateItem"] != 1 {
		t.Errorf("the second wave cost %v, want one page, whom it may be to, two claims, the progress and the campaign's end", calls)
	}
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 7})
	if n := w.once(pumpkins); n != 7 {
		t.Errorf("%d texted, want 7", n)
	}
}

// What a text costs where the number is fast, on Amazon's own DynamoDB: its claim and its record are a write unit each,
// its contact half a read one. It shares with others its page of the list, the progress and whom the page met.
func TestCostOfAText(t *testing.T) {
	var stores dynamotest.Stores
	t.Cleanup(func() {
		if err := stores.Stop(); err != nil {
			t.Error(err)
		}
	})
	const people = 300
	w := fast(t, stores.Local(t))
	w.subscribe(nil, world.Numbers("206", 0, people)...)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.Bill.Take()
	if !w.Deliver(t.Context(), job(pumpkins, 0)) || w.once(pumpkins) != people {
		t.Fatal(&w.Logged)
	}
	wrote := w.Bill.Wrote() / people
	made, units := w.Bill.Take()
	calls := 0.0
	for _, n := range made {
		calls += float64(n) / people
	}
	read := units/people - wrote
	t.Logf("a text costs %.3f calls, %.3f units written and %.3f read", calls, wrote, read)
	if calls > 1.1 || wrote > 2.02 || read > 0.6 {
		t.Errorf("a text costs %.3f calls, %.3f units written and %.3f read", calls, wrote, read)
	}
}

// A wave for somebody who waited goes by those of their area who have it: it reads their keys, some eighty a read unit,
// and neither reads nor writes anything else of them; it counts them still.
func TestAWaveOverPeopleWhoAreDone(t *testing.T) {
	var stores dynamotest.Stores
	t.Cleanup(func() {
		if err := stores.Stop(); err != nil {
			t.Error(err)
		}
	})
	const people = 150
	w := fast(t, stores.Local(t))
	w.subscribe(nil, world.Numbers("206", 0, people)...)
	late := world.Numbers("206", 0, people+1)[people]
	w.subscribe(full(tuesday.Add(2*time.Hour)), late)
	w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Running, campaign.Counts{Sent: people, Deferred: 1})
	w.Bill.Take()
	w.RunUntil(tuesday.Add(3 * time.Hour))
	wrote := w.Bill.Wrote()
	calls, units := w.Bill.Take()
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: people + 1})
	if n := w.once(pumpkins); n != people+1 {
		t.Errorf("%d have it", n)
	}
	t.Logf("%v: %.1f units read, %.1f written", calls, units-wrote, wrote)
	// Beside them: the campaign, eight progresses and where each shard has people, and what one text costs.
	if read := units - wrote; read > 30+people/25 || calls["BatchGetItem"] != 1 || calls["PutItem"] > 8+3 || wrote > 20 {
		t.Errorf("%v: %.1f units read, %.1f written", calls, read, wrote)
	}
}
