package operator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/audience/walk"
	"smsconsent/shared/edge/forecast"
	"smsconsent/shared/edge/reportpage"
	"smsconsent/shared/edge/wiring"
)

func campaignPlanCommand() *cobra.Command {
	var f campaignFlags
	var page string
	c := &cobra.Command{
		Use:   "plan",
		Short: "Say who would get a campaign and when, who would not and why, and what it costs",
		Long: `Say what a campaign would do, without making it.

The plan asks the gate about everybody on the topic's list, as it will decide when the campaign goes out. It only
reads: the list once, and the contact of everybody on it.

Costs come from a price table. --prices names your own. Begin with a copy of the built-in one:
  smsconsent campaign plan --print-prices > prices.csv`,
		Example: `  smsconsent campaign plan --topic alerts --text "Example Corp.: new pumpkins are in."
  smsconsent campaign plan --topic alerts --text "Example Corp.: open today." --at 2026-11-24T18:00:00Z --html plan.html
  smsconsent campaign plan --topic alerts --text "Example Corp.: open today." --prices prices.csv --json`,
		Args: cobra.NoArgs,
	}
	printPrices := c.Flags().Bool("print-prices", false, "print the built-in price table, and plan nothing")
	c.Flags().StringVar(&page, "html", "", "write the plan as a page with charts to this file; - is standard output")
	f.defineWhom(c)
	f.define(c)
	c.Flags().BoolVar(&f.json, "json", false,
		`print {"will","later","not","expire","parts","cost","minutes","hours",…} as JSON (docs/campaigns.md)`)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		if *printPrices {
			_, err := cmd.OutOrStdout().Write(plan.Shipped())
			return err
		}
		return f.plan(cmd, page)
	}
	return c
}

func (f campaignFlags) plan(cmd *cobra.Command, page string) error {
	if err := unprinted(f.json, page); err != nil {
		return err
	}
	s, err := remote(cmd.Context())
	if err != nil {
		return err
	}
	c, problems, err := newCampaign(s.Catalog, s.Getenv(wiring.LinksURL), &f, s.Now())
	if err != nil {
		return err
	}
	printProblems(cmd.ErrOrStderr(), problems)
	p, err := f.planned(cmd, s, c)
	if err != nil {
		return err
	}
	if page != "" {
		html, err := reportpage.RenderPlan(reportpage.Plan{Plan: p, Brand: c.Brand, Topic: c.Topic})
		if err != nil {
			return err
		}
		if err := writePage(cmd.OutOrStdout(), page, html); err != nil || page == onStdout {
			return err
		}
	}
	if f.json {
		return printJSON(cmd.OutOrStdout(), p)
	}
	printPlan(cmd.OutOrStdout(), p)
	if page != "" {
		fmt.Fprintf(cmd.OutOrStdout(), "The plan with charts: %s\n", page)
	}
	return nil
}

// readPrices reads the price table that --prices names, or the built-in one.
func readPrices(file string) (plan.Prices, error) {
	text := plan.Shipped()
	if file != "" {
		var err error
		if text, err = os.ReadFile(file); err != nil {
			return nil, usageError{fmt.Errorf("--prices: %w", err)}
		}
	}
	prices, err := plan.ReadPrices(bytes.NewReader(text))
	if err != nil {
		return nil, usageError{fmt.Errorf("--prices: %w", err)}
	}
	return prices, nil
}

// planned returns what the campaign would do, for everybody on the list.
func (f campaignFlags) planned(cmd *cobra.Command, s *wiring.Deployment, c campaign.Campaign) (plan.Plan, error) {
	prices, err := readPrices(f.prices)
	if err != nil {
		return plan.Plan{}, err
	}
	bar := withoutBar
	if isTerminal(cmd.ErrOrStderr()) {
		if bar, err = barOver(cmd.Context(), cmd.ErrOrStderr(), s.Audience(), c); err != nil {
			return plan.Plan{}, err
		}
	}
	return planOver(cmd.Context(), s, c, prices, bar)
}

// planOver asks the gate about everybody on a campaign's list. bar is called with the number of people asked about so
// far.
func planOver(
	ctx context.Context, s *wiring.Deployment, c campaign.Campaign, prices plan.Prices, bar func(int),
) (plan.Plan, error) {
	f := forecastOf(s, bar)
	var err error
	if f.Beside, err = campaignsBeside(ctx, s, &c); err != nil {
		return plan.Plan{}, err
	}
	return f.Plan(ctx, c, prices)
}

// campaignsBeside returns the campaigns, and the future runs of series, that may keep a campaign from people because
// of the shortest time between two texts.
func campaignsBeside(ctx context.Context, s *wiring.Deployment, c *campaign.Campaign) ([]campaign.Campaign, error) {
	if s.Catalog.LeastGap == 0 {
		return nil, nil
	}
	t := consentTable(s)
	all, err := t.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	series, err := t.AllSeries(ctx)
	if err != nil {
		return nil, err
	}
	return c.Beside(all, series, s.Catalog.LeastGap)
}

