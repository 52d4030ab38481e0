package sendcheck_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/testkit/world"
)

// Between the end of a walk and the next lie five seconds at least, and it is at a whole minute; until then nobody who
// waits is read again.
func TestWhenAWalkRests(t *testing.T) {
	for at, want := range map[time.Duration]time.Duration{
		50 * time.Second: time.Minute, 55 * time.Second: time.Minute,
		55*time.Second + 1: 2 * time.Minute, 57 * time.Second: 2 * time.Minute,
	} {
		w := newWorld(t)
		w.StandStill()
		w.subscribe(full(tuesday.Add(at+time.Second)), world.Numbers("206", 3, 1)...)
		w.create(pumpkins, tuesday, tuesday.Add(24*time.Hour))
		w.SetClock(tuesday.Add(at))
		if !w.Deliver(t.Context(), job(pumpkins, 3)) {
			t.Fatal(&w.Logged)
		}
		if _, a, ok := w.Schedules.First(); !ok || !a.At.Equal(tuesday.Add(want)) {
			t.Errorf("at %s: the next look is at %s", at, a.At)
		}
	}
	w := newWorld(t)
	w.subscribe(full(tuesday.Add(3*time.Hour)), world.Numbers("206", 3, 1)...)
	w.create(pumpkins, tuesday, tuesday.Add(24*time.Hour))
	for i, want := range []int{1, 0} {
		w.SetClock(tuesday.Add(time.Duration(i) * time.Hour))
		w.Bill.Take()
		if !w.Deliver(t.Context(), job(pumpkins, 3)) {
			t.Fatal(&w.Logged)
		}
		if calls, _ := w.Bill.Take(); calls["BatchGetItem"] != want {
			t.Errorf("walk %d reads %d times, want %d", i+1, calls["BatchGetItem"], want)
		}
	}
}

// A walk that time ran out for goes on at once behind where it stopped, though somebody before that place has to wait.
func TestWhoWaitsKeepsNobodyBehindThemWaiting(t *testing.T) {
	w := newWorld(t)
	people := world.Numbers("206", 3, 40)
	w.subscribe(full(tuesday.Add(3*time.Hour)), people[0])
	w.subscribe(nil, people[1:]...)
	w.create(pumpkins, tuesday, tuesday.Add(24*time.Hour))
	w.move(pumpkins, campaign.Running)
	ctx := world.Shrinking(t.Context(), func() bool { return w.Carrier.Calls == 24 })
	if !w.Deliver(ctx, job(pumpkins, 3)) || w.Carrier.Calls != 24 {
		t.Fatalf("%d texts: %s", w.Carrier.Calls, &w.Logged)
	}
	w.Settle()
	w.expect(pumpkins, campaign.Running, campaign.Counts{Sent: 39, Deferred: 1})
}

// Who waits is visited at the very instant they may be texted, and counts as expired at the campaign's very end.
func TestTheInstantAWaitEnds(t *testing.T) {
	free, end := tuesday.Add(3*time.Hour), tuesday.Add(4*time.Hour)
	for _, tc := range []struct {
		again, at time.Time
		want      campaign.Counts
	}{
		{free, free, campaign.Counts{Sent: 1}},
		{free, free.Add(-time.Millisecond), campaign.Counts{Deferred: 1}},
		{end.Add(time.Hour), end, campaign.Counts{Expired: 1}},
		{end.Add(time.Hour), end.Add(-time.Millisecond), campaign.Counts{Deferred: 1}},
	} {
		w := newWorld(t)
		w.StandStill()
		w.subscribe(full(tc.again), world.Numbers("206", 3, 1)...)
		w.create(pumpkins, tuesday, end)
		for _, at := range []time.Time{tuesday, tc.at} {
			w.SetClock(at)
			if !w.Deliver(t.Context(), job(pumpkins, 3)) {
				t.Fatal(&w.Logged)
			}
		}
		if _, counts := w.status(pumpkins); counts != tc.want {
			t.Errorf("free at %s, visited at %s: %+v, want %+v", tc.again, tc.at, counts, tc.want)
		}
	}
}

