package operator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	audited "smsconsent/shared/core/report"
	"smsconsent/shared/core/when"
	consenttable "smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/edge/wiring/schedules"
)

// defineRepeat adds the flags that make a campaign a series.
func (f *campaignFlags) defineRepeat(c *cobra.Command) {
	c.Flags().StringVar(&f.repeat, "repeat", "", `repeat it by a cron schedule on the clock of --zone: "0 10 * * 1" is Mondays at 10:00`)
	f.defineRuns(c, "with --repeat")
}

// defineRuns adds the flags about the runs of a series. with says in the help when they apply.
func (f *campaignFlags) defineRuns(c *cobra.Command, with string) {
	c.Flags().Func("for", with+": how `long` a run takes at most, such as 48h (default: 72h, or until the next begins)", f.setEach)
	c.Flags().StringVar(&f.until, "until", "", with+": no run begins then or later")
	c.Flags().Func("times", with+": how many `runs` there are (default: no end)", f.setRuns)
}

// setRuns parses --times.
func (f *campaignFlags) setRuns(value string) error {
	times, err := strconv.Atoi(value)
	if err != nil || times < 1 {
		return errors.New("it is no number of runs; write 1 or more, or leave it out for no end")
	}
	f.times = times
	return nil
}

// setRepeat makes the series that the flags describe, and marks the campaign as its first run.
func (f *campaignFlags) setRepeat(c *campaign.Campaign, now time.Time) error {
	switch {
	case f.zone == "":
		return usageError{errors.New("--repeat: say by whose clock, as --zone America/New_York")}
	case f.expires != "":
		return usageError{errors.New("--expires: with --repeat say how long each run takes, as --for 48h, and after the last, as --until 2027-06-01")}
	}
	from, err := f.instant("--at", f.at, now, now)
	if err != nil {
		return err
	}
	s := campaign.Series{
		ID: c.ID, Name: c.Name, Cron: f.repeat, Zone: f.zone, Lasts: cmp.Or(f.each, defaultDuration), Times: f.times,
	}
	if f.maxCost != nil {
		if f.prices != "" {
			return usageError{errors.New("--prices: with --repeat and --max-cost leave it out: runs are planned by the prices that are built in")}
		}
		s.AtMost(*f.maxCost)
	}
	if s.Until, err = f.instant("--until", f.until, time.Time{}, now); err != nil {
		return err
	}
	if err := s.Validate(from); err != nil {
		return usageError{err}
	}
	if f.local {
		s.Each.Local.Until = now // any time will do, because each run has its own
	}
	s, run, err := s.First(from.Add(-time.Second))
	if err != nil {
		return err
	}
	if s.State == campaign.Done {
		return usageError{errors.New("--until: no run is before that")}
	}
	c.ID, c.Name, c.Series, c.Local, c.At, c.Expires = run.ID, "", run.Series, run.Local, run.At, run.Expires
	if c.At.Before(now) {
		c.At = now // the local time has passed on some clocks already
	}
	f.series = &s
	return f.checkFar(c.At, now)
}

// storeSeries stores the series and its first run. It returns both as they are stored: with --id they may have
// existed before.
func (f *campaignFlags) storeSeries(
	ctx context.Context, s *wiring.Deployment, run campaign.Campaign,
) (campaign.Series, campaign.Campaign, error) {
	t, series := consentTable(s), *f.series
	series.Each = sharedByRuns(run)
	stands, err := t.Series(ctx, series.ID)
	switch {
	case err == nil:
		return stands, run, f.checkSameSeries(stands, run)
	case !errors.Is(err, consenttable.ErrNotFound):
		return series, run, err
	}
	if !f.again {
		if err := explainTwin(checkRuns(ctx, t, series, run)); err != nil {
			return series, run, err
		}
	}
	if run, err = f.store(ctx, s, run); err != nil {
		return series, run, err
	}
	if err := t.SaveSeries(ctx, series); err != nil {
		return series, run, fmt.Errorf("the first run %s is made, and its series is not; cancel it: %w", run.ID, err)
	}
	return series, run, wakeSeries(ctx, s, series.ID, "first", run.At)
}

// checkSameSeries refuses the series that the flags describe, with a run of it, unless it is the one that exists under
// its ID and was not canceled.
func (f *campaignFlags) checkSameSeries(stands campaign.Series, run campaign.Campaign) error {
	series := *f.series
	series.Each = sharedByRuns(run)
	switch {
	case f.id != "" && stands.State == campaign.Canceled:
		return usageError{fmt.Errorf("--id: series %s was canceled; write another ID", stands.ID)}
	case f.id == "" || !sameSeries(stands, series):
		return usageError{fmt.Errorf("--id: series %s has been made before, and is another; write another ID", stands.ID)}
	default:
		return nil
	}
}

