package reportpage

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/chart"
)

const (
	monthsShown    = 12
	campaignsShown = 10
	reasonsShown   = 6
	linesShown     = 4
)

// drawing is a chart and how it is drawn.
type drawing struct {
	chart.Chart
	draw  func(chart.Chart) (template.HTML, error)
	zeros bool // it says something too where all its values are zero
}

// draw draws those charts that have something to show.
func draw(all ...drawing) (drawn []template.HTML, err error) {
	for _, c := range all {
		if len(c.Labels) == 0 || c.Empty() && !c.zeros {
			continue
		}
		html, err := c.draw(c.Chart)
		if err != nil {
			return nil, err
		}
		drawn = append(drawn, html)
	}
	return drawn, nil
}

// charts draws what there is something to draw of.
func charts(r *report.Report) (drawn []template.HTML, err error) {
	months := monthsOf(r)
	return draw(
		drawing{Chart: growth(r, months), draw: chart.Chart.Line},
		drawing{Chart: comings(r, months), draw: chart.Chart.Columns},
		drawing{Chart: states(r), draw: chart.Chart.Bars},
		drawing{Chart: delivery(r), draw: chart.Chart.Bars},
		drawing{Chart: optOuts(r, months), draw: chart.Chart.Line},
		drawing{Chart: campaigns(r), draw: chart.Chart.Bars, zeros: true},
		drawing{Chart: clicks(r), draw: chart.Chart.Bars},
		drawing{Chart: tiers(r), draw: chart.Chart.Bars},
		drawing{Chart: reasons(r), draw: chart.Chart.Bars},
		drawing{Chart: findings(r), draw: chart.Chart.Bars},
	)
}

// monthsOf returns the months up to the run's that a chart shows, as the figures name them, none left out.
func monthsOf(r *report.Report) (months []string) {
	first := slices.Min(append(slices.Collect(maps.Keys(r.Figures.All.Months)), r.Ended.Format("2006-01")))
	for at := monthStart(r.Ended); len(months) < monthsShown && at.Format("2006-01") >= first; at = at.AddDate(0, -1, 0) {
		months = append(months, at.Format("2006-01"))
	}
	slices.Reverse(months)
	return months
}

func monthStart(t time.Time) time.Time {
	return time.Date(t.UTC().Year(), t.UTC().Month(), 1, 0, 0, 0, 0, time.UTC)
}

// monthLabels writes months as people read them: "Nov", and "Jan 27" where a year begins.
func monthLabels(months []string) []string {
	labels := make([]string, len(months))
	for i, m := range months {
		at, err := time.Parse("2006-01", m)
		switch {
		case err != nil:
			labels[i] = m
		case at.Month() == time.January:
			labels[i] = at.Format("Jan 06")
		default:
			labels[i] = at.Format("Jan")
		}
	}
	return labels
}

func growth(r *report.Report, months []string) chart.Chart {
	values := make([]float64, len(months))
	for i, m := range months {
		n := 0
		for then, figures := range r.Figures.All.Months {
			if then <= m {
				n += figures.Joined - figures.Left
			}
		}
		values[i] = float64(n)
	}
	return chart.Chart{
		ID: "growth", Title: "People on a list, at the end of each month",
		Desc:   fmt.Sprintf("A line over %d months. It ends at %s people.", len(months), report.Grouped(r.Figures.Subscribed)),
		Labels: monthLabels(months), Series: []chart.Series{{Name: "people", Values: values, Tone: chart.First}},
	}
}

func comings(r *report.Report, months []string) chart.Chart {
	came, left := make([]float64, len(months)), make([]float64, len(months))
	for i, m := range months {
		came[i], left[i] = float64(r.Figures.All.Months[m].Joined), -float64(r.Figures.All.Months[m].Left)
	}
	return chart.Chart{
		ID: "comings", Title: "Who came and who left, by month",
		Desc:   "For each month a column of the people who came onto a list, and below it one of those who left the last of theirs.",
		Labels: monthLabels(months),
		Series: []chart.Series{{Name: "came", Values: came, Tone: chart.Good}, {Name: "left", Values: left, Tone: chart.Bad}},
	}
}

