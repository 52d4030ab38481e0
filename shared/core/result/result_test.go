package result_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/core/result"
)

// came is what a text on record came to.
var came = map[consent.Status]plan.Outcome{
	consent.Sent: plan.Sent, consent.Unconfirmed: plan.Unsure, consent.Rejected: plan.Refused, consent.Withheld: plan.Refused,
	consent.Delivered: plan.Sent, consent.Undelivered: plan.Failed,
}

var noon = time.Date(2027, time.January, 5, 20, 30, 0, 0, time.UTC)

// Every text that went out is delivered, failed or unknown, in one hour and one country; none that did not go out is.
func TestTheSumsAddUp(t *testing.T) {
	prices, err := plan.ReadPrices(strings.NewReader(string(plan.Shipped())))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		var d result.Draft
		out := 0
		for range rapid.IntRange(0, 30).Draw(t, "texts") {
			m := consent.Message{
				At: noon.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "minutes")) * time.Minute), Body: "Example Corp.: hi.",
				Status: rapid.SampledFrom([]consent.Status{
					consent.Sent, consent.Unconfirmed, consent.Rejected, consent.Withheld, consent.Delivered, consent.Undelivered,
				}).Draw(t, "status"),
			}
			p := d.Add(rapid.SampledFrom([]phone.Number{"+12065550142", "+18085550142", "+33612345678"}).Draw(t, "phone"), &m, nil)
			if went := m.Status != consent.Rejected && m.Status != consent.Withheld; went != p.Outcome.WentOut() || p.Outcome != came[m.Status] {
				t.Fatalf("%s came to %+v", m.Status, p)
			} else if went {
				out++
			}
		}
		refused := rapid.IntRange(0, 9).Draw(t, "refused")
		shards := []campaign.Shard{{Groups: map[string]campaign.Group{"x": {
			Counts: campaign.Counts{Refused: refused}, Reasons: campaign.Reasons{RefusedBy: map[string]int{"paused": refused / 2}},
		}}}}
		r := d.Finish(&campaign.Campaign{}, result.Known{Shards: shards}, prices, plan.LongCode)
		hours, parts := 0, 0
		for _, h := range r.Hours {
			hours += h.People
		}
		for _, c := range r.Costs {
			parts += c.Parts
		}
		failures := 0
		for _, n := range r.Failures {
			failures += n
		}
		if r.Sent != out || r.Delivered+r.Failed+r.Unknown != out || hours != out || parts != r.Parts || r.Parts != out || failures != r.Failed {
			t.Fatalf("%d went out: %+v", out, r)
		}
		if sum := r.Refused["paused"] + r.Refused["not-kept"]; sum != refused {
			t.Fatalf("%d were refused: %v", refused, r.Refused)
		}
	})
}

// Where everybody on the list was added, each is counted once, as what they were said to be, and none of them in what
// was counted on the way. Who the list is shorter by has left.
func TestTheFiguresAreThoseOfTheList(t *testing.T) {
	prices, err := plan.ReadPrices(strings.NewReader(string(plan.Shipped())))
	if err != nil {
		t.Fatal(err)
	}
	kinds := []plan.Why{
		{Outcome: plan.Waiting, Rule: "line"},
		{Outcome: plan.Refused, Rule: "paused"},
		{Outcome: plan.Expired, Rule: "least-gap"},
		{Outcome: plan.Canceled, Rule: "campaign-canceled"},
		{Outcome: plan.Unknown, Rule: plan.Unreadable},
	}
	rapid.Check(t, func(t *rapid.T) {
		var d result.Draft
		d.Add("+12065550142", &consent.Message{At: noon, Status: consent.Sent}, nil)
		d.Add("+12065550143", &consent.Message{At: noon, Status: consent.Rejected}, nil)
		counts := make([]int, len(kinds))
		for range rapid.IntRange(0, 30).Draw(t, "people") {
			i := rapid.IntRange(0, len(kinds)-1).Draw(t, "kind")
			counts[i]++
			if p := d.Without("+12065550144", kinds[i]); p.Outcome != kinds[i].Outcome || p.Rule != kinds[i].Rule {
				t.Fatalf("%+v came to %+v", kinds[i], p)
			}
		}
		list := 2
		for _, n := range counts {
			list += n
		}
		shards := []campaign.Shard{{Groups: map[string]campaign.Group{"x": {Counts: campaign.Counts{Refused: 90, Deferred: 9}}}}}
		c := campaign.Campaign{Plan: campaign.Plan{Hash: "h", People: list + 1}}
		r := d.Finish(&c, result.Known{Shards: shards, Everybody: true}, prices, plan.LongCode)
		got := []int{r.Deferred, r.Refused["paused"], r.Expired["least-gap"], r.Canceled["campaign-canceled"], r.Unreadable}
		if !slices.Equal(got, counts) || r.Sent != 1 || r.Refused[campaign.Carrier] != 1 || r.Refused["not-kept"] != 0 {
			t.Fatalf("want %v: %+v", counts, r)
		}
		if r.Audience != list || r.Left != 1 {
			t.Fatalf("%d are on the list: %+v", list, r)
		}
	})
}

// A masked number names nobody, whatever it is.
func TestMasked(t *testing.T) {
	for number, want := range map[string]string{"+12065550142": "+1••••••0142", "+33612345678": "+33•••••5678", "+336": "••••", "": ""} {
		if got := (result.Person{Phone: number}).Masked().Phone; got != want {
			t.Errorf("%s is masked as %s, want %s", number, got, want)
		}
	}
}
