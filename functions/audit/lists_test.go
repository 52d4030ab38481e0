package audit_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/functions/audit"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/outbox"
)

// Whoever said stop is found on AWS's list whichever of its pages they stand on, first or last: a page that is kept
// takes no other's place. About whom all agrees, nobody is read again.
func TestEveryPageOfAListIsKept(t *testing.T) {
	w := livedIn(t)
	w.Carrier.ListPage = 1
	people := []phone.Number{"+12125550142", "+12125550143", "+12125550144"}
	for _, n := range people {
		w.Subscribe(n, two.Add(-72*time.Hour), "alerts")
		w.SetClock(two.Add(-48 * time.Hour))
		w.Says(n, "alerts", keyword.OptOut)
		w.Carrier.PutOnList(alertsList, n, outbox.ListEntry{Since: two.Add(-47 * time.Hour)})
	}
	w.SetClock(two)
	w.Carrier.Lists = nil
	before := w.Table.Done("Contact")
	w.wake(`{"audit":"start"}`)
	if n := w.Table.Done("Contact") - before; n > 0 {
		t.Errorf("%d people are read again about whom all agrees", n)
	}
	if found := counts(w.reported()[0]); len(found) > 0 || len(w.Carrier.Lists) > 0 {
		t.Errorf("found %v, calls of AWS's lists %q", found, w.Carrier.Lists)
	}
}

// What only AWS had is reported with its list and since when, and is on record with who put it there.
func TestWhatOnlyAWSHadIsToldWithWhatItRestsOn(t *testing.T) {
	const n = phone.Number("+12125550142")
	for byPerson, want := range map[bool]string{true: "the person, by a text to AWS", false: "a call of AWS's API"} {
		w := livedIn(t)
		w.Subscribe(n, two.Add(-72*time.Hour), "alerts")
		since := two.Add(-24 * time.Hour)
		w.Carrier.PutOnList(alertsList, n, outbox.ListEntry{Since: since, ByPerson: byPerson})
		w.wake(`{"audit":"start"}`)
		told := []report.Case{{Brand: "example", Phone: report.Mask(n), Since: since, Detail: alertsList}}
		if diff := cmp.Diff(told, w.reported()[0].Findings[report.OnlyAtAWS].Cases); diff != "" {
			t.Errorf("reported (-want +got):\n%s", diff)
		}
		events := w.Proof(n).Events
		if got := events[len(events)-1].Evidence["by"]; got != want {
			t.Errorf("on record is that it comes from %q, want %q", got, want)
		}
	}
}

// Whoever came back and whom AWS's list still has by a call of ours is taken off it, for AWS would refuse each text.
func TestWhoeverCameBackIsTakenOffTheList(t *testing.T) {
	const n = phone.Number("+12125550142")
	w := livedIn(t)
	w.Subscribe(n, two.Add(-72*time.Hour), "alerts")
	w.SetClock(two.Add(-48 * time.Hour))
	w.Says(n, "alerts", keyword.OptOut)
	w.SetClock(two.Add(-24 * time.Hour))
	w.Means(n, "alerts", keyword.Intent{Kind: keyword.OptIn, Restart: true, Confidence: 1})
	w.SetClock(two)
	w.Carrier.PutOnList(alertsList, n, outbox.ListEntry{Since: two.Add(-47 * time.Hour)})
	w.wake(`{"audit":"start"}`)
	if _, on, err := w.Carrier.Listed(t.Context(), alertsList, n); err != nil || on {
		t.Errorf("still on AWS's list, %v", err)
	}
}

// An opt-out that only AWS had is on record (I8) though programs.yaml lost its brand or its program since it was found.
func TestAnOptOutFromAListThatIsGone(t *testing.T) {
	for _, task := range []inspect.Task{
		{Key: consent.Key{Brand: "gone", Phone: "+12125550142"}, Listed: &inspect.Listed{Program: "alerts", Since: two.Add(-day)}},
		{Key: consent.Key{Brand: "example", Phone: "+12125550142"}, Listed: &inspect.Listed{Program: "gone", Since: two.Add(-day)}},
	} {
		w := livedIn(t)
		w.Wake(`{"audit":"start"}`)
		job, _ := w.Queue.Take(0)
		p := inspect.Part{Run: report.ID(w.begun(job)), Name: "lists", Todo: []inspect.Task{task}}
		if _, err := w.Table.SaveAuditPart(t.Context(), p, two); err != nil {
			t.Fatal(err)
		}
		if !w.Deliver(t.Context(), job) {
			t.Errorf("%+v: %s", task, &w.Logged)
		}
		c, err := w.Table.Contact(t.Context(), task.Key)
		if _, out := c.StoppedAt(task.Listed.Program); err != nil || !out {
			t.Errorf("%+v: opted out of %v, %v", task, c.Stopped, err)
		}
	}
}

// stored is a table that counts how often the numbers of a list are read, and gives them in another order.
type stored struct {
	audit.Table
	reads map[string]int
}

func (s stored) Listed(ctx context.Context, run, list string) ([]uint64, error) {
	s.reads[list]++
	numbers, err := s.Table.Listed(ctx, run, list)
	slices.Reverse(numbers)
	return numbers, err
}

// The numbers of a list are read once for everybody who said stop, and in whatever order they come each is found, and
// one that only looks alike is not. A STOP to everything is held against the lists of its own brand alone.
func TestAListIsReadOnce(t *testing.T) {
	w := livedIn(t)
	people := []phone.Number{"+19175550149", "+19175550159", "+19175550169", "+19175550179"}
	for _, n := range people {
		w.Subscribe(n, two.Add(-72*time.Hour), "alerts", "orders")
		w.SetClock(two.Add(-48 * time.Hour))
		w.Means(n, "alerts", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything})
		for _, list := range []string{alertsList, "example-orders"} {
			if list != alertsList || n != people[1] {
				w.Carrier.PutOnList(list, n, outbox.ListEntry{Since: two.Add(-47 * time.Hour)})
			}
		}
	}
	w.SetClock(two)
	reads := map[string]int{}
	w.handler.Table = stored{w.Table, reads}
	w.wake(`{"audit":"start"}`)
	if diff := cmp.Diff(map[string]int{"example.alerts": 1, "example.orders": 1}, reads); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
	found := w.reported()[0].Findings
	told := []report.Case{{Brand: "example", Phone: report.Mask(people[1]), Since: two.Add(-48 * time.Hour), Detail: alertsList}}
	if diff := cmp.Diff(told, found[report.OnlyHere].Cases); len(found) != 1 || diff != "" {
		t.Errorf("reported of %d kinds (-want +got):\n%s", len(found), diff)
	}
}
