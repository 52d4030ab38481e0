package optin_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"smsconsent/shared/carrier"
	"smsconsent/shared/consent"
	"smsconsent/shared/message"
)

func (b *bench) do(r *http.Request) *httptest.ResponseRecorder {
	r.RemoteAddr = "203.0.113.7"
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}

func (b *bench) get(path string) *httptest.ResponseRecorder {
	return b.do(httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *bench) postJSON(body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "curl/8")
	return b.do(r)
}

func (b *bench) postForm(values url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Referer", "https://api.example.com/opt-in?brand=example")
	r.Header.Set("User-Agent", "Mozilla/5.0")
	return b.do(r)
}

func signUp(change map[string]any) string {
	body := map[string]any{"brand": "example", "topics": []string{"alerts"}, "phone": "(206) 555-0142", "altcha": solved}
	maps.Copy(body, change)
	maps.DeleteFunc(body, func(_ string, v any) bool { return v == nil })
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func fields(change map[string]string) url.Values {
	v := url.Values{"brand": {"example"}, "topics": {"alerts"}, "phone": {"(206) 555-0142"}, "altcha": {solved}}
	for name, value := range change {
		v.Set(name, value)
	}
	return v
}

// The contract of POST /opt-in, which scripts rely on.
func TestJSONSignUpIsPendingAndAsksOnce(t *testing.T) {
	b := newBench(t)
	w := b.postJSON(signUp(nil))
	if w.Code != http.StatusAccepted || strings.TrimSpace(w.Body.String()) != `{"status":"pending"}` || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("answer: %d %s %s", w.Code, w.Header(), w.Body)
	}
	if len(b.air.texts) != 1 || b.air.texts[0].To != seattle {
		t.Errorf("texts: %d", len(b.air.texts))
	}
	c := b.store.contacts[consent.Key{Brand: "example", Phone: seattle}]
	if got := c.Subs["alerts"].State; got != consent.Pending {
		t.Errorf("state = %q", got)
	}
}

