package optin_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/testkit/world"
)

// told is a refusal as JSON callers get it.
type told struct {
	Error *struct{ Field, Message string }
}

func refusalOf(t *testing.T, answer *httptest.ResponseRecorder) (field, message string) {
	t.Helper()
	var got told
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil || got.Error == nil {
		t.Fatalf("answer %d %q: %v", answer.Code, answer.Body, err)
	}
	return got.Error.Field, got.Error.Message
}

// asForm is a sign-up as a form sends it; false where a form cannot.
func asForm(change map[string]any) (url.Values, bool) {
	v := fields(nil)
	for name, value := range change {
		switch value := value.(type) {
		case nil:
			v.Del(name)
		case string:
			v.Set(name, value)
		case []string:
			v[name] = value
		default:
			return nil, false
		}
	}
	return v, true
}

// What is refused is refused whichever way it comes, with the field to blame, and leaves nothing behind: no text, no
// contact, no counter, and the solved puzzle is not spent.
func TestRefusals(t *testing.T) {
	versions := strings.Fields(newWorld(t).version(t))
	for _, tc := range []struct {
		name   string
		change map[string]any
		status int
		field  string
	}{
		{"phone a number", map[string]any{"phone": 12065550142}, 400, "phone"},
		{"topics a string", map[string]any{"topics": 7}, 400, "topics"},
		{"topics of numbers", map[string]any{"topics": []int{1}}, 400, "topics"},
		{"no brand", map[string]any{"brand": nil}, 422, "brand"},
		{"unknown brand", map[string]any{"brand": "acme"}, 422, "brand"},
		{"no topics", map[string]any{"topics": nil}, 422, "topics"},
		{"empty topics", map[string]any{"topics": []string{}}, 422, "topics"},
		{"topic of another brand", map[string]any{"topics": []string{"alerts", "specials"}}, 422, "topics"},
		{"eleven topics", map[string]any{"topics": strings.Fields(strings.Repeat("alerts ", 11))}, 422, "topics"},
		{"no phone", map[string]any{"phone": nil}, 422, "phone"},
		{"no such phone", map[string]any{"phone": "555"}, 422, "phone"},
		{"two phones", map[string]any{"phone": "206 555 0142, 206 555 0143"}, 422, "phone"},
		{"words", map[string]any{"phone": "call me"}, 422, "phone"},
		{"a phone as long as a letter", map[string]any{"phone": strings.Repeat("1", 65)}, 422, "phone"},
		{"country nobody serves", map[string]any{"phone": "+256712345678"}, 422, "phone"},
		{"premium rate", map[string]any{"phone": "900 555 0142"}, 422, "phone"},
		{"premium rate within an area code", map[string]any{"phone": "206 976 0142"}, 422, "phone"},
		{"toll-free", map[string]any{"phone": "800 555 0142"}, 422, "phone"},
		{"landline", map[string]any{"phone": "+33142685300"}, 422, "phone"},
		{"shared cost", map[string]any{"phone": "+448431234567"}, 422, "phone"},
		{"VoIP", map[string]any{"phone": "+33912345678"}, 422, "phone"},
		{"country of no code", map[string]any{"country": "usa"}, 422, "country"},
		{"country nobody knows", map[string]any{"country": "ZZ"}, 422, "phone"},
		{"number of another country", map[string]any{"country": "FR"}, 422, "phone"},
		{"state in words", map[string]any{"state": "Washington"}, 422, "state"},
		{"state nobody has", map[string]any{"state": "ZZ"}, 422, "state"},
		{"state of a phone whose country has none here", map[string]any{"phone": "+33612345678", "state": "WA"}, 422, "state"},
		{"state with a key's separator", map[string]any{"state": "W|"}, 422, "state"},
		{"zip", map[string]any{"zip": "<b>"}, 422, "zip"},
		{"zip of no state", map[string]any{"zip": "00000"}, 422, "zip"},
		{"zip where nobody reads it", map[string]any{"phone": "+33612345678", "zip": "<b>"}, 422, "zip"},
		{"zone of no country", map[string]any{"zone": "EST5EDT"}, 422, "zone"},
		{"zone of a browser that hides it", map[string]any{"zone": "UTC"}, 422, "zone"},
		{"zone in a country nobody serves", map[string]any{"zone": "Asia/Pyongyang"}, 422, "zone"},
		{"zone and a state of the same phone", map[string]any{"state": "WA", "zone": "Asia/Pyongyang"}, 422, "zone"},
		{"zone", map[string]any{"zone": "Mars/Olympus"}, 422, "zone"},
		{"zone that is a path", map[string]any{"zone": "../../etc/passwd"}, 422, "zone"},
		{"zone of this machine", map[string]any{"zone": "Local"}, 422, "zone"},
		{"locale", map[string]any{"locale": "en_US;q=1"}, 422, "locale"},
		{"form version", map[string]any{"form_version": "<b>"}, 422, "form_version"},
		{"other disclosure", map[string]any{"disclosure_version": "old"}, 409, "disclosure_version"},
		{"disclosure of another topic", map[string]any{"disclosure_version": versions[1]}, 409, "disclosure_version"},
		{"a flood of disclosures", map[string]any{"disclosure_version": versions[0] + strings.Repeat(" x", 1<<10)}, 422, "disclosure_version"},
		{"no solution", map[string]any{"altcha": nil}, 400, "altcha"},
		{"solution of another kind", map[string]any{"altcha": 7}, 400, "altcha"},
		{"forged", map[string]any{"altcha": "x"}, 400, "altcha"},
		{"expired", map[string]any{"altcha": "expired"}, 400, "altcha"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			answer := w.postJSON(signUp(tc.change))
			if field, message := refusalOf(t, answer); answer.Code != tc.status || field != tc.field || message == "" {
				t.Errorf("answer = %d %q %q, want %d %q", answer.Code, field, message, tc.status, tc.field)
			}
			w.untouched(t)
			v, ok := asForm(tc.change)
			if !ok {
				return
			}
			if answer := w.postForm(v); answer.Code != tc.status || !strings.Contains(answer.Body.String(), `role="alert"`) {
				t.Errorf("the form's answer = %d %s, want %d", answer.Code, answer.Body, tc.status)
			}
			w.untouched(t)
		})
	}
}

