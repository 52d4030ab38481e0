package optin_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/edge/telemetry"
)

// What is taken has a length, and it is this one: whoever types less is let in, whoever types more is told which field.
func TestHowLongAFieldMayBe(t *testing.T) {
	version := strings.Fields(newBench(t).version(t))[0]
	for _, c := range []struct {
		field string
		most  int
		value func(n int) any
		also  map[string]any
	}{
		{"topics", 10, func(n int) any { return strings.Fields(strings.Repeat("alerts ", n)) }, nil},
		{"form_version", 64, func(n int) any { return strings.Repeat("a", n) }, nil},
		{"locale", 35, func(n int) any { return strings.Repeat("a", n) }, nil},
		{"zip", 12, func(n int) any { return strings.Repeat("7", n) }, map[string]any{"phone": "+33612345678"}},
		{"disclosure_version", 2048, func(n int) any { return version + " " + strings.Repeat("x", n-len(version)-1) }, nil},
	} {
		for n, want := range map[int]int{c.most: http.StatusAccepted, c.most + 1: http.StatusUnprocessableEntity} {
			b := newBench(t)
			body := map[string]any{c.field: c.value(n)}
			for field, value := range c.also {
				body[field] = value
			}
			w := b.postJSON(signUp(body))
			if w.Code != want {
				t.Errorf("%s of %d: %d %s, want %d", c.field, n, w.Code, w.Body, want)
			}
			if w.Code != http.StatusAccepted {
				if field, _ := refusalOf(t, w); field != c.field {
					t.Errorf("%s of %d: %s is to blame", c.field, n, field)
				}
			}
		}
	}
	for _, code := range []string{"U", "USA", "us", "1", "U1"} {
		if field, _ := refusalOf(t, newBench(t).postJSON(signUp(map[string]any{"country": code}))); field != "country" {
			t.Errorf("country %q: %s is to blame", code, field)
		}
	}
}

// What a client may send at any length is kept to the byte that was promised.
func TestHowMuchIsKept(t *testing.T) {
	b := newBench(t)
	r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(signUp(map[string]any{"referrer": "https://a.example/" + strings.Repeat("r", 600)})))
	for name, value := range map[string]string{
		"Content-Type": "application/json", "User-Agent": strings.Repeat("a", 600), "Referer": "https://a.example/" + strings.Repeat("p", 600),
		"Origin": "https://" + strings.Repeat("o", 600) + ".example", "Sec-Fetch-Site": "same-origin",
	} {
		r.Header.Set(name, value)
	}
	if w := b.do(r); w.Code != http.StatusAccepted {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	e := b.store.events[0].Evidence
	for name, want := range map[string]int{"agent": 256, "page": 512, "referrer": 512, "origin": 512} {
		if len(e[name]) != want {
			t.Errorf("%s has %d bytes, want %d", name, len(e[name]), want)
		}
	}
	// Without a Referer the page is our own address, as long as somebody made it.
	b = newBench(t)
	r = httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(signUp(nil)))
	r.Header.Set("Content-Type", "application/json")
	r.Host = strings.Repeat("h", 600)
	if b.do(r); len(b.store.events[0].Evidence["page"]) != 512 {
		t.Errorf("page has %d bytes", len(b.store.events[0].Evidence["page"]))
	}
	// A link types in no more than a number has.
	field := regexp.MustCompile(`<input type="tel"[^>]*>`).FindString(b.get("/opt-in?phone=" + strings.Repeat("1", 60)).Body.String())
	if !strings.Contains(field, `value="`+strings.Repeat("1", 40)+`"`) {
		t.Errorf("typed in: %s", field)
	}
}

// Every sign-up is counted once, by what the visitor was told.
func TestSignUpsAreCounted(t *testing.T) {
	for name, c := range map[string]struct {
		post   func(*bench) *httptest.ResponseRecorder
		result string
	}{
		"taken":           {func(b *bench) *httptest.ResponseRecorder { return b.postJSON(signUp(nil)) }, "pending"},
		"taken by form":   {func(b *bench) *httptest.ResponseRecorder { return b.postForm(fields(nil)) }, "pending"},
		"refused":         {func(b *bench) *httptest.ResponseRecorder { return b.postJSON(signUp(map[string]any{"phone": ""})) }, "refused"},
		"refused by form": {func(b *bench) *httptest.ResponseRecorder { return b.postForm(fields(map[string]string{"phone": ""})) }, "refused"},
	} {
		b := newBench(t)
		var metrics strings.Builder
		b.Metrics = metricsTo(&metrics, b)
		c.post(b)
		if m := metrics.String(); strings.Count(m, `"SignUp":`) != 1 || !strings.Contains(m, `"SignUp":1`) || !strings.Contains(m, `"result":"`+c.result+`"`) {
			t.Errorf("%s: %s", name, m)
		}
	}
}

