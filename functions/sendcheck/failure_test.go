package sendcheck_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/queue"
	"smsconsent/shared/edge/table"
)

// killed ends the process where it stands.
type killed struct{}

// deliverKilled delivers a job that may be killed, and reports whether it was.
func (b *bench) deliverKilled(ctx context.Context, body string) (dead, ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(killed); !is {
				panic(r)
			}
			dead = true
		}
	}()
	return false, b.deliver(ctx, body)
}

// Wherever a walk fails or is killed, the job's next delivery texts the rest, texts nobody twice (I2), counts everybody
// once, and every text is on record (I3).
func TestAWalkThatBreaksOff(t *testing.T) {
	const people = 30
	for _, op := range []string{"Claim", "carrier", "Record", "SaveShard"} {
		for _, done := range []bool{false, true} {
			for _, kill := range []bool{false, true} {
				for _, at := range []int{1, 2, 26} {
					t.Run(fmt.Sprintf("%s done=%t kill=%t at=%d", op, done, kill, at), func(t *testing.T) {
						b := newBench(t)
						b.subscribe(nil, numbers("206", 0, people)...)
						b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
						b.wave(t, pumpkins)
						seen := 0
						fault := func(o string, d bool) error {
							if o != op || d != done {
								return nil
							}
							if seen++; seen != at {
								return nil
							}
							if kill {
								panic(killed{})
							}
							return errBroken
						}
						b.store.fault = fault
						b.air.answer = func(int, outbox.SMS) error {
							err := fault("carrier", false)
							if err == nil {
								err = fault("carrier", true)
							}
							return err
						}
						// Where it breaks off a second delivery follows, as SQS makes it.
						for try := 0; ; try++ {
							if dead, ok := b.deliverKilled(t.Context(), job(pumpkins, 0)); ok && !dead {
								break
							}
							if try > 2 {
								t.Fatal("the job never ends")
							}
							b.goTo(b.now.Add(12 * time.Minute))
						}
						b.settle(t)
						b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: people})
						texted := people
						if op == "Claim" && done || op == "carrier" && kill {
							texted-- // claimed and not handed over, which nobody can know: never texted
						}
						if n := b.air.once(t, pumpkins); n != texted {
							t.Errorf("%d texted, want %d", n, texted)
						}
						if n := len(b.store.campaignTexts(pumpkins)); n != people {
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
	for at := 1; at <= 66; at++ { // 60 claims and three pages of records and progress
		b := newBench(t)
		b.subscribe(nil, numbers("206", 0, people)...)
		b.campaign(pumpkins, tuesday, tuesday.Add(8*time.Hour))
		b.wave(t, pumpkins)
		message, _ := b.queue.take(0)
		acknowledged, begun, writes := false, false, 0
		b.store.fault = func(op string, done bool) error {
			switch {
			case op == "SaveShard" && !begun:
				begun = true // the first delivery is about to save its first page, and the second begins
				if dead, ok := b.deliverKilled(t.Context(), message); !dead && ok {
					acknowledged = true
				}
				writes = -1
			case begun && writes >= 0 && !done:
				if writes++; writes == at {
					panic(killed{})
				}
			}
			return nil
		}
		if b.deliver(t.Context(), message) {
			acknowledged = true
		}
		if !acknowledged {
			b.queue.jobs = append(b.queue.jobs, message)
		}
		b.run(t, tuesday.Add(time.Hour))
		if state, counts := b.status(pumpkins); state != campaign.Done || counts != (campaign.Counts{Sent: people}) {
			t.Errorf("ended at write %d: %s with %+v", at, state, counts)
		}
		b.air.once(t, pumpkins)
		if n := len(b.store.campaignTexts(pumpkins)); n != people {
			t.Errorf("I3: ended at write %d: %d texts on record", at, n)
		}
	}
}

// Every walk that is overtaken has the campaign looked at again, and every look queues all its shards. So those of the
// same quarter of an hour share a look, late enough that the walk ahead has ended: else looks would make ever more
// walks to be overtaken.
func TestWalksThatAreOvertakenShareALook(t *testing.T) {
	b := newBench(t)
	b.goTo(tuesday.Add(time.Minute))
	for shard := range 5 {
		b.subscribe(nil, numbers("206", shard, 2)...)
	}
	b.campaign(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	for shard := range 5 {
		ahead := false
		b.store.fault = func(op string, _ bool) error {
			if op == "SaveShard" && !ahead {
				ahead = true
				if !b.deliver(t.Context(), job(pumpkins, shard)) {
					t.Errorf("job failed: %s", b.log)
				}
			}
			return nil
		}
		if !b.deliver(t.Context(), job(pumpkins, shard)) {
			t.Fatalf("the job of shard %d failed: %s", shard, b.log)
		}
		b.goTo(b.now.Add(150 * time.Second))
	}
	if len(b.schedules.pending) != 1 || len(b.schedules.made) != 1 || !b.schedules.made[0].Equal(tuesday.Add(30*time.Minute)) {
		t.Errorf("looks at %v, want one half an hour later", b.schedules.made)
	}
}

// Short of time, before a page or within it, the function keeps what it did and hands the rest on.
func TestShortOfTime(t *testing.T) {
	for _, texts := range []int{0, 1, 10, 25, 35, 36, 49} {
		t.Run(fmt.Sprintf("after %d texts", texts), func(t *testing.T) {
			b := newBench(t)
			b.subscribe(nil, numbers("206", 0, 40)...)
			b.subscribe(nil, numbers("212", 0, 10)...)
			b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
			b.outbox.Pacer = pacer(func() error {
				if b.air.calls == texts {
					return queue.ErrShortOfTime
				}
				return nil
			})
			ctx := shrinking{t.Context(), func() bool { return b.air.calls == texts }}
			if !b.deliver(ctx, job(pumpkins, 0)) {
				t.Fatal(b.log)
			}
			if len(b.queue.jobs) != 1 || b.queue.jobs[0] != job(pumpkins, 0) {
				t.Fatalf("jobs %v, want the rest of this one", b.queue.jobs)
			}
			if n := len(b.store.campaignTexts(pumpkins)); n != texts {
				t.Errorf("I3: %d texts on record, want %d", n, texts)
			}
			// New York, ten people in one page, comes before Washington with a page of 25 and one of 15. Whole pages are kept.
			kept := 0
			if texts >= 10 {
				kept = 10 + (texts-10)/25*25
			}
			if _, counts := b.status(pumpkins); counts.Sent != kept {
				t.Errorf("%d counted of %d texted, want %d", counts.Sent, texts, kept)
			}
			b.outbox.Pacer = nil
			b.wave(t, pumpkins)
			b.settle(t)
			b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 50})
			if n := b.air.once(t, pumpkins); n != 50 || b.air.calls != 50 {
				t.Errorf("%d people in %d texts, want 50", n, b.air.calls)
			}
		})
	}
}

// Many small areas take longer than one job has. What was done in each must be kept, or no job would ever come to the
// last.
func TestSmallAreasAreNotWalkedAgainWhenTimeRunsOut(t *testing.T) {
	b := newBench(t)
	for _, code := range []string{"206", "212", "305", "312", "404", "503", "602", "617", "702"} {
		b.subscribe(nil, numbers(code, 0, 2)...)
	}
	b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
	if !b.deliver(shrinking{t.Context(), func() bool { return b.air.calls >= 8 }}, job(pumpkins, 0)) {
		t.Fatal(b.log)
	}
	if _, counts := b.status(pumpkins); counts.Sent != 8 {
		t.Errorf("%d are kept of the 8 texted", counts.Sent)
	}
}

// A queue that takes nothing must not swallow what is left: the job fails and comes again.
func TestAHandoverThatFails(t *testing.T) {
	b := newBench(t)
	b.subscribe(nil, numbers("206", 0, 1)...)
	b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
	b.queue.err = errBroken
	if b.deliver(shrinking{t.Context(), func() bool { return true }}, job(pumpkins, 0)) {
		t.Error("the job passed for done")
	}
	b.queue.err = nil
	b.wave(t, pumpkins)
	b.settle(t)
	b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 1})
}

// A schedule that cannot be made must not strand those who wait.
func TestAScheduleThatFails(t *testing.T) {
	b := newBench(t)
	b.subscribe(nil, numbers("808", 0, 1)...)
	b.campaign(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	b.wave(t, pumpkins)
	b.schedules.err = errBroken
	if b.deliver(t.Context(), job(pumpkins, 0)) {
		t.Fatal("the job passed for done")
	}
	b.schedules.err = nil
	b.run(t, tuesday.Add(8*time.Hour))
	b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 1})
}

// A contact nobody can make sense of gets nothing, is counted by itself and raises the alarm. Everybody behind it gets
// their text.
func TestAnUnreadableContactStopsNobodyElse(t *testing.T) {
	b := newBench(t)
	group := numbers("206", 0, 60)
	b.subscribe(nil, group...)
	b.store.poisoned[consent.Key{Brand: "example", Phone: group[0]}] = true
	b.store.poisoned[consent.Key{Brand: "example", Phone: group[30]}] = true
	b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
	b.wave(t, pumpkins)
	b.settle(t)
	b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 58, Unreadable: 2})
	for _, f := range b.air.out {
		if f.text.To == group[0] || f.text.To == group[30] {
			t.Error("I1: somebody was texted whose consent cannot be read")
		}
	}
	if n := b.air.once(t, pumpkins); n != 58 {
		t.Errorf("%d texted, want 58", n)
	}
	if n := strings.Count(b.metrics.String(), `"PoisonedContact":1`); n != 2 {
		t.Errorf("PoisonedContact was counted %d times, want twice", n)
	}
	if log := b.log.String(); strings.Count(log, "cannot be read") != 2 || !strings.Contains(log, pumpkins) || strings.Contains(log, "206555") {
		t.Errorf("I10: log: %s", log)
	}
}

