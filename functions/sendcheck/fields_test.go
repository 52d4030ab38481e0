package sendcheck_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/testkit/world"
)

// said returns what each phone got of a campaign.
func (w *fixture) said(id string) map[string]int {
	w.T.Helper()
	all := map[string]int{}
	for _, m := range w.textsOf(id) {
		all[m.Body]++
	}
	return all
}

// written makes a campaign with words of its own.
func (w *fixture) written(c campaign.Campaign) {
	w.T.Helper()
	c.ID, c.Brand, c.At, c.Expires = pumpkins, "example", w.Now(), w.Now().Add(24*time.Hour)
	c.Created, c.State = w.Now(), campaign.Scheduled
	if err := w.Table.CreateCampaign(w.T.Context(), c); err != nil {
		w.T.Fatal(err)
	}
}

// Each person reads what is known of them, in their language, or what stands for whom nothing is known. One read more
// fetches none of it: it comes with the page.
func TestFieldsAndLanguages(t *testing.T) {
	w := newWorld(t)
	people := []phone.Number{"+12065550142", "+12065550143", "+12065550144", "+12065550145"}
	w.subscribe(nil, people[0], people[1])
	w.subscribe(func(c *consent.Contact) { c.Locale = "es-MX" }, people[2], people[3])
	for i, name := range map[int]string{0: "Ana", 2: "Zoë"} {
		if _, err := w.Table.SetAttributes(t.Context(), consent.Key{Brand: "example", Phone: people[i]}, map[string]string{"first_name": name}); err != nil {
			t.Fatal(err)
		}
	}
	w.written(campaign.Campaign{
		Topic: "alerts", Text: "Example Corp.: hi {first_name|there}! Reply STOP to cancel.",
		Texts: map[string]string{"es": "Example Corp.: ¡hola, {first_name|amigo}! Responda STOP para cancelar."},
	})
	w.Bill.Take()
	w.wave(pumpkins)
	w.Settle()
	calls, _ := w.Bill.Take()
	want := map[string]int{
		"Example Corp.: hi Ana! Reply STOP to cancel.": 1, "Example Corp.: hi there! Reply STOP to cancel.": 1,
		"Example Corp.: ¡hola, Zoë! Responda STOP para cancelar.": 1, "Example Corp.: ¡hola, amigo! Responda STOP para cancelar.": 1,
	}
	if diff := cmp.Diff(want, w.said(pumpkins)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if calls["BatchGetItem"] > len(people) {
		t.Errorf("the pages of %d people were read by %d calls", len(people), calls["BatchGetItem"])
	}
}

// What goes to everybody on a transactional topic waits for the permitted hours of each place, unless somebody answers
// for its being urgent; who answers is on record with each text.
func TestATransactionalCampaignWaitsForItsHours(t *testing.T) {
	night := tuesday.Add(-8 * time.Hour) // 02:00 in Seattle, midnight in Honolulu
	for _, urgent := range []string{"", "Ana Perez"} {
		w := newWorld(t)
		people := append(world.Numbers("206", 0, 2), world.Numbers("808", 0, 1)...)
		for _, n := range people {
			w.Subscribe(n, night.Add(-48*time.Hour), "orders")
		}
		w.SetClock(night)
		w.written(campaign.Campaign{Topic: "orders", Text: "Example Corp.: do not use it.", Vouched: message.Vouched{Urgent: urgent}})
		w.wave(pumpkins)
		w.Settle()
		if urgent != "" {
			w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 3})
		} else {
			w.expect(pumpkins, campaign.Running, campaign.Counts{Deferred: 3})
			w.RunUntil(night.Add(8 * time.Hour))
			w.expect(pumpkins, campaign.Running, campaign.Counts{Sent: 2, Deferred: 1})
			w.RunUntil(night.Add(12 * time.Hour))
			w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 3})
		}
		for _, n := range people {
			texts := w.Record(n).Messages
			if last := texts[len(texts)-1]; last.Campaign != pumpkins || last.Vouched.Urgent != urgent {
				t.Errorf("%s is answered for by %q", last.Campaign, last.Vouched.Urgent)
			}
		}
	}
}

// A text without fields reads nothing but contacts: what is known of people besides costs it nothing.
func TestATextWithoutFieldsDoesNotReadThem(t *testing.T) {
	units := func(known bool) float64 {
		w := costing(t, world.Numbers("206", 0, 3)...)
		if known {
			for _, n := range world.Numbers("206", 0, 3) {
				if _, err := w.Table.SetAttributes(t.Context(), consent.Key{Brand: "example", Phone: n}, map[string]string{"first_name": "Ana"}); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.Bill.Take()
		if !w.Deliver(t.Context(), job(pumpkins, 0)) {
			t.Fatal(&w.Logged)
		}
		_, units := w.Bill.Take()
		return units
	}
	if without, with := units(false), units(true); without != with {
		t.Errorf("%v units, with attributes %v", without, with)
	}
}

// A campaign for some attributes goes to those who have them, in areas that are open and those that open later, and
// counts nobody else.
func TestACampaignForSomeAttributes(t *testing.T) {
	w := newWorld(t)
	people := []phone.Number{"+12065550142", "+12065550143", "+12065550144", "+18085550145", "+18085550146"}
	w.subscribe(nil, people...)
	for i, city := range []string{"Dallas", "Austin", "", "dallas", "Austin"} {
		if city == "" {
			continue
		}
		if _, err := w.Table.SetAttributes(t.Context(), consent.Key{Brand: "example", Phone: people[i]}, map[string]string{"city": city}); err != nil {
			t.Fatal(err)
		}
	}
	w.written(campaign.Campaign{
		Topic: "alerts", Text: "Example Corp.: open today. Reply STOP to cancel.", Attributes: map[string][]string{"city": {"Dallas"}},
	})
	w.wave(pumpkins)
	w.Settle()
	// Who was texted stays counted, also who has moved on since.
	if _, err := w.Table.SetAttributes(t.Context(), consent.Key{Brand: "example", Phone: people[0]}, map[string]string{"city": "Austin"}); err != nil {
		t.Fatal(err)
	}
	w.RunUntil(w.campaign(pumpkins).Expires.Add(time.Minute))
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 2})
	for i, n := range people {
		c := w.Contact(n)
		if _, got := c.CampaignClaim(pumpkins); got != (i == 0 || i == 3) {
			t.Errorf("person %d: %t", i, got)
		}
	}
}

// The list is warned of once it was walked, where it is not the one that was planned for, and only then.
func TestAListThatChangedSinceThePlan(t *testing.T) {
	for _, tc := range []struct {
		planned campaign.Plan
		want    bool
	}{
		{campaign.Plan{Hash: "x", People: 30}, false},
		{campaign.Plan{Hash: "x", People: 3}, true},
		{campaign.Plan{People: 3}, false},
	} {
		w := newWorld(t)
		w.subscribe(nil, world.Numbers("206", 0, 30)...)
		w.written(campaign.Campaign{Topic: "alerts", Text: "Example Corp.: open today. Reply STOP to cancel.", Plan: tc.planned})
		w.wave(pumpkins)
		w.Settle()
		if warned := strings.Contains(w.Logged.String(), "the list has changed much"); warned != tc.want {
			t.Errorf("%+v: warned %t", tc.planned, warned)
		}
	}
}
