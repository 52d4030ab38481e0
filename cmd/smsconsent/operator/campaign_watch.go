package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	audited "smsconsent/shared/core/report"
	"smsconsent/shared/edge/wiring"
)

func campaignWatchCommand() *cobra.Command {
	var every time.Duration
	var asJSON bool
	c := &cobra.Command{
		Use:   "watch ID",
		Short: "Watch a campaign until it is over",
		Long: `Watch a campaign: print a line whenever something has changed, until it is done or canceled. Ctrl-C ends only the
watching. The campaign goes on.`,
		Example: `  smsconsent campaign watch 01KB3M8Y5T0QF2Z9W6R7C4X1VN
  smsconsent campaign watch 01KB3M8Y5T0QF2Z9W6R7C4X1VN --every 10s --json`,
		Args: oneCampaign,
		PreRunE: func(*cobra.Command, []string) error {
			if every <= 0 {
				return usageError{errors.New("--every: write how often to look, such as 2s")}
			}
			return nil
		},
		RunE: onCampaign(func(cmd *cobra.Command, s *wiring.Deployment, id string) error {
			return watchCampaign(cmd, s, id, every, asJSON)
		}),
	}
	c.Flags().DurationVar(&every, "every", 2*time.Second, "how often to look")
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON object on each line, as in campaign list")
	return c
}

func watchCampaign(cmd *cobra.Command, s *wiring.Deployment, id string, every time.Duration, asJSON bool) error {
	ctx, w := cmd.Context(), cmd.OutOrStdout()
	ticks := time.NewTicker(every)
	defer ticks.Stop()
	var last campaignRow
	for {
		now, err := rowOf(ctx, s, id)
		switch {
		case ctx.Err() != nil:
			return leave(cmd.ErrOrStderr())
		case err != nil:
			return err
		case !reflect.DeepEqual(now, last):
			if err := now.print(w, asJSON); err != nil {
				return err
			}
		}
		if now.State == campaign.Done || now.State == campaign.Canceled {
			return nil
		}
		last = now
		select {
		case <-ctx.Done():
			return leave(cmd.ErrOrStderr())
		case <-ticks.C:
		}
	}
}

// leave says that the campaign goes on after the watching ends.
func leave(w io.Writer) error {
	_, err := fmt.Fprintln(w, "The campaign goes on.")
	return err
}

func rowOf(ctx context.Context, s *wiring.Deployment, id string) (campaignRow, error) {
	c, err := campaignOf(ctx, consentTable(s), id)
	if err != nil {
		return campaignRow{}, err
	}
	return campaignRowOf(ctx, s, &c)
}

// print prints the campaign on one line.
func (r *campaignRow) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(r)
	}
	next := ""
	if r.Next != nil {
		next = "; next on " + r.Next.UTC().Format("2 Jan 15:04 MST")
	}
	_, err := fmt.Fprintf(w, "%s: sent %s, wait %s, refused %s, expired %s%s\n%s", r.State, audited.Grouped(r.Counts.Sent),
		audited.Grouped(r.Counts.Deferred), audited.Grouped(r.Counts.Refused), audited.Grouped(r.Counts.Expired), next,
		changedLine(r.Changed))
	return err
}
