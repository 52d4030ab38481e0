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
	for at, want := range map[time.Duration]time.Duration{50 * time.Second: time.Minute, 57 * time.Second: 2 * time.Minute} {
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

// Runs that were left out are told of, and none where none was.
func TestRunsThatWereLeftOut(t *testing.T) {
	for late, want := range map[time.Duration]string{time.Minute: "", 30 * 24 * time.Hour: "runs of a series are left out"} {
		w := newWorld(t)
		s := w.repeated(nil)
		w.SetClock(tuesday.Add(late))
		if err := w.Attempt(fmt.Sprintf(`{"series":%q}`, s.ID)); err != nil {
			t.Fatal(err)
		}
		if told := strings.Contains(w.Logged.String(), "are left out"); told != (want != "") {
			t.Errorf("%s late: told %t: %s", late, told, &w.Logged)
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
