package sendcheck_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/testkit/world"
)

// repeated makes a series of text campaigns on Tuesdays at 10:00 in Seattle, whose first run is due.
func (w *fixture) repeated(change func(*campaign.Series)) campaign.Series {
	w.T.Helper()
	s := campaign.Series{
		ID: "01KB00000000000000000000S1", Cron: "0 10 * * 2", Zone: "America/Los_Angeles", Lasts: 30 * 24 * time.Hour,
		Each: campaign.Campaign{Brand: "example", Topic: "alerts", Text: "Example Corp.: the week's offers."},
	}
	if change != nil {
		change(&s)
	}
	s, run, err := s.First(tuesday.Add(-time.Second))
	if err != nil {
		w.T.Fatal(err)
	}
	if err := w.Table.CreateCampaign(w.T.Context(), run); err != nil {
		w.T.Fatal(err)
	}
	if err := w.Table.SaveSeries(w.T.Context(), s); err != nil {
		w.T.Fatal(err)
	}
	if err := w.Schedules.Once(w.T.Context(), "run", run.At, fmt.Sprintf(`{"campaign":%q}`, run.ID)); err != nil {
		w.T.Fatal(err)
	}
	if err := w.Schedules.Once(w.T.Context(), "series", run.At, fmt.Sprintf(`{"series":%q}`, s.ID)); err != nil {
		w.T.Fatal(err)
	}
	return s
}

// runs are the campaigns of a series, oldest first.
func (w *fixture) runs(s campaign.Series) []campaign.Campaign {
	w.T.Helper()
	all, err := w.Table.Campaigns(w.T.Context())
	if err != nil {
		w.T.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(c campaign.Campaign) bool { return c.Series != s.ID })
	slices.SortFunc(all, func(a, b campaign.Campaign) int { return a.At.Compare(b.At) })
	return all
}

func (w *fixture) series(s campaign.Series) campaign.Series {
	w.T.Helper()
	s, err := w.Table.Series(w.T.Context(), s.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	return s
}

const week = 7 * 24 * time.Hour

// Each week there is a run, the next is there a week before it goes out, and each ends before the next begins: who then
// waits for it is on record as expired.
func TestASeriesRuns(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 2)...)
	s := w.repeated(func(s *campaign.Series) { s.Times = 4 })
	w.RunUntil(tuesday.Add(time.Hour))
	if runs := w.runs(s); len(runs) != 2 || !runs[1].At.Equal(tuesday.Add(week)) || runs[1].State != campaign.Scheduled {
		t.Fatalf("an hour after it began the runs are %+v", runs)
	}
	w.RunUntil(tuesday.Add(5 * week))
	runs := w.runs(s)
	if len(runs) != 4 || w.series(s).State != campaign.Done {
		t.Fatalf("%d runs, and the series is %s", len(runs), w.series(s).State)
	}
	for i, run := range runs {
		// Two texts a month were promised.
		want := campaign.Counts{Sent: 2}
		if i > 1 {
			want = campaign.Counts{Expired: 2}
		}
		w.expect(run.ID, campaign.Done, want)
		if i > 0 && runs[i-1].Expires.After(run.At) {
			t.Errorf("run %d begins before the one before it ends", i+1)
		}
	}
}

// Whoever is ended while a run is made, or makes it twice or late, makes no run twice and leaves none out that has
// time; the watch finds a series whose schedule was lost.
func TestASeriesWhoseFunctionFails(t *testing.T) {
	for _, op := range []string{"SaveSeries before", "SaveSeries after", "schedule", "lost", "twice", "late"} {
		t.Run(op, func(t *testing.T) {
			w := newWorld(t)
			s := w.repeated(nil)
			w.GoTo(tuesday.Add(time.Minute))
			wake := fmt.Sprintf(`{"series":%q}`, s.ID)
			failed := false
			w.Table.Fault = func(o string, done bool) error {
				if failed || o != "SaveSeries" || op != map[bool]string{false: "SaveSeries before", true: "SaveSeries after"}[done] {
					return nil
				}
				failed = true
				return errBroken
			}
			switch op {
			case "schedule":
				w.Schedules.Err = errBroken
			case "lost":
				w.Schedules.Pending = map[string]world.Alarm{}
				wake = `{"watch":"campaigns"}`
			case "late":
				w.GoTo(tuesday.Add(week - time.Hour))
			}
			_, err := w.handler.Handle(t.Context(), json.RawMessage(wake))
			if broke := op == "SaveSeries before" || op == "SaveSeries after" || op == "schedule"; (err != nil) != broke {
				t.Errorf("it ends with %v", err)
			}
			w.Schedules.Err = nil
			w.Wake(wake)
			w.Wake(wake)
			runs := w.runs(s)
			if len(runs) != 2 || !runs[1].At.Equal(tuesday.Add(week)) || w.series(s).Runs != 2 {
				t.Errorf("%d runs, the series counts %d", len(runs), w.series(s).Runs)
			}
			w.RunUntil(tuesday.Add(2*week + time.Minute))
			if runs := w.runs(s); len(runs) != 4 {
				t.Errorf("two weeks later there are %d runs", len(runs))
			}
		})
	}
}

