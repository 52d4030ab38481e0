package operator

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/wiring"
)

func campaignStatusCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "status ID",
		Short: "Count a campaign's people by outcome",
		Example: `  smsconsent campaign status 01KB3M8Y5T0QF2Z9W6R7C4X1VN
  smsconsent campaign status 01KB3M8Y5T0QF2Z9W6R7C4X1VN --json`,
		Args: oneCampaign,
		RunE: onCampaign(func(cmd *cobra.Command, s *wiring.Deployment, id string) error {
			return onEither(cmd.Context(), s, id, func() error {
				return campaignStatus(cmd.Context(), cmd.OutOrStdout(), s, id, asJSON)
			}, func() error {
				return seriesStatus(cmd, s, id, asJSON)
			})
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, `print {"id","state","at","expires","counts","fates"} as JSON`)
	return c
}

func campaignStatus(ctx context.Context, w io.Writer, s *wiring.Deployment, id string, asJSON bool) error {
	t := consentTable(s)
	c, err := campaignOf(ctx, t, id)
	if err != nil {
		return err
	}
	shards, err := t.Shards(ctx, id)
	if err != nil {
		return fmt.Errorf("progress of campaign %s: %w", id, err)
	}
	tally, err := t.Fates(ctx, id)
	if err != nil {
		return fmt.Errorf("fates of campaign %s: %w", id, err)
	}
	clicks, err := t.Clicks(ctx, id)
	if err != nil {
		return err
	}
	approval, err := approvalLine(ctx, s, &c)
	if err != nil {
		return err
	}
	counts, fates, changed := campaign.Total(shards), tally.All, c.Changed(shards, audience.Shards)
	moved := c.Moved(shards, audience.Shards)
	if asJSON {
		type all struct {
			campaign.Counts
			campaign.Moved
			Clicks int `json:"clicks"` // people who followed a link
		}
		return printJSON(w, struct {
			ID           string            `json:"id"`
			Name         string            `json:"name,omitempty"` // that --id gave it
			State        campaign.State    `json:"state"`
			Why          string            `json:"why,omitempty"`
			At           time.Time         `json:"at"`
			Expires      time.Time         `json:"expires"`
			Digest       bool              `json:"digest,omitempty"`
			Content      string            `json:"content,omitempty"`       // ID of the same content on other channels
			In           []string          `json:"in,omitempty"`            // places; empty for everywhere
			Attributes   []string          `json:"attributes,omitempty"`    // such as city=Dallas; empty for everybody
			Series       string            `json:"series,omitempty"`        // ID of the series that it is a run of
			Changed      *campaign.Change  `json:"changed,omitempty"`       // set where the list changed much since the plan
			Texts        map[string]string `json:"texts,omitempty"`         // in other languages than the topic's
			NotMarketing string            `json:"not_marketing,omitempty"` // who vouches for that
			Urgent       string            `json:"urgent,omitempty"`        // who vouches for that
			Counts       all               `json:"counts"`
			Fates        campaign.Fates    `json:"fates"`
		}{
			c.ID, c.Name, c.State, c.Why, c.At, c.Expires, c.Digest, c.Content, c.In, c.Wanted(), c.Series, changed,
			c.Texts, c.Vouched.NotMarketing, c.Vouched.Urgent,
			all{counts, moved, clicks},
			fates,
		})
	}
	out := table.NewWriter()
	out.SetOutputMirror(w)
	out.AppendHeader(table.Row{"Campaign", "State", "Sent", "Deferred", "Refused", "Expired"})
	out.AppendRow(table.Row{c.ID, c.State, counts.Sent, counts.Deferred, counts.Refused, counts.Expired})
	out.Render()
	if fates != (campaign.Fates{}) {
		fmt.Fprintf(w, "Delivered %d, undelivered %d (complaints of spam %d), opt-outs %d\n",
			fates.Delivered, fates.Undelivered, fates.Complaints, fates.OptOuts)
	}
	if c.Name != "" {
		fmt.Fprintf(w, "Named %s\n", c.Name)
	}
	fmt.Fprintf(w, "Time: %s\n", goesOut(&c))
	printTerms(w, s.Catalog, &c)
	fmt.Fprint(w, movedLine(moved), changedLine(changed), approval)
	if message.HasLink(c.Text) {
		fmt.Fprintf(w, "Followed a link: %d\n", clicks)
	}
	if counts.Unreadable > 0 {
		fmt.Fprintf(w, "Not texted, for their stored contact cannot be read: %d\n", counts.Unreadable)
	}
	switch {
	case c.Why == "":
	case c.State == campaign.Done:
		fmt.Fprintf(w, "Ended: %s\n", c.Why)
	case c.State == campaign.Canceled:
		fmt.Fprintf(w, "Canceled: %s\n", c.Why)
	default:
		fmt.Fprintf(w, "Paused: %s\nWhen that is mended it goes on with: smsconsent campaign resume %s\n", c.Why, c.ID)
	}
	return nil
}