// byTopic makes a chart with a bar a topic and a series each of what is counted.
func byTopic(r *report.Report, ids []string, c chart.Chart, count func(t *report.Topic, series int) int) chart.Chart {
	for _, id := range ids {
		t := r.Figures.Topics[id]
		c.Labels = append(c.Labels, r.TopicNamed(id))
		for i := range c.Series {
			c.Series[i].Values = append(c.Series[i].Values, float64(count(&t, i)))
		}
	}
	return c
}

func states(r *report.Report) chart.Chart {
	of := [][]consent.State{
		{consent.Subscribed}, {consent.Pending}, {consent.Unsubscribed}, {consent.Expired}, {consent.Suspended, consent.Removed},
	}
	return byTopic(r, r.TopicIDs(), chart.Chart{
		ID: "states", Title: "Where people stand, by topic",
		Desc: "For each topic a bar of everybody who ever asked for it, parted by where they stand.",
		Series: []chart.Series{
			{Name: "subscribed", Tone: chart.Good},
			{Name: "waiting for a YES", Tone: chart.Wait},
			{Name: "opted out", Tone: chart.Bad},
			{Name: "never confirmed", Tone: chart.Fourth},
			{Name: "set aside or removed", Tone: chart.Third},
		},
	}, func(t *report.Topic, i int) (n int) {
		for _, s := range of[i] {
			n += t.States[s]
		}
		return n
	})
}

func delivery(r *report.Report) chart.Chart {
	return byTopic(r, r.TopicIDs(), chart.Chart{
		ID: "delivery", Title: "What became of the texts, by topic",
		Desc: "For each topic a bar of all texts, parted by what became of them.",
		Series: []chart.Series{
			{Name: "delivered", Tone: chart.Good},
			{Name: "not delivered", Tone: chart.Bad},
			{Name: "no receipt yet", Tone: chart.Wait},
			{Name: "unknown", Tone: chart.Fourth},
			{Name: "not taken by the carrier", Tone: chart.Third},
		},
	}, func(t *report.Topic, i int) int {
		return []int{t.Texts.Delivered, t.Texts.Undelivered, t.Texts.Waiting, t.Texts.Unknown, t.Texts.Rejected}[i]
	})
}

func tiers(r *report.Report) chart.Chart {
	ids := slices.DeleteFunc(r.TopicIDs(), func(id string) bool { return len(r.Figures.Topics[id].Tiers) == 0 })
	return byTopic(r, ids, chart.Chart{
		ID: "tiers", Title: "How often people are texted, by topic",
		Desc: "For each promotional topic a bar of its people, parted by how engaged they are.",
		Series: []chart.Series{
			{Name: "every campaign", Tone: chart.Good},
			{Name: "the digest only", Tone: chart.Wait},
			{Name: "asked whether they stay", Tone: chart.Third},
			{Name: "removed", Tone: chart.Bad},
		},
	}, func(t *report.Topic, i int) int {
		return []int{t.Tiers[consent.Regular], t.Tiers[consent.Digest], t.Tiers["asked"], t.States[consent.Removed]}[i]
	})
}

// optOuts draws the overall rate by month, and those of the topics that were texted most.
func optOuts(r *report.Report, months []string) chart.Chart {
	c := chart.Chart{
		ID: "opt-outs", Title: "Opt-outs for 1,000 texts, by month", Labels: monthLabels(months),
		Desc: "A line of all topics together, and one for each of the topics that were texted most. A month without texts counts as 0.",
	}
	add := func(name string, t *report.Tally) {
		s := chart.Series{Name: name, Tone: []chart.Tone{chart.First, chart.Second, chart.Third, chart.Fourth}[len(c.Series)]}
		for _, m := range months {
			rate := 0.0
			if of := t.Months[m]; of.Sent > 0 {
				rate = 1000 * float64(of.OptedOut) / float64(of.Sent)
			}
			s.Values = append(s.Values, rate)
		}
		c.Series = append(c.Series, s)
	}
	add("all topics", &r.Figures.All)
	ids := r.TopicIDs()
	slices.SortStableFunc(ids, func(a, b string) int {
		return r.Figures.Topics[b].Texts.Sent - r.Figures.Topics[a].Texts.Sent
	})
	for _, id := range ids[:min(len(ids), linesShown-1)] {
		t := r.Figures.Topics[id]
		add(r.TopicNamed(id), &t.Tally)
	}
	return c
}

