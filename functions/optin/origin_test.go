package optin_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

const shop = "https://www.example.com" // listed by brand example in programs.yaml

// Scripts of the brands' own sites may read answers; to those of all others the browser does not give them.
func TestAnswersAreSharedWithTheBrandsSitesOnly(t *testing.T) {
	w := newWorld(t)
	for origin, want := range map[string]string{shop: shop, "https://evil.example": "", "null": "", "": "", "https://www.example.com.evil.example": "", "http://www.example.com": ""} {
		for _, tc := range []struct {
			method, path string
			status       int
		}{{"OPTIONS", "/opt-in", 204}, {"OPTIONS", "/opt-in/challenge", 204}, {"OPTIONS", "/opt-in/disclosure", 204}, {"GET", "/opt-in/challenge", 200}, {"GET", "/opt-in/disclosure", 200}} {
			r := httptest.NewRequest(tc.method, tc.path, nil)
			r.Header.Set("Origin", origin)
			r.Header.Set("Access-Control-Request-Method", "POST")
			answer := w.do(r)
			header := answer.Header()
			if answer.Code != tc.status || header.Get("Access-Control-Allow-Origin") != want || header.Get("Vary") != "Origin" || header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s %s from %q: %d %v", tc.method, tc.path, origin, answer.Code, header)
			}
			if tc.method == "OPTIONS" && (header.Get("Access-Control-Allow-Methods") == "GET, POST") != (want != "") {
				t.Errorf("%s from %q: %v", tc.path, origin, header)
			}
		}
	}
	for _, path := range []string{"/opt-in", "/opt-in/assets/embed.js"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Origin", shop)
		if answer := w.do(r); answer.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s is shared", path)
		}
	}
}

// A page somebody was lured to signs nobody up, be it by script or by form. What no browser sends names no site.
func TestOtherSitesSignNobodyUp(t *testing.T) {
	for _, tc := range []struct {
		name, brand, origin, site string
		status                    int
	}{
		{"curl", "example", "", "", 202},
		{"our own page", "example", "https://example.com", "same-origin", 202}, // the host of httptest
		{"our own page, old browser", "example", "https://example.com", "", 202},
		{"our own page behind another name", "example", "https://sms.example.net", "same-origin", 202},
		{"the brand's site", "example", shop, "cross-site", 202},
		{"the brand's site, old browser", "example", shop, "", 202},
		{"another site", "example", "https://evil.example", "cross-site", 403},
		{"another site, old browser", "example", "https://evil.example", "", 403},
		{"a site that hides itself", "example", "null", "cross-site", 403},
		{"a site that hides itself, old browser", "example", "null", "", 403},
		{"the site of another brand", "examplecafe", shop, "cross-site", 403},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, kind := range []string{"application/json", "application/x-www-form-urlencoded"} {
				w := newWorld(t)
				topic := map[string]string{"example": "alerts", "examplecafe": "specials"}[tc.brand]
				body := signUp(map[string]any{"brand": tc.brand, "topics": []string{topic}})
				if kind != "application/json" {
					body = fields(map[string]string{"brand": tc.brand, "topics": topic}).Encode()
				}
				r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(body))
				r.Header.Set("Content-Type", kind)
				if tc.origin != "" {
					r.Header.Set("Origin", tc.origin)
				}
				if tc.site != "" {
					r.Header.Set("Sec-Fetch-Site", tc.site)
				}
				answer := w.do(r)
				if answer.Code != tc.status {
					t.Errorf("%s: %d %s, want %d", kind, answer.Code, answer.Body, tc.status)
				}
				if tc.status != http.StatusAccepted {
					w.untouched(t)
				} else if e := w.events()[0].Evidence; e["origin"] != tc.origin {
					t.Errorf("origin on record: %q", e["origin"])
				}
			}
		})
	}
}

// A form of a brand's own gets what it has to show, and posts it back.
func TestDisclosureForFormsOfABrandsOwn(t *testing.T) {
	w := newWorld(t)
	answer := w.get("/opt-in/disclosure?brand=example&topic=alerts&lang=es")
	var got struct {
		Brand, Locale, Terms, Privacy string
		Topics                        []struct{ ID, Name, Disclosure, Version string }
		Version                       string `json:"disclosure_version"`
		Captcha                       struct{ Provider, Field string }
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil || answer.Code != http.StatusOK {
		t.Fatalf("%d %s: %v", answer.Code, answer.Body, err)
	}
	if got.Brand != "Example Corp." || got.Locale != "es" || got.Terms != "https://example.com/terms" || got.Captcha.Provider != "altcha" || got.Captcha.Field != "altcha" ||
		len(got.Topics) != 1 || got.Topics[0].ID != "alerts" || got.Topics[0].Version != got.Version || !strings.HasPrefix(got.Topics[0].Disclosure, "Al suscribirte") {
		t.Errorf("%s", answer.Body)
	}
	if answer := w.postJSON(signUp(map[string]any{"disclosure_version": got.Version, "locale": got.Locale})); answer.Code != http.StatusAccepted {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	e := w.events()[0].Evidence
	if e["disclosure"] != got.Topics[0].Disclosure || e["shown"] != got.Version || e["language"] != "es" {
		t.Errorf("evidence: %v", e)
	}
}

func values(named map[string]string) url.Values {
	v := url.Values{}
	for name, value := range named {
		v.Set(name, value)
	}
	return v
}
