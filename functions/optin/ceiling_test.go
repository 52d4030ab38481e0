package optin_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/testkit/dynamotest"
)

// I5: whoever has many networks and many phones makes a brand text no more of them in a day than it allows. Beyond that
// everybody is refused alike: a stranger, one who waits for a YES and a subscriber, so that the answer says nothing of
// the phone; and nothing is kept. Other brands go on, and so does this one on the next day.
func TestABrandTakesSoManySignUpsADay(t *testing.T) {
	stores.Each(t, func(t *testing.T, s dynamotest.Store) {
		w := worldOn(t, s, hostile)
		w.Catalog.SignUp.PerBrandADay, w.handler.Limit = 2, 1
		signed := 0
		post := func(brand, topic, phone string) *httptest.ResponseRecorder {
			signed++
			r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(signUp(map[string]any{
				"brand": brand, "topics": []string{topic}, "phone": phone, "altcha": solved + fmt.Sprint(signed),
			})))
			r.Header.Set("Content-Type", "application/json")
			r.RemoteAddr = fmt.Sprintf("2001:db8:%x::1", signed)
			answer := httptest.NewRecorder()
			w.handler.ServeHTTP(answer, r)
			return answer
		}
		for i := range 2 {
			if answer := post("example", "alerts", fmt.Sprintf("206 555 014%d", i)); answer.Code != http.StatusAccepted {
				t.Fatalf("sign-up %d: %d %s", i, answer.Code, answer.Body)
			}
		}
		var refused []string
		for _, phone := range []string{"206 555 0140", "206 555 0149"} {
			answer := post("example", "alerts", phone)
			refused = append(refused, fmt.Sprint(answer.Code, answer.Header(), answer.Body))
			if answer.Code != http.StatusTooManyRequests || answer.Header().Get("Retry-After") != "75600" {
				t.Errorf("%s: %d, try again after %s", phone, answer.Code, answer.Header().Get("Retry-After"))
			}
		}
		if len(slices.Compact(refused)) != 1 {
			t.Errorf("the answers differ: %q", refused)
		}
		if log := w.Logged.String(); strings.Count(log, "a sign-up was turned away") != 2 || strings.Contains(log, "555014") {
			t.Errorf("the log says %s", log)
		}
		if len(w.Carrier.Sent) != 2 || len(w.records()) != 2 || strings.Count(w.Counted.String(), `"SignUpCeiling":1`) != 2 {
			t.Errorf("%d texts, %d people, counted %s", len(w.Carrier.Sent), len(w.records()), &w.Counted)
		}
		if answer := post("examplecafe", "specials", "206 555 0149"); answer.Code != http.StatusAccepted {
			t.Errorf("another brand: %d %s", answer.Code, answer.Body)
		}
		w.Pass(21 * time.Hour)
		if answer := post("example", "alerts", "206 555 0149"); answer.Code != http.StatusAccepted {
			t.Errorf("the next day: %d %s", answer.Code, answer.Body)
		}
	})
}

// A network that is over its own limit uses up nothing of the brand's.
func TestOneNetworkDoesNotUseUpABrand(t *testing.T) {
	w := newWorld(t)
	w.handler.Limit = 2
	for i := range 5 {
		w.postJSON(signUp(map[string]any{"altcha": solved + fmt.Sprint(i)}))
	}
	for key, n := range w.counter.seen {
		if strings.HasPrefix(key, "brand#") && n != 2 {
			t.Errorf("%d counted against the brand, want 2", n)
		}
	}
}

// Requests of the brand's own backend are not pumped by strangers, and not counted.
func TestABackendIsNotCounted(t *testing.T) {
	w := newBackend(t)
	w.Catalog.SignUp.PerBrandADay = 1
	for i := range 3 {
		w.post(t, onPaper(map[string]any{"phone": fmt.Sprintf("206 555 014%d", i)}))
	}
	if len(w.Carrier.Sent) != 3 || len(w.counter.seen) != 0 {
		t.Errorf("%d texts, counters %v", len(w.Carrier.Sent), w.counter.seen)
	}
}

// Any number of sign-ups is one call to DynamoDB less.
func TestNoCeilingIsNotCounted(t *testing.T) {
	w := newWorld(t)
	w.Catalog.SignUp.PerBrandADay = 0
	if w.postJSON(signUp(nil)); len(w.counter.seen) != len(w.counter.asks()) || len(w.Carrier.Sent) != 1 {
		t.Errorf("%d texts, counters %v", len(w.Carrier.Sent), w.counter.seen)
	}
}

// Who fills in the form reads why in their own language, and keeps what they typed.
func TestTheFormSaysThatABrandIsFull(t *testing.T) {
	w := newWorld(t)
	w.Catalog.SignUp.PerBrandADay = 1
	w.postJSON(signUp(map[string]any{"altcha": solved + "1"}))
	answer := w.postForm(fields(map[string]string{"altcha": solved + "2", "locale": "fr", "phone": "206 555 0149"}))
	for _, says := range []string{"Nous ne pouvons plus prendre", "206 555 0149"} {
		if !strings.Contains(answer.Body.String(), says) {
			t.Errorf("the form does not say %q", says)
		}
	}
}
