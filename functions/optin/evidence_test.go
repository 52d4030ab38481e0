package optin_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/consent"
)

func TestEvidence(t *testing.T) {
	b := newBench(t)
	b.now = b.now.Add(1234567 * time.Nanosecond)
	shown := regexp.MustCompile(`(?s)<p id="disclosure-alerts">(.*?)</p>`).FindStringSubmatch(b.get("/opt-in?brand=example").Body.String())
	v := fields(map[string]string{"state": "WA", "disclosure_version": b.version(t)})
	if w := b.postForm(v); w.Code != http.StatusAccepted {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	e := b.store.events[0]
	// The instant is kept to the millisecond, like that of the YES it is compared with.
	if e.Type != consent.Requested || e.Source != "form" || !e.At.Equal(b.now.Truncate(time.Millisecond)) {
		t.Errorf("event: %+v", e)
	}
	if len(shown) < 2 || e.Evidence["disclosure"] != unescape(shown[1]) {
		t.Errorf("disclosure kept: %q, shown: %q", e.Evidence["disclosure"], shown)
	}
	want := map[string]string{
		"page": "https://api.example.com/opt-in?brand=example", "ip": "203.0.113.7", "agent": "Mozilla/5.0", "channel": "form", "topics": "alerts",
		"disclosure": e.Evidence["disclosure"], "version": strings.Fields(b.version(t))[0], "shown": b.version(t), "state": "WA",
	}
	if diff := cmp.Diff(want, e.Evidence); diff != "" {
		t.Error(diff)
	}
	if got := b.store.contacts[consent.Key{Brand: "example", Phone: seattle}].Said.State; got != "WA" {
		t.Errorf("state told = %q", got)
	}
}

func TestEvidenceOfAJSONCaller(t *testing.T) {
	b := newBench(t)
	b.postJSON(signUp(nil))
	e := b.store.events[0].Evidence
	if e["channel"] != "json" || e["page"] != "example.com/opt-in" || e["version"] != strings.Fields(b.version(t))[0] || e["disclosure"] == "" {
		t.Errorf("evidence: %v", e)
	}
}

// The ledger swears to what was in force, and to no more than the caller says was shown.
func TestTheEvidenceTellsShownFromInForce(t *testing.T) {
	versions := strings.Fields(newBench(t).version(t))
	for posted, want := range map[string]string{
		"":                          "unstated",
		versions[0]:                 versions[0],
		strings.Join(versions, " "): strings.Join(versions, " "),
		versions[0] + " \xff":       versions[0] + " ",
	} {
		for name, post := range map[string]func(*bench) *httptest.ResponseRecorder{
			"form": func(b *bench) *httptest.ResponseRecorder {
				return b.postForm(fields(map[string]string{"disclosure_version": posted}))
			},
			"JSON": func(b *bench) *httptest.ResponseRecorder {
				return b.postJSON(signUp(map[string]any{"disclosure_version": posted}))
			},
		} {
			b := newBench(t)
			w := post(b)
			if w.Code != http.StatusAccepted {
				t.Fatalf("%s %q: %d %s", name, posted, w.Code, w.Body)
			}
			e := b.store.events[0].Evidence
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

// What a person told decides the hours of later texts, so what it was stands in the ledger: that, and nothing nobody told.
func TestWhatAPersonToldIsInTheEvidence(t *testing.T) {
	for _, told := range []map[string]string{
		{},
		{"state": "FL"},
		{"zip": "33101"},
		{"zone": "America/New_York"},
		{"locale": "es-US"},
		{"state": "FL", "zip": "32501", "zone": "America/Chicago", "locale": "en-US"},
	} {
		b := newBench(t)
		body := map[string]any{}
		for field, value := range told {
			body[field] = value
		}
		if w := b.postJSON(signUp(body)); w.Code != http.StatusAccepted {
			t.Fatalf("%v: %d %s", told, w.Code, w.Body)
		}
		got := map[string]string{}
		for _, field := range []string{"state", "zip", "zone", "locale"} {
			if value, ok := b.store.events[0].Evidence[field]; ok {
				got[field] = value
			}
		}
		if diff := cmp.Diff(told, got); diff != "" {
			t.Errorf("told %v: %s", told, diff)
		}
	}
}

func TestLongHeadersAreCut(t *testing.T) {
	b := newBench(t)
	r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(signUp(nil)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", strings.Repeat("é", 5000))
	r.Header.Set("X-Forwarded-For", "198.51.100.1")
	if w := b.do(r); w.Code != http.StatusAccepted {
		t.Fatal(w.Code)
	}
	e := b.store.events[0].Evidence
	if n := len(e["agent"]); n > 256 || strings.ContainsRune(e["agent"], '\uFFFD') {
		t.Errorf("agent has %d bytes: %q", n, e["agent"])
	}
	if e["ip"] != "203.0.113.7" {
		t.Errorf("ip = %q, taken from a header", e["ip"])
	}
}

func (b *bench) version(t *testing.T) string {
	t.Helper()
	m := regexp.MustCompile(`name="disclosure_version" value="([^"]+)"`).FindStringSubmatch(b.get("/opt-in").Body.String())
	if m == nil {
		t.Fatal("the page has no disclosure version")
	}
	return m[1]
}

func unescape(s string) string {
	return strings.NewReplacer("&amp;", "&", "&#39;", "'", "&#34;", `"`, "&lt;", "<", "&gt;", ">", "&#43;", "+").Replace(s)
}
