package sendcheck_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/timeleft"
	"smsconsent/shared/testkit/world"
)

// Wherever a walk fails or is killed, the job's next delivery texts the rest, texts nobody twice (I2), counts everybody
// once, and every text is on record (I3).
func TestAWalkThatBreaksOff(t *testing.T) {
	const people = 30
	for _, op := range []string{"SaveCandidates", "Claim", "carrier", "Record", "SaveShard"} {
		for _, done := range []bool{false, true} {
			for _, kill := range []bool{false, true} {
				for _, at := range []int{1, 2, 26} {
					t.Run(fmt.Sprintf("%s done=%t kill=%t at=%d", op, done, kill, at), func(t *testing.T) {
						w := newWorld(t)
						w.subscribe(nil, world.Numbers("206", 0, people)...)
						w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
						w.wave(pumpkins)
						seen := 0
						fault := func(o string, d bool) error {
							if o != op || d != done {
								return nil
							}
							if seen++; seen != at {
								return nil
							}
							if kill {
								panic(world.Killed{})
							}
							return errBroken
						}
						w.Table.Fault = fault
						w.Carrier.Answer = func(int, outbox.SMS) error {
							err := fault("carrier", false)
							if err == nil {
								err = fault("carrier", true)
							}
							return err
						}
						// Where it breaks off a second delivery follows, as SQS makes it.
						for try := 0; ; try++ {
							if dead, ok := w.DeliverKilled(t.Context(), job(pumpkins, 0)); ok && !dead {
								break
							}
							if try > 2 {
								t.Fatal("the job never ends")
							}
							w.GoTo(w.Clock().Add(12 * time.Minute))
						}
						w.Settle()
						w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: people})
						texted := people
						if op == "Claim" && done || op == "carrier" && kill {
							texted-- // claimed and not handed over, which nobody can know: never texted
						}
						if n := w.once(pumpkins); n != texted {
							t.Errorf("%d texted, want %d", n, texted)
						}
						if n := len(w.textsOf(pumpkins)); n != people {
							t.Errorf("I3: %d texts on record, want %d", n, people)
						}
					})
				}
			}
		}
	}
}

// SQS may deliver one message twice at once, and it is gone as soon as one of the two is done with it. The one that is
// overtaken has no way to know whether the other gets through: wherever that is ended, somebody comes back for the
// rest.
func TestOneMessageTwiceAtOnceOfWhichTheOneAheadIsEnded(t *testing.T) {
	const people = 60
	for at := 1; at <= 69; at++ { // 60 claims and three pages of people met, records and progress
		w := newWorld(t)
		w.subscribe(nil, world.Numbers("206", 0, people)...)
		w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
		w.wave(pumpkins)
		message, _ := w.Queue.Take(0)
		acknowledged, begun, writes := false, false, 0
		w.Table.Fault = func(op string, done bool) error {
			switch {
			case op == "SaveShard" && !begun:
				begun = true // the first delivery is about to save its first page, and the second begins
				if dead, ok := w.DeliverKilled(t.Context(), message); !dead && ok {
					acknowledged = true
				}
				writes = -1
			case begun && writes >= 0 && !done:
				if writes++; writes == at {
					panic(world.Killed{})
				}
			}
			return nil
		}
		if w.Deliver(t.Context(), message) {
			acknowledged = true
		}
		if !acknowledged {
			w.Queue.Jobs = append(w.Queue.Jobs, message)
		}
		w.RunUntil(tuesday.Add(time.Hour))
		if state, counts := w.status(pumpkins); state != campaign.Done || counts != (campaign.Counts{Sent: people}) {
			t.Errorf("ended at write %d: %s with %+v", at, state, counts)
		}
		w.once(pumpkins)
		if n := len(w.textsOf(pumpkins)); n != people {
			t.Errorf("I3: ended at write %d: %d texts on record", at, n)
		}
	}
}

