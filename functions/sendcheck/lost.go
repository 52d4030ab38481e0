package sendcheck

import (
	"context"
	"fmt"
	"slices"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
)

// recordLost records the texts of a campaign that goes no further, because it was paused or canceled or its topic is
// gone, which a job sent and was ended before recording (I3). They are on the page of each area that the shard's
// progress has not passed. The walk of a campaign that goes on meets them by itself.
func (h *Handler) recordLost(ctx context.Context, c *campaign.Campaign, shard int) error {
	s, err := h.Table.Shard(ctx, c.ID, shard)
	for area := phone.Area(""); err == nil; {
		var more bool
		area, more, err = h.Audience.NextArea(ctx, c.Brand, c.Topic, shard, area)
		if err != nil || !more {
			break
		}
		if g := s.Groups[string(area)]; !g.Done && c.Includes(area) {
			err = h.recordLostOn(ctx, c, shard, area, g.Cursor)
		}
	}
	if err != nil {
		return fmt.Errorf("look for unrecorded texts of campaign %s: %w", c.ID, err)
	}
	return nil
}

// recordLostOn does so for the page of an area that begins after a cursor.
func (h *Handler) recordLostOn(ctx context.Context, c *campaign.Campaign, shard int, area phone.Area, after string) error {
	keys, _, err := h.Audience.Page(ctx, c.Brand, c.Topic, shard, area, after, mostPeople)
	if err != nil || len(keys) == 0 {
		return err
	}
	people, _, _, err := h.Table.Recipients(ctx, keys, false)
	if err != nil {
		return err
	}
	return h.Outbox.Reconcile(ctx, slices.DeleteFunc(people, func(p consent.Contact) bool {
		_, texted := p.CampaignClaim(c.ID)
		return !texted
	})...)
}
