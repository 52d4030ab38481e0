package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/time/rate"

	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/signup"
)

const (
	// shownProblems is how many bad rows are printed on a screen. --json prints up to mostProblems.
	shownProblems = 20
	mostProblems  = 1000

	// maxFailures is how many failures in a row mean that the fault is not in the rows.
	maxFailures = 3
)

type importFlags struct {
	brand, zone           string
	topics                []string
	dryRun, skipBad, json bool
	perSecond             float64
	retries               int
}

func importCommand() *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use:   "import FILE.csv",
		Short: "Ask people who signed up on paper, at a till or elsewhere to confirm",
		Long: `Read a list of people who asked to be texted, and have each of them asked to confirm, as after the sign-up form. Until they
answer YES nothing else is sent, whatever the list says. What the list says about how they asked is stored as evidence.
People without evidence are asked too, and the ledger says what is missing. Topics with "consent: told" in programs.yaml
are different: nobody is asked or texted, and each row must say in date, source and disclosure when, where and in which
words the person was told about the texts (docs/telling.md). docs/import.md describes the columns:

  ` + strings.Join(
			signup.Columns(),
			", ",
		) + `

Only phone is required. Columns may be in any order. The whole file is checked first, and nothing is sent while a row is
bad. The result of each row is written to FILE.csv.results.csv. Run the same command again to go on after Ctrl-C, and to
ask people for whom it was too late or too early in the day. Nobody is asked twice.

It exits with 0 when all is done, with 1 when something is wrong, with 2 when the command line is wrong, and with 3 when
rows are left for later.`,
		Example: `  smsconsent import people.csv --topic alerts --dry-run
  smsconsent import people.csv --topic alerts
  smsconsent import people.csv --brand example --zone America/Los_Angeles --skip-bad --json`,
		Args: exactlyOne("FILE", "the name of a CSV file, such as people.csv"),
		RunE: func(cmd *cobra.Command, args []string) error { return runImport(cmd, args[0], f) },
	}
	c.Flags().StringVar(&f.brand, "brand", "", "brand ID (default: the first of programs.yaml)")
	c.Flags().StringSliceVar(&f.topics, "topic", nil, "topic ID for rows that name none; may be repeated")
	c.Flags().StringVar(&f.zone, "zone", "UTC", "time zone of times without an offset, such as America/Los_Angeles")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "check the file and count; send nothing")
	c.Flags().BoolVar(&f.skipBad, "skip-bad", false, "leave out bad rows instead of stopping")
	c.Flags().Float64Var(
		&f.perSecond,
		"per-second",
		0,
		"most rows a second (default: half of messages_per_second in programs.yaml)",
	)
	c.Flags().IntVar(&f.retries, "retries", 4, "how often a row is tried again at once when the API fails")
	c.Flags().BoolVar(&f.json, "json", false, "print the summary as JSON")
	return c
}

func runImport(cmd *cobra.Command, path string, f importFlags) error {
	terms, err := importTerms(cmd, f)
	if err != nil {
		return err
	}
	var api *requests
	terms.Now = stackNow(cmd.Context())
	if !f.dryRun {
		if api, err = openRequests(cmd.Context()); err != nil {
			return err
		}
		api.retries = f.retries
	}
	done, err := readResults(resultsOf(path))
	if err != nil {
		return err
	}
	report := newImportReport(path, terms, f)
	if err := survey(path, terms, done, report); err != nil {
		return err
	}
	if report.Bad > 0 && !f.skipBad {
		return errors.Join(
			report.print(cmd.OutOrStdout(), cmd.ErrOrStderr()),
			fmt.Errorf(
				"nothing was sent, for of %s %d are bad; mend them, or leave them out with --skip-bad",
				rowCount(report.Bad+report.Rows),
				report.Bad,
			),
		)
	}
	if f.dryRun {
		return report.print(cmd.OutOrStdout(), cmd.ErrOrStderr())
	}
	im := &importRun{
		api:     api,
		terms:   terms,
		skipBad: f.skipBad,
		report:  report,
		limit:   rate.NewLimiter(report.limit(api.simulated), 1),
	}
	step, clearBar := importBar(cmd.ErrOrStderr(), report.Rows)
	failed := im.run(cmd.Context(), path, step)
	clearBar()
	report.Left = report.Rows - report.reached + report.waiting
	if err := report.print(cmd.OutOrStdout(), cmd.ErrOrStderr()); err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	return report.outcome()
}

