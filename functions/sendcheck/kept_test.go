package sendcheck_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"smsconsent/functions/sendcheck"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/world"
)

// noted is a table that keeps what a walk stores of its people.
type noted struct {
	*world.Table
	met, done []phone.Number
}

func (n *noted) SaveCandidates(ctx context.Context, campaign string, shard int, people, done []phone.Number) error {
	n.met, n.done = append(n.met, people...), append(n.done, done...)
	return n.Table.SaveCandidates(ctx, campaign, shard, people, done)
}

// A walk of several pages stores once whom it met, and where somebody is left to come back for, once who has the text.
func TestEachPersonIsKeptOnce(t *testing.T) {
	for name, waiting := range map[string]int{"all have it": 0, "one waits": 1} {
		w := newWorld(t)
		people := world.Numbers("206", 3, 60)
		w.subscribe(full(tuesday.Add(3*time.Hour)), people[:waiting]...)
		w.subscribe(nil, people[waiting:]...)
		w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
		kept := &noted{Table: w.Table}
		w.handler.Table = kept
		if !w.Deliver(t.Context(), job(pumpkins, 3)) {
			t.Fatal(&w.Logged)
		}
		slices.Sort(people)
		slices.Sort(kept.met)
		slices.Sort(kept.done)
		if !slices.Equal(kept.met, people) {
			t.Errorf("%s: %d of %d people were stored as met", name, len(kept.met), len(people))
		}
		want := people[waiting:]
		if waiting == 0 {
			want = people[:50] // who had it when the last page began: nobody comes back
		}
		if !slices.Equal(kept.done, want) {
			t.Errorf("%s: %d people are stored as texted, want %d", name, len(kept.done), len(want))
		}
	}
}

// Whoever was texted counts once, though who has the text could not be stored at the end of the walk, and nobody is
// left out when all are read again.
func TestWhoHasTheTextCountsOnceThoughItIsNotKept(t *testing.T) {
	w := newWorld(t)
	people := world.Numbers("206", 3, 3)
	w.subscribe(full(tuesday.Add(3*time.Hour)), people[0])
	w.subscribe(nil, people[1:]...)
	w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	asked := 0
	w.Table.Fault = func(op string, done bool) error {
		if op == "SaveCandidates" && !done {
			if asked++; asked == 2 {
				return errBroken
			}
		}
		return nil
	}
	if w.Deliver(t.Context(), job(pumpkins, 3)) {
		t.Error("it passes for done")
	}
	w.wave(pumpkins)
	w.Settle()
	w.GoTo(tuesday.Add(3*time.Hour + time.Minute))
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 3})
	w.once(pumpkins)
}

// A walk whose end could not be stored has failed, though it has yet to store who has the text: nobody on its last page
// is one whom the campaign is for.
func TestAWalkWhoseEndIsNotStored(t *testing.T) {
	w := newWorld(t)
	people := world.Numbers("206", 3, 30)
	w.subscribe(full(tuesday.Add(3*time.Hour)), people[0])
	w.subscribe(nil, people[1:]...)
	for _, n := range people[:25] {
		if _, err := w.Table.SetAttributes(t.Context(), world.Key(n), map[string]string{"city": "Dallas"}); err != nil {
			t.Fatal(err)
		}
	}
	w.written(campaign.Campaign{
		Topic: "alerts", Text: "Example Corp.: open today. " + pumpkins, Attributes: map[string][]string{"city": {"Dallas"}},
	})
	saves := 0
	w.Table.Fault = func(op string, done bool) error {
		if op == "SaveShard" && !done {
			if saves++; saves == 2 {
				return errBroken
			}
		}
		return nil
	}
	if w.Deliver(t.Context(), job(pumpkins, 3)) || saves != 2 {
		t.Errorf("it passes for done after %d saves", saves)
	}
}

// A claim that does not say for which area it was counts where the person is met.
func TestAClaimOfNoArea(t *testing.T) {
	w := newWorld(t)
	w.subscribe(func(c *consent.Contact) {
		c.Claims = []consent.Claim{{
			ID: "01KA0000000000000000000009", At: tuesday.Add(-time.Minute), Kind: "promotional", Program: "alerts",
			Topics: []string{"alerts"}, Campaign: pumpkins,
		}}
	}, world.Numbers("206", 3, 1)...)
	w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 1})
	if w.Carrier.Calls > 0 {
		t.Errorf("I2: %d texts", w.Carrier.Calls)
	}
}

