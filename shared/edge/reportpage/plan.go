package reportpage

import (
	_ "embed" // for the page
	"fmt"
	"html/template"
	"time"

	"smsconsent/shared/core/plan"
	"smsconsent/shared/core/report"
	"smsconsent/shared/core/zoneinfo"
	"smsconsent/shared/edge/chart"
)

//go:embed plan.html
var planLayout string

// Plan is what a campaign of a topic will do.
type Plan struct {
	plan.Plan
	Brand string // ID
	Topic string // ID
}

// planView is what the page of a plan shows.
type planView struct {
	Plan
	look
	Keys   []key
	Charts []template.HTML
}

// hoursDrawn is the most columns of a chart somebody can tell apart.
const hoursDrawn = 48

// RenderPlan returns the page of a plan. Like that of a report it needs nothing else.
func RenderPlan(p Plan) ([]byte, error) {
	v := planView{Plan: p, look: ourLook(), Keys: []key{
		{Name: "On the list", Value: report.Grouped(p.Audience)},
		{Name: "Get it", Value: report.Grouped(p.Will)},
		{Name: "Later than at once", Value: report.Grouped(p.Later)},
		{Name: "Do not get it", Value: report.Grouped(p.Audience - p.Will - p.Expire)},
		{Name: "No time for", Value: report.Grouped(p.Expire)},
		{Name: "Parts", Value: report.Grouped(p.Parts)},
		{Name: "About", Value: fmt.Sprintf("$%.2f", p.Cost)},
		{Name: "Sending takes", Value: report.Grouped(p.Minutes), Unit: "min"},
	}}
	if p.Passed > 0 {
		v.Keys[1].Change = report.Grouped(p.Passed) + " after their clock showed its time"
	}
	var err error
	if v.Charts, err = draw(
		drawing{Chart: planHours(p.Hours), draw: chart.Chart.Columns},
		drawing{Chart: planReasons(p.Reasons), draw: chart.Chart.Bars},
		drawing{Chart: planTiers(p.Tiers), draw: chart.Chart.Bars},
	); err != nil {
		return nil, err
	}
	return render(planLayout, v)
}

// planHours draws the people of all zones together, hour by hour.
func planHours(hours []plan.Hour) chart.Chart {
	c := chart.Chart{ID: "hours", Title: "Who gets it, by hour (UTC)", Desc: "For each hour a column of the people who get it."}
	var values []float64
	for _, h := range hours {
		label := h.At.Format("2 Jan 15h")
		if n := len(c.Labels); n > 0 && c.Labels[n-1] == label {
			values[n-1] += float64(h.People)
			continue
		}
		if len(c.Labels) == hoursDrawn {
			c.Desc += fmt.Sprintf(" Only the first %d hours are drawn.", hoursDrawn)
			break
		}
		c.Labels, values = append(c.Labels, label), append(values, float64(h.People))
	}
	c.Series = []chart.Series{{Name: "people", Values: values, Tone: chart.Good}}
	return c
}

func planReasons(reasons []plan.Reason) chart.Chart {
	c := chart.Chart{ID: "reasons", Title: "Who does not, by rule", Desc: "For each rule a bar of the people it keeps the campaign from."}
	var values []float64
	for _, r := range reasons {
		c.Labels, values = append(c.Labels, r.Rule), append(values, float64(r.People))
	}
	c.Series = []chart.Series{{Name: "people", Values: values, Tone: chart.Wait}}
	return c
}

func planTiers(t plan.Tiers) chart.Chart {
	return chart.Chart{
		ID: "tiers", Title: "Who reads the topic", Desc: "A bar of the people of each tier.",
		Labels: []string{"regular", "digests only", "asked, no answer yet"},
		Series: []chart.Series{{
			Name: "people", Values: []float64{float64(t.Regular), float64(t.Digest), float64(t.Asked)}, Tone: chart.First,
		}},
	}
}

// LocalHour writes an instant by the clock of a zone, or UTC where it is in several.
func LocalHour(at time.Time, zone string) string {
	const layout = "Mon 2 Jan 15:04 MST"
	if loc, err := zoneinfo.Load(zone); err == nil {
		return at.In(loc).Format(layout)
	}
	return at.UTC().Format(layout)
}