// sharedByRuns returns what all runs of a series have in common, from one of them.
func sharedByRuns(run campaign.Campaign) campaign.Campaign {
	run.ID, run.Series, run.State, run.Plan = "", "", "", campaign.Plan{}
	run.At, run.Expires, run.Created = time.Time{}, time.Time{}, time.Time{}
	return run
}

// sameSeries reports whether two series are the same, except for their progress.
func sameSeries(a, b campaign.Series) bool {
	b.Runs, b.Skipped, b.Last, b.State, b.Why, b.Version = a.Runs, a.Skipped, a.Last, a.State, a.Why, a.Version
	b.Each.Local, b.Name = a.Each.Local, a.Name
	return reflect.DeepEqual(a, b)
}

func (f *campaignFlags) printSeries(
	cmd *cobra.Command, s *wiring.Deployment, series campaign.Series, run campaign.Campaign,
) error {
	out, over := cmd.OutOrStdout(), series.State == campaign.Paused || series.State == campaign.Done
	if f.json {
		out = cmd.ErrOrStderr()
	}
	if over {
		fmt.Fprintf(out, "Series %s is %s, and no run of it is made.\nSee why, and its runs, with: smsconsent campaign status %s\n",
			series.ID, series.State, series.ID)
	}
	switch {
	case f.json:
		return printJSON(cmd.OutOrStdout(), map[string]string{"id": series.ID, "run": run.ID})
	case over:
		return nil
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(),
		"Series %s is repeated %s (%q). Its next run, campaign %s, goes out %s.\nSee its runs with: smsconsent campaign status %s\n",
		campaign.Called(series.ID, series.Name), when.Words(series.Cron, series.Zone), series.Cron, run.ID, goesOut(&run),
		series.ID)
	waits, failed := approvalLine(cmd.Context(), s, &run)
	fmt.Fprint(cmd.OutOrStdout(), waits)
	return errors.Join(err, failed)
}

// wakeSeries makes a schedule that has sendcheck make the series' next run. what makes its name differ from the
// regular schedules.
func wakeSeries(ctx context.Context, s *wiring.Deployment, id, what string, at time.Time) error {
	name := fmt.Sprintf("campaign-%s-%s-%d", id, what, at.Unix())
	if err := schedules.Campaigns(s).Once(ctx, name, at, fmt.Sprintf(`{"series":%q}`, id)); err != nil {
		return fmt.Errorf("series %s stands, and its next run is made within the hour after that: %w", id, err)
	}
	return nil
}

// onEither calls onRun where an ID is that of a campaign, and onSeries where it is that of a series.
func onEither(ctx context.Context, s *wiring.Deployment, id string, onRun, onSeries func() error) error {
	_, err := consentTable(s).Series(ctx, id)
	switch {
	case errors.Is(err, consenttable.ErrNotFound):
		return onRun()
	case err != nil:
		return err
	default:
		return onSeries()
	}
}

// moveSeries pauses, resumes or cancels a series, and its runs that are not over.
func moveSeries(ctx context.Context, s *wiring.Deployment, id string, to campaign.State, why string) error {
	t := consentTable(s)
	from := map[campaign.State][]campaign.State{
		campaign.Paused:   {campaign.Running, campaign.Done},
		campaign.Running:  {campaign.Paused},
		campaign.Canceled: {campaign.Running, campaign.Paused, campaign.Done},
	}[to]
	series, err := t.Series(ctx, id)
	if err != nil {
		return err
	}
	if !slices.Contains(from, series.State) {
		return fmt.Errorf("series %s is %s; only one that is %s can become %s", id, series.State, joinStates(from), to)
	}
	runs, err := runsOf(ctx, t, id)
	if err != nil {
		return err
	}
	if series.State == campaign.Done && !slices.ContainsFunc(runs, isOpen) {
		return fmt.Errorf("series %s is done, and so are its runs; it cannot become %s", id, to)
	}
	series.State, series.Why = to, why
	if err := t.SaveSeries(ctx, series); err != nil {
		return fmt.Errorf("nothing was done; try again: %w", err)
	}
	var failed error
	for i := range runs {
		failed = errors.Join(failed, moveRun(ctx, s, &runs[i], to, why))
	}
	if to == campaign.Running {
		failed = errors.Join(failed, wakeSeries(ctx, s, id, "resume", s.Now()))
	}
	return failed
}

// isOpen reports whether a campaign may still text anybody.
func isOpen(c campaign.Campaign) bool { return slices.Contains(campaign.Open(), c.State) }

// moveRun changes a run's state like its series', unless the run is over.
func moveRun(ctx context.Context, s *wiring.Deployment, run *campaign.Campaign, to campaign.State, why string) error {
	if to == campaign.Running {
		if run.State != campaign.Paused || !s.Now().Before(run.Expires) {
			return nil
		}
		_, err := resumeRun(ctx, s, run.ID)
		return err
	}
	from := slices.DeleteFunc(campaign.Open(), func(c campaign.State) bool { return c == to })
	err := consentTable(s).SetCampaignState(ctx, run.ID, from, to, why)
	if errors.Is(err, consenttable.ErrConflict) {
		return nil
	}
	return err
}

