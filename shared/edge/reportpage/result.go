package reportpage

import (
	"cmp"
	_ "embed" // for the page
	"fmt"
	"html/template"
	"maps"
	"slices"

	"smsconsent/shared/core/carriercode"
	"smsconsent/shared/core/report"
	"smsconsent/shared/core/result"
	"smsconsent/shared/edge/chart"
)

//go:embed result.html
var resultLayout string

// resultView is what the page of a campaign's result shows.
type resultView struct {
	result.Result
	look
	Keys   []key
	Charts []template.HTML
	Not    []notReached
	Failed []failure
	Listed []result.Person // of the people, those there is room for
}

// peopleListed is how many people a page lists: more would take a browser long to open, and nobody reads them.
const peopleListed = 1000

// notReached is one rule and the people it kept the campaign from.
type notReached struct {
	Rule, How string
	People    int
}

// failure is one reason for which texts failed.
type failure struct {
	Code, Means string
	Texts       int
}

// RenderResult returns the page of what became of a campaign. Like that of a report it needs nothing else.
func RenderResult(r result.Result) ([]byte, error) {
	v := resultView{Result: r, look: ourLook(), Keys: resultKeys(&r)}
	v.Not = slices.Concat(reached(r.Refused, "refused"), reached(r.Expired, "waited until its end"),
		reached(r.Canceled, "canceled before"))
	for _, f := range reached(r.Failures, "") {
		v.Failed = append(v.Failed, failure{f.Rule, carriercode.Means(f.Rule), f.People})
	}
	v.Listed = r.People[:min(len(r.People), peopleListed)]
	hours := planHours(r.Hours)
	hours.Title, hours.Desc = "Texts sent, by hour (UTC)", "For each hour a column of the texts that went out."
	var err error
	if v.Charts, err = draw(
		drawing{Chart: hours, draw: chart.Chart.Columns}, drawing{Chart: resultFates(&r), draw: chart.Chart.Bars},
		drawing{Chart: notChart(v.Not), draw: chart.Chart.Bars}, drawing{Chart: failuresChart(&r), draw: chart.Chart.Bars},
	); err != nil {
		return nil, err
	}
	return render(resultLayout, v)
}

func resultKeys(r *result.Result) []key {
	var will, parts, cost string
	if p := r.Plan; p != nil {
		will, parts = "planned: "+report.Grouped(p.Will), "planned: "+report.Grouped(p.Parts)
		cost = fmt.Sprintf("planned: $%.2f", p.Cost)
	}
	return []key{
		{Name: "Sent", Value: report.Grouped(r.Sent), Change: will},
		{Name: "Delivered", Value: report.Grouped(r.Delivered)},
		{Name: "Failed", Value: report.Grouped(r.Failed)},
		{Name: "Unknown", Value: report.Grouped(r.Unknown)},
		{Name: "Wait", Value: report.Grouped(r.Deferred)},
		{Name: "Do not get it", Value: report.Grouped(r.Audience - r.Sent - r.Deferred), Change: "of all " + report.Grouped(r.Audience)},
		{Name: "Left the list", Value: report.Grouped(r.Left)},
		{Name: "Opt-outs", Value: report.Grouped(r.OptOuts)},
		{Name: "Followed a link", Value: report.Grouped(r.Clicks)},
		{Name: "Answered", Value: report.Grouped(answers(r))},
		{Name: "Parts", Value: report.Grouped(r.Parts), Change: parts},
		{Name: "About", Value: fmt.Sprintf("$%.2f", r.Cost), Change: cost},
	}
}

// reached lists rules with the people they kept from it, the most first.
func reached(by map[string]int, how string) []notReached {
	all := make([]notReached, 0, len(by))
	for _, rule := range slices.Sorted(maps.Keys(by)) {
		all = append(all, notReached{rule, how, by[rule]})
	}
	slices.SortStableFunc(all, func(a, b notReached) int { return cmp.Compare(b.People, a.People) })
	return all
}

func resultFates(r *result.Result) chart.Chart {
	return chart.Chart{
		ID: "fates", Title: "What became of the texts", Desc: "A bar each of the texts that were delivered, failed, and of which nobody told.",
		Labels: []string{"delivered", "failed", "unknown"},
		Series: []chart.Series{{
			Name: "texts", Values: []float64{float64(r.Delivered), float64(r.Failed), float64(r.Unknown)}, Tone: chart.First,
		}},
	}
}

func notChart(not []notReached) chart.Chart {
	c := chart.Chart{ID: "not", Title: "Who did not get it, by rule", Desc: "For each rule a bar of the people it kept the campaign from."}
	var values []float64
	for _, n := range not {
		c.Labels, values = append(c.Labels, n.Rule+", "+n.How), append(values, float64(n.People))
	}
	c.Series = []chart.Series{{Name: "people", Values: values, Tone: chart.Wait}}
	return c
}

func failuresChart(r *result.Result) chart.Chart {
	c := chart.Chart{ID: "failures", Title: "Why texts failed", Desc: "For each reason a bar of the texts that failed for it."}
	var values []float64
	for _, f := range reached(r.Failures, "") {
		c.Labels, values = append(c.Labels, f.Rule), append(values, float64(f.People))
	}
	c.Series = []chart.Series{{Name: "texts", Values: values, Tone: chart.Bad}}
	return c
}

// answers returns how many texts people answered with.
func answers(r *result.Result) (n int) {
	for _, of := range r.Replies {
		n += of
	}
	return n
}
