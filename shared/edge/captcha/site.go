package captcha

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"smsconsent/shared/core/program"
)

// Site is the operator's account with a provider.
type Site struct {
	Key string // the public site key
	// Secret reads the key that proves to the provider that it is us who ask. It is called once, and again only where it
	// failed or the provider refused what it returned, as it does once an operator has changed it.
	Secret func(ctx context.Context) ([]byte, error)

	Hostnames []string // where solutions may come from, such as "www.example.com"; empty for wherever the site key works
	Action    string   // what solutions must be for, where the provider signs it (Turnstile, reCAPTCHA v3); empty for any
	MinScore  float64  // reCAPTCHA v3 only: the least score, 0 < s ≤ 1, that is let in; 0 for the checkbox of v2

	Endpoint  string            // HTTPS URL asked instead of the provider's, for tests; empty for the provider's
	Transport http.RoundTripper // how it is asked; nil for the default
}

// NewSiteverify opens an account with program.CaptchaTurnstile, program.CaptchaHCaptcha or program.CaptchaReCaptcha.
func NewSiteverify(name string, site Site) (*Siteverify, error) {
	if name == program.CaptchaHCaptcha || name == program.CaptchaReCaptcha && site.MinScore == 0 {
		site.Action = "" // they sign none
	}
	p, err := providerOf(name, site)
	if err != nil {
		return nil, err
	}
	if site.Endpoint != "" {
		p.endpoint = site.Endpoint
	}
	address, err := url.Parse(p.endpoint)
	switch {
	case site.Key == "":
		return nil, fmt.Errorf("captcha provider %s needs the site key", name)
	case site.Secret == nil:
		return nil, fmt.Errorf("captcha provider %s needs a secret", name)
	case err != nil || address.Scheme != "https" || address.Host == "":
		return nil, fmt.Errorf("captcha endpoint must be an HTTPS URL, is %q", p.endpoint)
	case site.MinScore != 0 && name != program.CaptchaReCaptcha:
		return nil, fmt.Errorf("captcha score is %v, but %s gives none", site.MinScore, name)
	case !(site.MinScore >= 0 && site.MinScore <= 1): // which NaN is not
		return nil, fmt.Errorf("captcha score must be above 0 and at most 1, or 0 for the checkbox, is %v", site.MinScore)
	case !isAction(site.Action):
		return nil, fmt.Errorf("captcha action must be at most 32 letters, digits and underscores, is %q", site.Action)
	}
	transport := site.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	return &Siteverify{
		provider:  p,
		site:      site,
		secret:    secret{read: site.Secret, turn: make(chan struct{}, 1)},
		transport: transport,
	}, nil
}

// isAction takes what both Turnstile and reCAPTCHA allow, and nothing at all.
func isAction(s string) bool {
	return len(s) <= 32 && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_'
	})
}

// provider is what differs between those that are asked over HTTPS.
type provider struct {
	name     string
	endpoint string
	maxToken int // bytes of a solution
	widget   Widget
}

// providerOf knows what their documents say of November 2026.
func providerOf(name string, site Site) (provider, error) {
	p := provider{name: name}
	switch name {
	case program.CaptchaTurnstile:
		// https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
		// https://developers.cloudflare.com/turnstile/reference/content-security-policy/
		const host = "https://challenges.cloudflare.com"
		p.endpoint, p.maxToken = host+"/turnstile/v0/siteverify", 2048
		p.widget = Widget{
			Field: "cf-turnstile-response", Class: "cf-turnstile", Script: host + "/turnstile/v0/api.js",
			ScriptSources: []string{host}, FrameSources: []string{host},
		}
	case program.CaptchaHCaptcha:
		// https://docs.hcaptcha.com/ asks for the wildcard: which of its hosts serve what changes by time and place.
		hosts := []string{"https://hcaptcha.com", "https://*.hcaptcha.com"}
		p.endpoint, p.maxToken = "https://api.hcaptcha.com/siteverify", maxToken
		p.widget = Widget{
			Field: "h-captcha-response", Class: "h-captcha", Script: "https://js.hcaptcha.com/1/api.js",
			ScriptSources: hosts, FrameSources: hosts, ConnectSources: hosts, StyleSources: hosts,
		}
	case program.CaptchaReCaptcha:
		// https://developers.google.com/recaptcha/docs/verify and …/docs/faq (Content Security Policy)
		p.endpoint, p.maxToken = "https://www.google.com/recaptcha/api/siteverify", maxToken
		p.widget = Widget{
			Field: "g-recaptcha-response", Class: "g-recaptcha", Script: "https://www.google.com/recaptcha/api.js",
			ScriptSources: []string{"https://www.google.com/recaptcha/", "https://www.gstatic.com/recaptcha/"},
			FrameSources:  []string{"https://www.google.com/recaptcha/", "https://recaptcha.google.com/recaptcha/"},
			// Not in the FAQ, but the script posts there what it saw of the browser.
			ConnectSources: []string{"https://www.google.com/recaptcha/"},
		}
		if site.MinScore > 0 {
			p.widget.Class, p.widget.Invisible = "", true
			p.widget.Script += "?render=" + url.QueryEscape(site.Key)
		}
	default:
		return p, fmt.Errorf(
			"captcha provider is %q, want %s, %s or %s",
			name,
			program.CaptchaTurnstile,
			program.CaptchaHCaptcha,
			program.CaptchaReCaptcha,
		)
	}
	p.widget.Provider, p.widget.SiteKey, p.widget.Action = name, site.Key, site.Action
	return p, nil
}
