package operator

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/core/result"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/audience/walk"
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

It reads the records of the people that the campaign was about to text, and with --people or --csv also those of
everybody else on the list. Phone numbers are masked. With --clear they are not, and who asked for them is recorded
with the campaign.`,
		Example: `  smsconsent campaign report 01KB3M8Y5T0QF2Z9W6R7C4X1VN
  smsconsent campaign report 01KB3M8Y5T0QF2Z9W6R7C4X1VN --html report.html
  smsconsent campaign report 01KB3M8Y5T0QF2Z9W6R7C4X1VN --json
  smsconsent campaign report 01KB3M8Y5T0QF2Z9W6R7C4X1VN --people --page 2 --per-page 50
  smsconsent campaign report 01KB3M8Y5T0QF2Z9W6R7C4X1VN --csv people.csv --clear`,
		Args: oneCampaign,
		PreRunE: func(cmd *cobra.Command, _ []string) error {
			paged := cmd.Flags().Changed("page")
			switch {
			case f.clear && !f.people && f.csv == "":
				return usageError{errors.New("--clear: goes with --people or --csv, which list phone numbers")}
			case paged && !f.people:
				return usageError{errors.New("--page: goes with --people, which has pages")}
			case paged && f.number < 1 || f.perPage < 1:
				return usageError{errors.New("--page: pages are counted from 1, and have one person at least")}
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
	r, err := resultOf(ctx, s, c, prices, rows.keep())
	if err := errors.Join(err, rows.close()); err != nil {
		return err
	}
	if f.people {
		r.People, r.Pages = rows.page()
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

// roster collects the people of a report. It writes the CSV file as they come, and keeps those that are to be listed.
type roster struct {
	*resultFlags
	campaign string
	file     *os.File
	out      *csv.Writer
	people   []result.Person
}

// openRoster creates the file, if one is wanted. No field begins like a spreadsheet formula, except the phone's own
// plus sign.
func (f *resultFlags) openRoster(c campaign.Campaign) (*roster, error) {
	r := &roster{resultFlags: f, campaign: c.ID}
	if f.csv == "" {
		return r, nil
	}
	var err error
	if r.file, err = os.OpenFile(f.csv, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600); err != nil {
		return nil, usageError{fmt.Errorf("--csv: %w", err)}
	}
	r.out = csv.NewWriter(r.file)
	header := []string{"campaign", "phone", "outcome", "at", "status", "rule", "because", "until", "parts"}
	return r, r.out.Write(header)
}

// keep returns a function that adds a person; nil where nobody wants the people.
func (r *roster) keep() func(result.Person) {
	if !r.resultFlags.people && r.out == nil {
		return nil
	}
	return func(p result.Person) {
		if r.resultFlags.people {
			r.people = append(r.people, p)
		}
		if r.out == nil {
			return
		}
		if !r.clear {
			p = p.Masked()
		}
		_ = r.out.Write([]string{ // close reports an error
			r.campaign, p.Phone, string(p.Outcome), formatTime(p.At), string(p.Status), p.Rule, p.Because, formatTime(p.Until),
			strconv.Itoa(p.Parts),
		})
	}
}

func (r *roster) close() error {
	if r.out == nil {
		return nil
	}
	r.out.Flush()
	if err := errors.Join(r.out.Error(), r.file.Close()); err != nil {
		return fmt.Errorf("--csv: %w", err)
	}
	return nil
}

// page returns the people to list, ordered by number, and how many pages there are; 0 where all are on one page.
func (r *roster) page() (people []result.Person, pages int) {
	slices.SortFunc(r.people, func(a, b result.Person) int { return strings.Compare(a.Phone, b.Phone) })
	people = r.people
	if r.number > 0 {
		pages = (len(people) + r.perPage - 1) / r.perPage
		from := min((r.number-1)*r.perPage, len(people))
		people = people[from:min(from+r.perPage, len(people))]
	}
	listed := make([]result.Person, len(people))
	for i, p := range people {
		if listed[i] = p; !r.clear {
			listed[i] = p.Masked()
		}
	}
	return listed, pages
}

// formatTime formats an instant; empty for the zero time.
func formatTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// recordNumbersRequest records who asked for the phone numbers of a campaign's people.
func recordNumbersRequest(ctx context.Context, s *wiring.Deployment, id string) error {
	who, err := caller(ctx, s)
	if err != nil {
		return fmt.Errorf("--clear: nobody is told without being on record: %w", err)
	}
	return consentTable(s).RecordNumbersRequest(ctx, id, consenttable.NumbersRequest{By: who, At: s.Now()})
}

// resultOf sums up what became of a campaign. keep is called for each of its people; it may be nil.
func resultOf(
	ctx context.Context, s *wiring.Deployment, c campaign.Campaign, prices plan.Prices, keep func(result.Person),
) (r result.Result, err error) {
	t := consentTable(s)
	var known result.Known
	if known.Shards, err = t.Shards(ctx, c.ID); err != nil {
		return r, err
	}
	tally, err := t.Fates(ctx, c.ID)
	if err != nil {
		return r, err
	}
	known.Fates = tally.All
	if known.Clicks, err = t.Clicks(ctx, c.ID); err != nil {
		return r, err
	}
	var d result.Draft
	sender := plan.Any
	about, noTopic := planOfCampaign(s, c)
	if noTopic == nil {
		d.Links, sender = about.Links, plan.SenderOf(about.Program.Identity)
	}
	known.Changed, known.Moved = c.Changed(known.Shards, audience.Shards), c.Moved(known.Shards, audience.Shards)
	if err := eachText(ctx, t, &c, func(n phone.Number, text *consent.Message, heard []consent.Event) {
		if p := d.Add(n, text, heard); keep != nil {
			keep(p)
		}
	}); err != nil {
		return r, err
	}
	if keep != nil && noTopic == nil {
		now := s.Now()
		rest := untexted{table: t, campaign: c, about: about, walked: c.Walked(known.Shards, now), now: now, keep: keep}
		if err := walk.All(ctx, s.Audience(), c.Brand, c.Topic, pageSize, &rest); err != nil {
			return r, fmt.Errorf("list the people of campaign %s: %w", c.ID, err)
		}
	}
	return d.Finish(&c, known, prices, sender), nil
}

// readers is how many records of a shard are read at once.
const readers = 8

// eachText reads the texts of a campaign, from all shards at once, together with what the people texted. It calls its
// function for one text at a time.
func eachText(
	ctx context.Context, t *consenttable.Table, c *campaign.Campaign,
	each func(phone.Number, *consent.Message, []consent.Event),
) error {
	var mu sync.Mutex
	return walk.AtOnce(ctx, audience.Shards, func(ctx context.Context, shard int) error {
		return t.Candidates(ctx, c.ID, shard, func(people []phone.Number) error {
			return walk.AtOnce(ctx, readers, func(ctx context.Context, reader int) error {
				for i := reader; i < len(people); i += readers {
					text, heard, found, err := t.CampaignText(ctx, consent.Key{Brand: c.Brand, Phone: people[i]}, c.ID)
					if err != nil {
						return err
					}
					if !found {
						continue
					}
					mu.Lock()
					each(people[i], &text, heard)
					mu.Unlock()
				}
				return nil
			})
		})
	})
}

// untexted asks the gate about the people on the list who have no text of the campaign on record.
type untexted struct {
	table       *consenttable.Table
	campaign    campaign.Campaign
	about       plan.Campaign
	walked, now time.Time

	mu   sync.Mutex
	keep func(result.Person)
}

// Enter accepts the areas that the campaign is for.
func (u *untexted) Enter(_ context.Context, area phone.Area) (string, bool, error) {
	return "", u.campaign.Includes(area), nil
}

// Visit asks about the people of a page. A person with a claim is left out, because the text on record says what
// happened.
func (u *untexted) Visit(ctx context.Context, page walk.Page) (phone.Number, error) {
	contacts, known, _, err := u.table.Recipients(ctx, page.People, u.campaign.NeedsAttributes())
	if err != nil {
		return "", err
	}
	for i := range contacts {
		_, claimed := contacts[i].CampaignClaim(u.campaign.ID)
		if claimed || u.campaign.Excludes(known[contacts[i].Key]) != "" {
			continue
		}
		if err := u.ask(ctx, contacts[i].Key); err != nil {
			return "", err
		}
	}
	return "", nil
}

func (u *untexted) ask(ctx context.Context, key consent.Key) error {
	record, err := u.table.Person(ctx, key)
	if err != nil {
		return err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	why, err := u.about.Why(&u.campaign, &record, u.walked, u.now)
	if err != nil {
		why = plan.Why{Outcome: plan.Unknown, Rule: plan.Unreadable, Because: "the record does not add up", At: u.campaign.At}
	}
	if why.Status == "" { // a person with a text on record was added before
		u.keep(result.Of(key.Phone, why))
	}
	return nil
}
