package captcha

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"smsconsent/shared/core/program"
)

func TestWhatAProviderSaysNoWith(t *testing.T) {
	for _, c := range []struct {
		name, codes string
		want        error
	}{
		{program.CaptchaTurnstile, `"missing-input-secret"`, ErrUnavailable},
		{program.CaptchaTurnstile, `"invalid-input-secret"`, ErrUnavailable},
		{program.CaptchaTurnstile, `"missing-input-response"`, ErrMissing},
		{program.CaptchaTurnstile, `"invalid-input-response"`, ErrInvalid},
		{program.CaptchaTurnstile, `"bad-request"`, ErrUnavailable},
		{program.CaptchaTurnstile, `"timeout-or-duplicate"`, ErrExpired},
		{program.CaptchaTurnstile, `"internal-error"`, ErrUnavailable},
		{program.CaptchaHCaptcha, `"missing-input-secret"`, ErrUnavailable},
		{program.CaptchaHCaptcha, `"invalid-input-secret"`, ErrUnavailable},
		{program.CaptchaHCaptcha, `"missing-input-response"`, ErrMissing},
		{program.CaptchaHCaptcha, `"invalid-input-response"`, ErrInvalid},
		{program.CaptchaHCaptcha, `"expired-input-response"`, ErrExpired},
		{program.CaptchaHCaptcha, `"already-seen-response"`, ErrSpent},
		{program.CaptchaHCaptcha, `"invalid-or-already-seen-response"`, ErrInvalid},
		{program.CaptchaHCaptcha, `"bad-request"`, ErrUnavailable},
		{program.CaptchaHCaptcha, `"missing-remoteip"`, ErrUnavailable},
		{program.CaptchaHCaptcha, `"invalid-remoteip"`, ErrUnavailable},
		{program.CaptchaHCaptcha, `"not-using-dummy-passcode"`, ErrInvalid},
		{program.CaptchaHCaptcha, `"not-using-dummy-secret"`, ErrInvalid},
		{program.CaptchaHCaptcha, `"sitekey-secret-mismatch"`, ErrUnavailable},
		{program.CaptchaReCaptcha, `"missing-input-secret"`, ErrUnavailable},
		{program.CaptchaReCaptcha, `"invalid-input-secret"`, ErrUnavailable},
		{program.CaptchaReCaptcha, `"missing-input-response"`, ErrMissing},
		{program.CaptchaReCaptcha, `"invalid-input-response"`, ErrInvalid},
		{program.CaptchaReCaptcha, `"bad-request"`, ErrUnavailable},
		{program.CaptchaReCaptcha, `"timeout-or-duplicate"`, ErrExpired},
		{program.CaptchaReCaptcha, `"browser-error"`, ErrInvalid},
		{program.CaptchaTurnstile, ``, ErrInvalid},
		{program.CaptchaTurnstile, `"a-code-of-tomorrow"`, ErrUnavailable},
		{program.CaptchaTurnstile, `"` + token + `"`, ErrUnavailable},
		{program.CaptchaTurnstile, `"invalid-input-response","invalid-input-secret"`, ErrUnavailable},
		{program.CaptchaTurnstile, `"invalid-input-secret","invalid-input-response"`, ErrUnavailable},
	} {
		for _, status := range []int{http.StatusOK, http.StatusBadRequest, 499} {
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
		{"no with the least status of an error", 500, `{"success":false,"error-codes":["invalid-input-response"]}`},
		{"no with the status of a redirect", 399, `{"success":false,"error-codes":["invalid-input-response"]}`},
		{"no for there are too many questions", 429, `{"success":false,"error-codes":["invalid-input-response"]}`},
		{"too many questions", 429, "slow down"},
		{"no that is cut short", 400, `{"success":false,"error-codes":["invalid-input-response"],"hostname":1}`},
		{"a page for a wrong request", 403, "<!DOCTYPE html>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			provider := &asked{status: c.status, text: c.text}
			result, err := at(t, program.CaptchaTurnstile, fixed(), provider).Verify(t.Context(), token, "", noon())
			refused(t, result, err, ErrUnavailable)
			if len(provider.questions) != 1 {
				t.Errorf("asked %d times, want once", len(provider.questions))
			}
		})
	}
}

// The operator reads in the log what a provider finds wrong, as far as it looks like a code, and what else came instead
// of an answer.
func TestTheErrorSaysWhatCame(t *testing.T) {
	no := func(code string) string { return `{"success":false,"error-codes":["` + code + `"]}` }
	for _, c := range []struct {
		status int
		text   string
		says   string
	}{
		{200, no("sitekey-secret-mismatch"), "turnstile says sitekey-secret-mismatch"},
		{200, no("a-code-nobody-knows"), "turnstile says a-code-nobody-knows"},
		{200, no(strings.Repeat("z", 40)), strings.Repeat("z", 40)},
		{200, no(strings.Repeat("z", 41)), "something unknown"},
		{200, no(""), "something unknown"},
		{200, no("Robert'); DROP TABLE"), "something unknown"},
		{200, "<html>", "not the JSON of one"},
		{503, "<html>", "status 503"},
		{200, "{}", "neither yes nor no"},
		{404, "{}", "status 404"},
		{502, no("internal-error"), "status 502"},
		{200, `{"success":true}` + strings.Repeat(" ", maxAnswer), "longer than 16384 bytes"},
	} {
		_, err := at(t, program.CaptchaTurnstile, fixed(), &asked{status: c.status, text: c.text}).Verify(t.Context(), token, "", noon())
		if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%d %.40s: %v, want it to say %q", c.status, c.text, err, c.says)
		}
	}
}

// An answer is read as long as it may be, and no longer.
func TestTheLongestAnswer(t *testing.T) {
	yes := `{"success":true}`
	for length, want := range map[int]error{maxAnswer: nil, maxAnswer + 1: ErrUnavailable} {
		provider := &asked{status: http.StatusOK, text: yes + strings.Repeat(" ", length-len(yes))}
		_, err := at(t, program.CaptchaTurnstile, fixed(), provider).Verify(t.Context(), token, "", noon())
		if !errors.Is(err, want) {
			t.Errorf("%d bytes: %v, want %v", length, err, want)
		}
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
	for name, site := range map[string]Site{program.CaptchaTurnstile: fixed(), program.CaptchaHCaptcha: fixed(), program.CaptchaReCaptcha: site} {
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
