package operator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/message"
	consenttable "smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
)

// editDeadline is how long before its beginning a campaign can last be edited. After that, sendcheck may have read
// it.
const editDeadline = 2 * time.Minute

func campaignCopyCommand() *cobra.Command {
	var f campaignFlags
	c := &cobra.Command{
		Use:   "copy ID",
		Short: "Schedule a campaign like another",
		Long: `Schedule a campaign with the text, people and duration of another one, except where flags say otherwise. It begins
now, or at --at. With another text, texts in other languages must be given by flags too.

Who vouched for the other campaign does not vouch for this one: add --urgent or --not-marketing again.`,
		Example: `  smsconsent campaign copy 01KB3M8Y5T0QF2Z9W6R7C4X1VN --at "friday 10:00" --zone America/New_York
  smsconsent campaign copy 01KB3M8Y5T0QF2Z9W6R7C4X1VN --text "Example Corp.: one more day." --json`,
		Args: oneCampaign,
	}
	f.defineWhom(c)
	f.define(c)
	f.defineMaking(c)
	f.defineID(c)
	c.RunE = onCampaign(func(cmd *cobra.Command, s *wiring.Deployment, id string) error {
		from, err := campaignOf(cmd.Context(), consentTable(s), id)
		if err != nil {
			return err
		}
		if err := f.copyUnset(cmd, &from); err != nil {
			return err
		}
		return f.create(cmd, s)
	})
	return c
}

func campaignEditCommand() *cobra.Command {
	var f campaignFlags
	c := &cobra.Command{
		Use:   "edit ID",
		Short: "Change a campaign that has not begun, or the future runs of a series",
		Long: `Change a campaign's text and times, until two minutes before it begins. A paused campaign stays paused. What no flag
changes stays as it is. With another text, texts in other languages must be given by flags too, and somebody must
vouch for it again. --in everywhere and --attribute anybody turn a campaign for a part of the list into one for all of
it.

For a series it changes the text, people and duration of the runs that are not made yet. A run that is made is a
campaign; edit it by its own ID.`,
		Example: `  smsconsent campaign edit 01KB3M8Y5T0QF2Z9W6R7C4X1VN --text "Example Corp.: half price today."
  smsconsent campaign edit 01KB3M8Y5T0QF2Z9W6R7C4X1VN --at "tomorrow 10:00" --zone America/New_York --json
  smsconsent campaign edit weekly-offers --text "Example Corp.: the week's offers, fresh today." --for 24h --until 2027-06-01`,
		Args: oneCampaign,
	}
	f.define(c)
	f.defineMaking(c)
	f.defineRuns(c, "of a series")
	c.RunE = onCampaign(func(cmd *cobra.Command, s *wiring.Deployment, id string) error {
		return onEither(cmd.Context(), s, id, func() error {
			return f.edit(cmd, s, id)
		}, func() error {
			return f.editSeries(cmd, s, id)
		})
	})
	return c
}

// copyUnset copies from a campaign what no flag sets.
func (f *campaignFlags) copyUnset(cmd *cobra.Command, c *campaign.Campaign) error {
	said := cmd.Flags().Changed
	if err := f.wordFlags.read(); err != nil {
		return err
	}
	if f.brand != "" && f.brand != c.Brand && f.text == "" {
		return usageError{fmt.Errorf("--brand: the text of campaign %s is one of brand %s; write one of brand %s with --text",
			c.ID, c.Brand, f.brand)}
	}
	if f.brand == "" {
		f.brand = c.Brand
	}
	if f.topic == "" {
		f.topic = c.Topic
	}
	if !said("digest") {
		f.digest = c.Digest
	}
	if !said("in") {
		f.in = c.In
	}
	if !said("attribute") {
		f.attributes = c.Wanted()
	}
	if !said("content") {
		f.content = c.Content
	}
	f.lasts = c.Expires.Sub(c.At)
	if !said("local-time") {
		f.local = !c.Local.IsZero()
	}
	if !c.Local.IsZero() {
		f.lasts = c.Local.Until.Sub(c.Local.From)
	}
	f.reworded = !f.empty()
	if f.text != "" {
		f.translated = slices.Sorted(maps.Keys(c.Texts))
		return nil
	}
	f.text = c.Text
	for code, text := range c.Texts {
		if *f.texts[code] == "" {
			*f.texts[code] = text
		}
	}
	return nil
}

// droppedTexts warns where another text leaves out those in other languages.
func (f *campaignFlags) droppedTexts(c *campaign.Campaign) []message.Problem {
	left := slices.DeleteFunc(f.translated, func(code string) bool { return c.Texts[code] != "" })
	if len(left) == 0 {
		return nil
	}
	return []message.Problem{{
		Severity: message.Warning,
		Text: fmt.Sprintf("--text: with another text the one in %s is left out, and its readers get this one; write it anew with --text-%s",
			strings.Join(left, ", "), strings.Join(left, ", --text-")),
	}}
}

