package captcha

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/program"
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
		{"no URL", program.CaptchaTurnstile, func(s *Site) { s.Endpoint = "https://example.com/%zz" }},
		{"no host", program.CaptchaTurnstile, func(s *Site) { s.Endpoint = "https:///siteverify" }},
		{"an action of other characters", program.CaptchaTurnstile, func(s *Site) { s.Action = "opt-in" }},
		{"a long action", program.CaptchaTurnstile, func(s *Site) { s.Action = strings.Repeat("x", 33) }},
		{"a score at Turnstile", program.CaptchaTurnstile, func(s *Site) { s.MinScore = 0.5 }},
		{"a score above 1", program.CaptchaReCaptcha, func(s *Site) { s.MinScore = 1.01 }},
		{"a score of no number", program.CaptchaReCaptcha, func(s *Site) { s.MinScore = math.NaN() }},
		{"a score below 0", program.CaptchaReCaptcha, func(s *Site) { s.MinScore = -0.5 }},
	} {
		site := fixed()
		c.change(&site)
		if _, err := NewSiteverify(c.provider, site); err == nil {
			t.Errorf("%s: no error", c.name)
		}
	}
}

func TestNewSiteverifyTakes(t *testing.T) {
	for name, change := range map[string]func(*Site){
		"the checkbox":        func(*Site) {},
		"the least score":     func(s *Site) { s.MinScore = math.SmallestNonzeroFloat64 },
		"the greatest score":  func(s *Site) { s.MinScore = 1 },
		"a long action":       func(s *Site) { s.MinScore, s.Action = 0.5, strings.Repeat("x", 32) },
		"no transport":        func(s *Site) { s.Transport = nil },
		"an endpoint of ours": func(s *Site) { s.Endpoint = "https://captcha.example.com/siteverify" },
	} {
		site := fixed()
		change(&site)
		if _, err := NewSiteverify(program.CaptchaReCaptcha, site); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	site := fixed() // which is asked in the way of net/http: nobody listens there
	site.Endpoint = "https://127.0.0.1:1/siteverify"
	s, err := NewSiteverify(program.CaptchaReCaptcha, site)
	if err != nil {
		t.Fatal(err)
	}
	result, err := s.Verify(t.Context(), token, "", noon())
	refused(t, result, err, ErrUnavailable)
	if !strings.Contains(err.Error(), "127.0.0.1:1") {
		t.Errorf("the log is told %v", err)
	}
}

// Both Turnstile and reCAPTCHA take letters, digits and underscores of ASCII for an action, and nothing beside them.
func TestActions(t *testing.T) {
	for r := range rune(0x250) {
		want := r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
		if got := isAction("sign" + string(r) + "up"); got != want {
			t.Errorf("%q in an action: %t", r, got)
		}
	}
}

// A host is kept as evidence if it has the form of one: ASCII letters, digits, dots, hyphens, and the colons of an
// address.
func TestHostnames(t *testing.T) {
	for r := range rune(0x250) {
		want := strings.ContainsRune(".-:", r) || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
		if got := isHostname("www" + string(r) + "example"); got != want {
			t.Errorf("%q in a host name: %t", r, got)
		}
	}
	for name, want := range map[string]bool{"": false, "x": true, strings.Repeat("x", 100): true, strings.Repeat("x", 101): false} {
		if got := isHostname(name); got != want {
			t.Errorf("a name of %d bytes: %t", len(name), got)
		}
	}
}

// What a page lets in for a provider is what its documents ask for, and no more: each source beyond could run what it
// likes.
func TestWhatAPageLetsIn(t *testing.T) {
	hcaptcha := []string{"https://hcaptcha.com", "https://*.hcaptcha.com"}
	for name, want := range map[string]Widget{
		program.CaptchaTurnstile: {
			ScriptSources: []string{"https://challenges.cloudflare.com"}, FrameSources: []string{"https://challenges.cloudflare.com"},
		},
		program.CaptchaHCaptcha: {ScriptSources: hcaptcha, FrameSources: hcaptcha, ConnectSources: hcaptcha, StyleSources: hcaptcha},
		program.CaptchaReCaptcha: {
			ScriptSources:  []string{"https://www.google.com/recaptcha/", "https://www.gstatic.com/recaptcha/"},
			FrameSources:   []string{"https://www.google.com/recaptcha/", "https://recaptcha.google.com/recaptcha/"},
			ConnectSources: []string{"https://www.google.com/recaptcha/"},
		},
	} {
		s, err := NewSiteverify(name, fixed())
		if err != nil {
			t.Fatal(err)
		}
		w := s.Widget()
		got := Widget{ScriptSources: w.ScriptSources, FrameSources: w.FrameSources, ConnectSources: w.ConnectSources, StyleSources: w.StyleSources}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestWidgets(t *testing.T) {
	// The field that our script writes has the name that ALTCHA's own widget gives it.
	if w := new(Altcha).Widget(); w.Provider != program.CaptchaAltcha || w.Field != "altcha" || w.Script != "" {
		t.Errorf("%+v", w)
	}
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
