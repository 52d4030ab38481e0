package optin_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func TestThePolicyAllowsThePagesOwnScriptAndStyleOnly(t *testing.T) {
	b := newBench(t)
	for name, w := range map[string]*httptest.ResponseRecorder{"form": b.get("/opt-in"), "error": b.postForm(fields(map[string]string{"phone": "1"})), "done": b.postForm(fields(nil))} {
		policy := w.Header().Get("Content-Security-Policy")
		for _, tag := range []string{"script", "style"} {
			inline := regexp.MustCompile(`(?s)<`+tag+`>(.*?)</`+tag+`>`).FindAllStringSubmatch(w.Body.String(), -1)
			if len(inline) != 1 {
				t.Fatalf("%s: %d %s elements", name, len(inline), tag)
			}
			sum := sha256.Sum256([]byte(inline[0][1]))
			if hash := base64.StdEncoding.EncodeToString(sum[:]); !strings.Contains(policy, tag+"-src 'sha256-"+hash+"'") {
				t.Errorf("%s: the browser would not run the page's own %s", name, tag)
			}
		}
		if strings.Contains(policy, "unsafe") || !strings.HasPrefix(policy, "default-src 'none'") {
			t.Errorf("policy: %s", policy)
		}
		if bad := regexp.MustCompile(`(?i)\son[a-z]+=|style="|src="|javascript:[a-z(]|https?://[^"]*\.(js|css)`).FindString(w.Body.String()); bad != "" {
			t.Errorf("%s: the page holds %q", name, bad)
		}
	}
}

// CTIA Messaging Principles 5.1.2: nobody opts in by default.
func TestNoTopicIsTickedBeforehand(t *testing.T) {
	b := newBench(t)
	page := b.get("/opt-in?brand=example").Body.String()
	if strings.Count(page, `type="checkbox"`) != 2 || strings.Contains(page, " checked") {
		t.Error("the form must offer both topics and tick neither")
	}
	if page = b.get("/opt-in?brand=example&topic=orders").Body.String(); strings.Count(page, `type="checkbox"`) != 1 || !strings.Contains(page, `value="orders"`) {
		t.Error("?topic= must narrow the offer")
	}
}

// A link may bring the phone along: a brand's own, or the console's. It is typed in, and no more than that.
func TestALinkPrefillsThePhone(t *testing.T) {
	b := newBench(t)
	for query, want := range map[string]string{
		"phone=%2B12065550142":               `value="&#43;12065550142"`,
		"phone=+12065550142":                 `value="&#43;12065550142"`, // as people write links: the plus sign reads as a space
		"phone=206+555+0142":                 `value="206 555 0142"`,
		"phone=%22%3E%3Cscript%3Ealert(1)//": `value="&#34;&gt;&lt;script&gt;alert(1)//"`,
		"brand=example&topic=alerts":         `value=""`,
	} {
		w := b.get("/opt-in?" + query)
		field := regexp.MustCompile(`<input type="tel"[^>]*>`).FindString(w.Body.String())
		if w.Code != http.StatusOK || !strings.Contains(field, " "+want+" ") {
			t.Errorf("%s: %d %s, want %s", query, w.Code, field, want)
		}
		if strings.Contains(w.Body.String(), " checked") || strings.Contains(w.Body.String(), `id="error-`) {
			t.Errorf("%s: the link ticked a topic or made an error", query)
		}
	}
	if len(b.store.events) != 0 || len(b.air.texts) != 0 {
		t.Error("opening a link changed something")
	}
}

func TestTheFormComesBackWithTheErrorBesideItsField(t *testing.T) {
	b := newBench(t)
	w := b.postForm(fields(map[string]string{"phone": `"><script>alert(1)</script>`, "state": "WA"}))
	page := w.Body.String()
	if w.Code != http.StatusUnprocessableEntity || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Content-Type"))
	}
	for _, want := range []string{`aria-describedby="error-phone"`, `id="error-phone"`, `value="alerts" aria-describedby="disclosure-alerts" checked`, `<option value="WA" selected>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "<script>alert") {
		t.Error("what was typed came back as markup")
	}
	if w = b.postForm(fields(map[string]string{"altcha": ""})); w.Code != http.StatusBadRequest {
		t.Errorf("without a solution: %d", w.Code)
	}
	if w = b.postForm(fields(map[string]string{"disclosure_version": "old"})); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), b.version(t)) {
		t.Errorf("an old page: %d", w.Code)
	}
}

func TestThePageSaysWhatHappensNext(t *testing.T) {
	b := newBench(t)
	w := b.postForm(fields(nil))
	for _, want := range []string{"&#43;12065550142", "YES", "START", "&#43;12065550100"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the page lacks %q: %s", want, w.Body)
		}
	}
}

func TestMethodsAndPaths(t *testing.T) {
	b := newBench(t)
	for _, tc := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/opt-in", 200},
		{"HEAD", "/opt-in", 200},
		{"PUT", "/opt-in", 405},
		{"DELETE", "/opt-in", 405},
		{"POST", "/opt-in/challenge", 405},
		{"GET", "/", 404},
		{"GET", "/opt-in/x", 404},
		{"GET", "/opt-in?brand=acme", 404},
		{"GET", "/opt-in?brand=example&topic=nothing", 404},
		{"GET", "/opt-in?brand=example&topic=alerts", 200},
	} {
		w := b.do(httptest.NewRequest(tc.method, tc.path, nil))
		if w.Code != tc.status {
			t.Errorf("%s %s: %d, want %d", tc.method, tc.path, w.Code, tc.status)
		}
		for _, header := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "Strict-Transport-Security"} {
			if w.Header().Get(header) == "" {
				t.Errorf("%s %s has no %s", tc.method, tc.path, header)
			}
		}
	}
}
