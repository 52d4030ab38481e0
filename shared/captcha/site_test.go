package captcha

import (
	"slices"
	"strings"
	"testing"

	"smsconsent/shared/program"
)

func TestNewSiteverifyRefuses(t *testing.T) {
	for _, c := range []struct {
		name, provider string
		change         func(*Site)
	}{
		{"another provider", "friendlycaptcha", func(*Site) {}},
		{"our own", program.CaptchaAltcha, func(*Site) {}},
		{"no site key", program.CaptchaTurnstile, func(s *Site) { s.Key = "" }},
		{"no secret", program.CaptchaTurnstile, func(s *Site) { s.Secret = nil }},
		{"plain HTTP", program.CaptchaTurnstile, func(s *Site) { s.Endpoint = "http://localhost/siteverify" }},
		{"no host", program.CaptchaTurnstile, func(s *Site) { s.Endpoint = "https:///siteverify" }},
		{"an action of other characters", program.CaptchaTurnstile, func(s *Site) { s.Action = "opt-in" }},
		{"a long action", program.CaptchaTurnstile, func(s *Site) { s.Action = strings.Repeat("x", 33) }},
		{"a score at Turnstile", program.CaptchaTurnstile, func(s *Site) { s.MinScore = 0.5 }},
		{"a score above 1", program.CaptchaReCaptcha, func(s *Site) { s.MinScore = 50 }},
		{"a score below 0", program.CaptchaReCaptcha, func(s *Site) { s.MinScore = -0.5 }},
	} {
		site := fixed()
		c.change(&site)
		if _, err := NewSiteverify(c.provider, site); err == nil {
			t.Errorf("%s: no error", c.name)
		}
	}
}

func TestWidgets(t *testing.T) {
	action, score := fixed(), fixed()
	action.Action, score.Action, score.MinScore = "signup", "signup", 0.5
	for _, c := range []struct {
		name         string
		site         Site
		field, class string
		script       string
		action       string // which the checkbox and hCaptcha do not sign
		invisible    bool
	}{
		{program.CaptchaTurnstile, action, "cf-turnstile-response", "cf-turnstile", "https://challenges.cloudflare.com/turnstile/v0/api.js", "signup", false},
		{program.CaptchaHCaptcha, action, "h-captcha-response", "h-captcha", "https://js.hcaptcha.com/1/api.js", "", false},
		{program.CaptchaReCaptcha, action, "g-recaptcha-response", "g-recaptcha", "https://www.google.com/recaptcha/api.js", "", false},
		{program.CaptchaReCaptcha, score, "g-recaptcha-response", "", "https://www.google.com/recaptcha/api.js?render=" + siteKey, "signup", true},
	} {
		s, err := NewSiteverify(c.name, c.site)
		if err != nil {
			t.Fatal(err)
		}
		w := s.Widget()
		if w.Provider != c.name || w.SiteKey != siteKey || w.Field != c.field || w.Class != c.class || w.Script != c.script || w.Invisible != c.invisible || w.Action != c.action {
			t.Errorf("%s: %+v", c.name, w)
		}
		allows := func(source string) bool {
			pattern := strings.Replace(source, "*.", "js.", 1)
			return strings.HasPrefix(w.Script, pattern)
		}
		if !slices.ContainsFunc(w.ScriptSources, allows) || len(w.FrameSources) == 0 {
			t.Errorf("%s: the policy forbids its script or its frame: %+v", c.name, w)
		}
	}
}
