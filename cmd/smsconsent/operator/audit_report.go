package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	audited "smsconsent/shared/core/report"
	"smsconsent/shared/edge/reports"
)

type auditReportFlags struct {
	json bool
	html string
}

func auditReportCommand() *cobra.Command {
	var f auditReportFlags
	c := &cobra.Command{
		Use:   "report [RUN]",
		Short: "Show what an audit found, and what to do next",
		Long: `Show the report of an audit: the newest, or that of a run.

The beginning of a run's name is enough, such as 20261123, where only one run begins so.`,
		Example: `  smsconsent audit report
  smsconsent audit report 20261123 --json
  smsconsent audit report --html audit.html`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return auditReport(cmd, strings.Join(args, ""), f)
		},
	}
	c.Flags().BoolVar(&f.json, "json", false, "print the JSON document (docs/audit-report.md)")
	c.Flags().StringVar(&f.html, "html", "", "write the page to this file, which a browser shows; - is standard output")
	return c
}

func auditReport(cmd *cobra.Command, named string, f auditReportFlags) error {
	if f.json && f.html != "" {
		return usageError{errors.New("--json: the page is no JSON; leave out --json or --html")}
	}
	ctx := cmd.Context()
	s, err := remote(ctx)
	if err != nil {
		return err
	}
	kept := reports.New(reports.Client(s.AWS), s.ReportsBucket())
	if err := s.Missing(); err != nil {
		return usageError{fmt.Errorf("%w: export the stack's outputs (docs/deploy.md#campaigns)", err)}
	}
	run, err := runNamed(ctx, kept, named)
	if err != nil {
		return err
	}
	if f.html != "" {
		return writeReport(ctx, cmd.OutOrStdout(), kept, run, f.html)
	}
	r, err := kept.Report(ctx, run)
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(cmd.OutOrStdout(), r)
	}
	return printReport(cmd.OutOrStdout(), &r)
}

// maxRunsListed is how many runs an error lists.
const maxRunsListed = 10

// runNamed returns the ID of the run that begins with named, or of the newest run where named is empty.
func runNamed(ctx context.Context, kept *reports.Store, named string) (string, error) {
	runs, err := kept.Runs(ctx)
	if err != nil {
		return "", err
	}
	if len(runs) == 0 {
		return "", errors.New("no audit has been reported yet; one runs every day")
	}
	slices.Reverse(runs)
	if named == "" {
		return runs[0], nil
	}
	meant := slices.DeleteFunc(slices.Clone(runs), func(run string) bool { return !strings.HasPrefix(run, named) })
	switch len(meant) {
	case 1:
		return meant[0], nil
	case 0:
		return "", usageError{fmt.Errorf("no run begins with %q; the newest are:\n%s", named, runList(runs))}
	default:
		return "", usageError{fmt.Errorf("more than one run begins with %q; name one of:\n%s", named, runList(meant))}
	}
}

// runList returns the first runs, one a line.
func runList(runs []string) string {
	text := "  " + strings.Join(runs[:min(len(runs), maxRunsListed)], "\n  ")
	if more := len(runs) - maxRunsListed; more > 0 {
		text += "\n  and " + strconv.Itoa(more) + " older ones"
	}
	return text
}

func writeReport(ctx context.Context, out io.Writer, kept *reports.Store, run, file string) error {
	page, err := kept.Page(ctx, run)
	if err != nil {
		return err
	}
	if err := writePage(out, file, page); err != nil || file == onStdout {
		return err
	}
	_, err = fmt.Fprintf(out, "The report of run %s is in %s. Open it in a browser.\n", run, file)
	return err
}

func printReport(w io.Writer, r *audited.Report) error {
	fmt.Fprintf(w, "Audit %s, ended %s\n\n", r.Run, r.Ended.Format("2006-01-02 15:04 UTC"))
	for _, k := range r.Summary {
		value := figureText(k.Value)
		if k.Unit != "" {
			value += " " + k.Unit
		}
		change := ""
		if by, known := k.Change(); known && by != 0 {
			change = fmt.Sprintf("%+g since the last run", by)
		}
		fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("%-22s %-24s %s", k.Name, value, change), " "))
	}
	fmt.Fprintln(w, "\nWhat to do next:")
	for i, s := range r.Next {
		fmt.Fprint(w, wrapAfter(fmt.Sprintf("%3d. %-6s", i+1, s.When), s.What))
	}
	if kinds := r.FoundKinds(); len(kinds) > 0 {
		fmt.Fprintln(w, "\nFound:")
		for _, k := range kinds {
			found := r.Figures.Findings[k]
			fmt.Fprintf(w, "%9s  %s", audited.Grouped(found.Count), k.Words().Title)
			if found.Mended > 0 {
				fmt.Fprintf(w, ", %s put right", audited.Grouped(found.Mended))
			}
			fmt.Fprintln(w)
		}
	}
	_, err := fmt.Fprintf(w, "\nFor the page with charts and cases:\n  smsconsent audit report %s --html FILE\n", r.Run)
	return err
}

// figureText formats a figure for people: a whole number with its digits grouped, others with one decimal.
func figureText(x float64) string {
	whole := int(x)
	if float64(whole) == x {
		return audited.Grouped(whole)
	}
	return strconv.FormatFloat(x, 'f', 1, 64)
}

// wrapAfter returns lead and text in lines that fit a terminal. All lines of the text begin below its first word.
func wrapAfter(lead, text string) string {
	var out strings.Builder
	line := lead
	for _, word := range strings.Fields(text) {
		if len([]rune(line))+1+len([]rune(word)) > width {
			out.WriteString(line + "\n")
			line = strings.Repeat(" ", len(lead))
		}
		line += " " + word
	}
	return out.String() + line + "\n"
}
