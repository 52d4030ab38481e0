package operator

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/edge/audience/walk"
	"smsconsent/shared/edge/wiring"
)

type lawsFlags struct {
	place, changes, stale string
	json                  bool
}

func lawsCommand() *cobra.Command {
	var f lawsFlags
	c := &cobra.Command{
		Use:   "laws",
		Short: "List the rules of law, what changes soon, and what nobody has reviewed for long",
		Long: `List the rules of the tables: when each holds, when somebody last read its source, and what may change it. --changes
lists only rules that begin, end or may change within so many days. --stale lists only rules in force whose source
nobody has read for so many days. With both, a rule needs only one. docs/jurisdictions.md has the rules in full.

Where a stack can be reached, it also names the scheduled and running campaigns during which a listed rule changes
where people on their topic may be.`,
		Example: `  smsconsent laws --place US-PA
  smsconsent laws --changes 90d
  smsconsent laws --changes 90d --stale 180d --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	c.Flags().StringVar(&f.place, "place", "", "a US state such as US-PA, or a country such as US with its states (default: every place)")
	c.Flags().StringVar(&f.changes, "changes", "", "only what changes within so many days, such as 90d")
	c.Flags().StringVar(&f.stale, "stale", "", "only what nobody has read for so many days, such as 180d")
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return c
}

func (f lawsFlags) run(cmd *cobra.Command) error {
	now := time.Now()
	stack, unreachable := remote(cmd.Context())
	if unreachable == nil {
		now = stack.Now()
	}
	review, err := f.review(now)
	if err != nil {
		return err
	}
	laws := jurisdiction.Laws(review)
	var overtaken []overtakenCampaign
	if unreachable == nil {
		overtaken, unreachable = overtakenBy(cmd.Context(), stack, laws)
	}
	if unreachable != nil {
		fmt.Fprintf(cmd.ErrOrStderr(), "No campaign was looked at: %v\n", unreachable)
	}
	if f.json {
		return printJSON(cmd.OutOrStdout(), withCampaigns(laws, overtaken))
	}
	printLaws(cmd.OutOrStdout(), laws)
	for _, c := range overtaken {
		for _, law := range c.changes {
			fmt.Fprintf(cmd.OutOrStdout(), "Campaign %s ends %s and reaches people in %s: rule %s changes on %s.\n",
				c.ID, c.Expires.Format(time.DateOnly), law.Place, law.Rule, law.On)
		}
	}
	return nil
}

func (f lawsFlags) review(now time.Time) (r jurisdiction.Review, err error) {
	r = jurisdiction.Review{Place: strings.ToUpper(f.place), On: jurisdiction.DateOf(now)}
	if r.Place != "" {
		if err := knownPlace("--place", r.Place); err != nil {
			return r, err
		}
	}
	if r.Changes, err = days("--changes", f.changes); err != nil {
		return r, err
	}
	r.Unread, err = days("--stale", f.stale)
	return r, err
}

// knownPlace returns an error that names the flag where the tables do not know the place.
func knownPlace(flag, place string) error {
	if _, ok := jurisdiction.Lookup(place); ok {
		return nil
	}
	return usageError{
		fmt.Errorf("%s: the tables have no %q: write a country as FR, a state of the United States as US-PA", flag, place),
	}
}

// days parses a number of days such as 90d. An empty value is 0.
func days(flag, value string) (int, error) {
	if value == "" {
		return 0, nil
	}
	const most = 36_500 // a hundred years
	number, ok := strings.CutSuffix(value, "d")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 || n > most {
		return 0, usageError{fmt.Errorf("%s: %q is no number of days such as 90d", flag, value)}
	}
	return n, nil
}

// dateText formats a date. It is empty for a date that is unknown or unbounded.
func dateText(d jurisdiction.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func printLaws(w io.Writer, laws []jurisdiction.Standing) {
	if len(laws) == 0 {
		fmt.Fprintln(w, "No rule of the tables is of that kind.")
		return
	}
	out := table.NewWriter()
	out.SetOutputMirror(w)
	out.AppendHeader(table.Row{"Place", "Rule", "From", "Until", "As of", "Pending", "Citation"})
	out.SetColumnConfigs([]table.ColumnConfig{
		{Number: 6, WidthMax: 60, WidthMaxEnforcer: text.WrapSoft},
		{Number: 7, WidthMax: 60, WidthMaxEnforcer: text.WrapSoft},
	})
	for _, l := range laws {
		out.AppendRow(table.Row{
			l.Place, l.Rule, dateText(l.From), dateText(l.Until), dateText(l.AsOf), l.Pending, l.Citation,
		})
	}
	out.Render()
	if slices.ContainsFunc(laws, func(l jurisdiction.Standing) bool { return l.Pending != "" }) {
		fmt.Fprintln(w, "What is pending without a day may come on any.")
	}
}

// overtakenCampaign is a campaign that is still running when laws change in places where its people may be.
type overtakenCampaign struct {
	campaign.Campaign
	changes []jurisdiction.Change
}

// overtakenBy returns the scheduled and running campaigns during which some of the laws change. Local clocks run up
// to 14 hours ahead of UTC and up to 12 hours behind it, so the span is wider by that at both ends.
func overtakenBy(
	ctx context.Context,
	s *wiring.Deployment,
	laws []jurisdiction.Standing,
) ([]overtakenCampaign, error) {
	all, err := consentTable(s).Campaigns(ctx)
	if err != nil {
		return nil, fmt.Errorf("list campaigns: %w", err)
	}
	var found []overtakenCampaign
	for _, c := range all {
		if c.State != campaign.Scheduled && c.State != campaign.Running {
			continue
		}
		areas, err := walk.Areas(ctx, s.Audience(), c.Brand, c.Topic)
		if err != nil {
			return nil, fmt.Errorf("where campaign %s goes: %w", c.ID, err)
		}
		yesterday, tomorrow := s.Now().Add(-12*time.Hour), c.Expires.Add(14*time.Hour)
		changes := jurisdiction.Changes(laws, areas, jurisdiction.DateOf(yesterday), jurisdiction.DateOf(tomorrow))
		if len(changes) > 0 {
			found = append(found, overtakenCampaign{c, changes})
		}
	}
	return found, nil
}

// lawLine is a rule as laws --json prints it.
type lawLine struct {
	jurisdiction.Standing
	Campaigns []string `json:"campaigns,omitempty"` // IDs of the campaigns during which it changes
}

func withCampaigns(laws []jurisdiction.Standing, all []overtakenCampaign) []lawLine {
	lines := make([]lawLine, len(laws))
	for i, law := range laws {
		lines[i].Standing = law
		for _, c := range all {
			if slices.ContainsFunc(c.changes, law.Makes) {
				lines[i].Campaigns = append(lines[i].Campaigns, c.ID)
			}
		}
	}
	return lines
}