// importTerms checks the flags.
func importTerms(cmd *cobra.Command, f importFlags) (signup.Terms, error) {
	cat, err := programsInForce(cmd)
	if err != nil {
		return signup.Terms{}, err
	}
	brand, err := brandOf(cat, f.brand)
	if err != nil {
		return signup.Terms{}, err
	}
	for _, id := range f.topics {
		if _, _, ok := brand.Topic(id); !ok {
			return signup.Terms{}, usageError{fmt.Errorf("--topic: brand %s has no topic %q in programs.yaml", brand.ID, id)}
		}
	}
	zone, err := time.LoadLocation(f.zone)
	if err != nil || f.zone == "" || f.zone == "Local" {
		return signup.Terms{}, usageError{fmt.Errorf("--zone: %q is no time zone such as America/Los_Angeles", f.zone)}
	}
	if f.perSecond < 0 || f.perSecond > 1000 {
		return signup.Terms{}, usageError{fmt.Errorf("--per-second: %g is not between 0 and 1000", f.perSecond)}
	}
	if f.retries < 0 || f.retries > 10 {
		return signup.Terms{}, usageError{fmt.Errorf("--retries: %d is not between 0 and 10", f.retries)}
	}
	g, err := gate.New(cat)
	if err != nil {
		return signup.Terms{}, err
	}
	return signup.Terms{Catalog: cat, Gate: g, Brand: brand, Topics: f.topics, Zone: zone}, nil
}

func resultsOf(path string) string { return path + ".results.csv" }

// eachRow opens a list and calls f for each row, until f returns an error.
func eachRow(path string, terms signup.Terms, f func(signup.Row, error) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	for row, err := range signup.Read(file, terms) {
		if err := f(row, err); err != nil {
			return err
		}
	}
	return nil
}

// survey reads the whole file and counts its rows, so that nothing is sent before the whole file is known to be good.
func survey(path string, terms signup.Terms, done *importResults, report *importReport) error {
	err := eachRow(path, terms, func(row signup.Row, err error) error {
		if problem, ok := errors.AsType[*signup.Problem](err); ok {
			report.bad(problem)
			return nil
		}
		if err != nil {
			return err
		}
		report.count(row, terms)
		if last, ok := done.of(row.Question); ok && last.done() {
			report.DoneBefore++
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if report.Rows+report.Bad == 0 {
		return fmt.Errorf("%s: there is no row below the first line", path)
	}
	return nil
}

// importRun is an import that is running.
type importRun struct {
	api     *requests
	terms   signup.Terms
	results *importResults
	skipBad bool
	limit   *rate.Limiter
	report  *importReport
	failed  int // rows in a row that failed
}

var (
	errInterrupted = errors.New("interrupted")
	errTrouble     = errors.New("several rows failed one after the other")
)

// run asks everybody who was not asked before, and those who are due for another try.
func (im *importRun) run(ctx context.Context, path string, step func()) error {
	var err error
	if im.results, err = openResults(resultsOf(path)); err != nil {
		return err
	}
	err = eachRow(path, im.terms, func(row signup.Row, err error) error {
		if _, bad := errors.AsType[*signup.Problem](err); bad && im.skipBad {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the file was changed while it was read: %w", err)
		}
		defer step()
		return im.row(ctx, row)
	})
	im.report.Interrupted = errors.Is(err, errInterrupted)
	if errors.Is(err, errInterrupted) || errors.Is(err, errTrouble) {
		err = nil
	}
	return errors.Join(err, im.results.close())
}

// row asks one person, unless an earlier run did. It returns errInterrupted or errTrouble where the import must stop.
func (im *importRun) row(ctx context.Context, row signup.Row) error {
	last, known := im.results.of(row.Question)
	if known && (last.done() || im.api.now().Before(last.retryAt)) {
		im.report.add(last)
		return nil
	}
	if ctx.Err() != nil || im.limit.Wait(ctx) != nil {
		return errInterrupted
	}
	res, err := im.api.ask(ctx, row.Request)
	if err != nil {
		return err
	}
	if err := im.results.add(row, res); err != nil {
		return fmt.Errorf("write the results: %w", err)
	}
	im.report.add(res)
	if im.failed++; res.done() || res.status == rowRefused || res.status == signup.Later {
		im.failed = 0
	}
	if im.failed == maxFailures {
		im.report.Trouble = res.message
		return errTrouble
	}
	return nil
}

// importBar shows the progress of an import on a terminal. Elsewhere it shows nothing.
func importBar(w io.Writer, total int) (step, end func()) {
	if !isTerminal(w) {
		return func() {}, func() {}
	}
	bar := progressbar.NewOptions(
		total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetItsString(
			"rows",
		),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond),
	)
	// A progress bar that fails is no reason to stop.
	return func() { _ = bar.Add(1) }, func() { _ = bar.Clear() }
}

// slowestRate returns the lowest rate, in messages per second, of the programs that ask about the topics.
func slowestRate(brand *program.Brand, topics []string) int {
	least := 0
	for _, id := range topics {
		if p, _, ok := brand.Topic(id); ok && (least == 0 || p.PerSecond < least) {
			least = p.PerSecond
		}
	}
	return least
}
