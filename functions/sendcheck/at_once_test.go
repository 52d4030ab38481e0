package sendcheck_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"smsconsent/functions/sendcheck"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/world"
)

// atOnce has jobs send so many texts at once, as they do on AWS.
func (w *fixture) atOnce(n int) {
	w.T.Helper()
	c := w.handler.Config
	c.AtOnce = n
	var err error
	if w.handler, err = sendcheck.New(c); err != nil {
		w.T.Fatal(err)
	}
	w.Function = w.handler.Handle
}

// A carrier that takes its time for each text does not keep a job from all of the identity's rate, and a job alone has
// all of it; nor is the rate exceeded. Time is virtual here.
func TestAJobSendsAtTheIdentitysRate(t *testing.T) {
	for _, perSecond := range []int{1, 10, 100, 300} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.atOnce(25)
			const people = 200
			w.subscribe(nil, world.Numbers("206", 0, people)...)
			w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
			prog, _, _ := w.Catalog.Brands[0].Topic("alerts")
			prog.PerSecond = perSecond
			w.Outbox.Pacer = outbox.NewSharedRate(w.Table)
			w.Carrier.Landed = func() { time.Sleep(60 * time.Millisecond) }
			begun := time.Now()
			if !w.Deliver(t.Context(), job(pumpkins, 0)) {
				t.Fatal(&w.Logged)
			}
			if n := w.once(pumpkins); n != people {
				t.Fatalf("%d texted, want %d", n, people)
			}
			took := time.Since(begun).Seconds()
			allowed := people / outbox.CampaignRate(perSecond) // seconds
			// A quarter of a second may be made up for, and the first text waits for nobody.
			if least := allowed*(people-1)/people - 0.25; took < least || took > allowed/0.9 {
				t.Errorf("%d people took %.2f s by a number of %d parts a second, want %.2f", people, took, perSecond, allowed)
			}
		})
	}
}

// A text the carrier takes long for keeps nobody else waiting but those who want its place. Time is virtual here.
func TestNoTextWaitsForAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stores dynamotest.Stores
		w := fast(t, stores.Memory(t))
		w.subscribe(nil, world.Numbers("206", 0, 200)...)
		w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
		var landed atomic.Int32
		w.Carrier.Landed = func() {
			if landed.Add(1)%25 == 0 {
				time.Sleep(2 * time.Second)
			}
		}
		begun := time.Now()
		if !w.Deliver(t.Context(), job(pumpkins, 0)) || w.once(pumpkins) != 200 {
			t.Fatal(&w.Logged)
		}
		if took := time.Since(begun); took > 4*time.Second {
			t.Errorf("eight texts that took two seconds each took %s, of twenty-five at once", took)
		}
	})
}

// Stopped in the middle of a page, a campaign of a fast number texts nobody after the next look, which is a hundred
// people off at most. Who was texted is counted at once: nobody may come back to a canceled campaign.
func TestStoppedInTheMiddleOfAPage(t *testing.T) {
	for _, state := range []campaign.State{campaign.Paused, campaign.Canceled} {
		var stores dynamotest.Stores
		w := fast(t, stores.Memory(t))
		people := world.Numbers("206", 0, 250)
		w.subscribe(nil, people...)
		w.Spoil(people[3])
		w.Spoil(people[200])
		w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
		moved := make(chan struct{})
		w.Carrier.Answer = func(n int, _ outbox.SMS) error {
			if n == 30 {
				defer close(moved)
				return w.Table.SetCampaignState(t.Context(), pumpkins, []campaign.State{campaign.Scheduled}, state, "")
			}
			if n > 30 { // or a busy machine has them all out before
				<-moved
			}
			return nil
		}
		if !w.Deliver(t.Context(), job(pumpkins, 0)) || w.Carrier.Calls != 100 || len(w.textsOf(pumpkins)) != 100 {
			t.Fatalf("%d texts, %d on record, want 100: %s", w.Carrier.Calls, len(w.textsOf(pumpkins)), &w.Logged)
		}
		w.expect(pumpkins, state, campaign.Counts{Sent: 100, Unreadable: 1})
		w.move(pumpkins, campaign.Running)
		w.wave(pumpkins)
		w.Settle()
		w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 248, Unreadable: 2})
		if n := w.once(pumpkins); n != 248 || w.Carrier.Calls != 248 {
			t.Errorf("%d people in %d texts, want 248", n, w.Carrier.Calls)
		}
	}
}

// I1, I2, I3: with many texts on their way at once, some people saying STOP meanwhile and the account's limit reached
// half way, nobody who said so before is texted, nobody twice, and all that went is on record.
func TestManyAtOnceKeepThePromises(t *testing.T) {
	w := newWorld(t)
	w.atOnce(25)
	people := world.Numbers("206", 0, 60)
	w.subscribe(nil, people...)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.wave(pumpkins)
	var stops atomic.Int32
	w.Carrier.Answer = func(n int, _ outbox.SMS) error {
		if n > 40 {
			return &outbox.Rejection{Reason: "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT", Quota: true}
		}
		return nil
	}
	w.Carrier.Landed = func() {
		if i := stops.Add(1); i <= 5 {
			w.stop(people[55+i-1]) // of a later batch
		}
	}
	w.Settle()
	if c := w.campaign(pumpkins); c.State != campaign.Paused {
		t.Errorf("the campaign is %s", c.State)
	}
	if n := w.once(pumpkins); n != 40 || len(w.textsOf(pumpkins)) != 40 {
		t.Errorf("%d texted, %d on record, want 40", n, len(w.textsOf(pumpkins)))
	}
	if w.Carrier.Calls > 40+25 {
		t.Errorf("%d texts were tried, want no more than were on their way", w.Carrier.Calls)
	}
	w.Carrier.Answer = nil
	w.move(pumpkins, campaign.Scheduled)
	w.wave(pumpkins)
	w.Settle()
	if n := w.once(pumpkins); n != 55 || len(w.textsOf(pumpkins)) != 55 {
		t.Errorf("%d texted, %d on record, want all but the five who said STOP", n, len(w.textsOf(pumpkins)))
	}
	for _, f := range w.Carrier.Sent {
		for _, stopped := range people[55:] {
			if f.To == stopped {
				t.Errorf("I1: %s was texted after STOP", stopped)
			}
		}
	}
}

// I2, I3: killed with many texts on their way, the job that comes again texts nobody twice and puts all on record.
func TestKilledWithManyOnTheirWay(t *testing.T) {
	for _, at := range []int32{1, 13, 25, 26, 40} {
		w := newWorld(t)
		w.atOnce(25)
		w.subscribe(nil, world.Numbers("206", 0, 60)...)
		w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
		w.wave(pumpkins)
		var landed atomic.Int32
		w.Carrier.Landed = func() {
			if landed.Add(1) == at {
				panic(world.Killed{})
			}
		}
		dead, _ := w.DeliverKilled(t.Context(), job(pumpkins, 0))
		if !dead {
			t.Fatalf("not killed at text %d", at)
		}
		w.Settle()
		w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 60})
		if n := w.once(pumpkins); n != 60 || len(w.textsOf(pumpkins)) != 60 {
			t.Errorf("killed at %d: %d texted, %d on record, want 60", at, n, len(w.textsOf(pumpkins)))
		}
	}
}