// A campaign whose topic went, and whose time is over, counts as texted whom it texted before.
func TestWhoWasTextedBeforeTheTopicWent(t *testing.T) {
	w := newWorld(t)
	people := world.Numbers("206", 3, 2)
	w.subscribe(nil, people[0])
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.wave(pumpkins)
	w.Table.Fault = world.Failing("SaveShard", 1, errBroken)
	w.Deliver(t.Context(), job(pumpkins, 3))
	w.subscribe(nil, people[1])
	w.withoutTopics()
	w.GoTo(tuesday.Add(2 * time.Hour))
	w.Settle()
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 1, Expired: 1})
}

// The last of a page counts too where their contact cannot be read.
func TestTheLastOfAPageIsUnreadable(t *testing.T) {
	w := newWorld(t)
	people := world.Numbers("206", 3, 3)
	w.subscribe(nil, people...)
	w.Spoil(slices.Max(people))
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 2, Unreadable: 1})
}

// stale is an index of the audience that does not show yet, or any more, in which areas people are.
type stale struct{ sendcheck.Audience }

func (stale) NextArea(context.Context, string, string, int, phone.Area) (phone.Area, bool, error) {
	return "", false, nil
}

// An area that the index does not show is gone on with where the walk stopped, and who was texted there stays counted.
func TestAnAreaThatIsNotShown(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 3, 40)...)
	w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	w.move(pumpkins, campaign.Running)
	ctx := world.Shrinking(t.Context(), func() bool { return w.Carrier.Calls == 25 })
	if !w.Deliver(ctx, job(pumpkins, 3)) || w.Carrier.Calls != 25 {
		t.Fatalf("%d texts: %s", w.Carrier.Calls, &w.Logged)
	}
	w.handler.Audience = stale{w.Audience}
	w.Settle()
	if _, counts := w.status(pumpkins); counts != (campaign.Counts{Sent: 40}) || w.once(pumpkins) != 40 {
		t.Errorf("%+v of %d texts", counts, w.Carrier.Calls)
	}
}

// No more texts are under way at once than the job may send.
func TestNoMoreTextsAtOnceThanAllowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stores dynamotest.Stores
		w := fast(t, stores.Memory(t))
		w.subscribe(nil, world.Numbers("206", 3, 60)...)
		w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
		var under atomic.Int32
		w.Carrier.Answer = func(int, outbox.SMS) error {
			under.Add(1)
			time.Sleep(time.Second) // by when all that may begin have begun
			if n := under.Load(); n > 25 {
				t.Errorf("%d texts at once", n)
			}
			time.Sleep(time.Second)
			under.Add(-1)
			return nil
		}
		if !w.Deliver(t.Context(), job(pumpkins, 3)) || w.once(pumpkins) != 60 {
			t.Error(&w.Logged)
		}
	})
}

// After a failure nobody else of the page is begun with: the job fails, and comes again.
func TestAfterAFailureNobodyIsBegunWith(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 3, 10)...)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	claims := 0
	w.Table.Fault = func(op string, done bool) error {
		if op == "Claim" && !done {
			if claims++; claims == 3 {
				return errBroken
			}
		}
		return nil
	}
	if w.Deliver(t.Context(), job(pumpkins, 3)) || w.Carrier.Calls != 2 || claims != 3 {
		t.Errorf("%d claims, %d texts", claims, w.Carrier.Calls)
	}
}

// How soon a paused campaign stops goes by the number's rate: whether it still runs is asked about once a second.
func TestHowSoonAPausedCampaignStops(t *testing.T) {
	w := newWorld(t)
	prog, _, _ := w.Catalog.Brands[0].Topic("alerts")
	prog.PerSecond = 70 // of which campaigns have 63, which is two batches
	w.subscribe(nil, world.Numbers("206", 3, 120)...)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.Carrier.Answer = func(n int, _ outbox.SMS) error {
		if n == 7 {
			w.move(pumpkins, campaign.Paused)
		}
		return nil
	}
	if !w.Deliver(t.Context(), job(pumpkins, 3)) || w.Carrier.Calls != 50 {
		t.Errorf("%d texts: %s", w.Carrier.Calls, &w.Logged)
	}
	w.expect(pumpkins, campaign.Paused, campaign.Counts{Sent: 50})
}
