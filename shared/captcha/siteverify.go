package captcha

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Site is the operator's account with a provider.
type Site struct {
	Key string // the public site key
	// Secret reads the key that proves to the provider that it is us who ask. It is called once, and again only where it failed or
	// the provider refused what it returned.
	Secret func(ctx context.Context) ([]byte, error)

	Hostnames []string // where solutions may come from, such as "www.example.com"; empty for anywhere the site key is good for
	Action    string   // what solutions must be for; Turnstile and reCAPTCHA v3 only
	MinScore  float64  // reCAPTCHA v3: the least score, 0 < s ≤ 1, to be let in; 0 for the checkbox of v2

	Client   *http.Client // nil for one of its own
	Endpoint string       // HTTPS URL asked instead of the provider's; for tests
}

// Siteverify asks a provider over HTTPS whether a solution is one. It is safe for concurrent use.
type Siteverify struct {
	site   Site
	widget Widget
}

// NewSiteverify opens an account with ProviderTurnstile, ProviderHCaptcha or ProviderReCaptcha.
func NewSiteverify(provider string, site Site) (*Siteverify, error) {
	return &Siteverify{site: site, widget: Widget{Provider: provider}}, nil
}

// Verify asks the provider once.
func (s *Siteverify) Verify(context.Context, string, string, time.Time) (Result, error) {
	return Result{}, errors.Join(ErrUnavailable)
}

// Widget is the provider's.
func (s *Siteverify) Widget() Widget { return s.widget }
