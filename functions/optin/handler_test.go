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
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/world"
)

func (w *fixture) do(r *http.Request) *httptest.ResponseRecorder {
	r.RemoteAddr = "203.0.113.7"
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	return answer
}

func (w *fixture) get(path string) *httptest.ResponseRecorder {
	return w.do(httptest.NewRequest(http.MethodGet, path, nil))
}

func (w *fixture) postJSON(body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "curl/8")
	return w.do(r)
}

func (w *fixture) postForm(values url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Referer", "https://api.example.com/opt-in?brand=example")
	r.Header.Set("User-Agent", "Mozilla/5.0")
	return w.do(r)
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
	w := newWorld(t)
	answer := w.postJSON(signUp(nil))
	if answer.Code != http.StatusAccepted || strings.TrimSpace(answer.Body.String()) != `{"status":"pending"}` || answer.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("answer: %d %s %s", answer.Code, answer.Header(), answer.Body)
	}
	if len(w.Carrier.Sent) != 1 || w.Carrier.Sent[0].To != seattle {
		t.Errorf("texts: %d", len(w.Carrier.Sent))
	}
	c := w.Contact(seattle)
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

// madeUp stores somebody as states has them.
func (w *fixture) madeUp(set func(*consent.Contact)) {
	w.T.Helper()
	w.MakeUp(seattle, w.Clock().Add(-48*time.Hour), func(c *consent.Contact) {
		c.Subs = nil
		set(c)
	})
}

// answerLost is a Fault that loses the answer to the next commit.
func answerLost() func(op string, done bool) error {
	lost := false
	return func(op string, done bool) error {
		if op != "Commit" || !done || lost {
			return nil
		}
		lost = true
		return errBroken
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
	for name, set := range states(newWorld(t).Clock()) {
		for i, post := range []func(*fixture) *httptest.ResponseRecorder{
			func(w *fixture) *httptest.ResponseRecorder { return w.postJSON(signUp(nil)) },
			func(w *fixture) *httptest.ResponseRecorder { return w.postForm(fields(nil)) },
		} {
			w := newWorld(t)
			w.madeUp(set)
			c, before := w.Contact(seattle), len(w.events())
			answer := post(w)
			got := &reply{answer.Code, answer.Header(), answer.Body.String()}
			if first[i] == nil {
				first[i] = got
			}
			if diff := cmp.Diff(first[i], got); diff != "" {
				t.Errorf("%s answers differently: %s", name, diff)
			}
			asks := slices.Contains([]string{"new", "pending", "expired", "unsubscribed"}, name)
			if sent := len(w.Carrier.Sent); (sent == 1) != asks || sent > 1 {
				t.Errorf("%s: %d texts", name, sent)
			}
			after := w.Contact(seattle)
			if !asks && name != "undeliverable" && len(w.events()) > before {
				t.Errorf("%s: %d events", name, len(w.events())-before)
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
		fault  func(*fixture)
		first  int // status of the first try
		texts  int // handed to the carrier after both
		stored int // claims of the contact after both
	}{
		{"no fault", func(*fixture) {}, 202, 1, 1},
		{"somebody else writes meanwhile", func(w *fixture) { w.Table.Fault = world.Failing("Commit", 3, table.ErrConflict) }, 202, 1, 1},
		{"somebody else writes all the time", func(w *fixture) { w.Table.Fault = world.Failing("Commit", 8, table.ErrConflict) }, 503, 1, 1},
		{"nothing was written", func(w *fixture) { w.Table.Fault = world.Failing("Commit", 1, errBroken) }, 503, 1, 1},
		{"written, and the answer lost", func(w *fixture) { w.Table.Fault = answerLost() }, 503, 0, 1},
		{"carrier's outcome unknown", func(w *fixture) { w.carrierSays(errBroken) }, 202, 1, 1},
		{"carrier refuses for certain", func(w *fixture) { w.carrierSays(&outbox.Rejection{Reason: "THROTTLED", Throttled: true}) }, 202, 4, 0}, // which waits
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			tc.fault(w)
			if answer := w.postJSON(signUp(nil)); answer.Code != tc.first {
				t.Errorf("first: %d %s", answer.Code, answer.Body)
			}
			w.carrierSays(nil)
			if answer := w.postJSON(signUp(map[string]any{"altcha": "solved again"})); answer.Code != http.StatusAccepted {
				t.Errorf("retry: %d %s", answer.Code, answer.Body)
			}
			if n := w.Carrier.Calls; n != tc.texts {
				t.Errorf("%d texts, want %d", n, tc.texts)
			}
			if n := len(w.Contact(seattle).Claims); n != tc.stored {
				t.Errorf("%d claims, want %d", n, tc.stored)
			}
		})
	}
}

func TestTopicsAreAskedForOnceEach(t *testing.T) {
	w := newWorld(t)
	w.postJSON(signUp(map[string]any{"topics": []string{"alerts", "orders", "alerts"}}))
	if len(w.Carrier.Sent) != 2 {
		t.Fatalf("%d texts, want one from each number", len(w.Carrier.Sent))
	}
	if w.Carrier.Sent[0].From == w.Carrier.Sent[1].From {
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
		out, err := newWorld(t).handler.Handle(t.Context(), e)
		if err != nil || out.StatusCode != want {
			t.Errorf("%s: %d %s (%v)", name, out.StatusCode, out.Body, err)
		}
	}
}

func TestChallenge(t *testing.T) {
	w := newWorld(t)
	answer := w.get("/opt-in/challenge")
	if answer.Code != 200 || answer.Header().Get("Cache-Control") != "no-store" || answer.Header().Get("Content-Type") != "application/json" {
		t.Errorf("%d %v", answer.Code, answer.Header())
	}
	var c struct {
		Parameters map[string]any
		Signature  string
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &c); err != nil || c.Parameters["nonce"] != "0a" || c.Signature != "ff" {
		t.Errorf("%s: %v", answer.Body, err)
	}
	w.puzzle.err = errors.New("no randomness")
	if answer := w.get("/opt-in/challenge"); answer.Code != http.StatusServiceUnavailable || answer.Header().Get("Retry-After") == "" {
		t.Errorf("%d", answer.Code)
	}
	w.handler.Challenger = nil
	if answer := w.get("/opt-in/challenge"); answer.Code != http.StatusNotFound {
		t.Errorf("where a provider has the challenges: %d", answer.Code)
	}
}
