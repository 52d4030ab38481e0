package optin_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// What is taken has a length, and it is this one: whoever types less is let in, whoever types more is told which field.
func TestHowLongAFieldMayBe(t *testing.T) {
	version := strings.Fields(newWorld(t).version(t))[0]
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
			w := newWorld(t)
			body := map[string]any{c.field: c.value(n)}
			for field, value := range c.also {
				body[field] = value
			}
			answer := w.postJSON(signUp(body))
			if answer.Code != want {
				t.Errorf("%s of %d: %d %s, want %d", c.field, n, answer.Code, answer.Body, want)
			}
			if answer.Code != http.StatusAccepted {
				if field, _ := refusalOf(t, answer); field != c.field {
					t.Errorf("%s of %d: %s is to blame", c.field, n, field)
				}
			}
		}
	}
	for _, code := range []string{"U", "USA", "us", "1", "U1"} {
		if field, _ := refusalOf(t, newWorld(t).postJSON(signUp(map[string]any{"country": code}))); field != "country" {
			t.Errorf("country %q: %s is to blame", code, field)
		}
	}
}

// What a client may send at any length is kept to the byte that was promised.
func TestHowMuchIsKept(t *testing.T) {
	w := newWorld(t)
	r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(signUp(map[string]any{"referrer": "https://a.example/" + strings.Repeat("r", 600)})))
	for name, value := range map[string]string{
		"Content-Type": "application/json", "User-Agent": strings.Repeat("a", 600), "Referer": "https://a.example/" + strings.Repeat("p", 600),
		"Origin": "https://" + strings.Repeat("o", 600) + ".example", "Sec-Fetch-Site": "same-origin",
	} {
		r.Header.Set(name, value)
	}
	if answer := w.do(r); answer.Code != http.StatusAccepted {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	e := w.events()[0].Evidence
	for name, want := range map[string]int{"agent": 256, "page": 512, "referrer": 512, "origin": 512} {
		if len(e[name]) != want {
			t.Errorf("%s has %d bytes, want %d", name, len(e[name]), want)
		}
	}
	// Without a Referer the page is our own address, as long as somebody made it.
	w = newWorld(t)
	r = httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(signUp(nil)))
	r.Header.Set("Content-Type", "application/json")
	r.Host = strings.Repeat("h", 600)
	if w.do(r); len(w.events()[0].Evidence["page"]) != 512 {
		t.Errorf("page has %d bytes", len(w.events()[0].Evidence["page"]))
	}
	// A link types in no more than a number has.
	field := regexp.MustCompile(`<input type="tel"[^>]*>`).FindString(w.get("/opt-in?phone=" + strings.Repeat("1", 60)).Body.String())
	if !strings.Contains(field, `value="`+strings.Repeat("1", 40)+`"`) {
		t.Errorf("typed in: %s", field)
	}
}

// Every sign-up is counted once, by what the visitor was told.
func TestSignUpsAreCounted(t *testing.T) {
	for name, c := range map[string]struct {
		post   func(*fixture) *httptest.ResponseRecorder
		result string
	}{
		"taken":           {func(w *fixture) *httptest.ResponseRecorder { return w.postJSON(signUp(nil)) }, "pending"},
		"taken by form":   {func(w *fixture) *httptest.ResponseRecorder { return w.postForm(fields(nil)) }, "pending"},
		"refused":         {func(w *fixture) *httptest.ResponseRecorder { return w.postJSON(signUp(map[string]any{"phone": ""})) }, "refused"},
		"refused by form": {func(w *fixture) *httptest.ResponseRecorder { return w.postForm(fields(map[string]string{"phone": ""})) }, "refused"},
	} {
		w := newWorld(t)
		c.post(w)
		if m := w.Counted.String(); strings.Count(m, `"SignUp":`) != 1 || !strings.Contains(m, `"SignUp":1`) || !strings.Contains(m, `"result":"`+c.result+`"`) {
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
		w := newBackend(t)
		w.caller = caller
		w.post(t, onPaper(nil))
		log := w.Logged.String()
		for _, part := range []string{"caller=" + shown, "brand=example", "source=api", "result=asked"} {
			if !strings.Contains(log, part) {
				t.Errorf("%s: the log lacks %s: %s", caller, part, log)
			}
		}
		if m := w.Counted.String(); strings.Count(m, `"Request":`) != 1 || !strings.Contains(m, `"Request":1`) || !strings.Contains(m, `"result":"asked"`) {
			t.Errorf("counted %s", m)
		}
	}
}

// A request has sixteen kilobytes at most.
func TestTheLongestRequest(t *testing.T) {
	w := newBackend(t)
	body := `{"brand":"example","topics":["alerts"],"phone":"(206) 555-0142"}`
	for length, want := range map[int]int{16 << 10: http.StatusAccepted, 16<<10 + 1: http.StatusRequestEntityTooLarge} {
		if a := w.send(t, "application/json", body+strings.Repeat(" ", length-len(body))); a.code != want {
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
		w := worldUnder(t, strings.Replace(hostile, "countries: [US]", "countries: "+countries, 1))
		answer := w.postJSON(signUp(map[string]any{"brand": "examplecafe", "topics": []string{"specials"}, "phone": "900 555 0142"}))
		if _, message := refusalOf(t, answer); !strings.HasSuffix(message, want) {
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
		page := newWorld(t).postForm(fields(map[string]string{c.field: c.value})).Body.String()
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
	w := worldUnder(t, strings.Replace(hostile, "countries: [US]", "countries: [FR]", 1))
	page := w.postForm(fields(map[string]string{"brand": "examplecafe", "topics": "specials", "phone": "+33612345678", "state": "WA"})).Body.String()
	if strings.Contains(page, `href="#state"`) || strings.Contains(page, `id="state"`) || !strings.Contains(page, `role="alert"`) {
		t.Errorf("a state where nobody has one: %s", page)
	}
}

// An offer to a form of a brand's own names each topic with what is to be shown beside it, and where the solution goes.
func TestAnOfferTellsAllAFormNeeds(t *testing.T) {
	w := newWorld(t)
	body := w.get("/opt-in/disclosure?brand=example&topic=alerts").Body.String()
	for _, part := range []string{
		`"brand":"Example Corp."`, `"locale":"en"`, `"id":"alerts"`, `"disclosure_version":"`, `"terms":"https://`, `"privacy":"https://`,
		`"captcha":{"provider":"altcha","field":"altcha"}`,
	} {
		if !strings.Contains(body, part) {
			t.Errorf("the offer lacks %s: %s", part, body)
		}
	}
	if n := strings.Count(w.get("/opt-in/disclosure?brand=example").Body.String(), `"disclosure":"`); n < 2 {
		t.Errorf("%d topics of a brand that has more", n)
	}
}
