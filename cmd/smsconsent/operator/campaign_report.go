package operator

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
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
}

func campaignReportCommand() *cobra.Command {
	var f resultFlags
	c := &cobra.Command{
		Use:   "report ID",
		Short: "Say what became of a campaign: sent, delivered, refused by rule, cost, and each person",
		Long: `Say what became of a campaign so far: texts by hour and zone, delivered or failed and why, who did not get it by which
rule, opt-outs, clicks, parts and cost beside the plan.

It reads the texts of the whole table, for no index leads to a campaign's. Phone numbers are masked. With --clear they
are not, and who asked for that is put on record with the campaign.`,
		Example: `  smsconsent campaign report 01KB3M8Y5T0QF2Z9W6R7C4X1VN
  smsconsent campaign report 01KB3M8Y5T0QF2Z9W6R7C4X1VN --html report.html
  smsconsent campaign report 01KB3M8Y5T0QF2Z9W6R7C4X1VN --json
  smsconsent campaign report 01KB3M8Y5T0QF2Z9W6R7C4X1VN --csv people.csv --clear`,
		Args: oneCampaign,
		PreRunE: func(*cobra.Command, []string) error {
			if f.clear && !f.people && f.csv == "" {
				return usageError{errors.New("--clear: goes with --people or --csv, which list phone numbers")}
			}
			return nil
		},
		RunE: onCampaign(f.report),
	}
	c.Flags().StringVar(&f.page, "html", "", "write the report as a page with charts to this file")
	c.Flags().StringVar(&f.csv, "csv", "", "write the people to this file, one a line")
	c.Flags().BoolVar(&f.people, "people", false, "list the people")
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
	var people []result.Person
	keep := func(p result.Person) {
		if !f.clear {
			p = p.Masked()
		}
		people = append(people, p)
	}
	if !f.people && f.csv == "" {
		keep = nil
	}
	r, err := resultOf(ctx, s, c, prices, keep)
	if err != nil {
		return err
	}
	if f.people {
		r.People = append([]result.Person{}, people...)
	}
	if err := f.write(c, r, people); err != nil {
		return err
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

// write writes the files that were asked for.
func (f *resultFlags) write(c campaign.Campaign, r result.Result, people []result.Person) error {
	if f.page != "" {
		html, err := reportpage.RenderResult(r)
		if err != nil {
			return err
		}
		if err := os.WriteFile(f.page, html, 0o600); err != nil {
			return usageError{fmt.Errorf("--html: %w", err)}
		}
	}
	if f.csv == "" {
		return nil
	}
	file, err := os.OpenFile(f.csv, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return usageError{fmt.Errorf("--csv: %w", err)}
	}
	if err := errors.Join(writePeople(file, c, people), file.Close()); err != nil {
		return fmt.Errorf("--csv: %w", err)
	}
	return nil
}

// writePeople writes the people as CSV. No field begins as a formula of a spreadsheet's would, but for the phone's own
// plus sign.
func writePeople(w io.Writer, c campaign.Campaign, people []result.Person) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"campaign", "phone", "outcome", "at", "status", "rule", "because", "until", "parts"}}
	for _, p := range people {
		rows = append(rows, []string{
			c.ID, p.Phone, string(p.Outcome), stamp(p.At), string(p.Status), p.Rule, p.Because, stamp(p.Until),
			strconv.Itoa(p.Parts),
		})
	}
	return out.WriteAll(rows)
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
	return consentTable(s).Ask(ctx, id, consenttable.Asking{By: who, At: s.Now()})
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
	if err := eachText(ctx, t, c.ID, func(sent consenttable.Sent) {
		if p := d.Add(sent.Key.Phone, &sent.Message); keep != nil {
			keep(p)
		}
	}); err != nil {
		return r, err
	}
	if keep != nil && noTopic == nil {
		now := s.Now()
		rest := untexted{table: t, campaign: c, about: about, walked: c.Walked(known.Shards, now), now: now, keep: keep}
		if err := eachShard(ctx, s.Audience(), c, &rest); err != nil {
			return r, fmt.Errorf("list the people of campaign %s: %w", c.ID, err)
		}
	}
	return d.Finish(&c, known, prices, sender), nil
}

// eachText reads the texts of a campaign in all segments at once. It is told of one text at a time.
func eachText(ctx context.Context, t *consenttable.Table, id string, each func(consenttable.Sent)) error {
	var mu sync.Mutex
	return atOnce(ctx, consenttable.Segments, func(ctx context.Context, segment int) error {
		return t.CampaignTexts(ctx, segment, id, func(sent consenttable.Sent) {
			mu.Lock()
			defer mu.Unlock()
			each(sent)
		})
	})
}

// atOnce does n things at once, and returns the first error, which ends the others.
func atOnce(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	failed := make(chan error, n)
	for i := range n {
		go func() { failed <- do(ctx, i) }()
	}
	var first error
	for range n {
		if err := <-failed; err != nil && first == nil {
			first = err
			stop()
		}
	}
	return first
}

// eachShard walks the shards of a campaign's audience at once.
func eachShard(ctx context.Context, list *audience.List, c campaign.Campaign, v walk.Visitor) error {
	return atOnce(ctx, audience.Shards, func(ctx context.Context, n int) error {
		shard := walk.Shard{List: list, Brand: c.Brand, Topic: c.Topic, Number: n, Page: people}
		_, err := shard.Walk(ctx, v)
		return err
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
	contacts, known, _, err := u.table.Recipients(ctx, &u.campaign, page.People)
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
