package sendcheck

import (
	"context"
	"errors"
	"fmt"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/table"
)

// mayGo reports whether the campaign may text people: it is scheduled or running, its series was not canceled and,
// where its brand requires that, a second person approved it as it stands. Each wave and job asks, so that a change
// to the campaign in between stops it. A campaign that ends without approval is canceled.
func (h *Handler) mayGo(ctx context.Context, c *campaign.Campaign) (bool, error) {
	if c.State != campaign.Scheduled && c.State != campaign.Running {
		return false, nil
	}
	if c.Series != "" {
		s, err := h.Table.Series(ctx, c.Series)
		if err != nil && !errors.Is(err, table.ErrNotFound) {
			return false, fmt.Errorf("campaign %s: %w", c.ID, err)
		}
		if s.State == campaign.Canceled { // it was canceled while this run was being made
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

// cancel ends a campaign that is scheduled or running. In any other state it changes nothing.
func (h *Handler) cancel(ctx context.Context, c *campaign.Campaign, why string) error {
	from := []campaign.State{campaign.Scheduled, campaign.Running}
	err := h.Table.SetCampaignState(ctx, c.ID, from, campaign.Canceled, why)
	if err != nil && !errors.Is(err, table.ErrConflict) {
		return fmt.Errorf("end campaign %s: %w", c.ID, err)
	}
	return nil
}
