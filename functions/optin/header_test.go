package optin_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/captcha"
)

// directive is one line of a Content-Security-Policy.
func directive(policy, name string) string {
	for line := range strings.SplitSeq(policy, "; ") {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return value
		}
	}
	return ""
}

func TestEveryAnswerIsSecured(t *testing.T) {
	w := newWorld(t)
	for _, tc := range []struct{ method, path string }{
		{"GET", "/opt-in"},
		{"GET", "/opt-in?brand=acme"},
		{"POST", "/opt-in"},
		{"PUT", "/opt-in"},
		{"OPTIONS", "/opt-in"},
		{"GET", "/opt-in/challenge"},
		{"GET", "/opt-in/disclosure"},
		{"GET", "/opt-in/assets/sign-up.js"},
		{"GET", "/opt-in/assets/captcha-worker.js"},
		{"GET", "/opt-in/assets/none"},
		{"GET", "/"},
	} {
		header := w.do(httptest.NewRequest(tc.method, tc.path, nil)).Header()
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000",
			"Cross-Origin-Opener-Policy": "same-origin",
		} {
			if header.Get(name) != want {
				t.Errorf("%s %s: %s is %q", tc.method, tc.path, name, header.Get(name))
			}
		}
		if !strings.Contains(header.Get("Permissions-Policy"), "geolocation=()") {
			t.Errorf("%s %s: Permissions-Policy is %q", tc.method, tc.path, header.Get("Permissions-Policy"))
		}
		policy := header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
			t.Errorf("%s %s: %s", tc.method, tc.path, policy)
		}
		for name, want := range map[string]string{
			"script-src": "'self'", "style-src": "'self'", "connect-src": "'self'", "worker-src": "'self'", "form-action": "'self'", "base-uri": "'none'", "frame-src": "'none'",
		} {
			if got := directive(policy, name); got != want {
				t.Errorf("%s %s: %s %s, want %s", tc.method, tc.path, name, got, want)
			}
		}
	}
}

// A page may be framed by the sites its brand lists, and by nobody else; nothing but pages may be framed at all.
func TestFrames(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]string{
		"/opt-in?brand=example":                      "https://www.example.com",
		"/opt-in?brand=examplecafe":                  "'none'",
		"/opt-in?brand=acme":                         "'none'",
		"/opt-in/assets/embed.js":                    "'none'",
		"/opt-in/disclosure?brand=example&embed=1":   "'none'",
		"/opt-in?brand=examplecafe&embed=1":          "'none'",
		"/opt-in?brand=example&topic=alerts&lang=es": "https://www.example.com",
	} {
		header := w.get(path).Header()
		if got := directive(header.Get("Content-Security-Policy"), "frame-ancestors"); got != want {
			t.Errorf("%s: frame-ancestors %s, want %s", path, got, want)
		}
		if got := header.Get("X-Frame-Options"); (got == "DENY") != (want == "'none'") {
			t.Errorf("%s: X-Frame-Options %q", path, got)
		}
	}
	if answer := w.postForm(fields(nil)); directive(answer.Header().Get("Content-Security-Policy"), "frame-ancestors") != "https://www.example.com" {
		t.Error("the page that says it worked leaves the frame")
	}
}

// withWidget is a puzzle somebody else shows.
type withWidget struct {
	*puzzle
	widget captcha.Widget
}

func (p withWidget) Widget() captcha.Widget { return p.widget }