// Every walk that is overtaken has the campaign looked at again, and every look queues all its shards. So those of the
// same quarter of an hour share a look, late enough that the walk ahead has ended: else looks would make ever more
// walks to be overtaken.
func TestWalksThatAreOvertakenShareALook(t *testing.T) {
	w := newWorld(t)
	w.GoTo(tuesday.Add(time.Minute))
	for shard := range 5 {
		w.subscribe(nil, world.Numbers("206", shard, 2)...)
	}
	w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	for shard := range 5 {
		ahead := false
		w.Table.Fault = func(op string, _ bool) error {
			if op == "SaveShard" && !ahead {
				ahead = true
				if !w.Deliver(t.Context(), job(pumpkins, shard)) {
					t.Errorf("job failed: %s", &w.Logged)
				}
			}
			return nil
		}
		if !w.Deliver(t.Context(), job(pumpkins, shard)) {
			t.Fatalf("the job of shard %d failed: %s", shard, &w.Logged)
		}
		w.GoTo(w.Clock().Add(150 * time.Second))
	}
	if len(w.Schedules.Pending) != 1 || len(w.Schedules.Made) != 1 || !w.Schedules.Made[0].Equal(tuesday.Add(30*time.Minute)) {
		t.Errorf("looks at %v, want one half an hour later", w.Schedules.Made)
	}
}

// Short of time, before a page or within it, the function keeps what it did and hands the rest on.
func TestShortOfTime(t *testing.T) {
	for _, texts := range []int{0, 1, 10, 25, 35, 36, 49} {
		t.Run(fmt.Sprintf("after %d texts", texts), func(t *testing.T) {
			w := newWorld(t)
			w.subscribe(nil, world.Numbers("206", 0, 40)...)
			w.subscribe(nil, world.Numbers("212", 0, 10)...)
			w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
			w.Outbox.Pacer = world.Pacer(func() error {
				if w.Carrier.Calls == texts {
					return timeleft.ErrShort
				}
				return nil
			})
			ctx := world.Shrinking(t.Context(), func() bool { return w.Carrier.Calls == texts })
			if !w.Deliver(ctx, job(pumpkins, 0)) {
				t.Fatal(&w.Logged)
			}
			if len(w.Queue.Jobs) != 1 || w.Queue.Jobs[0] != job(pumpkins, 0) {
				t.Fatalf("jobs %v, want the rest of this one", w.Queue.Jobs)
			}
			if n := len(w.textsOf(pumpkins)); n != texts {
				t.Errorf("I3: %d texts on record, want %d", n, texts)
			}
			// New York, ten people in one page, comes before Washington with a page of 25 and one of 15. Whole pages are kept.
			kept := 0
			if texts >= 10 {
				kept = 10 + (texts-10)/25*25
			}
			if _, counts := w.status(pumpkins); counts.Sent != kept {
				t.Errorf("%d counted of %d texted, want %d", counts.Sent, texts, kept)
			}
			w.Outbox.Pacer = nil
			w.wave(pumpkins)
			w.Settle()
			w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 50})
			if n := w.once(pumpkins); n != 50 || w.Carrier.Calls != 50 {
				t.Errorf("%d people in %d texts, want 50", n, w.Carrier.Calls)
			}
		})
	}
}

// Many small areas take longer than one job has. What was done in each must be kept, or no job would ever come to the
// last.
func TestSmallAreasAreNotWalkedAgainWhenTimeRunsOut(t *testing.T) {
	w := newWorld(t)
	for _, code := range []string{"206", "212", "305", "312", "404", "503", "602", "617", "702"} {
		w.subscribe(nil, world.Numbers(code, 0, 2)...)
	}
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	if !w.Deliver(world.Shrinking(t.Context(), func() bool { return w.Carrier.Calls >= 8 }), job(pumpkins, 0)) {
		t.Fatal(&w.Logged)
	}
	if _, counts := w.status(pumpkins); counts.Sent != 8 {
		t.Errorf("%d are kept of the 8 texted", counts.Sent)
	}
}

// A queue that takes nothing must not swallow what is left: the job fails and comes again.
func TestAHandoverThatFails(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 1)...)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.Queue.Err = errBroken
	if w.Deliver(world.Shrinking(t.Context(), func() bool { return true }), job(pumpkins, 0)) {
		t.Error("the job passed for done")
	}
	w.Queue.Err = nil
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 1})
}

// A schedule that cannot be made must not strand those who wait.
func TestAScheduleThatFails(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("808", 0, 1)...)
	w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	w.wave(pumpkins)
	w.Schedules.Err = errBroken
	if w.Deliver(t.Context(), job(pumpkins, 0)) {
		t.Fatal("the job passed for done")
	}
	w.Schedules.Err = nil
	w.RunUntil(tuesday.Add(8 * time.Hour))
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 1})
}

