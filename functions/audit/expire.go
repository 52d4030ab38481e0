package audit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"smsconsent/shared/consent"
	"smsconsent/shared/outbox"
)

const (
	// grace is how long a YES that was sent in time may be on its way before its request is ended. Nobody is texted meanwhile: the
	// request itself counts as expired from its time on.
	grace = 5 * time.Minute

	// overdue is how many requests are looked up at once.
	overdue = 100
)

// expire ends the requests nobody confirmed in time, each with an event dated when its time was over. What a run has no time for the next
// one does, an hour later.
func (h *Handler) expire(ctx context.Context) error {
	ended := 0
	for _, b := range h.Catalog.Brands {
		n, err := h.expireBrand(ctx, b.ID)
		ended += n
		switch {
		case errors.Is(err, outbox.ErrShortOfTime):
			h.Log.WarnContext(ctx, "more requests have expired than one run can end; the next goes on", "brand", b.ID)
		case err != nil:
			return fmt.Errorf("expire requests of %s: %w", b.ID, err)
		}
	}
	h.Log.InfoContext(ctx, "expired", "requests", ended)
	h.Metrics.Count("AuditExpired", ended)
	return nil
}

func (h *Handler) expireBrand(ctx context.Context, brand string) (ended int, err error) {
	for {
		now := h.Now().UTC()
		keys, err := h.Audience.Overdue(ctx, brand, now.Add(-grace), overdue)
		if err != nil {
			return ended, err
		}
		before := ended
		for _, key := range keys {
			if outbox.ShortOfTime(ctx) {
				return ended, outbox.ErrShortOfTime
			}
			ch, err := h.Outbox.Change(ctx, key, func(c consent.Contact) consent.Change { return c.Expire(now) })
			if err != nil {
				return ended, err
			}
			if !ch.Empty() {
				ended++
			}
		}
		// The index follows the table within moments: a page without anything to do is one it has not caught up with.
		if len(keys) < overdue || ended == before {
			return ended, nil
		}
	}
}
