package receipts

import (
	"context"
	"fmt"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/link"
)

// click stores that a link in a text was followed, and counts the first click of each text as a sign of reading. Both
// happen after the person got the page. It may be repeated.
func (h *Handler) click(ctx context.Context, c link.Click) error {
	key := consent.Key{Brand: c.Brand, Phone: c.Phone}
	step := consent.StatusChange{At: c.At, Status: consent.Clicked, Detail: fmt.Sprintf("link %d", c.Place+1)}
	first, err := h.Table.Click(ctx, key, c.Campaign, step)
	if err != nil || !first {
		return err
	}
	sign := consent.Signal{At: c.At, Kind: consent.SignalClick, Topic: c.Topic, Source: consent.SourceLink}
	sign.Brand, _ = h.Catalog.Brand(c.Brand)
	_, err = h.Outbox.Change(ctx, key, func(c consent.Contact) consent.Change { return c.Engage(sign) })
	if err != nil {
		return fmt.Errorf("note a click: %w", err)
	}
	h.Metrics.Count("Click", 1)
	return nil
}
