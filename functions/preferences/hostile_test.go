package preferences_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// Names are shown as they are, whatever is in them.
func TestHostileNames(t *testing.T) {
	w := newWorld(t)
	brand := w.brand()
	brand.Name, brand.Programs[0].Topics[0].Name, brand.Terms = `"><script>alert(1)</script>{number}`, `<img src=x onerror=alert(1)>`, "javascript:alert(1)"
	for name, answer := range map[string]*httptest.ResponseRecorder{
		"page": w.get(w.token(her)), "change": w.post(w.token(her), "action", "save", "on", "alerts"), "stop": w.post(w.token(her), "action", "stop"),
	} {
		for _, live := range []string{"<script", "<img", "javascript:"} {
			if strings.Contains(answer.Body.String(), live) {
				t.Errorf("%s: %q is live: %s", name, live, answer.Body)
			}
		}
		if answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), "&lt;script&gt;") || !strings.Contains(answer.Body.String(), "{number}") {
			t.Errorf("%s: %d, the name is not there: %s", name, answer.Code, answer.Body)
		}
	}
}

// What a client sends at any length and in any bytes is kept short and whole.
func TestHostileHeaders(t *testing.T) {
	w := newWorld(t)
	r := form(url.Values{"t": {w.token(her)}, "action": {"pause"}}.Encode())
	r.Host, r.RemoteAddr = strings.Repeat("h", 9000), "203.0.113.7"
	r.Header.Set("User-Agent", strings.Repeat("é", 200)+"\xff")
	r.Header.Set("Accept-Language", strings.Repeat("es-", 3000))
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	if answer.Code != http.StatusOK {
		t.Fatal(answer.Code)
	}
	e := w.Proof(her).Events[0].Evidence
	if len(e["agent"]) > 256 || len(e["page"]) > 256 || strings.Contains(e["agent"], "\ufffd") || e["agent"] == "" {
		t.Errorf("agent of %d bytes, page of %d", len(e["agent"]), len(e["page"]))
	}
}

// No form, however made, changes anything for anybody but whose link it holds, or is answered with a fault of ours.
func FuzzPost(f *testing.F) {
	w := newWorld(f)
	tok := w.token(her)
	for _, seed := range []string{
		"t=" + tok + "&action=save&on=alerts", "t=" + tok + "&action=stop", "t=" + tok + "&action=pause&on=%00", "action=stop", "t=&action=", "%", "t=" + tok + "&t=x&action=save&had=alerts&had=alerts", "a=w;c=d",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		answer := w.do(form(body))
		values, err := url.ParseQuery(body)
		holds := err == nil && values.Get("t") == tok
		switch {
		case answer.Code >= http.StatusInternalServerError:
			t.Fatalf("%d", answer.Code)
		case answer.Code == http.StatusOK && !holds:
			t.Fatalf("taken without the link: %q", body)
		case !holds && strings.Contains(answer.Body.String(), "Example"):
			t.Fatalf("shows whose brand it is: %q", body)
		}
	})
}
