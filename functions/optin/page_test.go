package optin_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// CTIA Messaging Principles 5.1.2: nobody opts in by default.
func TestNoTopicIsTickedBeforehand(t *testing.T) {
	w := newWorld(t)
	page := w.get("/opt-in?brand=example").Body.String()
	if strings.Count(page, `type="checkbox"`) != 2 || strings.Contains(page, " checked") {
		t.Error("the form must offer both topics and tick neither")
	}
	if page = w.get("/opt-in?brand=example&topic=orders").Body.String(); strings.Count(page, `type="checkbox"`) != 1 || !strings.Contains(page, `value="orders"`) {
		t.Error("?topic= must narrow the offer")
	}
}

// A link may bring the phone along: a brand's own, or the console's. It is typed in, and no more than that.
func TestALinkPrefillsThePhone(t *testing.T) {
	w := newWorld(t)
	for query, want := range map[string]string{
		"phone=%2B12065550142":               `value="&#43;12065550142"`,
		"phone=+12065550142":                 `value="&#43;12065550142"`, // as people write links: the plus sign reads as a space
		"phone=206+555+0142":                 `value="206 555 0142"`,
		"phone=%22%3E%3Cscript%3Ealert(1)//": `value="&#34;&gt;&lt;script&gt;alert(1)//"`,
		"brand=example&topic=alerts":         `value=""`,
	} {
		answer := w.get("/opt-in?" + query)
		field := regexp.MustCompile(`<input type="tel"[^>]*>`).FindString(answer.Body.String())
		if answer.Code != http.StatusOK || !strings.Contains(field, " "+want+" ") {
			t.Errorf("%s: %d %s, want %s", query, answer.Code, field, want)
		}
		if strings.Contains(answer.Body.String(), " checked") || strings.Contains(answer.Body.String(), `role="alert"`) {
			t.Errorf("%s: the link ticked a topic or made an error", query)
		}
	}
	if len(w.events()) != 0 || len(w.Carrier.Sent) != 0 {
		t.Error("opening a link changed something")
	}
}

// A site may ask for the light page, and for the form alone. Otherwise the page is whole, in the visitor's own colours.
func TestThePageASiteAsksFor(t *testing.T) {
	w := newWorld(t)
	for query, want := range map[string]struct{ light, embedded bool }{
		"": {}, "theme=dark&embed=0": {}, "theme=light": {light: true}, "embed=1": {embedded: true},
	} {
		page := w.get("/opt-in?" + query).Body.String()
		light, embedded := strings.Contains(page, `data-theme="light"`), strings.Contains(page, " data-embedded=")
		if light != want.light || embedded != want.embedded {
			t.Errorf("%q: light %t, embedded %t", query, light, embedded)
		}
	}
}

// The form comes back with the country that was chosen, and begins with the brand's.
func TestTheFormComesBackWithItsCountry(t *testing.T) {
	w := newWorld(t)
	for country, want := range map[string]string{"FR": "FR", "": "US"} {
		page := w.postForm(fields(map[string]string{"phone": "x", "country": country})).Body.String()
		if n := strings.Count(page, `" selected>`); !strings.Contains(page, `<option value="`+want+`" selected>`) || n > 2 {
			t.Errorf("%q: %d are chosen, want %s", country, n, want)
		}
	}
}