func TestRefusals(t *testing.T) {
	long := make([]string, 11)
	for i := range long {
		long[i] = "alerts"
	}
	for _, tc := range []struct {
		name   string
		body   string
		status int
		field  string
	}{
		{"not JSON", "{", 400, ""},
		{"two values", signUp(nil) + signUp(nil), 400, ""},
		{"a list", "[]", 400, ""},
		{"phone a number", signUp(map[string]any{"phone": 12065550142}), 400, "phone"},
		{"topics a string", signUp(map[string]any{"topics": "alerts"}), 400, "topics"},
		{"topics of numbers", signUp(map[string]any{"topics": []int{1}}), 400, "topics"},
		{"no brand", signUp(map[string]any{"brand": nil}), 422, "brand"},
		{"unknown brand", signUp(map[string]any{"brand": "acme"}), 422, "brand"},
		{"no topics", signUp(map[string]any{"topics": nil}), 422, "topics"},
		{"empty topics", signUp(map[string]any{"topics": []string{}}), 422, "topics"},
		{"topic of another brand", signUp(map[string]any{"topics": []string{"alerts", "specials"}}), 422, "topics"},
		{"eleven topics", signUp(map[string]any{"topics": long}), 422, "topics"},
		{"no phone", signUp(map[string]any{"phone": nil}), 422, "phone"},
		{"no such phone", signUp(map[string]any{"phone": "555"}), 422, "phone"},
		{"words", signUp(map[string]any{"phone": "call me"}), 422, "phone"},
		{"country nobody serves", signUp(map[string]any{"phone": "+254712123456"}), 422, "phone"},
		{"state in words", signUp(map[string]any{"state": "Washington"}), 422, "state"},
		{"state nobody has", signUp(map[string]any{"state": "ZZ"}), 422, "state"},
		{"state of a phone whose country has none here", signUp(map[string]any{"phone": "+33612345678", "state": "WA"}), 422, "state"},
		{"state with a key's separator", signUp(map[string]any{"state": "W|"}), 422, "state"},
		{"zip", signUp(map[string]any{"zip": "<b>"}), 422, "zip"},
		{"zip of no state", signUp(map[string]any{"zip": "00000"}), 422, "zip"},
		{"zip where nobody reads it", signUp(map[string]any{"phone": "+33612345678", "zip": "<b>"}), 422, "zip"},
		{"zone of no country", signUp(map[string]any{"zone": "EST5EDT"}), 422, "zone"},
		{"zone of a browser that hides it", signUp(map[string]any{"zone": "UTC"}), 422, "zone"},
		{"zone in a country nobody serves", signUp(map[string]any{"zone": "Asia/Pyongyang"}), 422, "zone"},
		{"zone and a state of the same phone", signUp(map[string]any{"state": "WA", "zone": "Asia/Pyongyang"}), 422, "zone"},
		{"zone", signUp(map[string]any{"zone": "Mars/Olympus"}), 422, "zone"},
		{"zone that is a path", signUp(map[string]any{"zone": "../../etc/passwd"}), 422, "zone"},
		{"zone of this machine", signUp(map[string]any{"zone": "Local"}), 422, "zone"},
		{"locale", signUp(map[string]any{"locale": "en_US;q=1"}), 422, "locale"},
		{"other disclosure", signUp(map[string]any{"disclosure_version": "old"}), 409, "disclosure_version"},
		{"disclosure of another topic", signUp(map[string]any{"disclosure_version": strings.Fields(newBench(t).version(t))[1]}), 409, "disclosure_version"},
		{"a flood of disclosures", signUp(map[string]any{"disclosure_version": newBench(t).version(t) + strings.Repeat(" x", 1<<10)}), 422, "disclosure_version"},
		{"no solution", signUp(map[string]any{"altcha": nil}), 400, "altcha"},
		{"wrong solution", signUp(map[string]any{"altcha": "x"}), 400, "altcha"},
		{"expired", signUp(map[string]any{"altcha": "expired"}), 400, "altcha"},
		{"spent", signUp(map[string]any{"altcha": "solved before"}), 400, "altcha"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t)
			b.puzzle.spent["solved before"] = true
			w := b.postJSON(tc.body)
			var got struct {
				Error *struct{ Field, Message string }
			}
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Error == nil {
				t.Fatalf("answer %d %q: %v", w.Code, w.Body, err)
			}
			if w.Code != tc.status || got.Error.Field != tc.field || got.Error.Message == "" {
				t.Errorf("answer = %d %+v, want %d %q", w.Code, *got.Error, tc.status, tc.field)
			}
			if len(b.air.texts) != 0 || len(b.store.events) != 0 {
				t.Error("a refused sign-up changed something")
			}
			if len(b.puzzle.spent) != 1 {
				t.Error("a refused sign-up cost the solved puzzle")
			}
		})
	}
}

