package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"smsconsent/shared/core/inspect"
	audited "smsconsent/shared/core/report"
	consenttable "smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/edge/wiring/schedules"
)

// pollInterval is how often the progress of a run is read. Each time costs one read unit.
const pollInterval = time.Second

func auditRunCommand() *cobra.Command {
	var asJSON bool
	var patience time.Duration
	c := &cobra.Command{
		Use:   "run",
		Short: "Audit everybody now, and wait for what is found",
		Long: `Audit everybody on record now, compare AWS's opt-out lists, and wait for the figures. Due reminders are only counted.
The daily reminders send them, at permitted hours.

The audit goes on when you stop waiting. The command exits with 3 where --wait runs out.`,
		Example: `  smsconsent audit run
  smsconsent audit run --json --wait 1h`,
		Args: cobra.NoArgs,
		PreRunE: func(*cobra.Command, []string) error {
			if patience <= 0 {
				return usageError{errors.New("--wait: must be more than nothing, such as 15m")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := remote(cmd.Context())
			if err != nil {
				return err
			}
			return runAudit(cmd, s, patience, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, `print {"run","people","findings":{kind: people}} as JSON`)
	c.Flags().DurationVar(&patience, "wait", 15*time.Minute, "how long to wait for the figures")
	return c
}

// runAudit starts a run by a schedule for now, the way the daily audit is started. So the command needs no more
// rights than for a campaign.
func runAudit(cmd *cobra.Command, s *wiring.Deployment, patience time.Duration, asJSON bool) error {
	ctx := cmd.Context()
	since := s.Now().UTC().Truncate(time.Millisecond)
	id := audited.ID(since)
	input := fmt.Sprintf(`{"audit":"start","since":%q}`, since.Format(time.RFC3339Nano))
	waking := schedules.Audits(s)
	if err := s.Missing(); err != nil {
		return usageError{fmt.Errorf("%w: export the stack's outputs (docs/deploy.md#campaigns)", err)}
	}
	if err := waking.Once(ctx, "audit-run-"+id, since, input); err != nil {
		return err
	}
	parts, err := waitForAudit(ctx, consentTable(s), id, patience, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	var f audited.Figures
	for _, p := range parts {
		f = f.Plus(p.Figures)
	}
	found := map[audited.Kind]int{}
	for k, x := range f.Findings {
		found[k] = x.Count
	}
	out := cmd.OutOrStdout()
	if asJSON {
		return printJSON(out, struct {
			Run      string               `json:"run"`
			People   int                  `json:"people"`
			Findings map[audited.Kind]int `json:"findings"`
		}{id, f.People, found})
	}
	fmt.Fprintf(out, "Audit %s looked at %d people.\n", id, f.People)
	for _, k := range audited.Kinds() {
		if found[k] > 0 {
			fmt.Fprintf(out, "%9d  %s\n", found[k], k.Words().Title)
		}
	}
	fmt.Fprintf(out, "Read more with: smsconsent audit report %s\n", id)
	return nil
}

// waitForAudit waits until a run is done, and returns its parts. On a terminal it shows the progress. After patience
// it returns an unfinishedError.
func waitForAudit(
	ctx context.Context, t *consenttable.Table, id string, patience time.Duration, screen io.Writer,
) ([]inspect.Part, error) {
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ticks := time.NewTicker(pollInterval)
	defer ticks.Stop()
	var bar *progressbar.ProgressBar
	for {
		run, parts, err := t.Audit(waiting, id)
		switch {
		case err == nil && !run.Closed.IsZero():
			return parts, nil
		case err != nil && !errors.Is(err, consenttable.ErrNotFound) && waiting.Err() == nil:
			return nil, err
		case err == nil && isTerminal(screen):
			if bar == nil {
				bar = progressbar.NewOptions(len(run.Parts), progressbar.OptionSetWriter(screen), progressbar.OptionClearOnFinish())
			}
			_ = bar.Set(donePartsOf(parts)) // a progress bar that fails is no reason to stop
		}
		select {
		case <-waiting.Done():
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			return nil, unfinishedError{fmt.Errorf("audit %s goes on; read it later with: smsconsent audit report %s", id, id)}
		case <-ticks.C:
		}
	}
}

func donePartsOf(parts []inspect.Part) (n int) {
	for i := range parts {
		if parts[i].Done {
			n++
		}
	}
	return n
}
