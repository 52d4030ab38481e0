package operator

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/when"
	"smsconsent/shared/core/wording"
	"smsconsent/shared/edge/console"
	"smsconsent/shared/edge/wiring"
)

// flagsOf returns the flags of campaign create that say the same as a draft. The error names the flag.
func flagsOf(d *console.Draft) (f campaignFlags, err error) {
	f = campaignFlags{
		brand: d.Brand, topic: d.Topic, at: d.At, expires: d.Expires, zone: d.Zone, local: d.LocalTime, far: d.Far,
		in: d.In, attributes: d.Attributes, content: d.Content, digest: d.Digest, again: d.Again,
		repeat: d.Repeat, until: d.Until,
		wordFlags: wordFlags{
			text: d.Text, texts: map[string]*string{}, notMarketing: d.NotMarketing, urgent: d.Urgent, says: d.Says,
		},
	}
	for code, text := range d.Texts {
		if !slices.Contains(wording.AllLanguages(), code) {
			return f, usageError{fmt.Errorf("--text-%s: %q is no language, such as es", code, code)}
		}
		f.texts[code] = &text
	}
	if d.Times != "" {
		if err := f.setRuns(d.Times); err != nil {
			return f, usageError{fmt.Errorf("--times: %w", err)}
		}
	}
	if d.For != "" {
		if err := f.setEach(d.For); err != nil {
			return f, usageError{fmt.Errorf("--for: %w", err)}
		}
	}
	if d.MaxCost != "" {
		if err := f.setMaxCost(d.MaxCost); err != nil {
			return f, usageError{fmt.Errorf("--max-cost: %w", err)}
		}
	}
	return f, nil
}

// Plan says what a campaign would do, and remembers it, so that Create can make it.
func (d *campaignDesk) Plan(ctx context.Context, draft console.Draft) (p console.Planned, err error) {
	s, err := d.now(ctx)
	if err != nil {
		return p, err
	}
	one, problems, err := draftOf(ctx, s, &draft)
	if err != nil {
		return p, forPage(err)
	}
	prices, err := readPrices("")
	if err != nil {
		return p, err
	}
	found, err := planOver(ctx, s, one.Campaign, prices, withoutBar)
	if err == nil {
		err = one.flags.checkCost(found)
	}
	if err != nil {
		return p, forPage(err)
	}
	if warning := nobodyWarning(&found); warning != "" {
		problems = append(problems, warning)
	}
	one.Campaign.Plan = onRecordOf(found)
	d.keep(one)
	repeat := ""
	if series := cmp.Or(one.changed, one.flags.series); series != nil {
		repeat = when.Words(series.Cron, series.Zone)
	}
	problems = append(problems, rivalWarnings(found)...)
	return console.Planned{
		ID: one.ID, Text: one.Text, At: one.At, Expires: one.Expires, Problems: problems, Repeat: repeat,
		Approval: needsApproval(s.Catalog, &one.Campaign), Plan: found,
	}, nil
}

// draftOf checks a draft the way campaign create and campaign edit check their flags. The problems it returns are
// worth knowing, but do not prevent the campaign.
func draftOf(
	ctx context.Context, s *wiring.Deployment, draft *console.Draft,
) (one plannedCampaign, problems []string, err error) {
	if one.flags, err = flagsOf(draft); err != nil {
		return one, nil, err
	}
	if draft.Edits != "" {
		if err := one.prepareEdit(ctx, s, draft); err != nil {
			return one, nil, err
		}
	}
	c, found, err := newCampaign(s.Catalog, s.Getenv(wiring.LinksURL), &one.flags, s.Now())
	if err != nil {
		return one, nil, err
	}
	if err := mayReplace(one.before, &c); err != nil {
		return one, nil, err
	}
	if err := sign(ctx, s, &c); err != nil {
		return one, nil, err
	}
	one.Campaign = c
	switch {
	case one.flags.series != nil:
		one.flags.id = one.flags.series.ID
	case one.changed == nil:
		one.flags.id = c.ID
	}
	problems = []string{}
	for _, p := range found {
		said := strings.TrimPrefix(strings.TrimSuffix(p.Text, vouchFlags), "--text: ")
		if translated, ok := strings.CutPrefix(said, "--text-"); ok {
			said = "in " + translated
		}
		problems = append(problems, said)
	}
	return one, problems, nil
}

// prepareEdit makes the plan one that replaces the campaign draft.Edits, or changes the future runs of that series.
func (c *plannedCampaign) prepareEdit(ctx context.Context, s *wiring.Deployment, draft *console.Draft) error {
	return onEither(ctx, s, draft.Edits, func() error {
		before, err := editable(ctx, s, draft.Edits)
		c.before, c.flags.id, c.flags.far, c.flags.editing = &before, before.ID, true, true
		return err
	}, func() error {
		series, err := consentTable(s).Series(ctx, draft.Edits)
		if err != nil {
			return err
		}
		if series.Each.Brand != draft.Brand || series.Each.Topic != draft.Topic {
			return topicError(&series.Each)
		}
		c.flags.repeat = ""
		series, err = c.flags.change(series, s.Now())
		c.changed = &series
		return err
	})
}

func topicError(c *campaign.Campaign) error {
	return usageError{fmt.Errorf("--topic: a campaign keeps its topic, %s; cancel it, and write another", c.Topic)}
}

// mayReplace checks that c may take the place of before, which is nil where there is none.
func mayReplace(before, c *campaign.Campaign) error {
	switch {
	case before == nil:
		return nil
	case before.Brand != c.Brand || before.Topic != c.Topic:
		return topicError(before)
	case before.Series != "" && (!c.At.Equal(before.At) || !c.Expires.Equal(before.Expires)):
		return runTimeError(before)
	default:
		return nil
	}
}
