package operator

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/jedib0t/go-pretty/v6/table"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/carriercode"
	audited "smsconsent/shared/core/report"
	"smsconsent/shared/core/result"
)

// printResult prints the results of a campaign.
func printResult(w io.Writer, r result.Result) {
	sayLine(w, "Campaign %s to %s/%s is %s.", campaign.Called(r.ID, r.Name), r.Brand, r.Topic, r.State)
	sayLine(w, "%s", r.Text)
	fmt.Fprintf(w, "Sent %s: delivered %s, failed %s, unknown %s.\n", audited.Grouped(r.Sent), audited.Grouped(r.Delivered),
		audited.Grouped(r.Failed), audited.Grouped(r.Unknown))
	for _, code := range mostFirst(r.Failures) {
		fmt.Fprintln(w, toWidth(fmt.Sprintf("  Failed %s: %s", carriercode.Worded(code), audited.Grouped(r.Failures[code])), "    "))
	}
	fmt.Fprintf(w, "Wait: %s.\n", audited.Grouped(r.Deferred))
	printBy(w, "Refused by", r.Refused)
	printBy(w, "Expired, waiting for", r.Expired)
	printBy(w, "Canceled before they had it, by", r.Canceled)
	if r.Unreadable > 0 {
		fmt.Fprintf(w, "Not texted, for their stored contact cannot be read: %s.\n", audited.Grouped(r.Unreadable))
	}
	fmt.Fprintf(w, "Together %s.\n", peopleOf(r.Audience))
	fmt.Fprint(w, movedLine(r.Moved))
	fmt.Fprintf(w, "Opt-outs %s, complaints of spam %s, followed a link %s.\n", audited.Grouped(r.OptOuts),
		audited.Grouped(r.Complaints), audited.Grouped(r.Clicks))
	printBy(w, "Answered within three days:", r.Replies)
	fmt.Fprint(w, changedLine(r.Changed))
	fmt.Fprintf(w, "%s, about $%.2f.\n", partsOf(r.Parts), r.Cost)
	if p := r.Plan; p != nil {
		fmt.Fprintf(w, "Planned: %s of %s people, %s, about $%.2f.\n", audited.Grouped(p.Will), audited.Grouped(p.People),
			partsOf(p.Parts), p.Cost)
	}
	if len(r.Hours) > 0 {
		printHours(w, r.Hours)
	}
	if r.People != nil {
		printPeople(w, r.People)
	}
	if r.Pages > 0 {
		fmt.Fprintf(w, "Page %s of %s.\n", audited.Grouped(r.Page), audited.Grouped(r.Pages))
	}
}

// printBy prints counts by rule or reason, the greatest first.
func printBy(w io.Writer, lead string, by map[string]int) {
	for _, name := range mostFirst(by) {
		fmt.Fprintf(w, "  %s %s: %s\n", lead, name, audited.Grouped(by[name]))
	}
}

func mostFirst(by map[string]int) []string {
	return slices.SortedFunc(maps.Keys(by), func(a, b string) int {
		return cmp.Or(cmp.Compare(by[b], by[a]), cmp.Compare(a, b))
	})
}

func printPeople(w io.Writer, people []result.Person) {
	out := table.NewWriter()
	out.SetOutputMirror(w)
	out.AppendHeader(table.Row{"Phone", "Outcome", "At (UTC)", "Status", "Rule"})
	for _, p := range people {
		out.AppendRow(table.Row{p.Phone, p.Outcome, p.At.UTC().Format("2 Jan 15:04"), p.Status, p.Rule})
	}
	out.Render()
}
