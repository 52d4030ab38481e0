package optin_test

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"smsconsent/functions/optin"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/wiring"
)

func noSecret(context.Context) ([]byte, error) { return nil, errors.New("no secret") }

// wired is the function as it is deployed under a programs.yaml with that CAPTCHA, and the names of the secrets it
// read.
func wired(t *testing.T, captcha string) (*optin.Handler, *[]string, error) {
	t.Helper()
	catalog, err := program.Load([]byte(strings.Replace(hostile, "{cost: 1000}", captcha, 1)))
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	d := wiring.New(catalog, func(variable string) string {
		return map[string]string{
			"TABLE_NAME": "t", "CONFIGURATION_SET": "c", "LEDGER_KEY_PARAMETER": "/ledger",
			"CAPTCHA_KEY_PARAMETER": "/captcha-key", "CAPTCHA_SECRET_PARAMETER": "/captcha-secret",
		}[variable]
	}, wiring.AWSFrom(func(string) string { return "x" }), time.Now)
	d.Log = slog.New(slog.DiscardHandler)
	d.Secret = func(_ context.Context, name string) ([]byte, error) {
		asked = append(asked, name)
		if name == "/captcha-secret" {
			return nil, errors.New("ParameterNotFound")
		}
		return []byte(base64.StdEncoding.EncodeToString(make([]byte, 32))), nil
	}
	h, err := optin.Wire(t.Context(), d)
	return h, &asked, err
}

func TestWire(t *testing.T) {
	for captcha, want := range map[string]struct {
		provider string
		secrets  string
	}{
		"{cost: 1000, tries: 1-2}":                                       {"altcha", "/ledger /captcha-key"},
		"{provider: turnstile, site_key: 0x4AAAAAAABkMYinukE8nz}":        {"turnstile", "/ledger"},
		"{provider: hcaptcha, site_key: 10000000-ffff-ffff-ffff-000001}": {"hcaptcha", "/ledger"},
		"{provider: recaptcha, site_key: 6LeIxAcTAAAAAJcZVRq}":           {"recaptcha", "/ledger"},
		"{provider: recaptcha, site_key: 6LeIxAcTAAA, min_score: 0.5}":   {"recaptcha", "/ledger"},
	} {
		h, asked, err := wired(t, captcha)
		if err != nil {
			t.Errorf("%s: %v", captcha, err)
			continue
		}
		if got := h.Captcha.Widget().Provider; got != want.provider || strings.Join(*asked, " ") != want.secrets || h.Limit != 60 || (h.Challenger == nil) != (want.provider != "altcha") {
			t.Errorf("%s: %s, secrets %v, limit %d", captcha, got, *asked, h.Limit)
		}
	}
}

// A provider's secret is read with the first sign-up. Where it cannot be had nobody gets in, and it is asked for again.
func TestAProvidersSecretIsReadWhenNeeded(t *testing.T) {
	h, asked, err := wired(t, "{provider: turnstile, site_key: 0x4AAAAAAABkMYinukE8nz}")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(signUp(map[string]any{"cf-turnstile-response": "x"})))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	if got := strings.Join(*asked, " "); got != "/ledger /captcha-secret /captcha-secret" {
		t.Errorf("secrets: %s", got)
	}
}
