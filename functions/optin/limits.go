package optin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/netip"
	"time"

	"smsconsent/shared/core/phone"
)

// Limiter counts what was done under a key and reports whether once more keeps within limit in a window.
type Limiter interface {
	Allow(ctx context.Context, key string, limit int, window time.Duration, now time.Time) (bool, error)
}

// networkMay counts a sign-up of a network, against one that signs up many phones. It comes after the CAPTCHA: without
// that work nobody makes us write.
func (h *Handler) networkMay(ctx context.Context, address string, now time.Time) error {
	if h.Limit == 0 {
		return nil
	}
	ok, err := h.Limiter.Allow(ctx, "sign-up#"+hashed(network(address)), h.Limit, time.Hour, now)
	if err != nil {
		return fmt.Errorf("count sign-ups of a network: %w", err)
	}
	if !ok {
		return &refusal{Status: http.StatusTooManyRequests, Reason: tooMany}
	}
	return nil
}

// phoneMay counts a confirmation request to a phone, whichever brand's, against many brands that are made to text one
// person. What one brand asks is counted by package consent, in the contact.
func (h *Handler) phoneMay(ctx context.Context, n phone.Number, now time.Time) (bool, error) {
	ok, err := h.Limiter.Allow(ctx, "ask#"+hashed(string(n)), h.Catalog.SignUp.PerPhoneADay, 24*time.Hour, now)
	if err != nil {
		return false, fmt.Errorf("count confirmation requests of a phone: %w", err)
	}
	return ok, nil
}

// network is a visitor's address or, because one household owns so many, the /64 of an IPv6 one.
func network(address string) string {
	if ip, err := netip.ParseAddr(address); err == nil && ip.Unmap().Is6() {
		if prefix, err := ip.WithZone("").Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return address
}

// hashed is the key of a counter, which needs neither addresses nor numbers.
func hashed(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}
