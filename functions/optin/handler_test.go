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

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/outbox"
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

// states are the contacts a stranger might want to tell apart.
func states(now time.Time) map[string]func(*consent.Contact) {
	sub := func(s consent.State, proof int64, asked ...time.Duration) func(*consent.Contact) {
		return func(c *consent.Contact) {
			since := now.Add(-asked[0])
			c.Subs = map[string]consent.Subscription{"alerts": {
				State: s, Program: "alerts", Class: "promotional", Since: since, Until: since.Add(24 * time.Hour), Request: 1, Proof: proof,
			}}
			for i, ago := range asked {
				c.Claims = append(c.Claims, consent.Claim{ID: fmt.Sprint(i), At: now.Add(-ago), Kind: message.Confirmation, Program: "alerts", Topics: []string{"alerts"}})
			}
		}
	}
	return map[string]func(*consent.Contact){
		"new":          func(*consent.Contact) {},
		"asked":        sub(consent.Pending, 0, 9*time.Minute),
		"pending":      sub(consent.Pending, 0, time.Hour),
		"asked twice":  sub(consent.Pending, 0, 2*time.Hour, time.Hour),
		"expired":      sub(consent.Expired, 0, 25*time.Hour),
		"subscribed":   sub(consent.Subscribed, 2, time.Hour),
		"unsubscribed": sub(consent.Unsubscribed, 2, time.Hour),
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
			asks := slices.Contains([]string{"new", "pending", "expired", "unsubscribed"}, name)
			if sent := len(b.air.texts); (sent == 1) != asks || sent > 1 {
				t.Errorf("%s: %d texts", name, sent)
			}
			after := b.store.contacts[c.Key]
			if !asks && name != "undeliverable" && len(b.store.events) > 0 {
				t.Errorf("%s: %d events", name, len(b.store.events))
			}
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
		{"carrier refuses for certain", func(b *bench) { b.air.err = &outbox.Rejection{Reason: "THROTTLED", Throttled: true} }, 202, 4, 0}, // which waits
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

// The sample events are what the README tells people to invoke the function with.
func TestSampleEvents(t *testing.T) {
	for name, want := range map[string]int{
		"optin-get.json": http.StatusOK, "optin-challenge.json": http.StatusOK, "optin-asset.json": http.StatusOK, "optin-disclosure.json": http.StatusOK,
		"optin-preflight.json": http.StatusNoContent,
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
	if w := b.get("/opt-in/challenge"); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d", w.Code)
	}
	b.Challenger = nil
	if w := b.get("/opt-in/challenge"); w.Code != http.StatusNotFound {
		t.Errorf("where a provider has the challenges: %d", w.Code)
	}
}