func campaigns(r *report.Report) chart.Chart {
	c := chart.Chart{
		ID: "campaigns", Title: "Opt-outs for 1,000 texts of the latest campaigns",
		Desc: "A bar for each of the latest campaigns, the newest first. An opt-out counts for the campaign whose text came " +
			"last within three days before it.",
	}
	return ofLatest(c, r, chart.Series{Name: "opt-outs for 1,000 texts", Tone: chart.Bad}, (*report.Campaign).OptOutRate)
}

func clicks(r *report.Report) chart.Chart {
	c := chart.Chart{
		ID: "clicks", Title: "Who followed a link, of 100 texts of the latest campaigns",
		Desc: "A bar for each of the latest campaigns, the newest first. Only links of your own are counted, which a text has " +
			"as {link:…}.",
	}
	return ofLatest(c, r, chart.Series{Name: "followed a link, of 100 texts", Tone: chart.Good}, (*report.Campaign).ClickShare)
}

// ofLatest gives the chart a bar for each of the latest campaigns of which the value is known.
func ofLatest(
	c chart.Chart, r *report.Report, s chart.Series, value func(*report.Campaign) (float64, bool),
) chart.Chart {
	ids := slices.Sorted(maps.Keys(r.Figures.Campaigns.Newest))
	slices.Reverse(ids)
	for _, id := range ids[:min(len(ids), campaignsShown)] {
		of := r.Figures.Campaigns.Newest[id]
		rate, ok := value(&of)
		if !ok {
			continue
		}
		label := of.First.Format("2 Jan") + ", " + r.TopicNamed(of.Brand+"/"+of.Topic) + " · " + id[max(0, len(id)-6):]
		c.Labels = append(c.Labels, label)
		s.Values = append(s.Values, rate)
	}
	c.Series = []chart.Series{s}
	return c
}

func reasons(r *report.Report) chart.Chart {
	of := r.Figures.All.Texts.Reasons
	names := slices.SortedFunc(maps.Keys(of), func(a, b string) int {
		return cmp.Or(of[b]-of[a], cmp.Compare(a, b))
	})
	c := chart.Chart{
		ID: "reasons", Title: "Why texts did not arrive", Desc: "A bar for each of the most frequent reasons that AWS told.",
	}
	s := chart.Series{Name: "texts", Tone: chart.Bad}
	for _, name := range names[:min(len(names), reasonsShown)] {
		label := name
		if label == "" {
			label = "no reason told"
		}
		c.Labels = append(c.Labels, label)
		s.Values = append(s.Values, float64(of[name]))
	}
	c.Series = []chart.Series{s}
	return c
}

func findings(r *report.Report) chart.Chart {
	c := chart.Chart{
		ID: "kinds", Title: "Findings by kind", Desc: "A bar for each kind of finding, parted into those put right and those to look at.",
		Series: []chart.Series{{Name: "to look at", Tone: chart.Bad}, {Name: "put right by this run", Tone: chart.Good}},
	}
	for _, k := range r.FoundKinds() {
		found := r.Figures.Findings[k]
		c.Labels = append(c.Labels, k.Words().Title)
		c.Series[0].Values = append(c.Series[0].Values, float64(found.Open()))
		c.Series[1].Values = append(c.Series[1].Values, float64(found.Mended))
	}
	return c
}
