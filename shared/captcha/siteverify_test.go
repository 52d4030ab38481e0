package captcha

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

const (
	siteKey    = "public-site-key"
	siteSecret = "0x4AAAAAAA-the-secret"
	token      = "P1_eyJ0eXAiOiJKV1Qi.the-token"
)

// fixed is a Site whose secret never changes.
func fixed() Site {
	return Site{Key: siteKey, Secret: func(context.Context) ([]byte, error) { return []byte(siteSecret + "\n"), nil }}
}

// asked is a provider for tests: it answers every question with the same, and keeps the questions.
type asked struct {
	mu        sync.Mutex
	questions []url.Values
	status    int
	text      string
}

func (a *asked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.Method != http.MethodPost || r.URL.RawQuery != "" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		http.Error(w, "not a question as documented", http.StatusTeapot)
		return
	}
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusTeapot)
		return
	}
	a.questions = append(a.questions, r.PostForm)
	w.WriteHeader(a.status)
	_, _ = w.Write([]byte(a.text))
}

// at opens an account with the provider for tests.
func at(t testing.TB, name string, site Site, h http.Handler) *Siteverify {
	t.Helper()
	server := httptest.NewTLSServer(h)
	t.Cleanup(server.Close)
	site.Endpoint, site.Transport = server.URL+"/siteverify", server.Client().Transport
	s, err := NewSiteverify(name, site)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The answers are those of the providers' documents.
func TestASolutionIsAccepted(t *testing.T) {
	with := func(change func(*Site)) Site {
		s := fixed()
		change(&s)
		return s
	}
	for _, c := range []struct {
		name   string
		site   Site
		text   string
		detail string
		form   url.Values // beside secret and response
	}{
		{
			ProviderTurnstile, with(func(s *Site) { s.Hostnames, s.Action = []string{"example.org", "Example.com"}, "signup" }),
			`{"success":true,"challenge_ts":"2026-11-26T10:00:00.274Z","hostname":"example.com","error-codes":[],"action":"signup","cdata":"","metadata":{"interactive":false}}`,
			"hostname example.com, solved 2026-11-26T10:00:00Z, action signup", nil,
		},
		{
			ProviderHCaptcha, fixed(),
			`{"success":true,"challenge_ts":"2026-11-26T10:00:00.000000Z","hostname":"www.example.com","credit":false,"score":0.1,"score_reason":["safe"]}`,
			"hostname www.example.com, solved 2026-11-26T10:00:00Z",
			url.Values{"sitekey": {siteKey}},
		},
		{
			ProviderReCaptcha, fixed(),
			`{"success":true,"challenge_ts":"2026-11-26T11:00:00+01:00","hostname":"www.example.com"}`,
			"hostname www.example.com, solved 2026-11-26T10:00:00Z", nil,
		},
		{
			ProviderReCaptcha, with(func(s *Site) { s.MinScore, s.Action = 0.9, "signup" }),
			`{"success":true,"challenge_ts":"2026-11-26T10:00:00Z","hostname":"www.example.com","score":0.9,"action":"SignUp"}`,
			"hostname www.example.com, solved 2026-11-26T10:00:00Z, action signup, score 0.9", nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			provider := &asked{status: http.StatusOK, text: c.text}
			s := at(t, c.name, c.site, provider)
			result, err := s.Verify(t.Context(), token, "2001:db8::7%eth0", noon())
			if err != nil {
				t.Fatal(err)
			}
			if want := (Result{Provider: c.name, Detail: c.detail}); result != want {
				t.Errorf("%+v, want %+v", result, want)
			}
			want := url.Values{"secret": {siteSecret}, "response": {token}, "remoteip": {"2001:db8::7"}}
			for field, values := range c.form {
				want[field] = values
			}
			if len(provider.questions) != 1 || provider.questions[0].Encode() != want.Encode() {
				t.Errorf("asked %v, want once %v", provider.questions, want)
			}
			if _, err := s.Verify(t.Context(), token, "not an address", noon()); err != nil || provider.questions[1].Has("remoteip") {
				t.Errorf("an address that is none: %v, asked %v", err, provider.questions[1])
			}
		})
	}
}

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

