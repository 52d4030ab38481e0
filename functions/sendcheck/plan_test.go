package sendcheck_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/edge/outbox"
)

// In a world where nothing changes the campaign does to everybody what the plan said it would.
func TestTheWalkDoesWhatThePlanSaid(t *testing.T) {
	codes := []string{"206", "212", "305", "808", "907"}
	prices, err := plan.ReadPrices(strings.NewReader(string(plan.Shipped())))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		begins := tuesday.Add(time.Duration(rapid.IntRange(0, 30).Draw(rt, "begins")) * time.Hour)
		expires := begins.Add(time.Duration(rapid.IntRange(1, 72).Draw(rt, "hours")) * time.Hour)
		for i := range rapid.IntRange(1, 8).Draw(rt, "people") {
			number := phone.Number(fmt.Sprintf("+1%s55501%02d", rapid.SampledFrom(codes).Draw(rt, "code"), i))
			again := begins.Add(time.Duration(rapid.IntRange(-5, 90).Draw(rt, "again")) * time.Hour)
			kind := rapid.IntRange(0, 5).Draw(rt, "person")
			w.subscribe(func(c *consent.Contact) {
				switch kind {
				case 0:
					full(again)(c)
				case 1:
					c.Paused = again
				case 2:
					c.Health.Undeliverable = true
				case 3:
					full(again)(c)
					c.Claims = c.Claims[1:]
					c.Claims[0].At = again.Add(-4 * time.Hour) // the least gap
				case 4:
					digestsOnly(c)
				}
			}, number)
		}
		c := campaign.Campaign{
			ID: pumpkins, Brand: "example", Topic: "alerts", Text: "Example Corp.: text of " + pumpkins, At: begins, Expires: expires,
			State: campaign.Scheduled,
		}
		if rapid.Bool().Draw(rt, "local") {
			// What clocks show in Seattle; in New York it may have passed.
			c.Local = jurisdiction.Local{From: begins.Add(-8 * time.Hour), Until: expires.Add(-8 * time.Hour)}
			_, c.Expires = c.Local.Around()
			begins, expires = begins.Add(-time.Duration(rapid.IntRange(0, 14).Draw(rt, "ahead"))*time.Hour), c.Expires
			if begins.Before(tuesday) {
				begins = tuesday
			}
			c.At = begins
		}
		if err := w.Table.CreateCampaign(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		w.GoTo(begins)
		c = w.campaign(pumpkins)
		text, err := outbox.TextOf(w.Catalog, c)
		if err != nil {
			t.Fatal(err)
		}
		topic, _ := text.Program.Topic(text.Topic)
		draft := plan.New(plan.Campaign{
			Gate: w.Gate, Program: text.Program, Topic: topic, Begins: begins, Expires: expires, Rate: 100, ByHours: true,
			Text: text.About(),
		})
		refused := 0
		for _, key := range w.Table.People() {
			draft.Add(new(w.Contact(key.Phone)), c.Text, nil)
		}
		p := draft.Finish(prices)
		for _, r := range p.Reasons {
			refused += r.Refused
		}
		w.wave(pumpkins)
		w.Settle()
		w.RunUntil(expires.Add(2 * time.Minute))
		want := campaign.Counts{Sent: p.Will, Refused: refused, Expired: p.Audience - p.Will - refused}
		if state, got := w.status(pumpkins); state != campaign.Done || got != want {
			rt.Fatalf("%s with %+v, the plan said %+v", state, got, want)
		}
		shards, err := w.Table.Shards(t.Context(), pumpkins)
		if err != nil {
			t.Fatal(err)
		}
		not, reasons := map[string]int{}, campaign.AllReasons(shards)
		for _, by := range []map[string]int{reasons.RefusedBy, reasons.ExpiredBy} {
			for rule, n := range by {
				not[rule] += n
			}
		}
		if !maps.Equal(not, p.Not) {
			rt.Errorf("by rule %v, the plan said %v", not, p.Not)
		}
		hours := map[time.Time]int{}
		for _, s := range w.Carrier.Sent {
			if strings.Contains(s.Body, pumpkins) {
				hours[s.At.Truncate(time.Hour)]++
			}
		}
		for _, h := range p.Hours {
			hours[h.At.Truncate(time.Hour)] -= h.People
		}
		for at, n := range hours {
			if n != 0 {
				rt.Errorf("in the hour from %s there were %d more texts than the plan said", at, n)
			}
		}
	})
}