// Bad input gets an error that names what is wrong and the way out of it.
func TestRefusalsSayWhatToDo(t *testing.T) {
	for _, tc := range []struct {
		field, value string
		want         []string
	}{
		{"phone", "+999 206 555 0142", []string{"country code missing or unknown", "begin with +"}},
		{"phone", "555", []string{"not ten digits", "206 555 0142"}},
		{"phone", "900 555 0142", []string{"premium-rate", "mobile"}},
		{"phone", "+254712123456", []string{"Example Corp. sends no texts"}},
		{"state", "ZZ", []string{`"ZZ"`, "use a code such as FL"}},
		{"zip", "123", []string{"such as 33101"}},
		{"zone", "EST5EDT", []string{`"EST5EDT"`, "America/New_York"}},
		{"zone", "Asia/Pyongyang", []string{"sends no texts", "leave it empty"}},
	} {
		var got struct {
			Error struct{ Field, Message string }
		}
		w := newBench(t).postJSON(signUp(map[string]any{tc.field: tc.value}))
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Error.Field != tc.field {
			t.Fatalf("%s %s: %d %s (%v)", tc.field, tc.value, w.Code, w.Body, err)
		}
		for _, want := range tc.want {
			if !strings.Contains(got.Error.Message, want) || strings.HasPrefix(got.Error.Message, "phone: ") {
				t.Errorf("%s %s: %q lacks %q", tc.field, tc.value, got.Error.Message, want)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	b := newBench(t)
	if w := b.postJSON(signUp(map[string]any{"more": strings.Repeat("x", 16<<10)})); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("17 KB: %d", w.Code)
	}
	if w := b.postJSON(signUp(map[string]any{"more": strings.Repeat("x", 15<<10)})); w.Code != http.StatusAccepted {
		t.Errorf("15 KB with an unknown field: %d %s", w.Code, w.Body)
	}
	for _, kind := range []string{"", "text/plain", "multipart/form-data; boundary=x", "application/jsonx", ";"} {
		r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(signUp(nil)))
		r.Header.Set("Content-Type", kind)
		if w := b.do(r); w.Code != http.StatusUnsupportedMediaType {
			t.Errorf("content type %q: %d", kind, w.Code)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(signUp(map[string]any{"altcha": "solved 2"})))
	r.Header.Set("Content-Type", "Application/JSON; charset=utf-8")
	if w := b.do(r); w.Code != http.StatusAccepted {
		t.Errorf("content type with charset: %d", w.Code)
	}
}

func TestNetworkLimit(t *testing.T) {
	b := newBench(t)
	b.Limit = 2
	post := func(i int, address string) int {
		r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(signUp(map[string]any{"altcha": solved + fmt.Sprint(i)})))
		r.Header.Set("Content-Type", "application/json")
		r.RemoteAddr = address
		w := httptest.NewRecorder()
		b.ServeHTTP(w, r)
		if w.Code == http.StatusTooManyRequests && w.Header().Get("Retry-After") != "3600" {
			t.Errorf("Retry-After = %q", w.Header().Get("Retry-After"))
		}
		return w.Code
	}
	addresses := []string{
		"203.0.113.7", "203.0.113.7", "203.0.113.7", "203.0.113.8",
		"2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1", "::ffff:198.51.100.1", "::ffff:198.51.100.2", "::ffff:198.51.100.3",
	}
	var got []int
	for i, a := range addresses {
		got = append(got, post(i, a))
	}
	if want := []int{202, 202, 429, 202, 202, 202, 429, 202, 202, 202, 202}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for key := range b.counter.seen {
		if strings.Contains(key, "203.0.113") {
			t.Errorf("key %q holds the address", key)
		}
	}
}

// Whoever types a wrong number first must not have to solve a second puzzle.
func TestATypoDoesNotCostThePuzzle(t *testing.T) {
	b := newBench(t)
	if w := b.postJSON(signUp(map[string]any{"phone": "206"})); w.Code != 422 {
		t.Fatal(w.Code)
	}
	if w := b.postJSON(signUp(nil)); w.Code != 202 {
		t.Errorf("second try: %d %s", w.Code, w.Body)
	}
}

// states are the contacts a stranger might want to tell apart.
func states(now time.Time) map[string]func(*consent.Contact) {
	sub := func(s consent.State, proof int64) func(*consent.Contact) {
		return func(c *consent.Contact) {
			c.Subs = map[string]consent.Subscription{"alerts": {State: s, Program: "alerts", Class: "promotional", Since: now.Add(-time.Hour), Request: 1, Proof: proof}}
			c.Claims = []consent.Claim{{ID: "1", At: now.Add(-time.Hour), Kind: message.Confirmation, Program: "alerts", Topics: []string{"alerts"}}}
		}
	}
	return map[string]func(*consent.Contact){
		"new":          func(*consent.Contact) {},
		"pending":      sub(consent.Pending, 0),
		"subscribed":   sub(consent.Subscribed, 2),
		"unsubscribed": sub(consent.Unsubscribed, 2),
		"stopped":      func(c *consent.Contact) { c.Stopped = map[string]time.Time{"alerts": now.Add(-time.Hour)} },
		"stopped all": func(c *consent.Contact) {
			c.Stopped = map[string]time.Time{consent.Everything: now.Add(-time.Hour)}
		},
		"undeliverable": func(c *consent.Contact) { c.Health.Undeliverable = true },
	}
}

// Defect 4 of AWS's tutorial: whoever re-posts a subscriber's number opted that person out and had them texted. What is
// compared is all of the answer but its time, which is not promised.
func TestPostingSomebodysNumberNeitherHarmsNorTellsNorTexts(t *testing.T) {
	type reply struct {
		Code   int
		Header http.Header
		Body   string
	}
	var first [2]*reply
	for name, set := range states(newBench(t).now) {
		for i, post := range []func(*bench) *httptest.ResponseRecorder{
			func(b *bench) *httptest.ResponseRecorder { return b.postJSON(signUp(nil)) },
			func(b *bench) *httptest.ResponseRecorder { return b.postForm(fields(nil)) },
		} {
			b := newBench(t)
			c := consent.Contact{Key: consent.Key{Brand: "example", Phone: seattle}, Version: 1}
			set(&c)
			b.store.contacts[c.Key] = c
			w := post(b)
			got := &reply{w.Code, w.Header(), w.Body.String()}
			if first[i] == nil {
				first[i] = got
			}
			if diff := cmp.Diff(first[i], got); diff != "" {
				t.Errorf("%s answers differently: %s", name, diff)
			}
			asks := name == "new" || name == "unsubscribed"
			if sent := len(b.air.texts); (sent == 1) != asks || sent > 1 {
				t.Errorf("%s: %d texts", name, sent)
			}
			after := b.store.contacts[c.Key]
			if after.Subs["alerts"].State == consent.Subscribed != (name == "subscribed") {
				t.Errorf("%s: the topic is now %s", name, after.Subs["alerts"].State)
			}
			if diff := cmp.Diff(c.Stopped, after.Stopped); name != "new" && diff != "" && len(c.Stopped)+len(after.Stopped) > 0 {
				t.Errorf("%s: the opt-out changed: %s", name, diff)
			}
		}
	}
}

// An error is retried and never doubles a text (I2, I5), wherever it strikes.
func TestARetryNeverDoublesAText(t *testing.T) {
	for _, tc := range []struct {
		name   string
		fault  func(*bench)
		first  int // status of the first try
		texts  int // handed to the carrier after both
		stored int // claims of the contact after both
	}{
		{"no fault", func(*bench) {}, 202, 1, 1},
		{"somebody else writes meanwhile", func(b *bench) { b.store.conflict = 3 }, 202, 1, 1},
		{"somebody else writes all the time", func(b *bench) { b.store.conflict = 8 }, 503, 1, 1},
		{"nothing was written", func(b *bench) { b.store.before = true }, 503, 1, 1},
		{"written, and the answer lost", func(b *bench) { b.store.after = true }, 503, 0, 1},
		{"carrier's outcome unknown", func(b *bench) { b.air.err = errBroken }, 202, 1, 1},
		{"carrier refuses for certain", func(b *bench) { b.air.err = &carrier.Rejection{Reason: "THROTTLED", Throttled: true} }, 202, 2, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t)
			tc.fault(b)
			if w := b.postJSON(signUp(nil)); w.Code != tc.first {
				t.Errorf("first: %d %s", w.Code, w.Body)
			}
			b.air.err = nil
			if w := b.postJSON(signUp(map[string]any{"altcha": "solved again"})); w.Code != http.StatusAccepted {
				t.Errorf("retry: %d %s", w.Code, w.Body)
			}
			if n := len(b.air.texts); n != tc.texts {
				t.Errorf("%d texts, want %d", n, tc.texts)
			}
			if n := len(b.store.contacts[consent.Key{Brand: "example", Phone: seattle}].Claims); n != tc.stored {
				t.Errorf("%d claims, want %d", n, tc.stored)
			}
			if strings.Contains(b.log.String(), "2065550142") {
				t.Error("the log holds the phone number (I10)")
			}
		})
	}
}

