package operator

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"golang.org/x/time/rate"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/signup"
)

// importReport is what import prints.
type importReport struct {
	File            string                `json:"file"`
	Brand           string                `json:"brand"`
	DryRun          bool                  `json:"dry_run"`
	Rows            int                   `json:"rows"` // good rows
	Bad             int                   `json:"bad"`
	Problems        []*signup.Problem     `json:"problems,omitempty"` // of bad rows; at most mostProblems
	Topics          map[string]int        `json:"topics"`
	WithoutEvidence int                   `json:"without_evidence"`           // rows that lack any evidence
	Missing         map[string]int        `json:"missing"`                    // rows by the field of evidence that they lack
	Told            int                   `json:"told"`                       // rows whose topics begin with a notice instead of a question
	UnfitAttributes int                   `json:"unfit_attributes,omitempty"` // rows whose attributes cannot be stored; their people are asked all the same
	OutsideHours    int                   `json:"outside_hours"`              // rows that would have to wait if the import began now
	DoneBefore      int                   `json:"done_before"`                // rows done by an earlier run
	PerSecond       float64               `json:"per_second,omitempty"`
	Statuses        map[signup.Status]int `json:"statuses"` // rows by status, including those of earlier runs
	Left            int                   `json:"left"`     // rows for another run
	Next            *time.Time            `json:"next,omitempty"`
	Interrupted     bool                  `json:"interrupted"`
	Trouble         string                `json:"trouble,omitempty"` // why it ended early
	Results         string                `json:"results,omitempty"`

	flags   importFlags
	brand   *program.Brand
	asks    []string // IDs of the topics that people are asked to confirm
	reached int      // rows that the run got to
	waiting int      // rows reached that are left for another run
}

func newImportReport(path string, terms signup.Terms, f importFlags) *importReport {
	r := &importReport{
		File:     path,
		Brand:    terms.Brand.ID,
		DryRun:   f.dryRun,
		Topics:   map[string]int{},
		Missing:  map[string]int{},
		Statuses: map[signup.Status]int{},
		flags:    f,
		brand:    terms.Brand,
	}
	if !f.dryRun {
		r.Results = resultsOf(path)
	}
	return r
}

func (r *importReport) bad(p *signup.Problem) {
	if r.Bad++; len(r.Problems) < mostProblems {
		r.Problems = append(r.Problems, p)
	}
}

// count counts a row before anything is sent.
func (r *importReport) count(row signup.Row, terms signup.Terms) {
	r.Rows++
	q := row.Question
	for _, t := range q.Topics {
		r.Topics[t.ID]++
		if !q.Tells(&t) && !slices.Contains(r.asks, t.ID) {
			r.asks = append(r.asks, t.ID)
		}
	}
	if q.CheckAttributes() != nil {
		r.UnfitAttributes++
	}
	if !q.Asks() {
		r.Told++
		return
	}
	missing := q.Attested.Missing()
	for _, field := range missing {
		r.Missing[field]++
	}
	if len(missing) > 0 {
		r.WithoutEvidence++
	}
	if opens, err := q.Opening(terms.Gate, phone.Told{}); err != nil || opens.After(terms.Now) {
		r.OutsideHours++
	}
}

// add counts the result of a row.
func (r *importReport) add(res importResult) {
	r.Statuses[res.status]++
	r.reached++
	if res.done() || res.status == rowRefused {
		return
	}
	r.waiting++
	if again := res.retryAt.UTC(); r.Next == nil || again.Before(*r.Next) {
		r.Next = &again
	}
}

// limit returns how many people are asked per second. The default is half of what the slowest number can send,
// because replies and campaigns need capacity too. There is no limit where no text is sent, or on the local stack.
func (r *importReport) limit(simulated bool) rate.Limit {
	r.PerSecond = r.flags.perSecond
	if r.PerSecond == 0 && (simulated || len(r.asks) == 0) {
		return rate.Inf
	}
	if r.PerSecond == 0 {
		r.PerSecond = float64(slowestRate(r.brand, r.asks)) / 2
	}
	return rate.Limit(r.PerSecond)
}

// outcome returns the error that the command ends with; nil where all is done.
func (r *importReport) outcome() error {
	const again = "run the same command again"
	switch {
	case r.Interrupted:
		return unfinishedError{fmt.Errorf("interrupted with %s left; %s to go on", rowCount(r.Left), again)}
	case r.Trouble != "":
		return unfinishedError{
			fmt.Errorf(
				"%s failed one after the other, with %s left: %s; %s when that is mended",
				rowCount(maxFailures),
				rowCount(r.Left),
				r.Trouble,
				again,
			),
		}
	case r.Left > 0:
		return unfinishedError{fmt.Errorf("%s left for later; %s at %s", rowCount(r.Left), again, r.Next.Format(time.RFC3339))}
	case r.Statuses[rowRefused] > 0:
		return fmt.Errorf("%s refused; %s says why", rowCount(r.Statuses[rowRefused]), r.Results)
	}
	return nil
}

