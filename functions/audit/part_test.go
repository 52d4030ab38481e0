package audit_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/world"
)

const alertsList = "Default" // of programs.yaml

// livedIn is a table of people who lived through what is stored of them.
func livedIn(t *testing.T) *fixture {
	t.Helper()
	w := newWorld(t)
	w.handler.Table = w.Table
	return w
}

// trouble is people about whom each there is something to be found, and who they are by what it is.
func trouble(w *fixture) map[report.Kind]phone.Number {
	w.T.Helper()
	people := map[report.Kind]phone.Number{}
	for i, k := range []report.Kind{
		report.Altered, report.CannotBeRead, report.Unlisted, report.Stray, report.LeftClaim, report.OverdueAsk, report.OnlyAtAWS,
		report.OnlyHere, report.ReminderDue,
	} {
		people[k] = phone.Number(fmt.Sprintf("+1212555%04d", 100+i))
	}
	for k, n := range people {
		switch k {
		case report.OverdueAsk:
			w.ask(n, two.Add(-25*time.Hour))
		case report.ReminderDue:
			w.Subscribe(n, two.Add(-40*day), "alerts")
		default:
			w.Subscribe(n, two.Add(-3*day), "alerts")
		}
	}
	older := w.Item(people[report.Altered], "CONTACT")
	stop := func(n phone.Number) {
		defer w.SetClock(w.Clock())
		w.SetClock(two.Add(-2 * day))
		w.Says(n, "alerts", keyword.OptOut)
	}
	stop(people[report.Altered])
	w.PutBack(older)
	w.Spoil(people[report.CannotBeRead])
	w.TakeAway(people[report.Unlisted], "AUDIENCE#alerts")
	entry := w.Item(people[report.Stray], "AUDIENCE#alerts")
	stop(people[report.Stray])
	w.PutBack(entry)
	stop(people[report.OnlyHere])
	w.Carrier.PutOnList(alertsList, people[report.Stray], outbox.ListEntry{Since: two.Add(-47 * time.Hour)})
	w.Carrier.PutOnList(alertsList, people[report.OnlyAtAWS], outbox.ListEntry{Since: two.Add(-day), ByPerson: true})
	func() {
		defer w.SetClock(w.Clock())
		w.SetClock(two.Add(-day))
		w.campaignTo([]phone.Number{people[report.LeftClaim]}, func(int) bool { return true })
	}()
	w.Carrier.Sent, w.Carrier.Lists = nil, nil
	return people
}

// counts is how many of each kind a run found.
func counts(f report.Figures) map[report.Kind]int {
	n := map[report.Kind]int{}
	for k, found := range f.Findings {
		n[k] = found.Count
	}
	return n
}