// Requests of trusted callers are counted and logged by what came of them, with who called and from where they had it.
func TestRequestsAreCountedAndLogged(t *testing.T) {
	for caller, shown := range map[string]string{
		"arn:aws:sts::123456789012:assumed-role/shop/session-206-555-0142": "role/shop",
		"arn:aws:sts::123456789012:assumed-role/shop":                      "role/shop",
		"arn:aws:iam::123456789012:user/sales":                             "user/sales",
		"arn:aws:iam::123456789012:role/till":                              "role/till",
	} {
		b := newBackend(t)
		var metrics strings.Builder
		b.Metrics = telemetry.New(&metrics, func() time.Time { return b.now })
		b.caller = caller
		b.post(t, onPaper(nil))
		log := b.log.String()
		for _, part := range []string{`"caller":"` + shown + `"`, `"brand":"example"`, `"source":"api"`, `"result":"asked"`} {
			if !strings.Contains(log, part) {
				t.Errorf("%s: the log lacks %s: %s", caller, part, log)
			}
		}
		if m := metrics.String(); strings.Count(m, `"Request":`) != 1 || !strings.Contains(m, `"Request":1`) || !strings.Contains(m, `"result":"asked"`) {
			t.Errorf("counted %s", m)
		}
	}
}

// A request has sixteen kilobytes at most.
func TestTheLongestRequest(t *testing.T) {
	b := newBackend(t)
	body := `{"brand":"example","topics":["alerts"],"phone":"(206) 555-0142"}`
	for length, want := range map[int]int{16 << 10: http.StatusAccepted, 16<<10 + 1: http.StatusRequestEntityTooLarge} {
		if a := b.send(t, "application/json", body+strings.Repeat(" ", length-len(body))); a.code != want {
			t.Errorf("%d bytes: %d", length, a.code)
		}
	}
}

// Four countries can be named, five are too many to read.
func TestHowManyCountriesAreNamed(t *testing.T) {
	for countries, want := range map[string]string{
		"[US, CA, GB, FR]":     "Use a mobile number (Canada, France, United Kingdom or United States).",
		"[US, CA, GB, FR, DE]": "Use a mobile number of a country that Example Cafe texts.",
	} {
		b := benchUnder(t, strings.Replace(hostile, "countries: [US]", "countries: "+countries, 1))
		w := b.postJSON(signUp(map[string]any{"brand": "examplecafe", "topics": []string{"specials"}, "phone": "900 555 0142"}))
		if _, message := refusalOf(t, w); !strings.HasSuffix(message, want) {
			t.Errorf("%s: %q", countries, message)
		}
	}
}

// A form that comes back says with each error where it belongs: at a field there is, or at none.
func TestWhereAnErrorOfTheFormStands(t *testing.T) {
	for _, c := range []struct{ name, field, value, link string }{
		{"a state that is none", "state", "ZZ", `<a href="#state">`},
		{"a ZIP code that is none", "zip", "00000", `<a href="#zip">`},
		{"a number that is none", "phone", "555", `<a href="#phone">`},
		{"a solution that is none", "altcha", "x", ""},
		{"a zone, which the form has no field for", "zone", "Mars/Olympus", ""},
	} {
		page := newBench(t).postForm(fields(map[string]string{c.field: c.value})).Body.String()
		if c.link == "" {
			if strings.Contains(page, `<a href="#`) || !strings.Contains(page, `role="alert" tabindex="-1" autofocus`) {
				t.Errorf("%s: leads to a field", c.name)
			}
			continue
		}
		if !strings.Contains(page, c.link) || strings.Count(page, "autofocus") != 1 {
			t.Errorf("%s: does not lead to its field", c.name)
		}
	}
	// Where all a brand's countries are without states, the form has no field for one.
	b := benchUnder(t, strings.Replace(hostile, "countries: [US]", "countries: [FR]", 1))
	page := b.postForm(fields(map[string]string{"brand": "examplecafe", "topics": "specials", "phone": "+33612345678", "state": "WA"})).Body.String()
	if strings.Contains(page, `href="#state"`) || strings.Contains(page, `id="state"`) || !strings.Contains(page, `role="alert"`) {
		t.Errorf("a state where nobody has one: %s", page)
	}
}

// An offer to a form of a brand's own names each topic with what is to be shown beside it, and where the solution goes.
func TestAnOfferTellsAllAFormNeeds(t *testing.T) {
	b := newBench(t)
	body := b.get("/opt-in/disclosure?brand=example&topic=alerts").Body.String()
	for _, part := range []string{
		`"brand":"Example Corp."`, `"locale":"en"`, `"id":"alerts"`, `"disclosure_version":"`, `"terms":"https://`, `"privacy":"https://`,
		`"captcha":{"provider":"altcha","field":"altcha"}`,
	} {
		if !strings.Contains(body, part) {
			t.Errorf("the offer lacks %s: %s", part, body)
		}
	}
	if n := strings.Count(b.get("/opt-in/disclosure?brand=example").Body.String(), `"disclosure":"`); n < 2 {
		t.Errorf("%d topics of a brand that has more", n)
	}
}
