package preferences_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/link"
	"smsconsent/shared/edge/outbox"
)

// Every refusal leaves things as they were, texts nobody and tells nothing of anybody.
func TestRefusals(t *testing.T) {
	b := newBench(t)
	b.subscribe(her, "alerts")
	good := b.token(her)
	b.now = b.now.Add(-link.Lifetime)
	old := b.token(her)
	b.now = b.now.Add(link.Lifetime)
	before := b.record(her)
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
			w := b.do(tc.request)
			if w.Code != tc.status {
				t.Errorf("%d, want %d", w.Code, tc.status)
			}
			wantSays(t, w, tc.says)
			for _, secret := range []string{"Example", "0142", "206", "alerts"} {
				if strings.Contains(w.Body.String(), secret) {
					t.Errorf("the page holds %q: %s", secret, w.Body)
				}
			}
			if back := strings.Contains(w.Body.String(), "preferences?t="); back != (tc.status == 422) {
				t.Errorf("leads back to the page: %v", back)
			}
		})
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions} {
		if w := b.do(httptest.NewRequest(method, "/preferences?t="+good, strings.NewReader("action=stop&t="+good))); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, w.Code)
		}
	}
	if diff := cmp.Diff(before, b.record(her)); diff != "" || len(b.texts) != 0 || len(b.listed) != 0 {
		t.Errorf("a refusal changed something: %d texts, lists %v, %s", len(b.texts), b.listed, diff)
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
	b := newBench(t)
	page := b.get(b.token(her))
	file := regexp.MustCompile(`href="(preferences/assets/[0-9a-f]{16}\.css)"`).FindStringSubmatch(page.Body.String())
	if file == nil {
		t.Fatal("the page has no stylesheet")
	}
	sheet := b.do(httptest.NewRequest(http.MethodGet, "/"+file[1], nil))
	if sheet.Code != http.StatusOK || sheet.Header().Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(sheet.Body.String(), `[data-brand="example"] { --brand: #0b5fff;`) {
		t.Errorf("stylesheet: %d %v", sheet.Code, sheet.Header())
	}
	if got := sheet.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("the stylesheet may be kept: %q", got)
	}
	none := b.do(httptest.NewRequest(http.MethodGet, "/preferences/assets/other.css", nil))
	if none.Code != http.StatusNotFound {
		t.Errorf("another stylesheet: %d", none.Code)
	}
	for name, w := range map[string]*httptest.ResponseRecorder{
		"page": page, "change": b.post(b.token(her), "action", "save"), "invalid": b.get("x"), "refused": b.post(b.token(her), "action", "x"), "stylesheet": sheet, "not found": none,
	} {
		for header, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"Referrer-Policy":         "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Strict-Transport-Security": "max-age=31536000",
			"X-Robots-Tag": "noindex",
		} {
			if got := w.Header().Get(header); got != want {
				t.Errorf("%s: %s is %q", name, header, got)
			}
		}
		if name != "stylesheet" && w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept: %q", name, w.Header().Get("Cache-Control"))
		}
		for _, inline := range []string{"<script", "<style", " style=", " onclick=", "javascript:"} {
			if strings.Contains(w.Body.String(), inline) {
				t.Errorf("%s has %s", name, inline)
			}
		}
	}
}

func TestFaultsOfOursAreNotThePersons(t *testing.T) {
	for name, fault := range map[string]func(*bench){
		"contacts": func(b *bench) { b.Contacts = broken{} },
		"outbox":   func(b *bench) { b.Outbox = broken{} },
		"limiter":  func(b *bench) { b.Limiter = broken{} },
	} {
		b := newBench(t)
		fault(b)
		tok := b.token(her)
		w := b.post(tok, "action", "pause")
		if name == "contacts" {
			w = b.get(tok)
		}
		if w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "broken") || !strings.Contains(b.log.String(), "broken") {
			t.Errorf("%s: %d %s", name, w.Code, says(w))
		}
		wantSays(t, w, "try again in a minute", "text STOP")
	}
}

type broken struct{}

func (broken) Contact(context.Context, consent.Key) (consent.Contact, error) {
	return consent.Contact{}, errBroken
}

func (broken) Change(context.Context, consent.Key, func(consent.Contact) consent.Change) (outbox.Changed, error) {
	return outbox.Changed{}, errBroken
}

func (broken) Allow(context.Context, string, int, time.Duration, time.Time) (bool, error) {
	return false, errBroken
}