func runsOf(ctx context.Context, t *consenttable.Table, id string) ([]campaign.Campaign, error) {
	all, err := t.Campaigns(ctx)
	return slices.DeleteFunc(all, func(c campaign.Campaign) bool { return c.Series != id }), err
}

// repetition is what campaign list says about a series, beside what it says about any campaign.
type repetition struct {
	Cron    string     `json:"cron"`
	Zone    string     `json:"zone"`
	Runs    int        `json:"runs"`
	Skipped int        `json:"skipped,omitempty"` // runs left out because their time had passed
	Times   int        `json:"times,omitempty"`
	Until   *time.Time `json:"until,omitempty"`
	Why     string     `json:"why,omitempty"`
	Most    *float64   `json:"max_cost,omitempty"` // of one run, in US dollars
}

// seriesRows returns the series. Each has the total counts of its runs, which are among rows.
func seriesRows(ctx context.Context, t *consenttable.Table, rows []campaignRow) ([]campaignRow, error) {
	all, err := t.AllSeries(ctx)
	if err != nil {
		return nil, err
	}
	series := make([]campaignRow, len(all))
	for i := range all {
		series[i] = seriesRow(&all[i], rows)
	}
	return series, nil
}

func seriesRow(s *campaign.Series, rows []campaignRow) campaignRow {
	r := campaignRow{
		listed: s.Listed(), ID: s.ID, Name: s.Name, Brand: s.Each.Brand, Topic: s.Each.Topic, State: s.State,
		Text: s.Each.Text, At: s.Last, Expires: s.Last,
		Repeat: &repetition{s.Cron, s.Zone, s.Runs, s.Skipped, s.Times, nil, s.Why, s.MostCost()},
	}
	r.In, r.Attributes = s.Each.In, s.Each.Wanted() // the times differ for each run
	if !s.Until.IsZero() {
		r.Repeat.Until = &s.Until
	}
	for i := range rows {
		run := &rows[i]
		if run.Series != s.ID {
			continue
		}
		r.Counts = r.Counts.Add(run.Counts)
		if run.At.Before(r.At) {
			r.At = run.At
		}
		if run.Expires.After(r.Expires) {
			r.Expires = run.Expires
		}
		if next := run.Next; next != nil && (r.Next == nil || next.Before(*r.Next)) {
			r.Next = next
		}
	}
	return r
}

// seriesStatus prints a series and its runs.
func seriesStatus(cmd *cobra.Command, s *wiring.Deployment, id string, asJSON bool) error {
	ctx, t := cmd.Context(), consentTable(s)
	series, err := t.Series(ctx, id)
	if err != nil {
		return err
	}
	runs, err := runsOf(ctx, t, id)
	if err != nil {
		return err
	}
	rows := make([]campaignRow, len(runs))
	for i := range runs {
		if rows[i], err = campaignRowOf(ctx, s, &runs[i]); err != nil {
			return err
		}
	}
	row := seriesRow(&series, rows)
	if asJSON {
		return printJSON(cmd.OutOrStdout(), struct {
			campaignRow
			Runs []campaignRow `json:"runs"`
		}{row, rows})
	}
	printSeriesStatus(cmd.OutOrStdout(), row, rows)
	return nil
}

func printSeriesStatus(w io.Writer, r campaignRow, runs []campaignRow) {
	ends := ""
	if r.Repeat.Until != nil {
		ends = ", until " + r.Repeat.Until.Format(time.RFC3339)
	}
	switch n := r.Repeat.Times; {
	case n == 1:
		ends += ", once"
	case n > 1:
		ends += fmt.Sprintf(", %s times", audited.Grouped(n))
	}
	if r.Repeat.Most != nil {
		ends += fmt.Sprintf(", for at most $%.2f a run", *r.Repeat.Most)
	}
	sayLine(w, "Series %s is %s: %s (%q)%s", campaign.Called(r.ID, r.Name), r.State, when.Words(r.Repeat.Cron, r.Repeat.Zone), r.Repeat.Cron, ends)
	sayLine(w, "%s", r.Text)
	if r.Repeat.Skipped > 0 {
		fmt.Fprintf(w, "Left out, for their time had passed: %s\n", audited.Grouped(r.Repeat.Skipped))
	}
	if r.Repeat.Why != "" {
		fmt.Fprintf(w, "Why: %s\n", r.Repeat.Why)
	}
	fmt.Fprintf(w, rowLine, "Run", "State", "Sent", "Wait", "Not", "From (UTC)")
	for i := range runs {
		runs[i].printFigures(w, &runs[i].At)
		if runs[i].Unapproved != "" {
			indented(w, awaitsApproval)
		}
	}
}
