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
		Short: "Say what became of a campaign: sent, delivered, refused by rule, cost, and each person",
		Long: `Say what became of a campaign so far: texts by hour and zone, delivered or failed and why, who did not get it by which
rule, opt-outs, clicks, parts and cost beside the plan.

It reads the records of those the campaign was about to text; with --people or --csv, of everybody else on the list as well.
Phone numbers are masked. With --clear they are not, and who asked for that is put on record with the campaign.`,
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
	c.Flags().StringVar(&f.csv, "csv", "", "write the people to this file, one a line")
	c.Flags().BoolVar(&f.people, "people", false, "list the people")
	c.Flags().IntVar(&f.number, "page", 0, "with --people: only this page of them, in the order of their numbers (default: all)")
	c.Flags().IntVar(&f.perPage, "per-page", 100, "with --page: how many people a page has")
	c.Flags().BoolVar(&f.clear, "clear", false, "with whole phone numbers; that you asked is put on record")
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
		if err := putAskingOnRecord(ctx, s, c.ID); err != nil {
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

// roster is the people of a report: a file is written as they come, and those to be listed are kept.
type roster struct {
	*resultFlags
	campaign string
	file     *os.File
	out      *csv.Writer
	people   []result.Person
}

// openRoster begins the file, where one is wanted. No field begins as a formula of a spreadsheet's would, but for the
// phone's own plus sign.
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

// keep returns what is told of each of the people; nil where nobody wants to know.
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
		_ = r.out.Write([]string{ // close tells what went wrong
			r.campaign, p.Phone, string(p.Outcome), stamp(p.At), string(p.Status), p.Rule, p.Because, stamp(p.Until),
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

// page returns the people to be listed, in the order of their numbers, and how many pages there are; 0 where all are on
// one.
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

// stamp writes an instant; nothing for none.
func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func putAskingOnRecord(ctx context.Context, s *wiring.Deployment, id string) error {
	who, err := caller(ctx, s)
	if err != nil {
		return fmt.Errorf("--clear: nobody is told without being on record: %w", err)
	}
	return consentTable(s).RecordNumbersRequest(ctx, id, consenttable.NumbersRequest{By: who, At: s.Now()})
}

// resultOf sums up what became of a campaign. keep is told of each of its people; nil where nobody wants to know.
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

// readers is how many records of a shard's people are read at once.
const readers = 8

// eachText reads the texts of a campaign, those of all shards at once, with what their readers ever texted. It is told
// of one text at a time.
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

// untexted asks about each of the people on the list of whom no text of the campaign's is on record.
type untexted struct {
	table       *consenttable.Table
	campaign    campaign.Campaign
	about       plan.Campaign
	walked, now time.Time

	mu   sync.Mutex
	keep func(result.Person)
}

// Enter lets every area be asked about that the campaign is for.
func (u *untexted) Enter(_ context.Context, area phone.Area) (string, bool, error) {
	return "", u.campaign.Includes(area), nil
}

// Visit asks about the people of a page. Of one who was claimed for the text, the text tells.
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
	if why.Status == "" { // a text on record was kept already
		u.keep(result.Of(key.Phone, why))
	}
	return nil
}