// A contact nobody can make sense of gets nothing, is counted by itself and raises the alarm. Everybody behind it gets
// their text.
func TestAnUnreadableContactStopsNobodyElse(t *testing.T) {
	w := newWorld(t)
	group := world.Numbers("206", 0, 60)
	w.subscribe(nil, group...)
	w.Spoil(group[0])
	w.Spoil(group[30])
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 58, Unreadable: 2})
	for _, f := range w.Carrier.Sent {
		if f.SMS.To == group[0] || f.SMS.To == group[30] {
			t.Error("I1: somebody was texted whose consent cannot be read")
		}
	}
	if n := w.once(pumpkins); n != 58 {
		t.Errorf("%d texted, want 58", n)
	}
	if n := strings.Count(w.Counted.String(), `"PoisonedContact":1`); n != 2 {
		t.Errorf("PoisonedContact was counted %d times, want twice", n)
	}
	if log := w.Logged.String(); strings.Count(log, "cannot be read") != 2 || !strings.Contains(log, pumpkins) || strings.Contains(log, "206555") {
		t.Errorf("I10: log: %s", log)
	}
}

// While an area with such a contact waits for its hours, or is walked again for somebody in it, each person is still in
// one count.
func TestAnUnreadableContactIsCountedOnce(t *testing.T) {
	w := newWorld(t)
	group := world.Numbers("206", 0, 30)
	w.subscribe(full(tuesday.Add(90*time.Minute)), group[7])
	w.subscribe(nil, slices.Concat(group[:7], group[8:])...)
	w.Spoil(group[20])
	w.create(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Running, campaign.Counts{Sent: 28, Deferred: 1, Unreadable: 1})
	w.RunUntil(tuesday.Add(2 * time.Hour))
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 29, Unreadable: 1})
}

// Paused by another function while it is walked, a campaign stops at the next page.
func TestPausedInTheMiddle(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 60)...)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.Carrier.Answer = func(n int, _ outbox.SMS) error {
		if n == 7 {
			return w.Table.SetCampaignState(t.Context(), pumpkins, []campaign.State{campaign.Scheduled}, campaign.Paused, "TEXT_SPAM")
		}
		return nil
	}
	if !w.Deliver(t.Context(), job(pumpkins, 0)) {
		t.Fatal(&w.Logged)
	}
	w.expect(pumpkins, campaign.Paused, campaign.Counts{Sent: 25})
	if w.Carrier.Calls != 25 || w.campaign(pumpkins).Why != "TEXT_SPAM" || len(w.Queue.Jobs)+len(w.Schedules.Made) > 0 {
		t.Errorf("%d texts, because of %q, and %v to follow", w.Carrier.Calls, w.campaign(pumpkins).Why, w.Queue.Jobs)
	}
}

// A claim that another writer keeps from being released is a failure of the job, not a sign that another delivery is
// ahead.
func TestAConflictOnAContactIsNoOvertaking(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 1)...)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.Carrier.Answer = func(int, outbox.SMS) error { return &outbox.Rejection{Reason: "THROTTLED", Throttled: true} }
	w.Table.Fault = func(op string, _ bool) error {
		if op == "UpdateBookkeeping" {
			return fmt.Errorf("gave up: %w", table.ErrConflict)
		}
		return nil
	}
	if w.Deliver(t.Context(), job(pumpkins, 0)) {
		t.Error("the job passed for done and nobody would come back to it")
	}
}

// The next walk is far enough off that its schedule's name cannot belong to one that has fired and is still being
// deleted.
func TestAnInstantThatHasPassedIsNotScheduled(t *testing.T) {
	w := newWorld(t)
	group := world.Numbers("206", 0, 2)
	w.subscribe(full(tuesday.Add(2*time.Second)), group[0])
	w.subscribe(nil, group[1])
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.Carrier.Answer = func(int, outbox.SMS) error { w.GoTo(tuesday.Add(40 * time.Second)); return nil } // a slow carrier
	w.wave(pumpkins)
	w.Settle()
	if len(w.Schedules.Made) != 1 || !w.Schedules.Made[0].Equal(tuesday.Add(time.Minute)) {
		t.Errorf("schedules at %v, want one at the first whole minute five seconds after %s", w.Schedules.Made, tuesday.Add(40*time.Second))
	}
	w.RunUntil(tuesday.Add(2 * time.Minute))
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 2})
}