func (r *importReport) print(out, problems io.Writer) error {
	if r.flags.json {
		return printJSON(out, r)
	}
	for i, p := range r.Problems {
		if i == shownProblems {
			fmt.Fprintf(problems, "and %d more bad rows\n", r.Bad-shownProblems)
			break
		}
		fmt.Fprintln(problems, p)
	}
	fmt.Fprintf(out, "%s: %s for %s", r.File, rowCount(r.Rows), r.Brand)
	if len(r.Topics) > 0 {
		fmt.Fprintf(out, " (%s)", counted(r.Topics))
	}
	if r.Bad > 0 {
		fmt.Fprintf(out, "; bad and left out: %s", rowCount(r.Bad))
	}
	fmt.Fprintln(out, ".")
	if r.WithoutEvidence > 0 {
		fmt.Fprintf(
			out,
			"Evidence is missing from %s (%s). Those people are asked to confirm like all others, and the ledger says what is missing.\n",
			rowCount(r.WithoutEvidence),
			counted(r.Missing),
		)
	}
	if r.Told > 0 {
		fmt.Fprintf(out, "Told of the texts, and subscribed without being asked: %s.\n", rowCount(r.Told))
	}
	if r.UnfitAttributes > 0 {
		fmt.Fprintf(
			out, "Asked all the same, but without attributes, for no text takes one of them (docs/fields.md): %s.\n",
			rowCount(r.UnfitAttributes),
		)
	}
	if r.DryRun {
		r.printPlan(out)
		return nil
	}
	if len(r.Statuses) > 0 {
		t := table.NewWriter()
		t.SetOutputMirror(out)
		t.AppendHeader(table.Row{"Status", "Rows", ""})
		for _, s := range meanings() {
			if n := r.Statuses[s.status]; n > 0 {
				t.AppendRow(table.Row{s.status, n, s.means})
			}
		}
		t.Render()
		fmt.Fprintf(out, "What became of each row: %s\n", r.Results)
	}
	return nil
}

// printPlan prints what the import would do.
func (r *importReport) printPlan(out io.Writer) {
	todo := r.Rows - r.DoneBefore
	fmt.Fprintf(out, "Done already: %d. ", r.DoneBefore)
	if r.OutsideHours > 0 {
		fmt.Fprintf(out, "Would have to wait for permitted hours now: %d. ", r.OutsideHours)
	}
	switch limit := float64(r.limit(false)); {
	case len(r.asks) == 0:
		fmt.Fprintf(out, "To ask: nobody. To subscribe: %d. ", todo)
	case limit > 0:
		fmt.Fprintf(
			out,
			"To ask: %d, which takes about %[3]s at %[2]g a second. ",
			todo,
			limit,
			(time.Duration(float64(todo)/limit) * time.Second).Round(time.Second),
		)
	}
	fmt.Fprintln(out, "Nothing was sent.")
}

// rowCount returns "1 row" or "2 rows".
func rowCount(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// counted lists counts, the greatest first, such as "alerts: 12, orders: 3".
func counted(counts map[string]int) string {
	names := slices.SortedFunc(
		maps.Keys(counts),
		func(a, b string) int { return cmp.Or(counts[b]-counts[a], strings.Compare(a, b)) },
	)
	for i, name := range names {
		names[i] = fmt.Sprintf("%s: %d", name, counts[name])
	}
	return strings.Join(names, ", ")
}

// meaning says in words what a status means.
type meaning struct {
	status signup.Status
	means  string
}

// meanings returns the statuses in the order in which they are printed.
func meanings() []meaning {
	return []meaning{
		{signup.Asked, "asked to confirm; nothing else goes out until YES"},
		{signup.Waiting, "asked before, and may still say YES"},
		{signup.Told, "subscribed without a YES or a text, for they were told; STOP ends it"},
		{signup.Subscribed, "subscribed already"},
		{signup.Stopped, "said STOP, or NO to a request; only the phone itself brings them back"},
		{signup.Limited, "asked as often lately as anybody may be"},
		{signup.Unconfirmed, "nobody knows whether the question went out; it is not sent again"},
		{signup.NotSent, "the question was refused; the results say why"},
		{signup.Later, "outside the permitted hours; to be asked in another run"},
		{rowFailed, "the API did not answer; to be asked in another run"},
		{rowRefused, "not taken; the results say what to mend"},
	}
}