// Practice: audit your customer lists. Whatever there is to be found about somebody is found, named by a masked number,
// and put right where it can be; the next run finds it no more.
func TestWhatIsFoundIsPutRight(t *testing.T) {
	w := livedIn(t)
	people := trouble(w)
	w.Subscribe("+12125559999", two.Add(-day), "alerts") // about whom all is well
	w.run()
	if len(w.reported()) != 1 {
		t.Fatalf("%d runs done: %s", len(w.reported()), &w.Logged)
	}
	want := map[report.Kind]int{}
	for k := range people {
		want[k] = 1
	}
	if diff := cmp.Diff(want, counts(w.reported()[0])); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	if f := w.reported()[0]; f.People != 10 || f.Unreadable != 1 {
		t.Errorf("looked at %d people, %d of them unreadable", f.People, f.Unreadable)
	}
	for k, f := range w.reported()[0].Findings {
		if len(f.Cases) != 1 || f.Cases[0].Phone != report.Mask(people[k]) {
			t.Errorf("%s: cases %+v", k, f.Cases)
		}
	}
	if !w.Contact(people[report.Altered]).Suspect {
		t.Error("whose record was altered may still be texted")
	}
	for _, k := range []report.Kind{report.Unlisted, report.Stray, report.LeftClaim, report.OverdueAsk, report.OnlyAtAWS, report.OnlyHere, report.ReminderDue} {
		if r := w.Proof(people[k]); len(r.Faults) > 0 {
			t.Errorf("%s: %v", k, r.Faults)
		}
	}
	events := w.Record(people[report.OnlyAtAWS]).Events
	last := events[len(events)-1]
	if last.Type != consent.OptedOut || !last.At.Equal(two.Add(-day)) || last.Evidence["list"] != alertsList || last.Source != consent.SourceCarrier {
		t.Errorf("AWS's opt-out is on record as %+v", last)
	}
	if len(w.Carrier.Lists) != 1 || w.Carrier.Lists[0] != "+"+alertsList {
		t.Errorf("calls of AWS's lists %q, want the one that was missing put there", w.Carrier.Lists)
	}
	if len(w.Carrier.Sent) != 1 || w.Carrier.Sent[0].To != people[report.ReminderDue] {
		t.Errorf("texts %+v, want the reminder", w.Carrier.Sent)
	}
	w.Pass(time.Minute)
	w.run()
	if diff := cmp.Diff(map[report.Kind]int{report.Altered: 1, report.CannotBeRead: 1}, counts(w.reported()[1])); diff != "" {
		t.Errorf("found by the next run (-want +got):\n%s", diff)
	}
}

// Wherever a run is ended, what comes again does the rest: nobody is reminded twice (I2), nothing found is lost or
// counted twice, all is put right, and one caller hears that the run is done.
func TestARunThatIsEndedAnywhereIsDoneAllTheSame(t *testing.T) {
	type result struct {
		Found     map[report.Kind]int
		People    int
		Reminders int
		Events    int
		Listed    []string
	}
	play := func(end int, answered bool) (r result, ended bool) {
		w := livedIn(t)
		people := trouble(w)
		n := 0
		w.Table.Fault = func(_ string, done bool) error {
			if done != answered {
				return nil
			}
			if n++; n == end {
				panic(world.Killed{})
			}
			return nil
		}
		start := fmt.Sprintf(`{"audit":"start","since":%q}`, two.Format(time.RFC3339))
		for _, schedule := range []string{start, `{"audit":"remind"}`} {
			if w.killed(func() { w.Wake(schedule) }) {
				w.Wake(schedule)
				ended = true
			}
		}
		for turn := 0; ; turn++ {
			job, ok := w.Queue.Take(0)
			if !ok {
				break
			}
			if turn > 500 {
				t.Fatal("the jobs never end")
			}
			dead, done := w.DeliverKilled(t.Context(), job)
			if dead || !done {
				ended = true
				w.Pass(12 * time.Minute) // the queue's visibility time-out
				w.Queue.Jobs = append(w.Queue.Jobs, job)
			}
		}
		w.RunOut()
		if len(w.reported()) != 1 || len(w.reports.told) > 1 {
			t.Fatalf("ended at %d: %d runs are reported, and announced %q", end, len(w.reported()), w.reports.told)
		}
		last := w.reported()[len(w.reported())-1]
		r = result{Found: counts(last), People: last.People}
		// Whoever was reminded before their segment was looked at is not found to be due any more.
		delete(r.Found, report.ReminderDue)
		if len(w.Carrier.Sent) > 1 {
			t.Errorf("ended at %d: I2: %d reminders", end, len(w.Carrier.Sent))
		}
		for _, m := range w.Proof(people[report.ReminderDue]).Messages {
			if m.Kind == message.Reminder {
				r.Reminders++
			}
		}
		for _, k := range slices.Sorted(maps.Keys(people)) {
			r.Events += len(w.Record(people[k]).Events)
			if _, on, _ := w.Carrier.Listed(t.Context(), alertsList, people[k]); on {
				r.Listed = append(r.Listed, string(k))
			}
		}
		return r, ended
	}
	want, _ := play(0, false)
	step := 1
	if testing.Short() {
		step = 3
	}
	for _, answered := range []bool{false, true} {
		ends := 0
		for end := 1; ; end += step {
			got, ended := play(end, answered)
			if !ended {
				break
			}
			ends++
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("ended at write %d, answered %t (-want +got):\n%s", end, answered, diff)
			}
		}
		if ends*step < 30 {
			t.Errorf("ended at %d places only", ends)
		}
	}
}

