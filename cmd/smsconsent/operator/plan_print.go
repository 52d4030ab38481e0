package operator

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"smsconsent/shared/core/plan"
	audited "smsconsent/shared/core/report"
	"smsconsent/shared/edge/reportpage"
)

// maxRows is how many rows of hours and of closed spans are printed.
const maxRows = 20

// printShort prints what everybody should know before a campaign is made.
func printShort(w io.Writer, p plan.Plan) {
	if warning := nobodyWarning(&p); warning != "" {
		fmt.Fprintf(w, "warning: %s\n", warning)
	}
	fmt.Fprintf(w, "%s on the list: %s will get it", peopleAre(p.Audience), audited.Grouped(p.Will))
	if p.Later > 0 {
		fmt.Fprintf(w, " (%s of them later, when their hours or a rule allow)", audited.Grouped(p.Later))
	}
	fmt.Fprintf(w, ", %s will not", audited.Grouped(p.Audience-p.Will-p.Expire))
	if p.Expire > 0 {
		fmt.Fprintf(w, ", and for %s it ends before their hours or a rule allow it", audited.Grouped(p.Expire))
	}
	fmt.Fprintln(w, ".")
	if !p.Local.IsZero() {
		fmt.Fprintf(w, "It goes out at %s on each person's own clock.\n", p.Local.From.Format("15:04 on Mon 2 Jan"))
	}
	if p.Passed > 0 {
		fmt.Fprintf(w, "For %s of them that has passed: they get it at once, or as soon as their hours or a rule allow.\n",
			audited.Grouped(p.Passed))
	}
	for _, r := range p.Reasons {
		fmt.Fprintf(w, "  %s by %s: %s%s\n", audited.Grouped(r.People), r.Rule, r.Because, inBrackets(untilText(r.First, r.Last)))
	}
	for _, b := range rivalWarnings(p) {
		fmt.Fprintf(w, "warning: %s\n", b)
	}
	fmt.Fprintf(w, "%s, about $%.2f%s; %s at %g parts a second%s.\n", partsOf(p.Parts), p.Cost, doubts(p),
		minutes(p.Minutes), p.Rate, lastText(p))
}

// partsOf returns "1 part" or "2 parts".
func partsOf(n int) string {
	if n == 1 {
		return "1 part"
	}
	return audited.Grouped(n) + " parts"
}

// nobodyWarning says why nobody would get a campaign. It is empty where somebody would.
func nobodyWarning(p *plan.Plan) string {
	switch {
	case p.Will > 0:
		return ""
	case p.Audience == 0:
		return "it reaches nobody: nobody is on the list, in those places and with those attributes"
	default:
		return "it reaches nobody of those on the list"
	}
}

// peopleOf returns "1 person" or "2 people".
func peopleOf(n int) string {
	if n == 1 {
		return "1 person"
	}
	return audited.Grouped(n) + " people"
}

func peopleAre(n int) string {
	if n == 1 {
		return "1 person is"
	}
	return audited.Grouped(n) + " people are"
}

// rivalWarnings returns a sentence for each campaign that may keep the planned one from people.
func rivalWarnings(p plan.Plan) (said []string) {
	const layout = "2 Jan 15:04"
	for _, b := range p.Beside {
		says := text.Snip(strings.Join(strings.Fields(b.Text), " "), 60, "…")
		said = append(said, fmt.Sprintf("campaign %s (%q) goes out from %s until %s UTC, and %s of this list are expected "+
			"to get that one first", b.ID, says, b.At.Format(layout), b.Until.Format(layout), audited.Grouped(b.People)))
	}
	return said
}

func inBrackets(until string) string {
	if until == "" {
		return ""
	}
	return " (until " + until + " UTC)"
}

func minutes(n int) string {
	if n == 1 {
		return "1 minute"
	}
	return audited.Grouped(n) + " minutes"
}

func lastText(p plan.Plan) string {
	if p.Last.IsZero() {
		return ""
	}
	return ", the last on " + p.Last.Format("Mon 2 Jan 15:04 MST")
}

// doubts says, in brackets, how reliable the cost is.
func doubts(p plan.Plan) string {
	var said []string
	for _, c := range p.Costs {
		if !c.Sure && c.Source != "" {
			said = append(said, "by prices nobody checked")
			break
		}
	}
	if len(p.Unpriced) > 0 {
		said = append(said, "without "+strings.Join(p.Unpriced, ", ")+", whose prices are not known")
	}
	if len(said) == 0 {
		return ""
	}
	return " (" + strings.Join(said, "; ") + ")"
}

// printPlan prints the whole plan.
func printPlan(w io.Writer, p plan.Plan) {
	printShort(w, p)
	fmt.Fprintf(w, "By tier: %s regular, %s digest, %s asked.\n",
		audited.Grouped(p.Tiers.Regular), audited.Grouped(p.Tiers.Digest), audited.Grouped(p.Tiers.Asked))
	if p.Will == 0 {
		return
	}
	fmt.Fprintf(w, "The longest text has %s, %d characters (%s):\n", partsOf(p.Longest.Parts), p.Longest.Characters, p.Longest.Encoding)
	for line := range strings.Lines(text.WrapSoft(p.Longest.Text, 76)) {
		fmt.Fprintf(w, "  %s\n", strings.TrimRight(line, " \n"))
	}
	printHours(w, p.Hours)
	printCosts(w, p.Costs)
	if len(p.Closed) == 0 {
		return
	}
	fmt.Fprintln(w, "Nobody of them can receive it:")
	for i, c := range p.Closed {
		if i == maxRows {
			fmt.Fprintf(w, "  and %s: --json tells them all\n", more(len(p.Closed)-i, "time"))
			break
		}
		const layout = "Mon 2 Jan 15:04"
		fmt.Fprintf(w, "  %s to %s UTC\n", c.From.Format(layout), c.To.Format(layout))
	}
}

// more returns "1 more row" or "2 more rows".
func more(n int, of string) string {
	if n != 1 {
		of += "s"
	}
	return audited.Grouped(n) + " more " + of
}

func printHours(w io.Writer, hours []plan.Hour) {
	out := table.NewWriter()
	out.SetOutputMirror(w)
	out.AppendHeader(table.Row{"In the hour from", "Zone", "People"})
	for i, h := range hours {
		if i == maxRows {
			break
		}
		out.AppendRow(table.Row{reportpage.LocalHour(h.At, h.Zone), h.Zone, audited.Grouped(h.People)})
	}
	out.Render()
	if left := len(hours) - maxRows; left > 0 {
		fmt.Fprintf(w, "%s: --json tells them all.\n", more(left, "row"))
	}
}

func printCosts(w io.Writer, costs []plan.Cost) {
	out := table.NewWriter()
	out.SetOutputMirror(w)
	out.AppendHeader(table.Row{"Country", "People", "Parts", "A part: AWS", "Carriers", "As of", "Cost"})
	for _, c := range costs {
		asOf, cost := c.AsOf, fmt.Sprintf("$%.2f", c.Cost)
		switch {
		case c.Source == "":
			asOf, cost = "no price", "unknown"
		case !c.Sure:
			asOf += ", unsure"
		}
		out.AppendRow(table.Row{c.Country, audited.Grouped(c.People), audited.Grouped(c.Parts), c.AWS, c.Carrier, asOf, cost})
	}
	out.Render()
}