// Who sleeps waits for their hours until the campaign's very end, and counts as expired then.
func TestTheInstantACampaignEndsWhereItIsNight(t *testing.T) {
	end := tuesday.Add(time.Minute)
	for late, want := range map[time.Duration]campaign.Counts{-time.Millisecond: {Deferred: 1}, 0: {Expired: 1}} {
		w := newWorld(t)
		w.StandStill()
		w.subscribe(nil, world.Numbers("808", 3, 1)...)
		w.create(pumpkins, tuesday, end)
		w.SetClock(end.Add(late))
		if !w.Deliver(t.Context(), job(pumpkins, 3)) {
			t.Fatal(&w.Logged)
		}
		if _, counts := w.status(pumpkins); counts != want {
			t.Errorf("%s: %+v, want %+v", late, counts, want)
		}
	}
}

// A shard whose people all wait, or are not whom the campaign is for, stores its progress and nothing else: there is
// nobody to find later or to leave out next time.
func TestAWalkThatTextsNobodyKeepsNobody(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("808", 3, 2)...) // who are asleep
	w.create(pumpkins, tuesday, tuesday.Add(24*time.Hour))
	w.Bill.Take()
	if !w.Deliver(t.Context(), job(pumpkins, 3)) || w.Table.Done("SaveCandidates") > 0 {
		t.Error("it stores whom it met")
	}
	if calls, _ := w.Bill.Take(); calls["PutItem"] != 1 {
		t.Errorf("it wrote %v", calls)
	}
	w.subscribe(nil, world.Numbers("206", 3, 2)...) // whom the campaign is not for
	w.move(pumpkins, campaign.Canceled)
	c := w.campaign(pumpkins)
	c.ID, c.State, c.Attributes = squashes, campaign.Scheduled, map[string][]string{"city": {"Dallas"}}
	if err := w.Table.CreateCampaign(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	w.Bill.Take()
	done := w.Deliver(t.Context(), job(squashes, 3))
	if calls, _ := w.Bill.Take(); !done || calls["BatchGetItem"] == 0 || w.Table.Done("SaveCandidates") > 0 {
		t.Errorf("it asked %v", calls)
	}
}

// Runs that were left out are told of once, with their number, and none where none was.
func TestRunsThatWereLeftOut(t *testing.T) {
	for late, want := range map[time.Duration]string{
		time.Minute: "", 2*week + time.Minute: "runs=1\n", 30 * 24 * time.Hour: "runs=3\n",
	} {
		w := newWorld(t)
		s := w.repeated(nil)
		told := func() string {
			defer w.Logged.Reset()
			_, n, _ := strings.Cut(w.Logged.String(), "are left out whose time has passed\" series="+s.ID+" ")
			return n
		}
		w.SetClock(tuesday.Add(late))
		if err := w.Attempt(fmt.Sprintf(`{"series":%q}`, s.ID)); err != nil || told() != want {
			t.Errorf("%s late: %s%v", late, &w.Logged, err)
		}
		w.Pass(week)
		if err := w.Attempt(fmt.Sprintf(`{"series":%q}`, s.ID)); err != nil || told() != "" {
			t.Errorf("%s late, a week later: %s%v", late, &w.Logged, err)
		}
	}
}

// A campaign that nobody approved waits until its last instant, and no longer.
func TestTheInstantAnApprovalIsTooLate(t *testing.T) {
	for late, want := range map[time.Duration]campaign.State{-time.Millisecond: campaign.Scheduled, 0: campaign.Canceled} {
		w, _ := approving(t)
		w.StandStill()
		w.SetClock(tuesday.Add(2*time.Hour + late))
		w.wave(pumpkins)
		if c := w.campaign(pumpkins); c.State != want {
			t.Errorf("%s: %s", late, c.State)
		}
	}
}
