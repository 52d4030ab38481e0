package audit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/timeleft"
)

const (
	// grace is how long a YES that was sent in time may take to arrive before its request is ended. Nobody is texted
	// meanwhile, because the request counts as expired from its time on.
	grace = 5 * time.Minute

	// pageDue is how many people are read at once.
	pageDue = 100
)

// followUp handles everybody with something due: it ends requests that were not confirmed in time, dated when their
// time was over, and finishes what a function may have left undone. An error with one person does not stop the
// others. The next run does what this one has no time for.
func (h *Handler) followUp(ctx context.Context) error {
	var all error
	ended := 0
	for _, b := range h.Catalog.Brands {
		n, err := h.followUpBrand(ctx, b.ID)
		ended += n
		if err != nil {
			all = errors.Join(all, fmt.Errorf("follow up people of %s: %w", b.ID, err))
		}
	}
	h.Log.InfoContext(ctx, "followed up", "expired", ended)
	h.Metrics.Count("AuditExpired", ended)
	return all
}

func (h *Handler) followUpBrand(ctx context.Context, brand string) (ended int, err error) {
	now := h.Now().UTC()
	var failed error
	for after := ""; ; {
		keys, next, err := h.Audience.Due(ctx, brand, now, after, pageDue)
		if err != nil {
			return ended, errors.Join(failed, err)
		}
		for _, key := range keys {
			if timeleft.Short(ctx) {
				h.Log.WarnContext(ctx, "more is due than one run can do; the next goes on", "brand", brand)
				return ended, failed
			}
			lapsed, err := h.followUpPerson(ctx, key, now)
			if lapsed {
				ended++
			}
			if err != nil {
				h.Log.ErrorContext(ctx, "a person could not be followed up", "brand", brand, "error", err)
				failed = errors.New("people could not be followed up; the log says why")
			}
		}
		if next == "" {
			return ended, failed
		}
		after = next
	}
}

// followUpPerson handles one person, and reports whether a request of theirs was ended.
func (h *Handler) followUpPerson(ctx context.Context, key consent.Key, now time.Time) (lapsed bool, err error) {
	ch, err := h.Outbox.Change(ctx, key, func(c consent.Contact) consent.Change { return c.Expire(now.Add(-grace)) })
	if err != nil {
		return false, err
	}
	return !ch.Empty(), h.Outbox.FollowUp(ctx, ch.Next)
}
