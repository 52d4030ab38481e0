package captcha

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"smsconsent/shared/core/program"
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
	if r.Method != http.MethodPost || r.URL.RawQuery != "" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || r.Header.Get("Accept") != "application/json" {
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
			program.CaptchaTurnstile, with(func(s *Site) { s.Hostnames, s.Action = []string{"example.org", "Example.com"}, "signup" }),
			`{"success":true,"challenge_ts":"2026-11-26T10:00:00.274Z","hostname":"example.com","error-codes":[],"action":"signup","cdata":"","metadata":{"interactive":false}}`,
			"hostname example.com, solved 2026-11-26T10:00:00Z, action signup", nil,
		},
		{
			program.CaptchaHCaptcha, with(func(s *Site) { s.Action = "signup" }),
			`{"success":true,"challenge_ts":"2026-11-26T10:00:00.000000Z","hostname":"www.example.com","credit":false,"score":0.1,"score_reason":["safe"]}`,
			"hostname www.example.com, solved 2026-11-26T10:00:00Z",
			url.Values{"sitekey": {siteKey}},
		},
		{
			program.CaptchaReCaptcha, fixed(),
			`{"success":true,"challenge_ts":"2026-11-26T11:00:00+01:00","hostname":"www.example.com"}`,
			"hostname www.example.com, solved 2026-11-26T10:00:00Z", nil,
		},
		{
			program.CaptchaReCaptcha, with(func(s *Site) { s.MinScore, s.Action = 0.9254, "signup" }),
			`{"success":true,"challenge_ts":"2026-11-26T10:00:00Z","hostname":"www.example.com","score":0.9254,"action":"SignUp"}`,
			"hostname www.example.com, solved 2026-11-26T10:00:00Z, action signup, score 0.925", nil,
		},
		{ // what does not have the form of a host name or an instant is no evidence
			program.CaptchaReCaptcha, fixed(), `{"success":true,"challenge_ts":"this morning","hostname":"<b>example.com"}`, "", nil,
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

func TestARedirectIsNotFollowed(t *testing.T) {
	elsewhere := &asked{status: 200, text: `{"success":true}`}
	stranger := httptest.NewTLSServer(elsewhere)
	defer stranger.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := at(t, program.CaptchaHCaptcha, fixed(), http.RedirectHandler(stranger.URL, status))
		result, err := s.Verify(t.Context(), token, "", noon())
		refused(t, result, err, ErrUnavailable)
	}
	if len(elsewhere.questions) != 0 {
		t.Error("the secret went where the redirect points to")
	}
}

// kept is an answer that notes when it is given back.
type kept struct {
	io.Reader
	closed bool
}

func (k *kept) Close() error { k.closed = true; return nil }

func (k *kept) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: k}, nil
}

// An answer is given back whatever is in it, so that its connection is not lost.
func TestEachAnswerIsGivenBack(t *testing.T) {
	for _, text := range []string{`{"success":true}`, "<html>", strings.Repeat(" ", 2*maxAnswer)} {
		answer := &kept{Reader: strings.NewReader(text)}
		site := fixed()
		site.Transport = answer
		s, err := NewSiteverify(program.CaptchaTurnstile, site)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Verify(t.Context(), token, "", noon()); !answer.closed {
			t.Errorf("%.20q was not given back (%v)", text, err)
		}
	}
}

func TestABrokenConnectionFailsClosed(t *testing.T) {
	for name, says := range map[string]string{
		"closed":             "",
		"no HTTP":            token + siteSecret + "\r\n\r\n",
		"only the token":     token + "\r\n\r\n",
		"only the secret":    siteSecret + "\r\n\r\n",
		"a status with more": "HTTP/1.1 " + token + "\r\n\r\n",
		"half a body":        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"success\":true}",
	} {
		t.Run(name, func(t *testing.T) {
			var questions atomic.Int32
			s := at(t, program.CaptchaReCaptcha, fixed(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
			if half := name == "half a body"; strings.Contains(err.Error(), "read the answer") != half {
				t.Errorf("the log is told %v", err)
			}
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
				s, err := NewSiteverify(program.CaptchaTurnstile, Site{Key: siteKey, Secret: secret, Transport: silent{}})
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
	for name, limit := range map[string]int{program.CaptchaTurnstile: 2048, program.CaptchaHCaptcha: 8192, program.CaptchaReCaptcha: 8192} {
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
	for name, limit := range map[string]int{program.CaptchaTurnstile: 2048, program.CaptchaHCaptcha: 8192, program.CaptchaReCaptcha: 8192} {
		if _, err := at(t, name, fixed(), provider).Verify(t.Context(), strings.Repeat("x", limit), "", noon()); err != nil {
			t.Errorf("%s: a token of %d bytes: %v", name, limit, err)
		}
	}
}

func TestASolutionForSomethingElseIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, provider string
		change         func(*Site)
		text           string
		want           error
	}{
		{"another host", program.CaptchaHCaptcha, func(s *Site) { s.Hostnames = []string{"example.com"} }, `{"success":true,"hostname":"example.com.evil.example"}`, ErrInvalid},
		{"no host", program.CaptchaHCaptcha, func(s *Site) { s.Hostnames = []string{"example.com"} }, `{"success":true}`, ErrInvalid},
		{"another action", program.CaptchaTurnstile, func(s *Site) { s.Action = "signup" }, `{"success":true,"action":"login"}`, ErrInvalid},
		{"no action", program.CaptchaTurnstile, func(s *Site) { s.Action = "signup" }, `{"success":true}`, ErrInvalid},
		{"low score", program.CaptchaReCaptcha, func(s *Site) { s.MinScore = 0.5 }, `{"success":true,"score":0.4}`, ErrInvalid},
		{"score zero", program.CaptchaReCaptcha, func(s *Site) { s.MinScore = 0.5 }, `{"success":true,"score":0}`, ErrInvalid},
		{"no score", program.CaptchaReCaptcha, func(s *Site) { s.MinScore = 0.5 }, `{"success":true}`, ErrUnavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			site := fixed()
			c.change(&site)
			result, err := at(t, c.provider, site, &asked{status: 200, text: c.text}).Verify(t.Context(), token, "", noon())
			refused(t, result, err, c.want)
		})
	}
}
