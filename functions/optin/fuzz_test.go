package optin_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever is posted: no panic and no fault of ours; either it is taken and at most one text a program goes out, or it
// is refused and leaves nothing behind. What is kept is valid and bounded.
func fuzzed(t *testing.T, kind, body string) {
	w := newWorld(t)
	r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	answer := w.do(r)
	switch {
	case answer.Code == http.StatusAccepted:
		if len(w.Carrier.Sent) > 2 {
			t.Fatalf("%d texts", len(w.Carrier.Sent))
		}
		for _, e := range w.events() {
			text, err := json.Marshal(e)
			if err != nil || len(text) > 16<<10 {
				t.Fatalf("an event of %d bytes: %v", len(text), err)
			}
			for name, value := range e.Evidence {
				if !utf8.ValidString(value) || value == "" {
					t.Fatalf("evidence %s is %q", name, value)
				}
			}
		}
	case answer.Code >= 400 && answer.Code < 500:
		w.untouched(t)
	default:
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	if kind == "application/json" && !json.Valid(answer.Body.Bytes()) {
		t.Fatalf("the answer is no JSON: %s", answer.Body)
	}
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{
		signUp(nil), signUp(map[string]any{"topics": []string{"alerts", "orders"}, "zone": "America/Denver", "locale": "es", "page": "https://a.example/\xff"}),
		signUp(map[string]any{"phone": nil}), "{", "[]", "null", `{"brand":"example","brand":7}`, `{"altcha":{}}`, `{"BRAND":"example","Topics":["alerts"]}`,
		`{"topics":[["alerts"]]}`, strings.Repeat("[", 5000), `{"phone":"\ud800"}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) { fuzzed(t, "application/json", body) })
}

func FuzzForm(f *testing.F) {
	for _, s := range []string{
		fields(nil).Encode(), fields(map[string]string{"country": "FR", "phone": "06 12 34 56 78", "referrer": "https://a.example/?phone=1"}).Encode(),
		"brand=example&topics=alerts&topics=alerts&phone=%2B12065550142&altcha=solved&state=WA&zip=98101", "%", "a;b", "brand=example&topics=alerts&phone=%00&altcha=solved",
		"brand=example&homepage=x&topics=alerts&phone=2065550142", "=&=&&",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) { fuzzed(t, "application/x-www-form-urlencoded", body) })
}