// While an area with such a contact waits for its hours, or is walked again for somebody in it, each person is still in
// one count.
func TestAnUnreadableContactIsCountedOnce(t *testing.T) {
	b := newBench(t)
	group := numbers("206", 0, 30)
	b.subscribe(nil, group...)
	b.subscribe(full(tuesday.Add(90*time.Minute)), group[7])
	b.store.poisoned[consent.Key{Brand: "example", Phone: group[20]}] = true
	b.campaign(pumpkins, tuesday, tuesday.Add(8*time.Hour))
	b.wave(t, pumpkins)
	b.settle(t)
	b.want(t, pumpkins, campaign.Running, campaign.Counts{Sent: 28, Deferred: 1, Unreadable: 1})
	b.run(t, tuesday.Add(2*time.Hour))
	b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 29, Unreadable: 1})
}

// Where the account's limit is reached the campaign pauses, says why, raises the alarm and sends nothing more.
func TestTheAccountsLimitPauses(t *testing.T) {
	b := newBench(t)
	b.subscribe(nil, numbers("206", 0, 40)...)
	b.subscribe(nil, numbers("206", 1, 5)...)
	b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
	b.wave(t, pumpkins)
	b.air.answer = func(n int, _ outbox.SMS) error {
		if n > 27 {
			return &outbox.Rejection{Reason: "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT", Quota: true}
		}
		return nil
	}
	b.settle(t)
	if c := b.store.campaigns[pumpkins]; c.State != campaign.Paused || c.Why != "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT" {
		t.Errorf("the campaign is %s because of %q", c.State, c.Why)
	}
	if b.air.calls != 28 {
		t.Errorf("%d texts were tried, want the 27 that passed and the first that did not", b.air.calls)
	}
	if n := strings.Count(b.metrics.String(), `"CampaignPaused":1`); n != 1 {
		t.Errorf("CampaignPaused was counted %d times, want once", n)
	}
	if n := len(b.store.campaignTexts(pumpkins)); n != 27 {
		t.Errorf("I3: %d texts on record, want 27", n)
	}
	if len(b.schedules.made) > 0 || len(b.queue.jobs) > 0 {
		t.Errorf("a paused campaign goes on: %v, %v", b.schedules.made, b.queue.jobs)
	}
	// Taken up again, it texts the rest.
	if err := b.store.SetCampaignState(t.Context(), pumpkins, []campaign.State{campaign.Paused}, campaign.Running, ""); err != nil {
		t.Fatal(err)
	}
	b.air.answer = nil
	b.wave(t, pumpkins)
	b.settle(t)
	b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 45})
	if n := b.air.once(t, pumpkins); n != 45 {
		t.Errorf("%d texted, want 45", n)
	}
}

