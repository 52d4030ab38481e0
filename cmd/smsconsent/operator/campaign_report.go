package operator

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/result"
	"smsconsent/shared/edge/reportpage"
	consenttable "smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
)

type resultFlags struct {
	page, csv, prices   string
	json, people, clear bool
	number, perPage     int
}

func campaignReportCommand() *cobra.Command {
	var f resultFlags
	c := &cobra.Command{
		Use:   "report ID",
		Short: "Show the results of a campaign: sent, delivered, refused by rule, cost, and each person",
		Long: `Show the results of a campaign so far: texts by hour and zone, delivered or failed and why, who did not get it by
which rule, opt-outs, clicks, and parts and cost compared with the plan.

Of a campaign that is done it reads the records of the people that the campaign was about to text, and with --people or
--csv also those of everybody else on the list. Of any other, also one that was canceled, it always asks about everybody
on the list, as a plan does: campaign status has the counts so far at once. Phone numbers are masked. With --clear they
are not, and who asked for them is recorded with the campaign.`,
		Example: `  smsconsent campaign report 01KB3M8Y5T0QF2Z9W6R7C4X1VN
  smsconsent campaign report 01KB3M8Y5T0QF2Z9W6R7C4X1VN --html report.html
  smsconsent campaign report 01KB3M8Y5T0QF2Z9W6R7C4X1VN --json
  smsconsent campaign report 01KB3M8Y5T0QF2Z9W6R7C4X1VN --people --page 2 --per-page 50
  smsconsent campaign report 01KB3M8Y5T0QF2Z9W6R7C4X1VN --csv people.csv --clear`,
		Args: oneCampaign,
		PreRunE: func(cmd *cobra.Command, _ []string) error {
			if wrong := emptyFlags(cmd); len(wrong) > 0 {
				return usageError{errors.Join(wrong...)}
			}
			paged := cmd.Flags().Changed("page")
			switch {
			case f.csv == onStdout:
				return usageError{errors.New("--csv: name a file; --html and --json write to standard output")}
			case f.clear && !f.people && f.csv == "":
				return usageError{errors.New("--clear: goes with --people or --csv, which list phone numbers")}
			case paged && !f.people:
				return usageError{errors.New("--page: goes with --people, which has pages")}
			case paged && f.number < 1 || f.perPage < 1:
				return usageError{errors.New("--page: pages are counted from 1, and have one person at least")}
			case !paged && cmd.Flags().Changed("per-page"):
				return usageError{errors.New("--per-page: goes with --page; without it all people are on one")}
			default:
				return unprinted(f.json, f.page)
			}
		},
		RunE: onCampaign(f.report),
	}
	c.Flags().StringVar(&f.page, "html", "", "write the report as a page with charts to this file; - is standard output")
	c.Flags().StringVar(&f.csv, "csv", "", "write the people to this file as CSV, one on each line")
	c.Flags().BoolVar(&f.people, "people", false, "list the people")
	c.Flags().IntVar(&f.number, "page", 0, "with --people: only this page of them, ordered by number (default: all)")
	c.Flags().IntVar(&f.perPage, "per-page", 100, "with --page: how many people a page has")
	c.Flags().BoolVar(&f.clear, "clear", false, "do not mask phone numbers; that you asked is recorded")
	c.Flags().StringVar(&f.prices, "prices", "", "your price table, as campaign plan --print-prices has it (default: that one)")
	c.Flags().BoolVar(&f.json, "json", false,
		`print {"sent","delivered","failed","unknown","deferred","refused","expired","optouts","cost","parts",…} as JSON`)
	return c
}

func (f *resultFlags) report(cmd *cobra.Command, s *wiring.Deployment, id string) error {
	ctx := cmd.Context()
	prices, err := readPrices(f.prices)
	if err != nil {
		return err
	}
	t := consentTable(s)
	c, err := campaignOf(ctx, t, id)
	if err != nil {
		return err
	}
	if f.clear {
		if err := recordNumbersRequest(ctx, s, c.ID); err != nil {
			return err
		}
	}
	rows, err := f.openRoster(c)
	if err != nil {
		return err
	}
	keep := rows.keep()
	if isTerminal(cmd.ErrOrStderr()) && (keep != nil || c.State != campaign.Done) {
		bar, err := barOver(ctx, cmd.ErrOrStderr(), s.Audience(), c)
		if err != nil {
			return err
		}
		keep = both(keep, func(result.Person) { bar(1) })
	}
	r, err := resultOf(ctx, s, c, prices, keep)
	if err := errors.Join(err, rows.close()); err != nil {
		return err
	}
	if f.people {
		if r.People, r.Pages, err = rows.page(); err != nil {
			return err
		}
		r.Page = f.number
	}
	if f.page != "" {
		html, err := reportpage.RenderResult(r)
		if err != nil {
			return err
		}
		if err := writePage(cmd.OutOrStdout(), f.page, html); err != nil || f.page == onStdout {
			return err
		}
	}
	if f.json {
		return printJSON(cmd.OutOrStdout(), r)
	}
	printResult(cmd.OutOrStdout(), r)
	for _, file := range []string{f.page, f.csv} {
		if file != "" {
			fmt.Fprintf(cmd.OutOrStdout(), "Written: %s\n", file)
		}
	}
	return nil
}

// recordNumbersRequest records who asked for the phone numbers of a campaign's people.
func recordNumbersRequest(ctx context.Context, s *wiring.Deployment, id string) error {
	who, err := caller(ctx, s)
	if err != nil {
		return fmt.Errorf("--clear: nobody is told without being on record: %w", err)
	}
	return consentTable(s).RecordNumbersRequest(ctx, id, consenttable.NumbersRequest{By: who, At: s.Now()})
}
