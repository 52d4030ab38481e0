package sendcheck

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

// watch checks that every campaign makes progress. Normally jobs and schedules take care of that; but a job may fail
// too often, or a schedule be lost. A stalled campaign raises the alarm and is started again.
func (h *Handler) watch(ctx context.Context) error {
	all, err := h.Table.Campaigns(ctx)
	if err != nil {
		return fmt.Errorf("watch campaigns: %w", err)
	}
	failed := h.watchSeries(ctx)
	for _, c := range all {
		switch {
		case c.State == campaign.Scheduled || c.State == campaign.Running:
			failed = errors.Join(failed, h.watchOne(ctx, c))
		case c.State == campaign.Paused && !h.Now().Before(c.Expires):
			failed = errors.Join(failed, h.endPaused(ctx, c))
		}
	}
	return failed
}

// endPaused ends a campaign whose time ran out while it was paused. It runs once more: people who were not texted are
// counted as expired, and nobody is texted.
func (h *Handler) endPaused(ctx context.Context, c campaign.Campaign) error {
	why := "its time ran out while it was paused: " + c.Why
	err := h.Table.SetCampaignState(ctx, c.ID, []campaign.State{campaign.Paused}, campaign.Running, why)
	if errors.Is(err, table.ErrConflict) {
		return nil // it was resumed or canceled in between
	}
	if err != nil {
		return fmt.Errorf("end campaign %s, which was paused: %w", c.ID, err)
	}
	h.Log.WarnContext(ctx, "a campaign ends whose time ran out while it was paused", "campaign", c.ID, "reason", c.Why)
	return h.wave(ctx, c.ID)
}

func (h *Handler) watchOne(ctx context.Context, c campaign.Campaign) error {
	shards, err := h.shards(ctx, c.ID)
	switch {
	case err != nil:
		return err
	case !slices.ContainsFunc(shards, campaign.Shard.Unfinished):
		return h.finish(ctx, c)
	case !c.StandsStill(shards, h.Now()):
		return nil
	}
	if goes, err := h.mayGo(ctx, &c); !goes {
		return err // it waits for a person's decision
	}
	h.Metrics.Count("CampaignStuck", 1)
	if _, err := outbox.TextOf(h.Catalog, c); err != nil && h.Now().Before(c.Expires) {
		h.Log.ErrorContext(ctx, "campaign cannot go on", "campaign", c.ID, "error", err)
		return nil
	}
	h.Log.ErrorContext(ctx, "campaign stands still; it is set going again", "campaign", c.ID)
	return h.wave(ctx, c.ID)
}
