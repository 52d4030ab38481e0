package optin_test

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
)

func TestEvidence(t *testing.T) {
	w := newWorld(t)
	w.Pass(1234567 * time.Nanosecond)
	r := httptest.NewRequest(http.MethodGet, "/opt-in?brand=example", nil)
	r.Header.Set("Referer", "https://www.example.com/shop?cart=1#top")
	page := w.do(r).Body.String()
	shown := regexp.MustCompile(`(?s)<p class="disclosure" id="disclosure-alerts">(.*?)</p>`).FindStringSubmatch(page)
	v := fields(map[string]string{"state": "WA"})
	for _, name := range []string{"disclosure_version", "form_version", "locale", "referrer"} {
		v.Set(name, hidden(t, page, name))
	}
	if answer := w.postForm(v); answer.Code != http.StatusAccepted {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	e := w.events()[0]
	// The instant is kept to the millisecond, like that of the YES it is compared with.
	if e.Type != consent.Requested || e.Source != "form" || !e.At.Equal(w.Clock().Truncate(time.Millisecond)) {
		t.Errorf("event: %+v", e)
	}
	// What the page shows, links and all, is the text on record.
	text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(strings.Join(shown[1:], ""), "")
	if e.Evidence["disclosure"] != html.UnescapeString(text) {
		t.Errorf("disclosure kept: %q, shown: %q", e.Evidence["disclosure"], shown)
	}
	sum := sha256.Sum256([]byte(html.UnescapeString(text)))
	want := map[string]string{
		"page": "https://api.example.com/opt-in?brand=example", "referrer": "https://www.example.com/shop?cart=1", "ip": "203.0.113.7", "agent": "Mozilla/5.0",
		"channel": "form", "topics": "alerts", "disclosure": e.Evidence["disclosure"], "disclosure_sha256": hex.EncodeToString(sum[:]), "language": "en",
		"version": strings.Fields(w.version(t))[0], "shown": w.version(t), "form": hidden(t, page, "form_version"), "state": "WA", "locale": "en",
		"captcha": "altcha", "captcha_result": "proof of work, cost 5000",
	}
	if len(want["form"]) != 16 || len(want["disclosure_sha256"]) != 64 {
		t.Errorf("hashes: %q %q", want["form"], want["disclosure_sha256"])
	}
	if diff := cmp.Diff(want, e.Evidence); diff != "" {
		t.Error(diff)
	}
	c := w.Contact(seattle)
	if c.Told.State != "" || len(c.Questions) != 1 || c.Questions[0].Told.State != "WA" || c.Questions[0].Locale != "en" {
		t.Errorf("told %+v, want what was told to wait with its question: %+v", c.Told, c.Questions)
	}
}

func TestEvidenceOfAJSONCaller(t *testing.T) {
	w := newWorld(t)
	w.postJSON(signUp(nil))
	e := w.events()[0].Evidence
	if e["channel"] != "json" || e["page"] != "example.com/opt-in" || e["version"] != strings.Fields(w.version(t))[0] || e["disclosure"] == "" {
		t.Errorf("evidence: %v", e)
	}
}

// The ledger swears to what was in force, and to no more than the caller says was shown.
func TestTheEvidenceTellsShownFromInForce(t *testing.T) {
	versions := strings.Fields(newWorld(t).version(t))
	for posted, want := range map[string]string{
		"":                          "unstated",
		versions[0]:                 versions[0],
		strings.Join(versions, " "): strings.Join(versions, " "),
		versions[0] + " \xff":       versions[0] + " ",
	} {
		for name, post := range map[string]func(*fixture) *httptest.ResponseRecorder{
			"form": func(w *fixture) *httptest.ResponseRecorder {
				return w.postForm(fields(map[string]string{"disclosure_version": posted}))
			},
			"JSON": func(w *fixture) *httptest.ResponseRecorder {
				return w.postJSON(signUp(map[string]any{"disclosure_version": posted}))
			},
		} {
			w := newWorld(t)
			answer := post(w)
			if answer.Code != http.StatusAccepted {
				t.Fatalf("%s %q: %d %s", name, posted, answer.Code, answer.Body)
			}
			e := w.events()[0].Evidence
			if name == "JSON" {
				// A JSON body is made valid by its decoder, with U+FFFD.
				e["shown"] = strings.ReplaceAll(e["shown"], "\uFFFD", "")
			}
			if e["shown"] != want || e["version"] != versions[0] || e["disclosure"] == "" {
				t.Errorf("%s %q: shown %q, in force %q %q", name, posted, e["shown"], e["version"], e["disclosure"])
			}
		}
	}
}

// What a person told decides the hours of later texts, so what it was stands in the ledger: that, and nothing nobody
// told.
func TestWhatAPersonToldIsInTheEvidence(t *testing.T) {
	for _, told := range []map[string]string{
		{},
		{"state": "FL"},
		{"zip": "33101"},
		{"zone": "America/New_York"},
		{"locale": "es-US"},
		{"state": "FL", "zip": "32501", "zone": "America/Chicago", "locale": "en-US"},
	} {
		w := newWorld(t)
		body := map[string]any{}
		for field, value := range told {
			body[field] = value
		}
		if answer := w.postJSON(signUp(body)); answer.Code != http.StatusAccepted {
			t.Fatalf("%v: %d %s", told, answer.Code, answer.Body)
		}
		got := map[string]string{}
		for _, field := range []string{"state", "zip", "zone", "locale"} {
			if value, ok := w.events()[0].Evidence[field]; ok {
				got[field] = value
			}
		}
		if diff := cmp.Diff(told, got); diff != "" {
			t.Errorf("told %v: %s", told, diff)
		}
	}
}

func TestLongHeadersAreCut(t *testing.T) {
	w := newWorld(t)
	r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(signUp(nil)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", strings.Repeat("é", 5000))
	r.Header.Set("Referer", "https://www.example.com/"+strings.Repeat("x", 5000))
	r.Header.Set("X-Forwarded-For", "198.51.100.1")
	if answer := w.do(r); answer.Code != http.StatusAccepted {
		t.Fatal(answer.Code)
	}
	e := w.events()[0].Evidence
	if n := len(e["agent"]); n > 256 || n < 250 || strings.ContainsRune(e["agent"], '\uFFFD') {
		t.Errorf("agent has %d bytes: %q", n, e["agent"])
	}
	if n := len(e["page"]); n > 512 || n < 500 {
		t.Errorf("page has %d bytes: %q", n, e["page"])
	}
	if e["ip"] != "203.0.113.7" {
		t.Errorf("ip = %q, taken from a header", e["ip"])
	}
}

// The page on record is the one the form stood on, as far as anybody knows, without what is nobody's business.
func TestThePageOnRecord(t *testing.T) {
	for _, tc := range []struct{ named, referer, want string }{
		{"", "", "example.com/opt-in"},
		{"", "https://shop.example/a?b=1&phone=206#top", "https://shop.example/a?b=1"},
		{"https://shop.example/a", "https://shop.example/", "https://shop.example/a"},
		{"https://user:secret@shop.example/a", "", "https://shop.example/a"},
		{"javascript:alert(1)", "https://shop.example/", "https://shop.example/"},
		{"not an address", "://", "example.com/opt-in"},
		{"https://shop.example/\xff", "", "https://shop.example/"},
	} {
		w := newWorld(t)
		r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(fields(map[string]string{"page": tc.named, "referrer": tc.named}).Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Referer", tc.referer)
		if answer := w.do(r); answer.Code != http.StatusAccepted {
			t.Fatalf("%d %s", answer.Code, answer.Body)
		}
		if got := w.events()[0].Evidence["page"]; got != tc.want {
			t.Errorf("%+v: %q", tc, got)
		}
	}
}

// A disclosure is on record in the language it was shown in.
func TestTheDisclosureIsInTheLanguageItWasReadIn(t *testing.T) {
	for _, lang := range []string{"en", "es", "fr"} {
		w := newWorld(t)
		page := w.get("/opt-in?brand=example&lang=" + lang).Body.String()
		version := hidden(t, page, "disclosure_version")
		// A caller may say which texts were shown without a word about the language.
		if answer := w.postJSON(signUp(map[string]any{"disclosure_version": version})); answer.Code != http.StatusAccepted {
			t.Fatalf("%s: %d %s", lang, answer.Code, answer.Body)
		}
		e := w.events()[0].Evidence
		if e["language"] != lang || e["shown"] != version || !strings.Contains(html.UnescapeString(page), strings.TrimSpace(strings.Split(e["disclosure"], "https://")[0])) {
			t.Errorf("%s: %v", lang, e)
		}
	}
}

func (w *fixture) version(t *testing.T) string {
	t.Helper()
	return hidden(t, w.get("/opt-in").Body.String(), "disclosure_version")
}

// hidden is the value of a form's field.
func hidden(t *testing.T, page, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]+)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("the page has no %s", name)
	}
	return html.UnescapeString(m[1])
}
