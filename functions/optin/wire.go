package optin

import (
	"context"
	"crypto/rand"
	"fmt"

	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/edge/wiring"
)

// action is what solutions of a provider's CAPTCHA are for, where the provider tells one from another.
const action = "sign_up"

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, s *wiring.Deployment) (*Handler, error) {
	t, err := s.SealedTable(ctx)
	if err != nil {
		return nil, err
	}
	g, err := gate.New(s.Catalog)
	if err != nil {
		return nil, err
	}
	h := Handler{
		Catalog:  s.Catalog,
		Gate:     g,
		Contacts: t,
		Outbox:   s.Outbox(t, g),
		Limiter:  t,
		Limit:    s.Catalog.SignUp.PerNetworkAnHour,
		Now:      s.Now,
		Log:      s.Log,
		Metrics:  s.Metrics,
	}
	if s.Simulated {
		// Where the carrier is simulated, everybody who tries it out has the same address.
		h.Limit = 0
	}
	if err := protect(ctx, &h, s, t); err != nil {
		return nil, fmt.Errorf("captcha: %w", err)
	}
	return New(h), nil
}

// protect gives the handler the CAPTCHA that programs.yaml names. The key of ours is read at once, for no challenge can
// be made without; a provider's secret with the first sign-up.
func protect(ctx context.Context, h *Handler, s *wiring.Deployment, nonces captcha.Nonces) error {
	c := s.Catalog.SignUp.Captcha
	if c.Provider != program.CaptchaAltcha {
		secret := func(ctx context.Context) ([]byte, error) { return s.Text(ctx, s.Names.CaptchaSecret) }
		provider, err := captcha.NewSiteverify(
			c.Provider,
			captcha.Site{Key: c.SiteKey, MinScore: c.MinScore, Action: action, Secret: secret},
		)
		if err != nil {
			return err
		}
		h.Captcha = provider
		return nil
	}
	key, err := s.Key(ctx, s.Names.CaptchaKey)
	if err != nil {
		return err
	}
	difficulty := captcha.Difficulty{
		Cost:       c.Cost,
		MinCounter: uint32(c.MinTries), //nolint:gosec // programs.yaml takes at most 100,000
		MaxCounter: uint32(c.MaxTries), //nolint:gosec // the same
	}
	altcha, err := captcha.NewAltcha(key, difficulty, rand.Reader, nonces)
	if err != nil {
		return err
	}
	h.Captcha, h.Challenger = altcha, altcha
	return nil
}