// killed reports whether the function was ended.
func (w *fixture) killed(do func()) (dead bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(world.Killed); !is {
				panic(r)
			}
			dead = true
		}
	}()
	do()
	return false
}

// Two who do the same part at once do not count it twice.
func TestTheSamePartTwice(t *testing.T) {
	w := livedIn(t)
	trouble(w)
	w.Wake(`{"audit":"start"}`)
	w.Queue.Jobs = append(w.Queue.Jobs, w.Queue.Jobs...)
	w.Settle()
	if got := w.reported(); len(got) != 1 || got[0].People != 9 {
		t.Errorf("%d runs reported: %+v", len(got), got)
	}
}

// A part that is short of time hands on, and the next job goes on where it stopped.
func TestAPartHandsOn(t *testing.T) {
	w := livedIn(t)
	people := trouble(w)
	w.Wake(`{"audit":"start"}`)
	for turn := 0; len(w.Queue.Jobs) > 0; turn++ {
		if turn > 500 {
			t.Fatal("the jobs never end")
		}
		job, _ := w.Queue.Take(0)
		saves := w.Table.Done("SaveAuditPart")
		short := func() bool { return w.Table.Done("SaveAuditPart") > saves }
		if !w.Deliver(world.Shrinking(t.Context(), short), job) {
			t.Fatal(&w.Logged)
		}
	}
	if len(w.reported()) != 1 || len(counts(w.reported()[0])) != len(people) {
		t.Errorf("%d runs reported: %s", len(w.reported()), &w.Logged)
	}
}

// AWS tells a list page by page. Numbers nobody here knows are opt-outs too; what only AWS's stale page says against a
// newer START is none (I8); and a list that cannot be read is said so, and nothing is concluded from it.
func TestListsOfAWS(t *testing.T) {
	w := livedIn(t)
	w.Carrier.ListPage = 2
	var strangers []phone.Number
	for i := range 5 {
		n := phone.Number(fmt.Sprintf("+1312555%04d", 100+i))
		strangers = append(strangers, n)
		w.Carrier.PutOnList(alertsList, n, outbox.ListEntry{Since: two.Add(-day)})
	}
	back := phone.Number("+12125550150")
	w.Subscribe(back, two.Add(-time.Hour), "alerts") // after the entry
	w.Carrier.PutOnList(alertsList, back, outbox.ListEntry{Since: two.Add(-2 * time.Hour)})
	w.Carrier.NoList = map[string]error{"example-orders": outbox.ErrNoList}
	stopped := phone.Number("+12125550151")
	w.Subscribe(stopped, two.Add(-3*day), "orders")
	func() {
		defer w.SetClock(w.Clock())
		w.SetClock(two.Add(-2 * day))
		w.Says(stopped, "orders", keyword.OptOut)
	}()
	w.run()
	found := counts(w.reported()[0])
	if found[report.OnlyAtAWS] != 5 || found[report.ListUnread] != 1 || found[report.OnlyHere] != 0 {
		t.Errorf("found %v", found)
	}
	for _, n := range strangers {
		if _, out := w.Proof(n).Contact.Stopped["alerts"]; !out {
			t.Errorf("%s is not opted out", n)
		}
	}
	if c := w.Contact(back); c.Subs["alerts"].State != consent.Subscribed {
		t.Error("I8: a page of AWS's list undid what the person said after it")
	}
	if !strings.Contains(w.Counted.String(), `"OptOutListUnread":1`) {
		t.Error("nobody hears of the list that cannot be read")
	}
}