// planOfCampaign returns what the gate is asked about a campaign's people, under today's programs.
func planOfCampaign(s *wiring.Deployment, c campaign.Campaign) (plan.Campaign, error) {
	return forecastOf(s, withoutBar).About(c)
}

func forecastOf(s *wiring.Deployment, bar func(int)) *forecast.Forecast {
	return &forecast.Forecast{
		Catalog: s.Catalog, Links: s.Getenv(wiring.LinksURL), Table: consentTable(s), List: s.Audience(), Now: s.Now,
		Asked: bar,
	}
}

func withoutBar(int) {}

// barOver shows on a terminal how many people on the list have been asked about.
func barOver(ctx context.Context, w io.Writer, list *audience.List, c campaign.Campaign) (func(int), error) {
	areas, err := walk.Areas(ctx, list, c.Brand, c.Topic)
	if err != nil {
		return nil, err
	}
	total := 0
	for _, area := range areas {
		if !c.Includes(area) {
			continue
		}
		for shard := range audience.Shards {
			n, err := list.Count(ctx, c.Brand, c.Topic, shard, area)
			if err != nil {
				return nil, err
			}
			total += n
		}
	}
	bar := progressbar.NewOptions(total, progressbar.OptionSetWriter(w), progressbar.OptionShowCount(),
		progressbar.OptionSetDescription("Asking about each person"), progressbar.OptionClearOnFinish())
	return everyPercent(total, func(n int) { _ = bar.Add(n) }), nil // a progress bar that fails is no reason to stop
}

// everyPercent returns a function that counts steps, and calls tell only at each percent of the total and at its end.
// Terminals are slow.
func everyPercent(total int, tell func(int)) func(int) {
	done, told := 0, 0
	return func(n int) {
		done += n
		if done < total && (done-told)*100 < total {
			return
		}
		tell(done - told)
		told = done
	}
}

// confirm shows what the campaign would do and, on a terminal, asks whether it should be made. It returns the plan to
// store with the campaign.
func (f campaignFlags) confirm(cmd *cobra.Command, s *wiring.Deployment, c campaign.Campaign) (campaign.Plan, error) {
	quiet := f.yes || f.json
	if quiet && f.maxCost == nil {
		if f.prices != "" {
			return campaign.Plan{}, usageError{errors.New(
				"--prices: with --yes or --json nothing is planned, and no price looked at; add --max-cost, or leave it out")}
		}
		return campaign.Plan{}, nil
	}
	out := cmd.ErrOrStderr()
	if !quiet && isTerminal(cmd.InOrStdin()) && !isTerminal(out) {
		return campaign.Plan{}, usageError{errors.New("nobody would see the question before it goes out, for standard error " +
			"is no terminal: say --yes to be asked none, or leave standard error as it is; " + f.unmade())}
	}
	if err := f.checkTwin(cmd.Context(), consentTable(s), c); err != nil {
		return campaign.Plan{}, err
	}
	p, err := f.planned(cmd, s, c)
	if err != nil {
		return campaign.Plan{}, err
	}
	if err := f.checkCost(p); err != nil {
		return campaign.Plan{}, err
	}
	kept := onRecordOf(p)
	if quiet {
		return kept, nil
	}
	printShort(out, p)
	if !isTerminal(cmd.InOrStdin()) {
		return kept, nil
	}
	wanted, err := answeredYes(cmd, fmt.Sprintf("Really text %s? [y/N] ", peopleOf(p.Will)))
	if err == nil && !wanted {
		err = errors.New("nothing was sent, and " + f.unmade())
	}
	return kept, err
}

// onRecordOf returns the part of a plan that is stored with the campaign.
func onRecordOf(p plan.Plan) campaign.Plan {
	return campaign.Plan{
		Hash: p.Hash, People: p.Audience, Will: p.Will, Parts: p.Parts, Cents: int(math.Round(100 * p.Cost)),
	}
}

// checkCost returns an error where a plan costs more than --max-cost. Countries without a known price may cost
// anything, so they are refused too.
func (f campaignFlags) checkCost(p plan.Plan) error {
	switch {
	case f.maxCost == nil:
		return nil
	case len(p.Unpriced) > 0:
		return usageError{fmt.Errorf("--max-cost: the price table has no price for %s, so nobody knows what it costs; %s",
			strings.Join(p.Unpriced, ", "), f.unmade())}
	case p.Cost > *f.maxCost:
		return usageError{fmt.Errorf("--max-cost: it costs about $%.2f, which is more than $%.2f; %s", p.Cost, *f.maxCost, f.unmade())}
	default:
		return nil
	}
}

// untilText says when a reason ends.
func untilText(first, last time.Time) string {
	const layout = "2 Jan 15:04"
	switch {
	case first.IsZero():
		return ""
	case first.Equal(last):
		return first.Format(layout)
	default:
		return first.Format(layout) + " to " + last.Format(layout)
	}
}