// edit replaces a campaign by the one that the flags describe.
func (f *campaignFlags) edit(cmd *cobra.Command, s *wiring.Deployment, id string) error {
	if f.each != 0 || f.until != "" || f.times != 0 {
		return usageError{fmt.Errorf("--for, --until and --times: campaign %s is no series; write --expires for its end", id)}
	}
	before, err := editable(cmd.Context(), s, id)
	if err != nil {
		return err
	}
	if before.Series != "" && (f.at != "" || f.expires != "" || cmd.Flags().Changed("local-time")) {
		return runTimeError(&before)
	}
	if err := f.copyUnset(cmd, &before); err != nil {
		return err
	}
	f.keepUnset(&before)
	f.editing, f.inSeries = true, before.Series
	c, err := f.planAndConfirm(cmd, s)
	if err != nil {
		return err
	}
	if c, err = f.replace(cmd.Context(), s, &before, c); err != nil {
		return err
	}
	return f.printMade(cmd, s, c)
}

// editable reads a campaign, and returns an error where it may not be edited any more.
func editable(ctx context.Context, s *wiring.Deployment, id string) (campaign.Campaign, error) {
	c, err := campaignOf(ctx, consentTable(s), id)
	if err == nil {
		err = mayEdit(&c, s.Now())
	}
	return c, err
}

// mayEdit returns why a campaign may not be edited; nil where it may.
func mayEdit(c *campaign.Campaign, now time.Time) error {
	begins := c.At.Format(time.RFC3339)
	switch {
	case c.State == campaign.Done || c.State == campaign.Canceled:
		return fmt.Errorf("campaign %s is %s, and can't be edited; copy it with what is to change", c.ID, c.State)
	case !now.Before(c.At.Add(-editDeadline)):
		return fmt.Errorf("campaign %s is %s, and begins on %s: it can be edited until two minutes before; cancel it, and copy it with what is to change",
			c.ID, c.State, begins)
	default:
		return nil
	}
}

func runTimeError(c *campaign.Campaign) error {
	return usageError{fmt.Errorf("--at and --expires: campaign %s is a run of series %s, which says when it is; cancel it, and copy it", c.ID, c.Series)}
}

// replace stores a campaign in the place of its earlier version.
func (f *campaignFlags) replace(
	ctx context.Context, s *wiring.Deployment, before *campaign.Campaign, c campaign.Campaign,
) (campaign.Campaign, error) {
	t := consentTable(s)
	if err := mayEdit(before, s.Now()); err != nil { // time may have passed while the user looked at the plan
		return c, err
	}
	c.Name, c.Created, c.Series, c.State, c.Why = before.Name, before.Created, before.Series, before.State, before.Why
	if !f.again {
		if err := explainTwin(checkSeriesTwins(ctx, t, &c)); err != nil {
			return c, err
		}
	}
	if err := explainTwin(t.EditCampaign(ctx, c, !f.again)); err != nil {
		if errors.Is(err, consenttable.ErrConflict) {
			return c, fmt.Errorf("campaign %s was begun, paused, resumed or canceled meanwhile, and stays as it is; look at it, and try again: %w", c.ID, err)
		}
		return c, err
	}
	if c.At.Equal(before.At) || c.State == campaign.Paused { // resuming it will wake it
		return c, nil
	}
	return c, wake(ctx, s, c.ID, fmt.Sprintf("campaign-%s-edit-%d", c.ID, c.At.Unix()), c.At, c.State)
}

// keepUnset keeps the campaign's time, and who vouches for its text, where no flag changes them.
func (f *campaignFlags) keepUnset(c *campaign.Campaign) {
	f.id = c.ID
	if f.at == "" {
		f.at = c.At.Format(time.RFC3339)
		if f.local && !c.Local.IsZero() {
			f.at = c.Local.From.Format(clock)
		}
		f.far = true // it was confirmed before
	}
	f.keepVouched(c)
}

// keepVouched keeps who vouches for the text where it stays the same in all languages.
func (f *campaignFlags) keepVouched(c *campaign.Campaign) {
	if !f.reworded && f.says == "" {
		f.notMarketing, f.urgent = c.Vouched.NotMarketing != "", c.Vouched.Urgent != ""
		f.says = c.Vouched.NotMarketing + c.Vouched.Urgent
		if f.notMarketing && f.urgent {
			f.says = c.Vouched.Urgent
		}
	}
}
