package operator

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/edge/wiring/schedules"
)

func campaignApproveCommand() *cobra.Command {
	var asJSON, yes bool
	c := &cobra.Command{
		Use:   "approve ID",
		Short: "Approve a campaign that somebody else made",
		Long: `Approve a campaign of a brand with "approval: required" in programs.yaml. The approval is for the campaign as it is
now; after an edit it needs another one. You are shown its text in every language, whom it is for and when it goes out,
and asked. Nobody can approve a campaign that they made, even under another session name. AWS IAM lets nobody approve with the policy
OperatorPolicyArn only, and lets nobody make a campaign with ApproverPolicyArn only.`,
		Example: `  smsconsent campaign approve 01KB3M8Y5T0QF2Z9W6R7C4X1VN
  smsconsent campaign approve 01KB3M8Y5T0QF2Z9W6R7C4X1VN --yes --json`,
		Args: oneCampaign,
		RunE: onCampaign(func(cmd *cobra.Command, s *wiring.Deployment, id string) error {
			return approveCampaign(cmd, s, id, yes, asJSON)
		}),
	}
	c.Flags().BoolVar(&yes, "yes", false, "do not ask first")
	c.Flags().BoolVar(&asJSON, "json", false, `print {"id","state","by","at"} as JSON`)
	return c
}

func approveCampaign(cmd *cobra.Command, s *wiring.Deployment, id string, yes, asJSON bool) error {
	c, who, err := approvable(cmd.Context(), s, id)
	if err != nil {
		return err
	}
	shown := cmd.ErrOrStderr()
	fmt.Fprintf(shown, "Campaign %s to %s/%s, made by %s, goes out %s:\n", id, c.Brand, c.Topic, c.By, goesOut(&c))
	printTerms(shown, s.Catalog, &c)
	if wanted, err := agreed(cmd, yes, "Approve it? Write yes, or anything else to leave it: "); err != nil || !wanted {
		return err
	}
	a, err := approveBy(cmd.Context(), s, &c, who)
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
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "Approved as %s: campaign %s goes out %s.\n", a.By, id, goesOut(&c))
	return err
}

// printTerms prints everything an approval of a campaign is about, except when it goes out and who made it.
func printTerms(w io.Writer, cat *program.Catalog, c *campaign.Campaign) {
	printWords(w, cat, c)
	fmt.Fprint(w, segmentLine(c))
	if c.Digest {
		fmt.Fprintln(w, "Also to people who show no sign of reading: it is a digest")
	}
	if c.Content != "" {
		fmt.Fprintf(w, "The same content as %s on other channels: whoever got it there lately waits or is left out\n", c.Content)
	}
	if c.Series != "" {
		fmt.Fprintf(w, "A run of series %s\n", c.Series)
	}
	fmt.Fprint(w, vouchedLine(c.Vouched))
}

// printWords prints a campaign's texts in all languages.
func printWords(w io.Writer, cat *program.Catalog, c *campaign.Campaign) {
	const indent = "  "
	language := "text"
	if brand, ok := cat.Brand(c.Brand); ok {
		if _, topic, ok := brand.Topic(c.Topic); ok {
			language = wording.Primary(topic.Locale)
		}
	}
	if c.Texts[language] != "" {
		language = "other languages"
	}
	fmt.Fprintf(w, "%s: %s\n", language, toWidth(c.Text, indent))
	for _, language := range slices.Sorted(maps.Keys(c.Texts)) {
		fmt.Fprintf(w, "%s: %s\n", language, toWidth(c.Texts[language], indent))
	}
}

// approveAs approves a campaign in the name of the AWS identity that runs the command.
func approveAs(ctx context.Context, s *wiring.Deployment, id string) error {
	c, who, err := approvable(ctx, s, id)
	if err != nil {
		return err
	}
	_, err = approveBy(ctx, s, &c, who)
	return err
}

// approvable returns a campaign that the AWS identity may approve, and that identity.
func approvable(ctx context.Context, s *wiring.Deployment, id string) (c campaign.Campaign, who string, err error) {
	if c, err = campaignOf(ctx, consentTable(s), id); err != nil {
		return c, "", err
	}
	if !needsApproval(s.Catalog, &c) {
		return c, "", fmt.Errorf("campaign %s needs no approval: brand %s does not say approval: required in programs.yaml", id, c.Brand)
	}
	if c.State == campaign.Done || c.State == campaign.Canceled {
		return c, "", fmt.Errorf("campaign %s is %s", id, c.State)
	}
	who, err = caller(ctx, s)
	if err != nil {
		return c, "", err
	}
	if err := c.CheckApprover(who); err != nil {
		return c, "", fmt.Errorf("campaign %s: %w", id, err)
	}
	return c, who, nil
}

// approveBy approves a campaign in the version that was read.
func approveBy(ctx context.Context, s *wiring.Deployment, c *campaign.Campaign, who string) (campaign.Approval, error) {
	a := campaign.Approval{By: who, At: s.Now().UTC().Truncate(time.Millisecond), Of: c.Fingerprint()}
	if err := consentTable(s).Approve(ctx, c.ID, a); err != nil {
		return a, err
	}
	return a, wakeApproved(ctx, s, c)
}

// wakeApproved starts a campaign that would have begun before its approval.
func wakeApproved(ctx context.Context, s *wiring.Deployment, c *campaign.Campaign) error {
	now := s.Now()
	if now.Before(c.At) {
		return nil
	}
	name := fmt.Sprintf("campaign-%s-approved-%d", c.ID, now.Unix())
	if err := schedules.Campaigns(s).Once(ctx, name, now, fmt.Sprintf(`{"campaign":%q}`, c.ID)); err != nil {
		return fmt.Errorf("campaign %s is approved, and begins when it is looked at next, within the hour: %w", c.ID, err)
	}
	return nil
}

func needsApproval(cat *program.Catalog, c *campaign.Campaign) bool {
	brand, ok := cat.Brand(c.Brand)
	return ok && brand.Approval
}

// sign records on a campaign that needs an approval who made it in this form.
func sign(ctx context.Context, s *wiring.Deployment, c *campaign.Campaign) (err error) {
	if needsApproval(s.Catalog, c) {
		c.By, err = caller(ctx, s)
	}
	return err
}

// unapproved returns why a campaign still waits for an approval. It is empty where the campaign needs none, or has
// it.
func unapproved(ctx context.Context, s *wiring.Deployment, c *campaign.Campaign) (string, error) {
	if !needsApproval(s.Catalog, c) {
		return "", nil
	}
	a, err := consentTable(s).Approval(ctx, c.ID)
	return c.Unapproved(a), err
}

// approvalLine says whether a campaign that needs an approval has one. It is empty where the campaign needs none, or
// is over.
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
