package captcha

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestWhatAProviderSaysNoWith(t *testing.T) {
	for _, c := range []struct {
		name, codes string
		want        error
	}{
		{ProviderTurnstile, `"missing-input-secret"`, ErrUnavailable},
		{ProviderTurnstile, `"invalid-input-secret"`, ErrUnavailable},
		{ProviderTurnstile, `"missing-input-response"`, ErrMissing},
		{ProviderTurnstile, `"invalid-input-response"`, ErrInvalid},
		{ProviderTurnstile, `"bad-request"`, ErrUnavailable},
		{ProviderTurnstile, `"timeout-or-duplicate"`, ErrExpired},
		{ProviderTurnstile, `"internal-error"`, ErrUnavailable},
		{ProviderHCaptcha, `"missing-input-secret"`, ErrUnavailable},
		{ProviderHCaptcha, `"invalid-input-secret"`, ErrUnavailable},
		{ProviderHCaptcha, `"missing-input-response"`, ErrMissing},
		{ProviderHCaptcha, `"invalid-input-response"`, ErrInvalid},
		{ProviderHCaptcha, `"expired-input-response"`, ErrExpired},
		{ProviderHCaptcha, `"already-seen-response"`, ErrSpent},
		{ProviderHCaptcha, `"invalid-or-already-seen-response"`, ErrInvalid},
		{ProviderHCaptcha, `"bad-request"`, ErrUnavailable},
		{ProviderHCaptcha, `"missing-remoteip"`, ErrUnavailable},
		{ProviderHCaptcha, `"invalid-remoteip"`, ErrUnavailable},
		{ProviderHCaptcha, `"not-using-dummy-passcode"`, ErrInvalid},
		{ProviderHCaptcha, `"not-using-dummy-secret"`, ErrInvalid},
		{ProviderHCaptcha, `"sitekey-secret-mismatch"`, ErrUnavailable},
		{ProviderReCaptcha, `"missing-input-secret"`, ErrUnavailable},
		{ProviderReCaptcha, `"invalid-input-secret"`, ErrUnavailable},
		{ProviderReCaptcha, `"missing-input-response"`, ErrMissing},
		{ProviderReCaptcha, `"invalid-input-response"`, ErrInvalid},
		{ProviderReCaptcha, `"bad-request"`, ErrUnavailable},
		{ProviderReCaptcha, `"timeout-or-duplicate"`, ErrExpired},
		{ProviderReCaptcha, `"browser-error"`, ErrInvalid},
		{ProviderTurnstile, ``, ErrInvalid},
		{ProviderTurnstile, `"a-code-of-tomorrow"`, ErrUnavailable},
		{ProviderTurnstile, `"` + token + `"`, ErrUnavailable},
		{ProviderTurnstile, `"invalid-input-response","invalid-input-secret"`, ErrUnavailable},
		{ProviderTurnstile, `"invalid-input-secret","invalid-input-response"`, ErrUnavailable},
	} {
		for _, status := range []int{http.StatusOK, http.StatusBadRequest} {
			t.Run(fmt.Sprint(c.name, c.codes, status), func(t *testing.T) {
				provider := &asked{status: status, text: `{"success":false,"error-codes":[` + c.codes + `],"hostname":"example.com"}`}
				result, err := at(t, c.name, fixed(), provider).Verify(t.Context(), token, "203.0.113.7", noon())
				refused(t, result, err, c.want)
				if len(provider.questions) != 1 {
					t.Errorf("asked %d times, want once: a solution counts once", len(provider.questions))
				}
			})
		}
	}
}

func TestWhatIsNoAnswerFailsClosed(t *testing.T) {
	yes := `{"success":true,"hostname":"example.com"}`
	for _, c := range []struct {
		name   string
		status int
		text   string
	}{
		{"nothing", 200, ""},
		{"a page", 200, "<!DOCTYPE html><title>Just a moment…</title>"},
		{"null", 200, "null"},
		{"a list", 200, "[" + yes + "]"},
		{"no success", 200, `{"error-codes":[]}`},
		{"success of text", 200, `{"success":"true"}`},
		{"success of number", 200, `{"success":1}`},
		{"two answers", 200, yes + yes},
		{"half an answer", 200, yes[:20]},
		{"hostname of number", 200, `{"success":true,"hostname":1}`},
		{"too long", 200, `{"success":true,"hostname":"` + strings.Repeat("x", maxAnswer) + `"}`},
		{"yes with the status of an error", 500, yes},
		{"yes with the status of a wrong request", 400, yes},
		{"yes with another status", 201, yes},
		{"no with the status of an error", 502, `{"success":false,"error-codes":["invalid-input-response"]}`},
		{"no for there are too many questions", 429, `{"success":false,"error-codes":["invalid-input-response"]}`},
		{"too many questions", 429, "slow down"},
		{"a page for a wrong request", 403, "<!DOCTYPE html>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			provider := &asked{status: c.status, text: c.text}
			result, err := at(t, ProviderTurnstile, fixed(), provider).Verify(t.Context(), token, "", noon())
			refused(t, result, err, ErrUnavailable)
			if len(provider.questions) != 1 {
				t.Errorf("asked %d times, want once", len(provider.questions))
			}
		})
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add(200, `{"success":true,"challenge_ts":"2026-11-26T10:00:00Z","hostname":"example.com","score":0.9,"action":"signup"}`)
	f.Add(200, `{"success":false,"error-codes":["timeout-or-duplicate"]}`)
	f.Add(400, `{"success":false,"error-codes":["bad-request",""]}`)
	f.Add(200, `{"success":true,"score":1e-300,"hostname":"::1","challenge_ts":"9999-12-31T23:59:59.999999999+14:00"}`)
	f.Add(503, "<html>")
	site := fixed()
	site.MinScore, site.Action = 0.5, "signup"
	var all []*Siteverify
	for name, site := range map[string]Site{ProviderTurnstile: fixed(), ProviderHCaptcha: fixed(), ProviderReCaptcha: site} {
		s, err := NewSiteverify(name, site)
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, s)
	}
	f.Fuzz(func(t *testing.T, status int, text string) {
		says, err := decodeAnswer(status, []byte(text))
		if err != nil {
			if strings.Contains(err.Error(), text) && len(text) > 10 {
				t.Errorf("the error quotes the answer: %v", err)
			}
			return
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &fields); err != nil {
			t.Fatalf("an answer that is no JSON object: %v", err)
		}
		yes := false
		for name, value := range fields {
			yes = yes || strings.EqualFold(name, "success") && string(value) == "true"
		}
		for _, s := range all {
			result, err := s.judge(says)
			if err == nil && (!yes || status != http.StatusOK) {
				t.Errorf("%s: accepted", s.provider.name)
			}
			if len(result.Detail) > 200 || strings.ContainsFunc(result.Detail, func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Errorf("%s: detail %q", s.provider.name, result.Detail)
			}
			if err != nil {
				refused(t, result, err, err)
			}
		}
	})
}
