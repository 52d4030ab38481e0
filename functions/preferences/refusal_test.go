package preferences_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/edge/link"
	"smsconsent/shared/testkit/world"
)

// Every refusal leaves things as they were, texts nobody and tells nothing of anybody.
func TestRefusals(t *testing.T) {
	w := newWorld(t)
	w.subscribe(her, "alerts")
	good := w.token(her)
	w.SetClock(w.Clock().Add(-link.Lifetime))
	old := w.token(her)
	w.Pass(link.Lifetime)
	before := w.Proof(her)
	kind := func(r *http.Request, contentType string) *http.Request {
		r.Header.Set("Content-Type", contentType)
		return r
	}
	get := func(token string) *http.Request {
		return httptest.NewRequest(http.MethodGet, "/preferences?t="+token, nil)
	}
	for _, tc := range []struct {
		name    string
		request *http.Request
		status  int
		says    string
	}{
		{"no link", httptest.NewRequest(http.MethodGet, "/preferences", nil), 403, "text PREFS"},
		{"a made-up link", get(strings.Repeat("A", link.TokenLen)), 403, "text PREFS"},
		{"an altered link", get(altered(good)), 403, "text PREFS"},
		{"a link cut short", get(good[:40]), 403, "tap it in the text itself"},
		{"an expired link", get(old), 410, "text PREFS"},
		{"a form without a link", form("action=stop"), 403, "text PREFS"},
		{"a form with an altered link", form("action=stop&t=" + altered(good)), 403, "text PREFS"},
		{"a form with an expired link", form("action=stop&t=" + old), 410, "text PREFS"},
		{"a form with the link in the address", kind(httptest.NewRequest(http.MethodPost, "/preferences?t="+good, strings.NewReader("action=stop")), "application/x-www-form-urlencoded"), 403, "text PREFS"},
		{"no action", form("t=" + good), 422, "Nothing was changed"},
		{"another action", form("action=delete&t=" + good), 422, "Nothing was changed"},
		{"a topic that is not there", form("action=save&on=gold&t=" + good), 422, "Nothing was changed"},
		{"a topic of another brand", form("action=save&on=specials&t=" + good), 422, "Nothing was changed"},
		{"it was on, and is not there", form("action=save&had=gold&t=" + good), 422, "Nothing was changed"},
		{"JSON", kind(form(`{"t":"`+good+`","action":"stop"}`), "application/json"), 415, "Nothing was changed"},
		{"no content type", kind(form("action=stop&t="+good), ""), 415, "Nothing was changed"},
		{"multipart", kind(form("action=stop&t="+good), "multipart/form-data; boundary=x"), 415, "Nothing was changed"},
		{"too long", form("action=stop&t=" + good + "&more=" + strings.Repeat("x", 8<<10)), 413, "Nothing was changed"},
		{"not encoded", form("action=stop&t=" + good + "&x=%zz"), 400, "Nothing was changed"},
		{"semicolons", form("action=stop;t=" + good), 400, "Nothing was changed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			answer := w.do(tc.request)
			if answer.Code != tc.status {
				t.Errorf("%d, want %d", answer.Code, tc.status)
			}
			wantSays(t, answer, tc.says)
			for _, secret := range []string{"Example", "0142", "206", "alerts"} {
				if strings.Contains(answer.Body.String(), secret) {
					t.Errorf("the page holds %q: %s", secret, answer.Body)
				}
			}
			if back := strings.Contains(answer.Body.String(), "preferences?t="); back != (tc.status == 422) {
				t.Errorf("leads back to the page: %v", back)
			}
		})
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions} {
		if answer := w.do(httptest.NewRequest(method, "/preferences?t="+good, strings.NewReader("action=stop&t="+good))); answer.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, answer.Code)
		}
	}
	if diff := cmp.Diff(before, w.Proof(her)); diff != "" || len(w.Carrier.Sent) != 0 || len(w.Carrier.Lists) != 0 {
		t.Errorf("a refusal changed something: %d texts, lists %v, %s", len(w.Carrier.Sent), w.Carrier.Lists, diff)
	}
}

// altered is a token with another first character.
func altered(token string) string {
	if token[0] == 'A' {
		return "B" + token[1:]
	}
	return "A" + token[1:]
}

// The address of a page holds its link, and nobody but its reader is to have it.
func TestHeaders(t *testing.T) {
	w := newWorld(t)
	page := w.get(w.token(her))
	file := regexp.MustCompile(`href="(preferences/assets/[0-9a-f]{16}\.css)"`).FindStringSubmatch(page.Body.String())
	if file == nil {
		t.Fatal("the page has no stylesheet")
	}
	sheet := w.do(httptest.NewRequest(http.MethodGet, "/"+file[1], nil))
	if sheet.Code != http.StatusOK || sheet.Header().Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(sheet.Body.String(), `[data-brand="example"] { --brand: #0b5fff;`) {
		t.Errorf("stylesheet: %d %v", sheet.Code, sheet.Header())
	}
	if got := sheet.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("the stylesheet may be kept: %q", got)
	}
	none := w.do(httptest.NewRequest(http.MethodGet, "/preferences/assets/other.css", nil))
	if none.Code != http.StatusNotFound {
		t.Errorf("another stylesheet: %d", none.Code)
	}
	for name, answer := range map[string]*httptest.ResponseRecorder{
		"page": page, "change": w.post(w.token(her), "action", "save"), "invalid": w.get("x"), "refused": w.post(w.token(her), "action", "x"), "stylesheet": sheet, "not found": none,
	} {
		for header, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"Referrer-Policy":         "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Strict-Transport-Security": "max-age=31536000",
			"X-Robots-Tag": "noindex",
		} {
			if got := answer.Header().Get(header); got != want {
				t.Errorf("%s: %s is %q", name, header, got)
			}
		}
		if name != "stylesheet" && answer.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept: %q", name, answer.Header().Get("Cache-Control"))
		}
		for _, inline := range []string{"<script", "<style", " style=", " onclick=", "javascript:"} {
			if strings.Contains(answer.Body.String(), inline) {
				t.Errorf("%s has %s", name, inline)
			}
		}
	}
}

func TestFaultsOfOursAreNotThePersons(t *testing.T) {
	for name, fault := range map[string]func(*fixture){
		"contacts": func(w *fixture) { w.Table.Unreadable = map[string]error{"Contact": errBroken} },
		"outbox":   func(w *fixture) { w.Table.Fault = world.Failing("Commit", 1, errBroken) },
		"limiter":  func(w *fixture) { w.Table.Fault = world.Failing("Allow", 1, errBroken) },
	} {
		w := newWorld(t)
		fault(w)
		tok := w.token(her)
		answer := w.post(tok, "action", "pause")
		if name == "contacts" {
			answer = w.get(tok)
		}
		if answer.Code != http.StatusServiceUnavailable || strings.Contains(answer.Body.String(), "broken") || !strings.Contains(w.Logged.String(), "broken") {
			t.Errorf("%s: %d %s", name, answer.Code, says(answer))
		}
		wantSays(t, answer, "try again in a minute", "text STOP")
	}
}