// Paused by another function while it is walked, a campaign stops at the next page.
func TestPausedInTheMiddle(t *testing.T) {
	b := newBench(t)
	b.subscribe(nil, numbers("206", 0, 60)...)
	b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
	b.air.answer = func(n int, _ outbox.SMS) error {
		if n == 7 {
			return b.store.SetCampaignState(t.Context(), pumpkins, []campaign.State{campaign.Scheduled}, campaign.Paused, "TEXT_SPAM")
		}
		return nil
	}
	if !b.deliver(t.Context(), job(pumpkins, 0)) {
		t.Fatal(b.log)
	}
	b.want(t, pumpkins, campaign.Paused, campaign.Counts{Sent: 25})
	if b.air.calls != 25 || b.store.campaigns[pumpkins].Why != "TEXT_SPAM" || len(b.queue.jobs)+len(b.schedules.made) > 0 {
		t.Errorf("%d texts, because of %q, and %v to follow", b.air.calls, b.store.campaigns[pumpkins].Why, b.queue.jobs)
	}
}

// What the carrier answers decides under which count a person comes.
func TestCarrierAnswers(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer error
		counts campaign.Counts
		status consent.Status
	}{
		{"taken", nil, campaign.Counts{Sent: 1}, consent.Sent},
		{"unknown", errBroken, campaign.Counts{Sent: 1}, consent.Unconfirmed},
		{"opted out", &outbox.Rejection{Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT", OptedOut: true}, campaign.Counts{Refused: 1}, consent.Rejected},
		{"not valid", &outbox.Rejection{Reason: "INVALID"}, campaign.Counts{Refused: 1}, consent.Rejected},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			hers := numbers("206", 0, 1)[0]
			b.subscribe(nil, hers)
			b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
			b.air.answer = func(int, outbox.SMS) error { return c.answer }
			b.wave(t, pumpkins)
			b.settle(t)
			b.want(t, pumpkins, campaign.Done, c.counts)
			for _, m := range b.store.messages[consent.Key{Brand: "example", Phone: hers}] {
				if m.Status != c.status {
					t.Errorf("on record as %s, want %s", m.Status, c.status)
				}
			}
			if b.air.calls != 1 {
				t.Errorf("tried %d times", b.air.calls)
			}
		})
	}
}

