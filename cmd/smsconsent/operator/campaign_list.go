package operator

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	audited "smsconsent/shared/core/report"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/wiring"
)

func campaignListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List campaigns and series, newest first",
		Long: `List campaigns and series, newest first and those that are over last: their texts, how far they are, and when they next
look at people.

People who wait may still get the text. The others who did not get it were refused by a rule, or the campaign ended
before their time came.`,
		Example: `  smsconsent campaign list
  smsconsent campaign list --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := remote(cmd.Context())
			if err != nil {
				return err
			}
			all, err := campaignRows(cmd.Context(), s)
			if err != nil {
				return fmt.Errorf("list campaigns: %w", err)
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), all)
			}
			printCampaigns(cmd.OutOrStdout(), s.Catalog, all)
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false,
		`print [{"id","name","brand","topic","at","expires","state","text","counts","next","unapproved","changed","series","repeat","in","attributes",
"local_time"}] as JSON; fields without a value are left out`)
	return c
}

// campaignRow is a campaign in the list.
type campaignRow struct {
	listed campaign.Listed

	ID      string          `json:"id"`
	Name    string          `json:"name,omitempty"` // that --id gave it
	Brand   string          `json:"brand"`
	Topic   string          `json:"topic"`
	At      time.Time       `json:"at"`
	Expires time.Time       `json:"expires"`
	State   campaign.State  `json:"state"`
	Text    string          `json:"text"`
	Counts  campaign.Counts `json:"counts"`
	Next    *time.Time      `json:"next,omitempty"` // when sendcheck next looks at people; nil where it does not

	Unapproved string `json:"unapproved,omitempty"` // why it waits for approval; empty where it does not

	Changed *campaign.Change `json:"changed,omitempty"` // set where the list changed much since the plan
	Series  string           `json:"series,omitempty"`  // the ID of the series it is a run of
	Repeat  *repetition      `json:"repeat,omitempty"`  // of a series

	In         []string   `json:"in,omitempty"`         // places; empty for everywhere
	Attributes []string   `json:"attributes,omitempty"` // such as city=Dallas; empty for everybody
	Local      *localTime `json:"local_time,omitempty"` // set where the times are by each person's own clock
}

// localTime is a beginning and an end on each person's own clock, such as 2026-12-01 10:00.
type localTime struct {
	From  string `json:"from"`
	Until string `json:"until"`
}

// setAudience sets for whom the campaign is, and its times on their own clocks.
func (r *campaignRow) setAudience(c *campaign.Campaign) {
	r.In, r.Attributes = c.In, c.Wanted()
	if l := c.Local; !l.IsZero() {
		r.Local = &localTime{l.From.Format(clock), l.Until.Format(clock)}
	}
}

func campaignRows(ctx context.Context, s *wiring.Deployment) ([]campaignRow, error) {
	t := consentTable(s)
	all, err := t.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]campaignRow, 0, len(all))
	for i := range all {
		row, err := campaignRowOf(ctx, s, &all[i])
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	series, err := seriesRows(ctx, t, rows)
	rows = append(rows, series...)
	slices.SortFunc(rows, func(a, b campaignRow) int { return a.listed.Compare(b.listed) })
	return rows, err
}

func campaignRowOf(ctx context.Context, s *wiring.Deployment, c *campaign.Campaign) (campaignRow, error) {
	shards, err := consentTable(s).Shards(ctx, c.ID)
	if err != nil {
		return campaignRow{}, err
	}
	r := campaignRow{
		listed: c.Listed(), ID: c.ID, Name: c.Name, Brand: c.Brand, Topic: c.Topic,
		At: c.At, Expires: c.Expires, State: c.State, Text: c.Text,
		Counts: campaign.Total(shards), Changed: c.Changed(shards, audience.Shards), Series: c.Series,
	}
	r.setAudience(c)
	if next := c.NextLook(shards, s.Now()); !next.IsZero() {
		r.Next = &next
	}
	if c.State != campaign.Done && c.State != campaign.Canceled {
		r.Unapproved, err = unapproved(ctx, s, c)
	}
	return r, err
}

// rowLine lays out a row of a list of campaigns, in 80 columns at most.
const rowLine = "%-26s  %-9s %9s %9s %9s %s\n"

// printFigures prints the first line of a row. at is nil for none.
func (r *campaignRow) printFigures(w io.Writer, at *time.Time) {
	shown := ""
	if at != nil {
		shown = at.UTC().Format("2 Jan 15:04")
	}
	fmt.Fprintf(w, rowLine, r.ID, r.State, audited.Grouped(r.Counts.Sent), audited.Grouped(r.Counts.Deferred),
		audited.Grouped(r.Counts.Refused+r.Counts.Expired+r.Counts.Unreadable), shown)
}

func printCampaigns(w io.Writer, cat *program.Catalog, rows []campaignRow) {
	fmt.Fprintf(w, rowLine, "Campaign", "State", "Sent", "Wait", "Not", "Next (UTC)")
	for i := range rows {
		r := &rows[i]
		r.printFigures(w, r.Next)
		said := strings.Join(strings.Fields(r.Text), " ")
		if brand, known := cat.Brand(r.Brand); known {
			said = message.WithoutBrand(brand, said)
		}
		indented(w, r.Brand+"/"+r.Topic+": "+said)
		if about := r.about(); about != "" {
			indented(w, about)
		}
	}
}

// indented prints a line below another, cut to the width of the terminal.
func indented(w io.Writer, line string) { fmt.Fprintf(w, "  %s\n", text.Snip(line, width-2, "…")) }

const awaitsApproval = "waits for approval"

// about says what is special about a campaign; empty where nothing is.
func (r *campaignRow) about() string {
	var all []string
	if r.Name != "" {
		all = append(all, "named "+r.Name)
	}
	if r.Repeat != nil {
		all = append(all, fmt.Sprintf("repeated by %q in %s", r.Repeat.Cron, r.Repeat.Zone))
	}
	if r.Unapproved != "" {
		all = append(all, awaitsApproval)
	}
	if r.Changed != nil {
		all = append(all, "list changed")
	}
	if len(r.In) > 0 {
		all = append(all, "only in "+strings.Join(r.In, ", "))
	}
	if len(r.Attributes) > 0 {
		all = append(all, "only with "+strings.Join(r.Attributes, ", "))
	}
	return strings.Join(all, "; ")
}

// segmentLine says for whom a campaign is; empty where it is for everybody on the list.
func segmentLine(c *campaign.Campaign) string {
	line := ""
	if len(c.In) > 0 {
		line = "Only people in " + strings.Join(c.In, ", ") + "\n"
	}
	if len(c.Attributes) > 0 {
		line += "Only people with " + strings.Join(c.Wanted(), ", ") + "\n"
	}
	return line
}

// movedLine says how the list has changed since the plan; empty where it has not.
func movedLine(m campaign.Moved) string {
	switch {
	case m.Left > 0:
		return fmt.Sprintf("Left the list since the plan: %s.\n", audited.Grouped(m.Left))
	case m.Joined > 0:
		return fmt.Sprintf("Joined the list since the plan: %s.\n", audited.Grouped(m.Joined))
	default:
		return ""
	}
}

// changedLine warns that the list has changed much since the plan; empty where it has not.
func changedLine(c *campaign.Change) string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf("The list has changed since the plan: %s people, where %s were counted.\n",
		audited.Grouped(c.People), audited.Grouped(c.Planned))
}