func TestTheFormComesBackWithTheErrorBesideItsField(t *testing.T) {
	w := newWorld(t)
	answer := w.postForm(fields(map[string]string{"phone": `"><script>alert(1)</script>`, "state": "WA"}))
	page := answer.Body.String()
	if answer.Code != http.StatusUnprocessableEntity || answer.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%d %s", answer.Code, answer.Header().Get("Content-Type"))
	}
	for _, want := range []string{`aria-describedby="error-phone"`, `id="error-phone"`, `value="alerts" aria-describedby="about-alerts" checked`, `aria-invalid="true" autofocus`, `<a href="#phone">`, `<option value="WA" selected>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "<script>alert") {
		t.Error("what was typed came back as markup")
	}
	if answer = w.postForm(fields(map[string]string{"altcha": ""})); answer.Code != http.StatusBadRequest {
		t.Errorf("without a solution: %d", answer.Code)
	}
	if answer = w.postForm(fields(map[string]string{"disclosure_version": "old"})); answer.Code != http.StatusConflict || !strings.Contains(answer.Body.String(), w.version(t)) {
		t.Errorf("an old page: %d", answer.Code)
	}
}

// All that is wrong is said at once, each beside its field, and the first of them has the focus.
func TestTheFormSaysAllThatIsWrong(t *testing.T) {
	w := newWorld(t)
	v := fields(map[string]string{"phone": "", "locale": "fr"})
	v.Del("topics")
	page := w.postForm(v).Body.String()
	for _, want := range []string{
		`<html lang="fr" dir="ltr"`, `<p class="error" id="error-topics">Choisissez au moins une case.</p>`,
		`<p class="error" id="error-phone">Saisissez votre numéro de mobile, par exemple (201) 555-0123.</p>`,
		`id="topic-alerts" value="alerts" aria-describedby="about-alerts" autofocus>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Count(page, "autofocus") != 1 {
		t.Errorf("%d elements want the focus", strings.Count(page, "autofocus"))
	}
	w.untouched(t)
}

func TestThePageSaysWhatHappensNext(t *testing.T) {
	w := newWorld(t)
	v := fields(map[string]string{"locale": "es"})
	v.Add("topics", "orders")
	for _, tc := range []struct {
		values url.Values
		want   []string
	}{
		{fields(nil), []string{"&#43;1 206-555-0142", "Answer <strong><bdi>YES</bdi></strong>", "START", "&#43;1 206-555-0100"}},
		{v, []string{`lang="es"`, "Responde <strong><bdi>SI</bdi></strong> a cada uno", "<bdi>&#43;1 206-555-0100</bdi></strong> y <strong><bdi>&#43;1 206-555-0101</bdi>"}},
	} {
		answer := w.postForm(tc.values)
		for _, want := range tc.want {
			if !strings.Contains(answer.Body.String(), want) {
				t.Errorf("the page lacks %q: %s", want, answer.Body)
			}
		}
		w.puzzle.spent = map[string]bool{}
	}
}

