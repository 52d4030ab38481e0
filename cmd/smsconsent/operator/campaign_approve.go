package operator

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/wiring"
)

func campaignApproveCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "approve ID",
		Short: "Let a campaign go out that somebody else made",
		Long: `Let a campaign go out, of a brand that has "approval: required" in programs.yaml. It goes out as it stands now: whoever edits
it needs another approval. Who made it can't approve it, whatever they are called in a session; AWS IAM lets nobody approve who has
the policy OperatorPolicyArn only, and nobody make a campaign who has ApproverPolicyArn only.`,
		Example: `  smsconsent campaign approve 01KB3M8Y5T0QF2Z9W6R7C4X1VN
  smsconsent campaign approve 01KB3M8Y5T0QF2Z9W6R7C4X1VN --json`,
		Args: oneCampaign,
		RunE: onCampaign(func(cmd *cobra.Command, s *wiring.Deployment, id string) error {
			return approveCampaign(cmd, s, id, asJSON)
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, `print {"id","state","by","at"} as JSON`)
	return c
}

func approveCampaign(cmd *cobra.Command, s *wiring.Deployment, id string, asJSON bool) error {
	c, a, err := approveAs(cmd.Context(), s, id)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), struct {
			ID    string         `json:"id"`
			State campaign.State `json:"state"`
			By    string         `json:"by"`
			At    time.Time      `json:"at"`
		}{id, c.State, a.By, a.At})
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "Approved as %s: campaign %s, made by %s, %s:\n%s\n", a.By, id, c.By,
		goesOut(&c), toWidth(c.Text, ""))
	return err
}

// approveAs approves a campaign as whoever calls AWS.
func approveAs(ctx context.Context, s *wiring.Deployment, id string) (c campaign.Campaign, a campaign.Approval, err error) {
	t := consentTable(s)
	if c, err = campaignOf(ctx, t, id); err != nil {
		return c, a, err
	}
	if !needsApproval(s.Catalog, &c) {
		return c, a, fmt.Errorf("campaign %s needs no approval: brand %s does not say approval: required in programs.yaml", id, c.Brand)
	}
	if c.State == campaign.Done || c.State == campaign.Canceled {
		return c, a, fmt.Errorf("campaign %s is %s", id, c.State)
	}
	who, err := caller(ctx, s)
	if err != nil {
		return c, a, err
	}
	if err := c.CheckApprover(who); err != nil {
		return c, a, fmt.Errorf("campaign %s: %w", id, err)
	}
	a = campaign.Approval{By: who, At: s.Now().UTC().Truncate(time.Millisecond), Of: c.Fingerprint()}
	if err := t.Approve(ctx, id, a); err != nil {
		return c, a, err
	}
	if err := wakeApproved(ctx, s, &c); err != nil {
		return c, a, err
	}
	return c, a, nil
}

// wakeApproved has a campaign begin that would have begun before it was approved.
func wakeApproved(ctx context.Context, s *wiring.Deployment, c *campaign.Campaign) error {
	now := s.Now()
	if now.Before(c.At) {
		return nil
	}
	name := fmt.Sprintf("campaign-%s-approved-%d", c.ID, now.Unix())
	if err := s.CampaignSchedules().Once(ctx, name, now, fmt.Sprintf(`{"campaign":%q}`, c.ID)); err != nil {
		return fmt.Errorf("campaign %s is approved, and begins when it is looked at next, within the hour: %w", c.ID, err)
	}
	return nil
}

func needsApproval(cat *program.Catalog, c *campaign.Campaign) bool {
	brand, ok := cat.Brand(c.Brand)
	return ok && brand.Approval
}

// sign puts on a campaign that needs an approval who made it as it is.
func sign(ctx context.Context, s *wiring.Deployment, c *campaign.Campaign) (err error) {
	if needsApproval(s.Catalog, c) {
		c.By, err = caller(ctx, s)
	}
	return err
}

// unapproved tells why a campaign that needs an approval has none; empty where it needs none, or has it.
func unapproved(ctx context.Context, s *wiring.Deployment, c *campaign.Campaign) (string, error) {
	if !needsApproval(s.Catalog, c) {
		return "", nil
	}
	a, err := consentTable(s).Approval(ctx, c.ID)
	return c.Unapproved(a), err
}

// approvalLine tells of a campaign that needs an approval whether it has one; empty where it needs none, or is over.
func approvalLine(ctx context.Context, s *wiring.Deployment, c *campaign.Campaign) (string, error) {
	if !needsApproval(s.Catalog, c) {
		return "", nil
	}
	a, err := consentTable(s).Approval(ctx, c.ID)
	if err != nil {
		return "", err
	}
	if why := c.Unapproved(a); why != "" {
		return fmt.Sprintf("Made by %s. It does not go out, for %s: smsconsent campaign approve %s\n", c.By, why, c.ID), nil
	}
	return fmt.Sprintf("Made by %s, approved by %s on %s\n", c.By, a.By, a.At.UTC().Format(time.RFC3339)), nil
}
