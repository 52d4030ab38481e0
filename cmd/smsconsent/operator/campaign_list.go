package operator

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	audited "smsconsent/shared/core/report"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/wiring"
)

func campaignListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List campaigns, newest first",
		Long: `List campaigns, newest first: what each says, how far it has come, and when the next of its people are looked at.

People wait who may get it later; those it does not reach were refused by a rule, or the campaign ended before their
time came.`,
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
			printCampaigns(cmd.OutOrStdout(), all)
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false,
		`print [{"id","brand","topic","at","expires","state","text","counts","next","unapproved","changed","series","repeat"}] as JSON`)
	return c
}

// campaignRow is a campaign as the list tells of it.
type campaignRow struct {
	ID      string          `json:"id"`
	Brand   string          `json:"brand"`
	Topic   string          `json:"topic"`
	At      time.Time       `json:"at"`
	Expires time.Time       `json:"expires"`
	State   campaign.State  `json:"state"`
	Text    string          `json:"text"`
	Counts  campaign.Counts `json:"counts"`
	Next    *time.Time      `json:"next,omitempty"` // when somebody is looked at next; none where nobody is

	Unapproved string `json:"unapproved,omitempty"` // why it waits for approval; empty where it does not

	Changed *campaign.Change `json:"changed,omitempty"` // where the list changed much since the plan
	Series  string           `json:"series,omitempty"`  // the ID of the series it is a run of
	Repeat  *repetition      `json:"repeat,omitempty"`  // of a series
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
	return append(rows, series...), err
}

func campaignRowOf(ctx context.Context, s *wiring.Deployment, c *campaign.Campaign) (campaignRow, error) {
	shards, err := consentTable(s).Shards(ctx, c.ID)
	if err != nil {
		return campaignRow{}, err
	}
	r := campaignRow{
		ID: c.ID, Brand: c.Brand, Topic: c.Topic, At: c.At, Expires: c.Expires, State: c.State, Text: c.Text,
		Counts: campaign.Total(shards), Changed: c.Changed(shards, audience.Shards), Series: c.Series,
	}
	if next := c.NextLook(shards); !next.IsZero() {
		r.Next = &next
	}
	if c.State != campaign.Done && c.State != campaign.Canceled {
		r.Unapproved, err = unapproved(ctx, s, c)
	}
	return r, err
}

func printCampaigns(w io.Writer, rows []campaignRow) {
	out := table.NewWriter()
	out.SetOutputMirror(w)
	out.AppendHeader(table.Row{"Campaign", "Topic", "State", "Sent", "Wait", "Not", "Next (UTC)"})
	for _, r := range rows {
		next := ""
		if r.Next != nil {
			next = r.Next.UTC().Format("2 Jan 15:04")
		}
		state := string(r.State)
		if r.Unapproved != "" {
			state += "\nwaits for approval"
		}
		if r.Changed != nil {
			state += "\nlist changed"
		}
		if r.Repeat != nil {
			state += "\n" + r.Repeat.Cron
		}
		out.AppendRow(table.Row{
			r.ID + "\n" + excerpt(r.Text), r.Brand + "/" + r.Topic, state, audited.Grouped(r.Counts.Sent),
			audited.Grouped(r.Counts.Deferred), audited.Grouped(r.Counts.Refused + r.Counts.Expired + r.Counts.Unreadable), next,
		})
	}
	out.Render()
}

// excerpt is the beginning of a text, as wide as a campaign's ID.
func excerpt(body string) string {
	return text.Snip(strings.Join(strings.Fields(body), " "), 26, "…")
}

// segmentLine tells whom a campaign is for; empty where it is for everybody on the list.
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

// movedLine tells how the list has moved since the plan; empty where it did not.
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

// changedLine warns where the list changed much since the plan; empty where it did not.
func changedLine(c *campaign.Change) string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf("The list has changed since the plan: %s people, where %s were counted.\n",
		audited.Grouped(c.People), audited.Grouped(c.Planned))
}
