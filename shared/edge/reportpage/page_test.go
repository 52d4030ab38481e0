package reportpage_test

import (
	"regexp"
	"strings"
	"testing"

	"smsconsent/shared/core/report"
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
	for _, id := range []string{"growth", "comings", "states", "delivery", "opt-outs", "campaigns", "tiers", "reasons", "kinds"} {
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
