package reportpage_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/core/report"
	"smsconsent/shared/core/result"
	"smsconsent/shared/edge/reportpage"
)

// Names and details that hold markup are shown as they are, wherever the page tells them, and nothing on it comes from
// elsewhere.
func TestNothingOnThePageIsMarkup(t *testing.T) {
	const evil = `<script>alert(1)</script>'"`
	r := sample(t)
	for i := range r.Brands {
		r.Brands[i].Name = evil
		for j := range r.Brands[i].Topics {
			r.Brands[i].Topics[j].Name = evil
		}
	}
	r.Run, r.Policy = evil, evil
	r.Next = append(r.Next, report.Step{What: evil, Kind: evil, When: evil})
	r.Figures.Findings[evil] = report.Finding{Count: 1, Cases: []report.Case{{Brand: evil, Topic: evil, Phone: evil, Detail: evil}}}
	r.Figures.All.Texts.Reasons[evil] = 1e6
	html, err := reportpage.Render(r)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(html), "<script") || strings.Count(string(html), "alert(1)") < 10 {
		t.Error("markup is not shown as it is")
	}
	if from := regexp.MustCompile(`(src|href|url)\s*[=(]\s*["']?(https?:|//|data:)|@import`).FindString(string(html)); from != "" {
		t.Errorf("the page loads %s", from)
	}
}

// Each figure at a glance, each sentence and each masked number that the report has is on the page.
func TestThePageTellsTheReport(t *testing.T) {
	r := sample(t)
	html, err := reportpage.Render(r)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Example Corp.", "Audit of 23 November 2026", "on 23 November 2026 from 14:00 to 14:12 UTC", "&#43;1••••••0100"}
	for _, k := range r.Summary {
		want = append(want, "<dt>"+k.Name+"</dt>")
	}
	for _, s := range r.Next {
		want = append(want, strings.NewReplacer("'", "&#39;").Replace(s.What))
	}
	for _, id := range []string{"growth", "comings", "states", "delivery", "opt-outs", "campaigns", "clicks", "tiers", "reasons", "kinds"} {
		want = append(want, `<figure class="chart" id="`+id+`">`)
	}
	for _, w := range want {
		if !strings.Contains(string(html), w) {
			t.Errorf("%q is not on the page", w)
		}
	}
	if size := len(html); size > 200_000 {
		t.Errorf("the page has %d bytes", size)
	}
}

// resultSample is a campaign of which something of everything became.
func resultSample() result.Result {
	return result.Result{
		ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VN", Brand: "example", Topic: "alerts", State: campaign.Done, Text: "Example Corp.: new pumpkins are in.",
		At: monday, Expires: monday.Add(72 * time.Hour), First: monday, Last: monday.Add(2 * time.Hour),
		Sent: 9120, Delivered: 9000, Failed: 100, Unknown: 20, Refused: map[string]int{"opted-out": 12, "deliverable": 31},
		Expired: map[string]int{"promised-frequency": 412}, OptOuts: 7, Clicks: 230, Parts: 9400, Cost: 120.32,
		Costs:    []plan.Cost{{Country: "US", People: 9120, Parts: 9400, Cost: 120.32, Price: plan.Price{AWS: 0.0083, Carrier: 0.0045, AsOf: "2026-05-26", Source: "x"}}},
		Hours:    []plan.Hour{{At: monday, Zone: "America/New_York", People: 6000}, {At: monday.Add(2 * time.Hour), Zone: "America/Los_Angeles", People: 3120}},
		Failures: map[string]int{"TEXT_UNREACHABLE": 80, "TEXT_CARRIER_BLOCKED": 20},
		People: []result.Person{
			{Phone: "+1••••••0142", Outcome: plan.Sent, Rule: "on-record", Because: "it went out, and arrived", At: monday, Status: consent.Delivered, Parts: 1},
			{Phone: "+1••••••0143", Outcome: plan.Expired, Rule: "promised-frequency", Because: "the 2 texts a month promised for alerts were sent", At: monday.Add(time.Hour)},
			{Phone: "+33•••••5678", Outcome: plan.Canceled, Rule: "permitted-hours", Because: "the law of France has no texts on Sundays", At: monday.Add(time.Minute)},
		},
		Plan: &result.Planned{Hash: "abc", People: 9600, Will: 9150, Parts: 9410, Cost: 121},
	}
}

// The page of a campaign tells each figure, and shows the campaign's own words as they are.
func TestThePageOfACampaign(t *testing.T) {
	r := resultSample()
	r.Text = `<script>alert(1)</script>`
	r.People[0].Because, r.People[1].Phone, r.People[1].Rule = r.Text, r.Text, r.Text
	html, err := reportpage.RenderResult(r)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(html), "<script") || strings.Count(string(html), "alert(1)") != 4 {
		t.Error("markup is not shown as it is")
	}
	for name, foreseen := range map[string]string{"Sent": "9,150", "Parts": "9,410", "About": "$121.00"} {
		_, tile, _ := strings.Cut(string(html), "<dt>"+name+"</dt>")
		if tile, _, _ = strings.Cut(tile, "</div>"); !strings.Contains(tile, "planned: "+foreseen) {
			t.Errorf("the tile of %s is %q, want planned: %s", name, tile, foreseen)
		}
	}
	for _, part := range []string{"9,120", "9,000", "9,400", "120.32", "opted-out", "promised-frequency", "TEXT_UNREACHABLE", "The phone is off, or out of reach.", "planned: 9,150", "America/Los_Angeles", "&#43;33•••••5678", "canceled: permitted-hours", "23 Nov 2026 14:01"} {
		if !strings.Contains(string(html), part) {
			t.Errorf("the page lacks %s", part)
		}
	}
}

// A page lists the people there is room for, and says where the others are.
func TestThePageListsPeople(t *testing.T) {
	r := resultSample()
	shown := func() string {
		t.Helper()
		html, err := reportpage.RenderResult(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(html)
	}
	if html := shown(); strings.Contains(html, "--csv") || strings.Count(html, "••••") != 3 {
		t.Error("three people are not listed as they are")
	}
	r.People = slices.Repeat(r.People, 400)
	if html := shown(); !strings.Contains(html, "the first 1,000 of 1,200") || !strings.Contains(html, r.ID+" --csv") || strings.Count(html, "••••") != 1000 {
		t.Error("of 1,200 people the first are not listed, or it does not say where the others are")
	}
	r.People, r.Page, r.Pages = r.People[:2], 3, 49
	if html := shown(); !strings.Contains(html, "Page 3 of 49.") || strings.Count(html, "••••") != 2 {
		t.Error("a page of people is not told as one")
	}
	r.People = nil
	if html := shown(); strings.Contains(html, "Each person") {
		t.Error("nobody is listed under a heading")
	}
}