// A text the carrier had no capacity for is tried again at the whole minute that follows a minute's rest.
func TestThrottled(t *testing.T) {
	b := newBench(t)
	b.subscribe(nil, numbers("206", 0, 3)...)
	b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
	b.air.answer = func(n int, _ outbox.SMS) error {
		if n == 2 {
			return &outbox.Rejection{Reason: "THROTTLED", Throttled: true}
		}
		return nil
	}
	b.wave(t, pumpkins)
	b.settle(t)
	b.want(t, pumpkins, campaign.Running, campaign.Counts{Sent: 2, Deferred: 1})
	if at := b.schedules.made[0].Sub(tuesday); at < time.Minute || at > 2*time.Minute || b.schedules.made[0].Truncate(time.Minute) != b.schedules.made[0] {
		t.Errorf("tried again after %s", at)
	}
	b.run(t, tuesday.Add(2*time.Minute))
	b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 3})
	b.air.once(t, pumpkins)
}

// A claim that another writer keeps from being released is a failure of the job, not a sign that another delivery is
// ahead.
func TestAConflictOnAContactIsNoOvertaking(t *testing.T) {
	b := newBench(t)
	b.subscribe(nil, numbers("206", 0, 1)...)
	b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
	b.air.answer = func(int, outbox.SMS) error { return &outbox.Rejection{Reason: "THROTTLED", Throttled: true} }
	b.store.fault = func(op string, _ bool) error {
		if op == "Tend" {
			return fmt.Errorf("gave up: %w", table.ErrConflict)
		}
		return nil
	}
	if b.deliver(t.Context(), job(pumpkins, 0)) {
		t.Error("the job passed for done and nobody would come back to it")
	}
}

// The next walk is far enough off that its schedule's name cannot belong to one that has fired and is still being
// deleted.
func TestAnInstantThatHasPassedIsNotScheduled(t *testing.T) {
	b := newBench(t)
	group := numbers("206", 0, 2)
	b.subscribe(full(tuesday.Add(2*time.Second)), group[0])
	b.subscribe(nil, group[1])
	b.campaign(pumpkins, tuesday, tuesday.Add(time.Hour))
	b.air.answer = func(int, outbox.SMS) error { b.goTo(tuesday.Add(40 * time.Second)); return nil } // a slow carrier
	b.wave(t, pumpkins)
	b.settle(t)
	if len(b.schedules.made) != 1 || !b.schedules.made[0].Equal(tuesday.Add(time.Minute)) {
		t.Errorf("schedules at %v, want one at the first whole minute five seconds after %s", b.schedules.made, tuesday.Add(40*time.Second))
	}
	b.run(t, tuesday.Add(2*time.Minute))
	b.want(t, pumpkins, campaign.Done, campaign.Counts{Sent: 2})
}

// pacer says whether a text may have its turn.
type pacer func() error

func (p pacer) Wait(context.Context, *program.Program, int) error { return p() }
