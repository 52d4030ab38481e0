package optin

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/limit"
)

// networkMay counts a sign-up of a network, against one that signs up many phones. It comes after the CAPTCHA: without
// that work nobody makes us write.
func (h *Handler) networkMay(ctx context.Context, address string, now time.Time) error {
	if h.Limit == 0 {
		return nil
	}
	ok, err := h.Limiter.Allow(ctx, limit.Key("sign-up", limit.Network(address)), h.Limit, time.Hour, now)
	if err != nil {
		return fmt.Errorf("count sign-ups of a network: %w", err)
	}
	if !ok {
		return because(http.StatusTooManyRequests, "", tooMany)
	}
	return nil
}

// phoneMay counts a confirmation request to a phone, whichever brand's, against many brands that are made to text one
// person. What one brand asks is counted by package consent, in the contact.
func (h *Handler) phoneMay(ctx context.Context, n phone.Number, now time.Time) (bool, error) {
	ok, err := h.Limiter.Allow(ctx, limit.Key("ask", string(n)), h.Catalog.SignUp.PerPhoneADay, 24*time.Hour, now)
	if err != nil {
		return false, fmt.Errorf("count confirmation requests of a phone: %w", err)
	}
	return ok, nil
}
