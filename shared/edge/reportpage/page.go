// Package reportpage makes the HTML pages on which people read the report of an audit and the result of a campaign.
// Each is one file without scripts that needs no other file, so it can be kept, sent on, printed and read without a
// network.
package reportpage

import (
	"bytes"
	_ "embed" // for the page and its style sheet
	"fmt"
	"html/template"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/chart"
	"smsconsent/shared/edge/page"
)

//go:embed page.html
var layout string

//go:embed parts.html
var parts string

//go:embed page.css
var style []byte

// view is what the page shows.
type view struct {
	report.Report
	look
	Names  []string // of the brands
	Keys   []key
	Charts []template.HTML
	Topics []topic
	Kinds  []kind
	Did    []string
}

// key is one figure at a glance.
type key struct {
	Name, Value, Unit string
	Change            string // what it was; empty where nothing is known
	Tone              string // "good", "bad" or empty
}

// topic is one row of the table.
type topic struct {
	Name                                      string
	Subscribed, Change, Sent, OptOuts, Arrive string
}

// kind is everybody about whom one thing was found.
type kind struct {
	report.Words
	report.Finding
	ID     report.Kind
	Change string
	Topics map[string]string // what people call the topics of the cases
}

// Render returns the page of a report.
func Render(r report.Report) ([]byte, error) {
	v := view{Report: r, look: ourLook()}
	for _, b := range r.Brands {
		v.Names = append(v.Names, b.Name)
	}
	for _, k := range r.Summary {
		v.Keys = append(v.Keys, keyOf(k))
	}
	for _, id := range r.TopicIDs() {
		v.Topics = append(v.Topics, topicOf(&r, id))
	}
	for _, id := range r.FoundKinds() {
		v.Kinds = append(v.Kinds, kindOf(&r, id))
	}
	v.Did = did(r.Figures.Done)
	var err error
	if v.Charts, err = charts(&r); err != nil {
		return nil, err
	}
	return render(layout, v)
}

// look is the style sheets of a page.
type look struct {
	Style template.CSS
	Chart template.CSS
}

func ourLook() look {
	return look{template.CSS(page.Style(style, &program.Catalog{})), chart.Style()} //nolint:gosec // two files of ours
}

// render fills in a layout, which may use the parts that pages share.
func render(layout string, view any) ([]byte, error) {
	t, err := template.New("").Funcs(template.FuncMap{
		"day": day, "minute": minute, "shown": shown, "span": span, "grouped": report.Grouped, "urgency": urgency,
		"join": strings.Join, "instant": instant,
		"local": LocalHour,
	}).Parse(layout + parts)
	if err != nil {
		return nil, fmt.Errorf("read a page: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, view); err != nil {
		return nil, fmt.Errorf("write a page: %w", err)
	}
	return out.Bytes(), nil
}

func keyOf(k report.Key) key {
	out := key{Name: k.Name, Value: decimal(k.Value), Unit: k.Unit}
	by, known := k.Change()
	switch {
	case !known:
	case by == 0:
		out.Change = "as in the last run"
	case by > 0:
		out.Change = "▲ " + decimal(by) + " since the last run"
	default:
		out.Change = "▼ " + decimal(-by) + " since the last run"
	}
	switch {
	case by == 0 || k.Better == "":
	case (by > 0) == (k.Better == "up"):
		out.Tone = "good"
	default:
		out.Tone = "bad"
	}
	return out
}

func topicOf(r *report.Report, id string) topic {
	t := r.Figures.Topics[id]
	out := topic{
		Name: r.TopicNamed(id), Subscribed: report.Grouped(t.States[consent.Subscribed]), Sent: report.Grouped(t.Texts.Sent),
		OptOuts: "–", Arrive: "–",
	}
	if r.Before != nil {
		out.Change = change(t.States[consent.Subscribed] - r.Before.Figures.Topics[id].States[consent.Subscribed])
	}
	if rate, ok := t.OptOutRate(); ok {
		out.OptOuts = decimal(rate)
	}
	if share, ok := t.Texts.DeliveredShare(); ok {
		out.Arrive = decimal(share) + " %"
	}
	return out
}

func kindOf(r *report.Report, id report.Kind) kind {
	k := kind{Words: id.Words(), Finding: r.Figures.Findings[id], ID: id, Topics: map[string]string{}}
	for _, c := range k.Cases {
		k.Topics[c.Topic] = c.Topic
		if c.Topic != "" {
			k.Topics[c.Topic] = r.TopicNamed(c.Brand + "/" + c.Topic)
		}
	}
	if r.Before != nil {
		k.Change = change(k.Count - r.Before.Figures.Findings[id].Count)
	}
	return k
}

// change writes a difference with its sign.
func change(n int) string {
	switch {
	case n > 0:
		return "+" + report.Grouped(n)
	case n < 0:
		return report.Grouped(n)
	default:
		return "±0"
	}
}

// did tells what the run itself did.
func did(done map[report.Action]int) (said []string) {
	for _, a := range report.Actions() {
		if n := done[a]; n > 0 {
			said = append(said, a.Words(n))
		}
	}
	return said
}

func urgency(u report.Urgency) string {
	switch u {
	case report.Now:
		return "Now"
	case report.Soon:
		return "Soon"
	default:
		return "Later"
	}
}

func decimal(x float64) string { return (&chart.Chart{}).Number(x) }

func day(t time.Time) string { return t.UTC().Format("2 January 2006") }

// shown writes what a clock shows, wherever it hangs.
func shown(t time.Time) string { return t.Format("2 January 2006, 15:04") }

func minute(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }

func instant(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04") }

// span writes from when to when.
func span(from, to time.Time) string {
	from, to = from.UTC(), to.UTC()
	if from.Truncate(24 * time.Hour).Equal(to.Truncate(24 * time.Hour)) {
		return from.Format("on 2 January 2006 from 15:04") + to.Format(" to 15:04 UTC")
	}
	return "from " + minute(from) + " to " + minute(to)
}
