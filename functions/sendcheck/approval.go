package sendcheck

import (
	"context"
	"errors"
	"fmt"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/table"
)

// mayGo reports whether people may be texted: the campaign waits or runs, its series was not canceled, and where its
// brand wants that, another than who made it approved it as it stands. It is asked at each wave and job, so that
// nothing written to the campaign in between goes out. At its end a campaign that nobody approved is canceled.
func (h *Handler) mayGo(ctx context.Context, c *campaign.Campaign) (bool, error) {
	if c.State != campaign.Scheduled && c.State != campaign.Running {
		return false, nil
	}
	if c.Series != "" {
		s, err := h.Table.Series(ctx, c.Series)
		if err != nil && !errors.Is(err, table.ErrNotFound) {
			return false, fmt.Errorf("campaign %s: %w", c.ID, err)
		}
		if s.State == campaign.Canceled { // while this run was being made
			return false, h.cancel(ctx, c, "its series is canceled")
		}
	}
	if brand, ok := h.Catalog.Brand(c.Brand); !ok || !brand.Approval {
		return true, nil
	}
	a, err := h.Table.Approval(ctx, c.ID)
	if err != nil {
		return false, fmt.Errorf("campaign %s: %w", c.ID, err)
	}
	why := c.Unapproved(a)
	if why == "" {
		return true, nil
	}
	h.Log.WarnContext(ctx, "campaign is not approved", "campaign", c.ID, "reason", why)
	if h.Now().Before(c.Expires) {
		return false, nil
	}
	return false, h.cancel(ctx, c, why+" in time")
}

// cancel ends a campaign that waits or runs; one that does no more has ended, or waits for somebody.
func (h *Handler) cancel(ctx context.Context, c *campaign.Campaign, why string) error {
	from := []campaign.State{campaign.Scheduled, campaign.Running}
	err := h.Table.SetCampaignState(ctx, c.ID, from, campaign.Canceled, why)
	if err != nil && !errors.Is(err, table.ErrConflict) {
		return fmt.Errorf("end campaign %s: %w", c.ID, err)
	}
	return nil
}
