package operator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	consenttable "smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
)

// editSeries changes the runs of a series that are not made yet.
func (f *campaignFlags) editSeries(cmd *cobra.Command, s *wiring.Deployment, id string) error {
	series, err := consentTable(s).Series(cmd.Context(), id)
	if err != nil {
		return err
	}
	if f.at != "" || f.expires != "" || cmd.Flags().Changed("local-time") {
		return usageError{fmt.Errorf("--at and --expires: series %s says when its runs are; cancel it, and make another", id)}
	}
	if err := f.copyUnset(cmd, &series.Each); err != nil {
		return err
	}
	f.keepVouched(&series.Each)
	if series, err = f.change(series, s.Now()); err != nil {
		return err
	}
	next, err := f.planAndConfirm(cmd, s)
	if err != nil {
		return err
	}
	if err := f.storeChanged(cmd.Context(), s, series, next); err != nil {
		return err
	}
	if f.json {
		return printJSON(cmd.OutOrStdout(), map[string]string{"id": id})
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(),
		"Series %s is changed from the next run on that is made, which goes out %s.\nRuns that are made stay as they are: smsconsent campaign status %s\n",
		id, goesOut(&next), id)
	return err
}

// change returns the series with its future runs as the flags describe them, and sets the flags to describe the next
// run.
func (f *campaignFlags) change(s campaign.Series, now time.Time) (campaign.Series, error) {
	if s.State != campaign.Running && s.State != campaign.Paused {
		return s, fmt.Errorf("series %s is %s, and no run of it is to come; make another", s.ID, s.State)
	}
	f.zone = cmp.Or(f.zone, s.Zone)
	if f.maxCost == nil {
		f.maxCost = s.MostCost()
	} else {
		s.AtMost(*f.maxCost)
	}
	s.Lasts, s.Times = cmp.Or(f.each, s.Lasts), cmp.Or(f.times, s.Times)
	var err error
	if s.Until, err = f.instant("--until", f.until, s.Until, now); err != nil {
		return s, err
	}
	if err := s.Validate(now); err != nil {
		return s, usageError{err}
	}
	then, next, err := s.Next(now)
	if err != nil {
		return s, err
	}
	f.editing, f.inSeries = true, s.ID
	f.each, f.times, f.until = 0, 0, "" // the series has them now
	if then.State == campaign.Done {
		return s, usageError{fmt.Errorf("--until and --times: no run of series %s would be to come; cancel it", s.ID)}
	}
	f.at, f.expires, f.local, f.far = next.At.Format(time.RFC3339), next.Expires.Format(time.RFC3339), false, true
	if l := next.Local; !l.IsZero() {
		f.at, f.expires, f.local = l.From.Format(clock), l.Until.Format(clock), true
	}
	return s, nil
}

// storeChanged stores a changed series, whose next run is the given one.
func (f *campaignFlags) storeChanged(
	ctx context.Context, s *wiring.Deployment, series campaign.Series, next campaign.Campaign,
) error {
	t := consentTable(s)
	next.Series, series.Each = series.ID, sharedByRuns(next)
	if !f.again {
		if err := explainTwin(checkRuns(ctx, t, series, next)); err != nil {
			return err
		}
	}
	err := t.SaveSeries(ctx, series)
	if errors.Is(err, consenttable.ErrConflict) {
		return fmt.Errorf("a run was made or somebody changed the series meanwhile, and nothing was done; try again: %w", err)
	}
	if err != nil || series.State != campaign.Running {
		return err
	}
	return wakeSeries(ctx, s, series.ID, "edit", s.Now())
}

// noCampaign says of a series what to write where a campaign is asked for: a run, of which the latest is named.
func noCampaign(ctx context.Context, t *consenttable.Table, s *campaign.Series) error {
	runs, err := runsOf(ctx, t, s.ID)
	if err != nil {
		return err
	}
	which := ""
	if len(runs) > 0 {
		which = ": write the ID of one, such as the latest, " + latestRun(runs).ID
	}
	return usageError{fmt.Errorf("%s is a series, and each of its runs a campaign of its own%s (smsconsent campaign status %s lists them)",
		campaign.Called(s.ID, s.Name), which, s.ID)}
}

// latestRun returns the run that began last, or the last one where none has begun.
func latestRun(runs []campaign.Campaign) campaign.Campaign {
	began := func(c *campaign.Campaign) int {
		if c.State == campaign.Scheduled {
			return 0
		}
		return 1
	}
	return slices.MaxFunc(runs, func(a, b campaign.Campaign) int {
		return cmp.Or(began(&a)-began(&b), a.At.Compare(b.At))
	})
}