// A provider's sources are allowed, and its element and script are on the page.
func TestTheProvidersWidget(t *testing.T) {
	for _, tc := range []struct {
		name     string
		minScore float64
		want     []string
		script   string // of script-src
	}{
		{
			program.CaptchaTurnstile, 0,
			[]string{`<div class="captcha cf-turnstile" data-sitekey="public-key" data-action="sign_up"></div>`, `<script src="https://challenges.cloudflare.com/turnstile/v0/api.js" async defer>`},
			"'self' https://challenges.cloudflare.com",
		},
		{
			program.CaptchaHCaptcha, 0,
			[]string{`<div class="captcha h-captcha" data-sitekey="public-key"></div>`},
			"'self' https://hcaptcha.com https://*.hcaptcha.com",
		},
		{
			program.CaptchaReCaptcha, 0.5,
			[]string{`<input type="hidden" name="g-recaptcha-response" value="" data-sitekey="public-key" data-action="sign_up">`, "api.js?render=public-key"},
			"'self' https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/",
		},
	} {
		site, err := captcha.NewSiteverify(tc.name, captcha.Site{Key: "public-key", Action: "sign_up", MinScore: tc.minScore, Secret: noSecret})
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t)
		w.handler.Captcha, w.handler.Challenger = withWidget{w.puzzle, site.Widget()}, nil
		answer := w.get("/opt-in?brand=example")
		for _, want := range tc.want {
			if !strings.Contains(answer.Body.String(), want) {
				t.Errorf("%s: the page lacks %s", tc.name, want)
			}
		}
		policy := answer.Header().Get("Content-Security-Policy")
		if got := directive(policy, "script-src"); got != tc.script || strings.Contains(policy, "unsafe") || directive(policy, "frame-src") == "'none'" {
			t.Errorf("%s: %s", tc.name, policy)
		}
		// The solution is in the provider's own field, in a form and in JSON.
		field := site.Widget().Field
		v := fields(map[string]string{field: "solved 1"})
		v.Del("altcha")
		if answer := w.postForm(v); answer.Code != http.StatusAccepted {
			t.Errorf("%s, form: %d", tc.name, answer.Code)
		}
		if answer := w.postJSON(signUp(map[string]any{field: "solved 2"})); answer.Code != http.StatusAccepted {
			t.Errorf("%s, JSON: %d %s", tc.name, answer.Code, answer.Body)
		}
		if got, _ := refusalOf(t, w.postJSON(signUp(nil))); got != field {
			t.Errorf("%s: a solution in the field of another is refused in %q", tc.name, got)
		}
	}
}

// What brands, topics and visitors wrote is text, whatever it looks like.
func TestNothingHostileBecomesMarkup(t *testing.T) {
	w := worldUnder(t, hostile)
	evil := `"><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}'` + "\x00`"
	v := values(map[string]string{"brand": "markup", "topics": "markup", "phone": evil, "state": evil, "country": "US", "disclosure_version": "old"})
	pages := map[string]*httptest.ResponseRecorder{
		"form":       w.get("/opt-in?brand=markup"),
		"prefilled":  w.get("/opt-in?brand=markup&phone=" + url.QueryEscape(evil) + "&lang=" + url.QueryEscape(evil) + "&embed=" + url.QueryEscape(evil) + "&theme=" + url.QueryEscape(evil) + "&x=" + url.QueryEscape(evil)),
		"error":      w.postForm(v),
		"done":       w.postForm(values(map[string]string{"brand": "markup", "topics": "markup", "phone": "206 555 0142", "altcha": solved})),
		"disclosure": w.get("/opt-in/disclosure?brand=markup"),
	}
	tags, quoted := regexp.MustCompile(`<[a-zA-Z!/][^>]*>`), regexp.MustCompile(`"[^"]*"`)
	known := []string{
		"a", "bdi", "body", "button", "circle", "div", "fieldset", "footer", "form", "h1", "h2", "head", "header", "html", "input", "label", "legend", "li", "link", "main",
		"meta", "nav", "noscript", "ol", "option", "p", "path", "progress", "script", "section", "select", "span", "strong", "svg", "title", "ul", "!doctype",
	}
	for name, answer := range pages {
		page := answer.Body.String()
		if name == "disclosure" {
			if strings.ContainsAny(page, "<>") {
				t.Errorf("the JSON holds markup: %s", page)
			}
			continue
		}
		for _, tag := range tags.FindAllString(quoted.ReplaceAllString(page, `""`), -1) {
			element := strings.ToLower(regexp.MustCompile(`[a-zA-Z!][a-zA-Z0-9]*`).FindString(tag))
			if !slices.Contains(known, element) || regexp.MustCompile(`(?i)\s(on[a-z]+|style|srcdoc)\s*=`).MatchString(tag) {
				t.Errorf("%s holds the element %s", name, tag)
			}
		}
		if strings.Contains(page, "<script>") || strings.Contains(page, "javascript:") {
			t.Errorf("%s holds a script's address", name)
		}
	}
}