// A series that is late by more than a run makes all runs that have time in one call, each of which the store takes,
// and is woken for the next.
func TestASeriesThatIsLateCatchesUpAtOnce(t *testing.T) {
	w := newWorld(t)
	s := w.repeated(nil)
	w.Schedules.Pending = map[string]world.Alarm{}
	w.StandStill()
	w.SetClock(tuesday.Add(week + time.Hour))
	w.Wake(fmt.Sprintf(`{"series":%q}`, s.ID))
	if runs := w.runs(s); len(runs) != 3 || !runs[2].At.Equal(tuesday.Add(2*week)) || w.series(s).Runs != 3 || !runs[2].Created.Equal(w.Clock()) {
		t.Fatalf("the runs are %+v", runs)
	}
	wake := fmt.Sprintf("campaign-series-%s-%d", s.ID, tuesday.Add(2*week).Unix())
	if a := w.Schedules.Pending[wake]; a.Input != fmt.Sprintf(`{"series":%q}`, s.ID) || len(w.Schedules.Pending) != 3 {
		t.Errorf("it is woken by %v, want two runs and itself", w.Schedules.Pending)
	}
}

// A schedule may fire a minute early by our clock, and not more: the next run is made by the call that comes so early,
// and one that comes earlier has itself woken when the run begins.
func TestHowEarlyASeriesIsWoken(t *testing.T) {
	for before, want := range map[time.Duration]int{time.Minute: 2, time.Minute + time.Millisecond: 1} {
		w := newWorld(t)
		s := w.repeated(nil)
		w.Schedules.Pending = map[string]world.Alarm{}
		w.StandStill()
		w.SetClock(tuesday.Add(-before))
		w.Wake(fmt.Sprintf(`{"series":%q}`, s.ID))
		if n := len(w.runs(s)); n != want {
			t.Errorf("%s before: %d runs, want %d", before, n, want)
		}
		if _, a, ok := w.Schedules.First(); want == 1 && (!ok || !a.At.Equal(tuesday)) {
			t.Errorf("%s before: woken again at %s", before, a.At)
		}
	}
}

// A series that may cost anything is not planned: a plan reads the whole list, and may fail.
func TestWhatHasNoLimitIsNotPlanned(t *testing.T) {
	w := newWorld(t)
	s := w.repeated(nil)
	w.planErr = errBroken
	w.GoTo(tuesday)
	if err := w.Attempt(fmt.Sprintf(`{"series":%q}`, s.ID)); err != nil || len(w.runs(s)) != 2 {
		t.Errorf("%d runs: %v", len(w.runs(s)), err)
	}
}

// A run that was being made while its series was canceled goes to nobody.
func TestARunOfACanceledSeries(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 2)...)
	s := w.series(w.repeated(nil))
	s.State = campaign.Canceled
	if err := w.Table.SaveSeries(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	w.RunUntil(tuesday.Add(2 * week))
	runs := w.runs(s)
	if len(runs) != 1 || runs[0].State != campaign.Canceled || w.Carrier.Calls > 0 {
		t.Errorf("%+v, and %d texts went out", runs, w.Carrier.Calls)
	}
}

// A run that is planned to cost more than its series may is not made; the series pauses, which is told, until somebody
// lets it go on. The run before goes out.
func TestARunThatCostsTooMuch(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 2)...)
	s := w.repeated(func(s *campaign.Series) { s.AtMost(0.02) })
	w.plan.Cost = 0.02000001
	w.RunUntil(tuesday.Add(time.Hour))
	paused := w.series(s)
	if len(w.runs(s)) != 1 || paused.State != campaign.Paused || paused.Runs != 1 || paused.Why != "the run of 12 Jan 2027 would cost about $0.02, which is more than $0.02" {
		t.Fatalf("%d runs, and the series is %+v", len(w.runs(s)), paused)
	}
	told := strings.Contains(w.Logged.String(), "its next run costs too much")
	if n := strings.Count(w.Counted.String(), `"CampaignPaused":1`); n != 1 || !told || w.Carrier.Calls != 2 {
		t.Errorf("counted %d times, logged %t, and %d texts of the first run went out", n, told, w.Carrier.Calls)
	}
	w.Wake(fmt.Sprintf(`{"series":%q}`, s.ID))
	paused.AtMost(1)
	paused.State = campaign.Running
	if err := w.Table.SaveSeries(t.Context(), paused); err != nil {
		t.Fatal(err)
	}
	w.planErr = errBroken
	if _, err := w.handler.Handle(t.Context(), json.RawMessage(fmt.Sprintf(`{"series":%q}`, s.ID))); !errors.Is(err, errBroken) || len(w.runs(s)) != 1 {
		t.Errorf("without a plan there are %d runs: %v", len(w.runs(s)), err)
	}
	w.planErr = nil
	w.Wake(fmt.Sprintf(`{"series":%q}`, s.ID))
	if runs := w.runs(s); len(runs) != 2 || !runs[1].At.Equal(tuesday.Add(week)) {
		t.Errorf("with a higher limit the runs are %+v", runs)
	}
}
