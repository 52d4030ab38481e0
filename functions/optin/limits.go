package optin

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/limit"
)

// day is a day of a counter; it begins at midnight UTC.
const day = 24 * time.Hour

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

// brandMay counts a sign-up to a brand, whatever network it comes from: who has many networks, and many phones of a
// dear country, makes the brand pay for texts. It counts before the phone is looked at, so that the answer beyond the
// ceiling says nothing of the phone. One item a brand and day bears that: API Gateway lets ten a second through in all,
// DynamoDB a thousand writes a second to one item.
func (h *Handler) brandMay(ctx context.Context, brand string, now time.Time) error {
	most := h.Catalog.SignUp.PerBrandADay
	if most == 0 {
		return nil
	}
	ok, err := h.Limiter.Allow(ctx, limit.Key("brand", brand), most, day, now)
	if err != nil {
		return fmt.Errorf("count sign-ups to a brand: %w", err)
	}
	if !ok {
		h.Metrics.Count("SignUpCeiling", 1)
		return because(http.StatusTooManyRequests, "", brandFull)
	}
	return nil
}

// phoneMay counts a confirmation request to a phone, whichever brand's, against many brands that are made to text one
// person. What one brand asks is counted by package consent, in the contact.
func (h *Handler) phoneMay(ctx context.Context, n phone.Number, now time.Time) (bool, error) {
	ok, err := h.Limiter.Allow(ctx, limit.Key("ask", string(n)), h.Catalog.SignUp.PerPhoneADay, day, now)
	if err != nil {
		return false, fmt.Errorf("count confirmation requests of a phone: %w", err)
	}
	return ok, nil
}