// refused checks that an error is the wanted one of the five, and that it may be logged.
func refused(t *testing.T, result Result, err, want error) {
	t.Helper()
	if result != (Result{}) {
		t.Errorf("a result beside an error: %+v", result)
	}
	for _, e := range []error{ErrMissing, ErrInvalid, ErrExpired, ErrSpent, ErrUnavailable} {
		if errors.Is(err, e) != errors.Is(want, e) {
			t.Fatalf("%v, want %v", err, want)
		}
	}
	if text := err.Error(); strings.Contains(text, siteSecret) || strings.Contains(text, token) {
		t.Errorf("the error holds the secret or the token: %s", text)
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

func TestARedirectIsNotFollowed(t *testing.T) {
	elsewhere := &asked{status: 200, text: `{"success":true}`}
	stranger := httptest.NewTLSServer(elsewhere)
	defer stranger.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := at(t, ProviderHCaptcha, fixed(), http.RedirectHandler(stranger.URL, status))
		result, err := s.Verify(t.Context(), token, "", noon())
		refused(t, result, err, ErrUnavailable)
	}
	if len(elsewhere.questions) != 0 {
		t.Error("the secret went where the redirect points to")
	}
}

func TestABrokenConnectionFailsClosed(t *testing.T) {
	for name, says := range map[string]string{
		"closed":             "",
		"no HTTP":            token + siteSecret + "\r\n\r\n",
		"a status with more": "HTTP/1.1 " + token + "\r\n\r\n",
		"half a body":        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"success\":true}",
	} {
		t.Run(name, func(t *testing.T) {
			var questions atomic.Int32
			s := at(t, ProviderReCaptcha, fixed(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				questions.Add(1)
				_ = r.ParseForm()
				conn, _, err := w.(http.Hijacker).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = conn.Write([]byte(says))
				_ = conn.Close()
			}))
			result, err := s.Verify(t.Context(), token, "", noon())
			refused(t, result, err, ErrUnavailable)
			if questions.Load() != 1 {
				t.Errorf("asked %d times, want once", questions.Load())
			}
		})
	}
}

// silent is a provider that never answers.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestNobodyWaitsLongerThanThreeSeconds(t *testing.T) {
	never := func(ctx context.Context) ([]byte, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	for name, secret := range map[string]func(context.Context) ([]byte, error){"provider": fixed().Secret, "secret": never} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, err := NewSiteverify(ProviderTurnstile, Site{Key: siteKey, Secret: secret, Transport: silent{}})
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				var wait sync.WaitGroup
				for range 3 { // who waits for another's reading of the secret waits no longer either
					wait.Go(func() {
						result, err := s.Verify(t.Context(), token, "", noon())
						refused(t, result, err, ErrUnavailable)
						if !errors.Is(err, context.DeadlineExceeded) {
							t.Errorf("%v, want it to say that time ran out", err)
						}
					})
				}
				wait.Wait()
				if took := time.Since(start); took != 3*time.Second {
					t.Errorf("took %v, want 3s", took)
				}
			})
		})
	}
}

func TestWhatNobodyHasToBeAskedFor(t *testing.T) {
	provider := &asked{status: 200, text: `{"success":true}`}
	for name, limit := range map[string]int{ProviderTurnstile: 2048, ProviderHCaptcha: 8192, ProviderReCaptcha: 8192} {
		site := fixed()
		site.Secret = func(context.Context) ([]byte, error) {
			t.Error("the secret was read")
			return nil, errors.New("not now")
		}
		s := at(t, name, site, provider)
		result, err := s.Verify(t.Context(), "", "", noon())
		refused(t, result, err, ErrMissing)
		result, err = s.Verify(t.Context(), strings.Repeat("x", limit+1), "", noon())
		refused(t, result, err, ErrInvalid)
	}
	if len(provider.questions) != 0 {
		t.Errorf("asked %v", provider.questions)
	}
}

func TestASolutionForSomethingElseIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, provider string
		change         func(*Site)
		text           string
		want           error
	}{
		{"another host", ProviderHCaptcha, func(s *Site) { s.Hostnames = []string{"example.com"} }, `{"success":true,"hostname":"example.com.evil.example"}`, ErrInvalid},
		{"no host", ProviderHCaptcha, func(s *Site) { s.Hostnames = []string{"example.com"} }, `{"success":true}`, ErrInvalid},
		{"another action", ProviderTurnstile, func(s *Site) { s.Action = "signup" }, `{"success":true,"action":"login"}`, ErrInvalid},
		{"no action", ProviderTurnstile, func(s *Site) { s.Action = "signup" }, `{"success":true}`, ErrInvalid},
		{"low score", ProviderReCaptcha, func(s *Site) { s.MinScore = 0.5 }, `{"success":true,"score":0.4}`, ErrInvalid},
		{"score zero", ProviderReCaptcha, func(s *Site) { s.MinScore = 0.5 }, `{"success":true,"score":0}`, ErrInvalid},
		{"no score", ProviderReCaptcha, func(s *Site) { s.MinScore = 0.5 }, `{"success":true}`, ErrUnavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			site := fixed()
			c.change(&site)
			result, err := at(t, c.provider, site, &asked{status: 200, text: c.text}).Verify(t.Context(), token, "", noon())
			refused(t, result, err, c.want)
		})
	}
}

