package operator

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	consenttable "smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
)

func campaignPauseCommand() *cobra.Command {
	var why string
	var asJSON bool
	c := &cobra.Command{
		Use:   "pause ID",
		Short: "Stop a campaign until it is resumed",
		Long: `Stop a campaign that is scheduled or running. A running campaign stops before its next page of people. Texts that were
handed to the carrier cannot be taken back.`,
		Example: `  smsconsent campaign pause 01KB3M8Y5T0QF2Z9W6R7C4X1VN --why "the price is wrong"
  smsconsent campaign pause 01KB3M8Y5T0QF2Z9W6R7C4X1VN --why "state of emergency in Louisiana" --json`,
		Args: oneCampaign,
		PreRunE: func(*cobra.Command, []string) error {
			if strings.TrimSpace(why) == "" {
				return usageError{errors.New("--why is required: the reason, which campaign status shows")}
			}
			return nil
		},
		RunE: onCampaign(func(cmd *cobra.Command, s *wiring.Deployment, id string) error {
			if err := pauseCampaign(cmd.Context(), s, id, why); err != nil {
				return err
			}
			return printState(cmd, id, campaign.Paused, asJSON)
		}),
	}
	c.Flags().StringVar(&why, "why", "", "the reason, which campaign status shows (required)")
	c.Flags().BoolVar(&asJSON, "json", false, `print {"id","state"} as JSON`)
	return c
}

func campaignResumeCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "resume ID",
		Short: "Let a paused campaign go on",
		Long: `Let a paused campaign go on with the people it has not texted yet, at the hours permitted for each, until its end. Where
its end has passed, the rest of its people count as expired. The topic's limits count from now on: the results of its
texts so far do not pause it again.`,
		Example: `  smsconsent campaign resume 01KB3M8Y5T0QF2Z9W6R7C4X1VN
  smsconsent campaign resume 01KB3M8Y5T0QF2Z9W6R7C4X1VN --json`,
		Args: oneCampaign,
		RunE: onCampaign(func(cmd *cobra.Command, s *wiring.Deployment, id string) error {
			state, err := resumeCampaign(cmd.Context(), s, id)
			if err != nil {
				return err
			}
			return printState(cmd, id, state, asJSON)
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, `print {"id","state"} as JSON`)
	return c
}

func campaignCancelCommand() *cobra.Command {
	var why string
	var asJSON bool
	c := &cobra.Command{
		Use:   "cancel ID",
		Short: "End a campaign for good",
		Long: `End a campaign that is scheduled, running or paused, for good. A running campaign stops before its next page of people.
Texts that were handed to the carrier cannot be taken back. People who were not texted by then never will be. The same
text may be scheduled again as another campaign.`,
		Example: `  smsconsent campaign cancel 01KB3M8Y5T0QF2Z9W6R7C4X1VN --why "the sale is off"
  smsconsent campaign cancel 01KB3M8Y5T0QF2Z9W6R7C4X1VN --json`,
		Args: oneCampaign,
		RunE: onCampaign(func(cmd *cobra.Command, s *wiring.Deployment, id string) error {
			if err := cancelCampaign(cmd.Context(), s, id, why); err != nil {
				return err
			}
			return printState(cmd, id, campaign.Canceled, asJSON)
		}),
	}
	c.Flags().StringVar(&why, "why", "", "the reason, which campaign status shows")
	c.Flags().BoolVar(&asJSON, "json", false, `print {"id","state"} as JSON`)
	return c
}

// pauseCampaign stops a campaign, or a series and its runs, until it is resumed.
func pauseCampaign(ctx context.Context, s *wiring.Deployment, id, why string) error {
	from := []campaign.State{campaign.Scheduled, campaign.Running}
	return onEither(ctx, s, id, func() error {
		return move(ctx, consentTable(s), id, from, campaign.Paused, why)
	}, func() error {
		return moveSeries(ctx, s, id, campaign.Paused, why)
	})
}

// resumeCampaign lets a paused campaign, or a paused series and its runs, go on. It returns the new state.
func resumeCampaign(ctx context.Context, s *wiring.Deployment, id string) (state campaign.State, err error) {
	err = onEither(ctx, s, id, func() (err error) {
		state, err = resumeRun(ctx, s, id)
		return err
	}, func() error {
		state = campaign.Running
		return moveSeries(ctx, s, id, state, "")
	})
	return state, err
}

// cancelCampaign ends a campaign, or a series with its runs, for good.
func cancelCampaign(ctx context.Context, s *wiring.Deployment, id, why string) error {
	return onEither(ctx, s, id, func() error {
		return move(ctx, consentTable(s), id, campaign.Open(), campaign.Canceled, why)
	}, func() error {
		return moveSeries(ctx, s, id, campaign.Canceled, why)
	})
}

// resumeRun sets a paused campaign to running, or to scheduled where it has yet to begin, and then wakes it, in this
// order: a wave that found it paused would do nothing, and no other would follow. It returns the new state. It also
// marks what became of its texts so far as dealt with. Opt-outs that came during the pause, measured against the few
// texts that went out after it, would pause the campaign again.
func resumeRun(ctx context.Context, s *wiring.Deployment, id string) (campaign.State, error) {
	t := consentTable(s)
	c, err := t.Campaign(ctx, id)
	if err != nil {
		return "", fmt.Errorf("campaign %s: %w", id, err)
	}
	now := s.Now()
	to := c.Resumed(now)
	if err := move(ctx, t, id, []campaign.State{campaign.Paused}, to, ""); err != nil {
		return "", err
	}
	if c, err = t.Campaign(ctx, id); err != nil { // somebody may have edited it until now
		return "", fmt.Errorf("campaign %s is %s and may have to be woken: pause and resume it again: %w", id, to, err)
	}
	tally, err := t.Fates(ctx, id)
	if err == nil {
		err = t.AnswerFates(ctx, id, tally.All)
	}
	if err != nil {
		return "", fmt.Errorf("campaign %s is %s and may have to be woken: pause and resume it again: %w", id, to, err)
	}
	at := now
	if at.Before(c.At) {
		at = c.At
	}
	// The waves sendcheck plans are named by their time alone; were one of them called the same, this one would not be
	// made.
	return to, wake(ctx, s, id, fmt.Sprintf("campaign-%s-resume-%d", id, now.Unix()), at, to)
}

// move changes a campaign's state from one of several. Where the campaign is in another state, the error says which.
func move(
	ctx context.Context,
	t *consenttable.Table,
	id string,
	from []campaign.State,
	to campaign.State,
	why string,
) error {
	err := t.SetCampaignState(ctx, id, from, to, why)
	switch {
	case errors.Is(err, consenttable.ErrNotFound):
		return fmt.Errorf("there is no campaign %s", id)
	case errors.Is(err, consenttable.ErrConflict):
		c, err := t.Campaign(ctx, id)
		if err != nil {
			return fmt.Errorf("campaign %s: %w", id, err)
		}
		return fmt.Errorf("campaign %s is %s; only one that is %s can become %s", id, c.State, joinStates(from), to)
	default:
		return err
	}
}

// joinStates lists states with commas, and "or" before the last.
func joinStates(states []campaign.State) string {
	words := make([]string, len(states))
	for i, s := range states {
		words[i] = string(s)
	}
	return strings.Join(words, " or ")
}

func printState(cmd *cobra.Command, id string, state campaign.State, asJSON bool) error {
	if asJSON {
		return printJSON(cmd.OutOrStdout(), struct {
			ID    string         `json:"id"`
			State campaign.State `json:"state"`
		}{id, state})
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "Campaign %s is %s.\n", id, state)
	return err
}
