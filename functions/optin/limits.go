package optin

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/limit"
)

// day is the length of a counter's day, which begins at midnight UTC.
const day = 24 * time.Hour

// networkMay counts a sign-up from a network, to stop one that signs up many phones. It comes after the CAPTCHA:
// without that work nobody can make us write.
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

// brandMay counts a sign-up to a brand, from any network: an attacker with many networks, and many phones of an
// expensive country, makes the brand pay for texts. It counts before the phone is looked up, so that the answer above
// the limit says nothing about the phone. One item per brand and day is enough: API Gateway lets ten sign-ups a
// second through in all, and DynamoDB takes a thousand writes a second to one item.
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
		h.Log.WarnContext(ctx, "a sign-up was turned away: the brand takes no more today", "brand", brand, "most", most)
		return because(http.StatusTooManyRequests, "", brandFull)
	}
	return nil
}

// phoneMay counts confirmation requests to a phone by all brands, against an attacker who makes many brands text one
// person. Requests by one brand are counted by package consent, in the contact.
func (h *Handler) phoneMay(ctx context.Context, n phone.Number, now time.Time) (bool, error) {
	ok, err := h.Limiter.Allow(ctx, limit.Key("ask", string(n)), h.Catalog.SignUp.PerPhoneADay, day, now)
	if err != nil {
		return false, fmt.Errorf("count confirmation requests of a phone: %w", err)
	}
	return ok, nil
}