func TestASolutionCountsOnce(t *testing.T) {
	w := newWorld(t)
	w.puzzle.spent["solved before"] = true
	answer := w.postJSON(signUp(map[string]any{"altcha": "solved before"}))
	if field, _ := refusalOf(t, answer); answer.Code != http.StatusBadRequest || field != "altcha" {
		t.Errorf("%d %q", answer.Code, field)
	}
	delete(w.puzzle.spent, "solved before")
	w.untouched(t)
}

func TestBodiesThatAreNoSignUp(t *testing.T) {
	for name, body := range map[string]string{
		"nothing": "", "not JSON": "{", "two values": signUp(nil) + signUp(nil), "a list": "[]", "null": "null", "a string": `"alerts"`,
	} {
		w := newWorld(t)
		answer := w.postJSON(body)
		if field, _ := refusalOf(t, answer); answer.Code != http.StatusBadRequest || field != "" {
			t.Errorf("%s: %d %q", name, answer.Code, field)
		}
		w.untouched(t)
	}
	for _, kind := range []string{"", "text/plain", "multipart/form-data; boundary=x", "application/jsonx", ";"} {
		w := newWorld(t)
		r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(signUp(nil)))
		r.Header.Set("Content-Type", kind)
		if answer := w.do(r); answer.Code != http.StatusUnsupportedMediaType {
			t.Errorf("content type %q: %d", kind, answer.Code)
		}
		w.untouched(t)
	}
	r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(signUp(nil)))
	r.Header.Set("Content-Type", "Application/JSON; charset=utf-8")
	if answer := newWorld(t).do(r); answer.Code != http.StatusAccepted {
		t.Errorf("content type with charset: %d", answer.Code)
	}
}

func TestABodyHasEightKilobytesAtMost(t *testing.T) {
	frame := len(signUp(map[string]any{"more": ""}))
	fits := signUp(map[string]any{"more": strings.Repeat("x", 8<<10-frame)})
	w := newWorld(t)
	if answer := w.postJSON(fits + " "); answer.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("%d bytes: %d", len(fits)+1, answer.Code)
	}
	if answer := w.postForm(fields(map[string]string{"more": strings.Repeat("x", 8<<10)})); answer.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a form: %d", answer.Code)
	}
	w.untouched(t)
	if answer := w.postJSON(fits); answer.Code != http.StatusAccepted || len(fits) != 8<<10 {
		t.Errorf("%d bytes with an unknown field: %d %s", len(fits), answer.Code, answer.Body)
	}
}

