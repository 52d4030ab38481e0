package sendcheck_test

import (
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/testkit/world"
)

// A campaign for some places goes to nobody elsewhere, and counts nobody there.
func TestACampaignForSomePlaces(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 2)...)
	w.subscribe(nil, world.Numbers("212", 0, 3)...)
	w.written(campaign.Campaign{Topic: "alerts", Text: "Example Corp.: open today. " + pumpkins, In: []string{"US-WA"}})
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 2})
	for _, s := range w.Carrier.Sent {
		if !strings.HasPrefix(string(s.To), "+1206") {
			t.Errorf("%s was texted", s.To)
		}
	}
}

// A second walk goes to where somebody is left and nowhere else: it reads nobody of an area that is done, stores its
// progress once over pages of people who are, and does not ask who has the text where all who waited have left.
func TestWhatASecondWalkAsks(t *testing.T) {
	later := tuesday.Add(3 * time.Hour)
	for _, tc := range []struct {
		name  string
		ready func(w *fixture)
		want  map[string]int
	}{
		{"an area that is done", func(w *fixture) {
			w.subscribe(func(c *consent.Contact) { c.Health.Undeliverable = true }, world.Numbers("212", 3, 1)...)
			w.subscribe(full(later), world.Numbers("206", 3, 1)...)
		}, map[string]int{"BatchGetItem": 1}},
		{"a page of people who are done", func(w *fixture) {
			people := world.Numbers("206", 3, 30)
			w.subscribe(nil, people[:29]...)
			w.subscribe(full(later), people[29])
			// Whom it may be to, the claim, its record and the progress; and the areas, two pages, who has the text, and
			// whether all shards are done.
		}, map[string]int{"PutItem": 4, "BatchGetItem": 1, "Query": 6}},
		{"the only one who has it", func(w *fixture) {
			people := world.Numbers("206", 3, 2)
			w.subscribe(nil, people[0])
			w.subscribe(full(later), people[1])
		}, map[string]int{"contacts": 1}},
		{"an area that is done, and was left", func(w *fixture) {
			people := world.Numbers("212", 3, 1)
			w.subscribe(func(c *consent.Contact) { c.Health.Undeliverable = true }, people...)
			w.subscribe(full(later), world.Numbers("206", 3, 1)...)
		}, map[string]int{"Query": 5}}, // the areas, the people there, who has the text, and whether all shards are done
		{"who waited has left", func(w *fixture) {
			w.subscribe(full(later), world.Numbers("206", 3, 1)...)
		}, map[string]int{"Query": 3}}, // the areas, the people there, and whether all shards are done
	} {
		w := newWorld(t)
		tc.ready(w)
		w.create(pumpkins, tuesday, tuesday.Add(24*time.Hour))
		w.Deliver(t.Context(), job(pumpkins, 3))
		switch tc.name {
		case "who waited has left":
			w.stop(world.Numbers("206", 3, 1)...)
		case "an area that is done, and was left":
			w.stop(world.Numbers("212", 3, 1)...)
		}
		w.GoTo(later.Add(time.Minute))
		w.Bill.Take()
		looked := w.Table.Looked()
		if !w.Deliver(t.Context(), job(pumpkins, 3)) {
			t.Fatal(&w.Logged)
		}
		calls, _ := w.Bill.Take()
		calls["contacts"] = w.Table.Looked() - looked
		for call, want := range tc.want {
			if calls[call] != want {
				t.Errorf("%s: it asked %v, want %v", tc.name, calls, tc.want)
			}
		}
	}
}

// An area that was walked and has closed since is not counted again: who waits there is counted.
func TestAWalkedAreaThatHasClosedIsNotCountedAgain(t *testing.T) {
	w := newWorld(t)
	w.subscribe(full(tuesday.Add(23*time.Hour)), world.Numbers("206", 3, 1)...)
	w.create(pumpkins, tuesday, tuesday.Add(24*time.Hour))
	w.Deliver(t.Context(), job(pumpkins, 3))
	w.GoTo(tuesday.Add(13 * time.Hour)) // 23:00 in Seattle
	w.Bill.Take()
	if !w.Deliver(t.Context(), job(pumpkins, 3)) {
		t.Fatal(&w.Logged)
	}
	if calls, _ := w.Bill.Take(); calls["Query"] != 2 { // the area, and that there is no other
		t.Errorf("it asked %v", calls)
	}
	if _, counts := w.status(pumpkins); counts != (campaign.Counts{Deferred: 1}) {
		t.Errorf("%+v", counts)
	}
}