// I5: whatever is posted in whatever order, nobody gets more than one confirmation request a week before YES.
func TestBeforeYESThereIsOneText(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(t)
		for i := range rapid.IntRange(1, 12).Draw(rt, "posts") {
			b.store.conflict = rapid.IntRange(0, 9).Draw(rt, "conflicts")
			b.store.before = rapid.Bool().Draw(rt, "before")
			b.store.after = rapid.Bool().Draw(rt, "after")
			b.air.err = rapid.SampledFrom([]error{nil, errBroken}).Draw(rt, "carrier")
			b.now = b.now.Add(time.Duration(rapid.IntRange(0, 600).Draw(rt, "minutes")) * time.Minute)
			b.postJSON(signUp(map[string]any{"altcha": solved + fmt.Sprint(i)}))
		}
		if n := len(b.air.texts); n > 1 {
			rt.Fatalf("%d texts went out", n)
		}
	})
}

func TestFaultsOfOursAreNotTheVisitors(t *testing.T) {
	for name, fault := range map[string]func(*bench){
		"nonces":  func(b *bench) { b.puzzle.err = errBroken },
		"limiter": func(b *bench) { b.Limit, b.counter.err = 1, errBroken },
		"table":   func(b *bench) { b.store.before = true },
	} {
		b := newBench(t)
		fault(b)
		w := b.postJSON(signUp(nil))
		var got struct {
			Error struct {
				Field   *string
				Message string
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 503 || got.Error.Field == nil || *got.Error.Field != "" || !strings.Contains(got.Error.Message, "try again") {
			t.Errorf("%s: %d %s (%v)", name, w.Code, w.Body, err)
		}
		if !strings.Contains(b.log.String(), "broken") || strings.Contains(w.Body.String(), "broken") {
			t.Errorf("%s: the cause belongs into the log and nowhere else: %q", name, b.log)
		}
	}
}

func TestTopicsAreAskedForOnceEach(t *testing.T) {
	b := newBench(t)
	b.postJSON(signUp(map[string]any{"topics": []string{"alerts", "orders", "alerts"}}))
	if len(b.air.texts) != 2 {
		t.Fatalf("%d texts, want one from each number", len(b.air.texts))
	}
	if b.air.texts[0].From == b.air.texts[1].From {
		t.Error("both numbers must ask, for the YES has to reach the one that will send")
	}
}

func TestChallenge(t *testing.T) {
	b := newBench(t)
	w := b.get("/opt-in/challenge")
	if w.Code != 200 || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	var c struct {
		Parameters map[string]any
		Signature  string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &c); err != nil || c.Parameters["nonce"] != "0a" || c.Signature != "ff" {
		t.Errorf("%s: %v", w.Body, err)
	}
	b.puzzle.err = errors.New("no randomness")
	if w := b.get("/opt-in/challenge"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("%d", w.Code)
	}
}

// The sample events are what the README tells people to invoke the function with.
func TestSampleEvents(t *testing.T) {
	for name, want := range map[string]int{
		"optin-get.json": http.StatusOK, "optin-challenge.json": http.StatusOK,
		// Their solutions are made up: they get as far as the CAPTCHA.
		"optin-post-form.json": http.StatusBadRequest, "optin-post-json.json": http.StatusBadRequest,
	} {
		text, err := os.ReadFile("../../events/" + name)
		if err != nil {
			t.Fatal(err)
		}
		var e events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(text, &e); err != nil {
			t.Fatal(err)
		}
		out, err := newBench(t).Handle(t.Context(), e)
		if err != nil || out.StatusCode != want {
			t.Errorf("%s: %d %s (%v)", name, out.StatusCode, out.Body, err)
		}
	}
}