// Bad input gets an error that names what is wrong and the way out of it, in the language of whoever typed it.
func TestRefusalsSayWhatToDo(t *testing.T) {
	for _, tc := range []struct {
		field, value, locale string
		want                 []string
	}{
		{"phone", "", "", []string{"mobile number", "(201) 555-0123"}},
		{"phone", "", "es", []string{"número de móvil", "(201) 555-0123"}},
		{"phone", "", "fr-CA", []string{"numéro de mobile", "(201) 555-0123"}},
		{"phone", "+999 206 555 0142", "", []string{"country", "begin with +"}},
		{"phone", "555", "", []string{"ten digits", "(201) 555-0123"}},
		{"phone", "206 555 0142 ext. 7", "", []string{"extension"}},
		{"phone", "+33 6 12 34", "", []string{"Check the digits"}},
		{"state", "ZZ", "", []string{"a code such as FL", "leave it empty"}},
		{"zip", "123", "", []string{"such as 33101"}},
		{"zone", "EST5EDT", "", []string{`"EST5EDT"`, "America/New_York"}},
		{"zone", "Asia/Pyongyang", "", []string{"sends no texts", "leave it empty"}},
	} {
		w := newWorld(t)
		field, message := refusalOf(t, w.postJSON(signUp(map[string]any{tc.field: tc.value, "locale": tc.locale})))
		for _, want := range tc.want {
			if field != tc.field || !strings.Contains(message, want) || strings.ContainsAny(message, "{}") {
				t.Errorf("%s %s: %q %q lacks %q", tc.field, tc.value, field, message, want)
			}
		}
		w.untouched(t)
	}
}

// The same words answer every number that is right and not wanted, so that nobody learns more of it than that; least of
// all from a number that is subscribed.
func TestOneAnswerToEveryNumberThatIsNotWanted(t *testing.T) {
	for brand, want := range map[string]string{
		"example":     "This number can't be signed up here. Use a mobile number of a country that Example Corp. texts.",
		"examplecafe": "This number can't be signed up here. Use a mobile number (United States).",
	} {
		topic := map[string]string{"example": "alerts", "examplecafe": "specials"}[brand]
		for _, number := range []string{"900 555 0142", "800 555 0142", "500 234 5678", "206 976 0142", "+33142685300", "+448431234567", "+256712345678"} {
			w := newWorld(t)
			answer := w.postJSON(signUp(map[string]any{"brand": brand, "topics": []string{topic}, "phone": number}))
			if field, message := refusalOf(t, answer); answer.Code != http.StatusUnprocessableEntity || field != "phone" || message != want {
				t.Errorf("%s, %s: %d %q %q", brand, number, answer.Code, field, message)
			}
			w.untouched(t)
		}
	}
	// A brand that serves one country refuses the mobiles of all others with the same words.
	w := newWorld(t)
	cafe := consent.Contact{Key: consent.Key{Brand: "examplecafe", Phone: "+14165550142"}}
	cafe.Subs = map[string]consent.Subscription{"specials": {State: consent.Subscribed, Program: "specials", Since: w.Clock()}}
	joined := []consent.Event{{Seq: 1, Type: consent.Confirmed, At: w.Clock(), Source: "sms"}}
	if _, err := w.Table.Commit(t.Context(), consent.Change{Next: cafe, Events: joined}, w.Clock()); err != nil {
		t.Fatal(err)
	}
	for _, number := range []string{"+14165550142", "+14165550143", "+33612345678"} {
		_, message := refusalOf(t, w.postJSON(signUp(map[string]any{"brand": "examplecafe", "topics": []string{"specials"}, "phone": number})))
		if message != "This number can't be signed up here. Use a mobile number (United States)." {
			t.Errorf("%s: %q", number, message)
		}
	}
	if w.Carrier.Calls+len(w.events())-len(joined)+len(w.counter.seen)+len(w.puzzle.spent) > 0 {
		t.Error("a number that is not served left something behind")
	}
}

// A number typed with its country code is of that country, whatever is chosen beside it.
func TestTheCountryIsThatOfTheNumber(t *testing.T) {
	for _, tc := range []struct{ country, typed, want string }{
		{"", "206 555 0142", "+12065550142"},
		{"US", "(206) 555-0142", "+12065550142"},
		{"FR", "06 12 34 56 78", "+33612345678"},
		{"FR", "+1 206 555 0142", "+12065550142"},
		{"US", "+33 6 12 34 56 78", "+33612345678"},
		{"CA", "416 555 0142", "+14165550142"},
		{"GB", "07400 123456", "+447400123456"},
	} {
		w := newWorld(t)
		if answer := w.postForm(fields(map[string]string{"country": tc.country, "phone": tc.typed})); answer.Code != http.StatusAccepted {
			t.Errorf("%s %s: %d", tc.country, tc.typed, answer.Code)
			continue
		}
		if got := string(w.Carrier.Sent[0].To); got != tc.want {
			t.Errorf("%s %s: texted %s, want %s", tc.country, tc.typed, got, tc.want)
		}
	}
}

