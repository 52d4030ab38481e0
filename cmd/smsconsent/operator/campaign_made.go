package operator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	consenttable "smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/edge/wiring/schedules"
)

// answerAgain answers where a campaign or a series exists under the ID that --id gives, and reports whether one does.
func (f *campaignFlags) answerAgain(cmd *cobra.Command, s *wiring.Deployment, c campaign.Campaign) (bool, error) {
	t := consentTable(s)
	if f.series != nil {
		return f.answerSeriesAgain(cmd, s, c)
	}
	_, err := t.Series(cmd.Context(), c.ID)
	switch {
	case err == nil:
		return true, usageError{fmt.Errorf("--id: %s is a series; write another ID", c.ID)}
	case !errors.Is(err, consenttable.ErrNotFound):
		return true, err
	}
	before, err := f.existing(cmd.Context(), t, c)
	switch {
	case errors.Is(err, consenttable.ErrNotFound):
		return false, nil
	case err == nil:
		err = f.answerSame(cmd, s, before)
	}
	return true, err
}

// answerSeriesAgain does the same for a series, of which c is a run.
func (f *campaignFlags) answerSeriesAgain(cmd *cobra.Command, s *wiring.Deployment, c campaign.Campaign) (bool, error) {
	t, id := consentTable(s), f.series.ID
	_, err := t.Campaign(cmd.Context(), id)
	switch {
	case err == nil:
		return true, usageError{fmt.Errorf("--id: %s is a campaign; write another ID", id)}
	case !errors.Is(err, consenttable.ErrNotFound):
		return true, err
	}
	series, err := t.Series(cmd.Context(), id)
	switch {
	case errors.Is(err, consenttable.ErrNotFound):
		return false, nil
	case err == nil:
		err = f.checkSameSeries(series, c)
	}
	if err != nil {
		return true, err
	}
	return true, f.printSeries(cmd, s, series, c)
}

// answerSame answers for a campaign that is asked for again.
func (f *campaignFlags) answerSame(cmd *cobra.Command, s *wiring.Deployment, c campaign.Campaign) error {
	if c.State == campaign.Scheduled { // whoever made it may have failed before its schedule was made
		if err := wake(cmd.Context(), s, c.ID, "campaign-"+c.ID, c.At, c.State); err != nil {
			return err
		}
	}
	return f.printMade(cmd, s, c)
}

// printMade prints the state of a campaign. With --json it prints to stderr what the ID alone does not say.
func (f *campaignFlags) printMade(cmd *cobra.Command, s *wiring.Deployment, c campaign.Campaign) error {
	state, err := describeState(cmd.Context(), s, &c)
	if err != nil {
		return err
	}
	if f.json {
		if c.State == campaign.Done || c.State == campaign.Paused {
			fmt.Fprintf(cmd.ErrOrStderr(), "Campaign %s %s\n", c.ID, state)
		}
		return printJSON(cmd.OutOrStdout(), map[string]string{"id": c.ID})
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(),
		"Campaign %s %s.\nSee what became of it with: smsconsent campaign status %s\n", campaign.Called(c.ID, c.Name), state, c.ID)
	waits, failed := approvalLine(cmd.Context(), s, &c)
	fmt.Fprint(cmd.OutOrStdout(), waits)
	return errors.Join(err, failed)
}

// describeState says whether a campaign goes out, and when. What it returns follows the campaign's ID.
func describeState(ctx context.Context, s *wiring.Deployment, c *campaign.Campaign) (string, error) {
	switch c.State {
	case campaign.Done:
		shards, err := consentTable(s).Shards(ctx, c.ID)
		if err != nil {
			return "", fmt.Errorf("progress of campaign %s: %w", c.ID, err)
		}
		ended := c.Expires
		if last := c.Walked(shards, s.Now()); !last.IsZero() {
			ended = last
		}
		return fmt.Sprintf("is done: it went out from %s until %s, and nothing is sent again",
			c.At.Format(time.RFC3339), ended.UTC().Format(time.RFC3339)), nil
	case campaign.Paused:
		return fmt.Sprintf("is paused (%s), and goes out only once it is resumed: smsconsent campaign resume %s", c.Why, c.ID), nil
	default:
		return "goes out " + goesOut(c), nil
	}
}

// wake makes a schedule that has sendcheck walk the campaign, which is in the given state. A campaign whose schedule
// could not be made is paused, so that it does not look as if it would still go out. Where that fails too, it may go
// out: each hour sendcheck looks for campaigns that are due.
func wake(ctx context.Context, s *wiring.Deployment, id, name string, at time.Time, state campaign.State) error {
	err := schedules.Campaigns(s).Once(ctx, name, at, fmt.Sprintf(`{"campaign":%q}`, id))
	if err == nil {
		return nil
	}
	from, why := []campaign.State{state}, "its schedule could not be made"
	if undo := consentTable(s).SetCampaignState(ctx, id, from, campaign.Paused, why); undo != nil {
		return errors.Join(fmt.Errorf("campaign %s has no schedule and could not be paused; it may go out all the same. "+
			"If it is not to, cancel it: smsconsent campaign cancel %s: %w", id, id, err), undo)
	}
	return fmt.Errorf("campaign %s is paused and will not go out until it is resumed, for %s: %w", id, why, err)
}