func TestLanguages(t *testing.T) {
	w := newWorld(t)
	for _, tc := range []struct{ query, accept, want string }{
		{"", "", "en"},
		{"lang=es", "fr", "es"},
		{"lang=fr-CA", "", "fr"},
		{"lang=ja", "es", "es"},
		{"lang=%22%3E", "", "en"},
		{"", "de, fr;q=0.9, en;q=0.8", "fr"},
		{"", "es-419,es;q=0.9", "es"},
		{"", "*", "en"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/opt-in?"+tc.query, nil)
		r.Header.Set("Accept-Language", tc.accept)
		page := w.do(r).Body.String()
		if !strings.Contains(page, `<html lang="`+tc.want+`" dir="ltr"`) || !strings.Contains(page, `name="locale" value="`+tc.want+`"`) {
			t.Errorf("%q, %q: %.60s", tc.query, tc.accept, page)
		}
	}
	page := w.get("/opt-in?brand=example&topic=alerts&embed=1&phone=206").Body.String()
	if want := `<a href="?brand=example&amp;embed=1&amp;lang=fr&amp;topic=alerts" lang="fr" hreflang="fr">Français</a>`; !strings.Contains(page, want) {
		t.Errorf("the page lacks %s", want)
	}
}

// Where nothing else is known of the reader the page is in the topic's language. Where it stands in for that one, the
// texts are not to follow the page.
func TestTheTopicsLanguage(t *testing.T) {
	for _, tc := range []struct{ topic, accept, page, texts string }{
		{"es-US", "", "es", "es"},
		{"es-US", "ja", "es", "es"},
		{"es-US", "en", "en", "en"},
		{"de-DE", "", "en", "de-DE"},
		{"de-DE", "de", "en", "de-DE"},
		{"de-DE", strings.Repeat("x-", 500), "en", "de-DE"},
		{"de-DE", "fr", "fr", "fr"},
	} {
		w := worldUnder(t, strings.Replace(hostile, "frequency: 2 per month, help", "locale: "+tc.topic+", frequency: 2 per month, help", 1))
		r := httptest.NewRequest(http.MethodGet, "/opt-in?brand=example", nil)
		r.Header.Set("Accept-Language", tc.accept)
		page := w.do(r).Body.String()
		if got := hidden(t, page, "locale"); !strings.Contains(page, `<html lang="`+tc.page+`"`) || got != tc.texts {
			t.Errorf("%+v: texts in %s, %.60s", tc, got, page)
		}
	}
}

func TestCountriesAreThoseServed(t *testing.T) {
	w := newWorld(t)
	for _, tc := range []struct {
		query string
		want  []string
		not   []string
	}{
		{"brand=example", []string{`<option value="US" selected>United States (+1)</option>`, `<option value="AE">United Arab Emirates (+971)</option>`, `id="state"`}, []string{`value="KP"`}},
		{"brand=example&lang=fr", []string{`<option value="US" selected>États-Unis (+1)</option>`, "Émirats arabes unis"}, nil},
		{"brand=examplecafe", []string{`<input type="hidden" name="country" value="US">`, "+1</span>", `id="state"`}, []string{`id="country"`}},
	} {
		page := w.get("/opt-in?" + tc.query).Body.String()
		for _, want := range tc.want {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %s", tc.query, want)
			}
		}
		for _, not := range tc.not {
			if strings.Contains(page, not) {
				t.Errorf("%s has %s", tc.query, not)
			}
		}
	}
	// By name as people read it, whatever its accents.
	names := regexp.MustCompile(`<option value="[A-Z]{2}"[^>]*>([^(<]+) \(`).FindAllStringSubmatch(w.get("/opt-in?lang=fr").Body.String(), -1)
	order := map[string]int{}
	for i, m := range names {
		order[m[1]] = i
	}
	if len(names) != 61 || order["Émirats arabes unis"] > order["Espagne"] || order["Belgique"] > order["Brésil"] || order["Émirats arabes unis"] < order["Danemark"] {
		t.Errorf("%d countries: %v", len(names), names)
	}
}

// Who has no JavaScript is told so, and how to sign up without.
func TestWithoutJavaScriptAKeywordIsTheWay(t *testing.T) {
	page := newWorld(t).get("/opt-in?brand=example&topic=alerts").Body.String()
	_, note, _ := strings.Cut(page, "<noscript>")
	for _, want := range []string{"JavaScript", "<strong><bdi>JOIN</bdi></strong>", "&#43;1 206-555-0100"} {
		if !strings.Contains(note, want) {
			t.Errorf("the note lacks %s: %s", want, note)
		}
	}
}

func TestMethodsAndPaths(t *testing.T) {
	w := newWorld(t)
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
		{"GET", "/opt-in/disclosure", 200},
		{"GET", "/opt-in/disclosure?brand=acme", 404},
		{"GET", "/opt-in/disclosure?brand=example&topic=nothing", 404},
		{"POST", "/opt-in/disclosure", 405},
		{"GET", "/opt-in/assets/", 404},
		{"GET", "/opt-in/assets/page.html", 404},
		{"GET", "/opt-in/assets/../page.html", 307},
		{"OPTIONS", "/opt-in", 204},
		{"OPTIONS", "/opt-in/challenge", 204},
	} {
		answer := w.do(httptest.NewRequest(tc.method, tc.path, nil))
		if answer.Code != tc.status {
			t.Errorf("%s %s: %d, want %d", tc.method, tc.path, answer.Code, tc.status)
		}
	}
}
