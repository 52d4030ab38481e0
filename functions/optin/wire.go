package optin

import (
	"context"
	"crypto/rand"
	"fmt"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/edge/wiring"
)

// action is what solutions of a provider's CAPTCHA are for, where the provider tells one from another.
const action = "sign_up"

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, d *wiring.Deployment) (*Handler, error) {
	edge, err := d.Edge(ctx)
	if err != nil {
		return nil, err
	}
	t, g, err := d.TableAndGate(ctx)
	if err != nil {
		return nil, err
	}
	c := Config{
		Catalog: d.Catalog,
		Gate:    g,
		Outbox:  d.Outbox(t, g),
		Table:   t,
		Limiter: t,
		Limit:   d.SignUps(),
		Edge:    edge,
		Now:     d.Now,
		Log:     d.Log,
		Metrics: d.Metrics,
	}
	if err := protect(ctx, &c, d, t); err != nil {
		return nil, fmt.Errorf("captcha: %w", err)
	}
	return New(c)
}

// protect gives the handler the CAPTCHA that programs.yaml names. The key of ours is read at once, for no challenge can
// be made without; a provider's secret with the first sign-up.
func protect(ctx context.Context, c *Config, d *wiring.Deployment, nonces captcha.Nonces) error {
	terms := d.Catalog.SignUp.Captcha
	if terms.Provider != program.CaptchaAltcha {
		site := captcha.Site{
			Key: terms.SiteKey, MinScore: terms.MinScore, Action: action, Secret: d.Later("CAPTCHA_SECRET_PARAMETER"),
		}
		provider, err := captcha.NewSiteverify(terms.Provider, site)
		if err != nil {
			return err
		}
		c.Captcha = provider
		return nil
	}
	key, err := d.Key(ctx, "CAPTCHA_KEY_PARAMETER")
	if err != nil {
		return err
	}
	difficulty := captcha.Difficulty{
		Cost:       terms.Cost,
		MinCounter: uint32(terms.MinTries), //nolint:gosec // programs.yaml takes at most 100,000
		MaxCounter: uint32(terms.MaxTries), //nolint:gosec // the same
	}
	altcha, err := captcha.NewAltcha(key, difficulty, rand.Reader, nonces)
	if err != nil {
		return err
	}
	c.Captcha, c.Challenger = altcha, altcha
	return nil
}

// Invoke serves one event as Lambda's runtime delivers it.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return wiring.Invoke(ctx, h.Handle, payload)
}