// Whoever fills in the field nobody sees is told that all is well: the answer is that of a sign-up, to the last byte.
func TestTheTrapTellsNothing(t *testing.T) {
	honest, trapped := newWorld(t), newWorld(t)
	for name, post := range map[string]func(w *fixture, homepage string) *httptest.ResponseRecorder{
		"JSON": func(w *fixture, homepage string) *httptest.ResponseRecorder {
			return w.postJSON(signUp(map[string]any{"homepage": homepage, "altcha": solved + "JSON" + homepage}))
		},
		"form": func(w *fixture, homepage string) *httptest.ResponseRecorder {
			return w.postForm(fields(map[string]string{"homepage": homepage, "altcha": solved + homepage}))
		},
	} {
		want, got := post(honest, ""), post(trapped, "https://example.com/pills")
		if got.Code != http.StatusAccepted || got.Body.String() != want.Body.String() || fmt.Sprint(got.Header()) != fmt.Sprint(want.Header()) {
			t.Errorf("%s: %d %s, want %d %s", name, got.Code, got.Body, want.Code, want.Body)
		}
	}
	trapped.untouched(t)
	if strings.Count(trapped.Counted.String(), `"SignUpTrapped":1`) != 2 {
		t.Errorf("metrics: %s", &trapped.Counted)
	}
}

// Whoever types a wrong number first must not have to solve a second puzzle.
func TestATypoDoesNotCostThePuzzle(t *testing.T) {
	w := newWorld(t)
	if answer := w.postJSON(signUp(map[string]any{"phone": "206"})); answer.Code != 422 {
		t.Fatal(answer.Code)
	}
	w.untouched(t)
	if answer := w.postJSON(signUp(nil)); answer.Code != 202 {
		t.Errorf("second try: %d %s", answer.Code, answer.Body)
	}
}

// Where the CAPTCHA cannot be checked nobody gets in, and the visitor is told to come again.
func TestACaptchaThatCannotBeCheckedKeepsEverybodyOut(t *testing.T) {
	w := newWorld(t)
	w.puzzle.err = fmt.Errorf("%w: ask turnstile: timeout", captcha.ErrUnavailable)
	answer := w.postJSON(signUp(nil))
	if field, message := refusalOf(t, answer); answer.Code != http.StatusServiceUnavailable || field != "" || !strings.Contains(message, "try again") || answer.Header().Get("Retry-After") != "60" {
		t.Errorf("%d %q %q %v", answer.Code, field, message, answer.Header())
	}
	if answer := w.postForm(fields(nil)); answer.Code != http.StatusServiceUnavailable || answer.Header().Get("Retry-After") != "60" {
		t.Errorf("a form: %d %v", answer.Code, answer.Header())
	}
	w.untouched(t)
	if !strings.Contains(w.Logged.String(), "timeout") {
		t.Error("the cause is not in the log")
	}
}

func TestFaultsOfOursAreNotTheVisitors(t *testing.T) {
	for name, fault := range map[string]func(*fixture){
		"nonces":   func(w *fixture) { w.puzzle.err = errBroken },
		"counters": func(w *fixture) { w.handler.Limit, w.Table.Fault = 1, world.Failing("Allow", 1, errBroken) },
		"counter":  func(w *fixture) { w.Table.Fault = world.Failing("Allow", 1, errBroken) },
		"table":    func(w *fixture) { w.Table.Fault = world.Failing("Commit", 1, errBroken) },
	} {
		w := newWorld(t)
		fault(w)
		answer := w.postJSON(signUp(nil))
		if field, message := refusalOf(t, answer); answer.Code != 503 || field != "" || !strings.Contains(message, "try again") {
			t.Errorf("%s: %d %s", name, answer.Code, answer.Body)
		}
		if !strings.Contains(w.Logged.String(), "broken") || strings.Contains(answer.Body.String(), "broken") {
			t.Errorf("%s: the cause belongs into the log and nowhere else: %q", name, w.Logged.String())
		}
		if len(w.Carrier.Sent)+len(w.records()) > 0 {
			t.Errorf("%s: %d texts, %d contacts", name, len(w.Carrier.Sent), len(w.records()))
		}
	}
}