func TestTheSecretIsReadOnce(t *testing.T) {
	var reads atomic.Int32
	provider := &asked{status: 200, text: `{"success":true}`}
	site := fixed()
	site.Secret = func(context.Context) ([]byte, error) {
		if reads.Add(1) == 1 {
			return nil, errors.New("throttled")
		}
		return []byte(siteSecret), nil
	}
	s := at(t, ProviderTurnstile, site, provider)
	result, err := s.Verify(t.Context(), token, "", noon())
	refused(t, result, err, ErrUnavailable)
	if len(provider.questions) != 0 {
		t.Error("asked without a secret")
	}

	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			if _, err := s.Verify(t.Context(), token, "", noon()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got := reads.Load(); got != 2 {
		t.Errorf("read %d times, want twice: a failure, and once for all", got)
	}
}

func TestASecretThatWasChangedIsReadAgain(t *testing.T) {
	current := "old"
	site := fixed()
	site.Secret = func(context.Context) ([]byte, error) { return []byte(current), nil }
	s := at(t, ProviderTurnstile, site, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("secret") != current {
			_, _ = w.Write([]byte(`{"success":false,"error-codes":["invalid-input-secret"]}`))
			return
		}
		_, _ = w.Write([]byte(`{"success":true}`))
	}))
	verify := func() error {
		_, err := s.Verify(t.Context(), token, "", noon())
		return err
	}
	if err := verify(); err != nil {
		t.Fatal(err)
	}
	current = "new"
	if err := verify(); !errors.Is(err, ErrUnavailable) {
		t.Errorf("with the old secret: %v", err)
	}
	if err := verify(); err != nil {
		t.Errorf("with the new secret: %v", err)
	}
}

func TestAnEmptySecretIsNone(t *testing.T) {
	provider := &asked{status: 200, text: `{"success":true}`}
	site := fixed()
	site.Secret = func(context.Context) ([]byte, error) { return []byte(" \n"), nil }
	result, err := at(t, ProviderTurnstile, site, provider).Verify(t.Context(), token, "", noon())
	refused(t, result, err, ErrUnavailable)
	if len(provider.questions) != 0 {
		t.Error("asked without a secret")
	}
}

func TestNewSiteverifyRefuses(t *testing.T) {
	for _, c := range []struct {
		name, provider string
		change         func(*Site)
	}{
		{"another provider", "friendlycaptcha", func(*Site) {}},
		{"our own", ProviderAltcha, func(*Site) {}},
		{"no site key", ProviderTurnstile, func(s *Site) { s.Key = "" }},
		{"no secret", ProviderTurnstile, func(s *Site) { s.Secret = nil }},
		{"plain HTTP", ProviderTurnstile, func(s *Site) { s.Endpoint = "http://localhost/siteverify" }},
		{"no host", ProviderTurnstile, func(s *Site) { s.Endpoint = "https:///siteverify" }},
		{"an action hCaptcha does not sign", ProviderHCaptcha, func(s *Site) { s.Action = "signup" }},
		{"an action of the checkbox", ProviderReCaptcha, func(s *Site) { s.Action = "signup" }},
		{"an action of other characters", ProviderTurnstile, func(s *Site) { s.Action = "opt-in" }},
		{"a long action", ProviderTurnstile, func(s *Site) { s.Action = strings.Repeat("x", 33) }},
		{"a score at Turnstile", ProviderTurnstile, func(s *Site) { s.MinScore = 0.5 }},
		{"a score above 1", ProviderReCaptcha, func(s *Site) { s.MinScore = 50 }},
		{"a score below 0", ProviderReCaptcha, func(s *Site) { s.MinScore = -0.5 }},
	} {
		site := fixed()
		c.change(&site)
		if _, err := NewSiteverify(c.provider, site); err == nil {
			t.Errorf("%s: no error", c.name)
		}
	}
}

func TestWidgets(t *testing.T) {
	score := fixed()
	score.MinScore, score.Action = 0.5, "signup"
	for _, c := range []struct {
		name         string
		site         Site
		field, class string
		script       string
		invisible    bool
	}{
		{ProviderTurnstile, fixed(), "cf-turnstile-response", "cf-turnstile", "https://challenges.cloudflare.com/turnstile/v0/api.js", false},
		{ProviderHCaptcha, fixed(), "h-captcha-response", "h-captcha", "https://js.hcaptcha.com/1/api.js", false},
		{ProviderReCaptcha, fixed(), "g-recaptcha-response", "g-recaptcha", "https://www.google.com/recaptcha/api.js", false},
		{ProviderReCaptcha, score, "g-recaptcha-response", "", "https://www.google.com/recaptcha/api.js?render=" + siteKey, true},
	} {
		s, err := NewSiteverify(c.name, c.site)
		if err != nil {
			t.Fatal(err)
		}
		w := s.Widget()
		if w.Provider != c.name || w.SiteKey != siteKey || w.Field != c.field || w.Class != c.class || w.Script != c.script || w.Invisible != c.invisible || w.Action != c.site.Action {
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
