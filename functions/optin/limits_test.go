package optin_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"smsconsent/functions/optin"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/world"
)

// Behind a CDN API Gateway sees one address for everybody. Visitors count by their own, which stands in the evidence,
// and only where the CDN proves itself: whoever writes headers past it is one network still.
func TestVisitorsBehindAnEdgeAreNotOneNetwork(t *testing.T) {
	w := newWorld(t)
	w.handler.Limit, w.handler.Edge = 1, gateway.NewEdge("the secret of the edge")
	post := func(i int, secret, forwarded string) int {
		e := gateway.Request{
			Version: "2.0", RawPath: "/opt-in",
			Headers: map[string]string{"content-type": "application/json", "x-edge-secret": secret, "x-forwarded-for": forwarded},
			Body:    signUp(map[string]any{"altcha": solved + fmt.Sprint(i), "phone": fmt.Sprintf("206 555 01%02d", i)}),
		}
		e.RequestContext.HTTP.Method, e.RequestContext.HTTP.SourceIP = http.MethodPost, "203.0.113.7"
		answer, err := w.handler.Handle(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode
	}
	for i, tc := range []struct {
		secret, forwarded string
		want              int
	}{
		{"the secret of the edge", "198.51.100.1, 203.0.113.7", http.StatusAccepted},
		{"the secret of the edge", "198.51.100.2, 203.0.113.7", http.StatusAccepted},
		{"the secret of the edge", "192.0.2.1, 198.51.100.2, 203.0.113.7", http.StatusTooManyRequests},
		{"a guess", "192.0.2.2, 203.0.113.7", http.StatusAccepted},
		{"another guess", "192.0.2.3, 203.0.113.7", http.StatusTooManyRequests},
	} {
		if got := post(i, tc.secret, tc.forwarded); got != tc.want {
			t.Errorf("%d, from %s: %d, want %d", i, tc.forwarded, got, tc.want)
		}
	}
	if got := w.events()[0].Evidence["ip"]; got != "198.51.100.1" {
		t.Errorf("the evidence says %s", got)
	}
}

func TestNetworkLimit(t *testing.T) {
	w := newWorld(t)
	w.handler.Limit = 2
	post := func(i int, address string) int {
		body := signUp(map[string]any{"altcha": solved + fmt.Sprint(i), "phone": fmt.Sprintf("206 555 01%02d", i)})
		r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.RemoteAddr = address
		texts, contacts := len(w.Carrier.Sent), len(w.records())
		answer := httptest.NewRecorder()
		w.handler.ServeHTTP(answer, r)
		refused := answer.Code == http.StatusTooManyRequests
		if refused && answer.Header().Get("Retry-After") != "3600" {
			t.Errorf("Retry-After = %q", answer.Header().Get("Retry-After"))
		}
		if left := len(w.Carrier.Sent) + len(w.records()) - texts - contacts; (left == 0) != refused {
			t.Errorf("%d: answered %d and left %d", i, answer.Code, left)
		}
		return answer.Code
	}
	addresses := []string{
		"203.0.113.7", "203.0.113.7", "203.0.113.7", "203.0.113.8",
		"2001:db8::1", "2001:db8:0:1::1", "2001:db8:0:ffff::1", "2001:db8:1::1", "::ffff:198.51.100.1", "::ffff:198.51.100.2", "::ffff:198.51.100.3",
	}
	var got []int
	for i, a := range addresses {
		got = append(got, post(i, a))
	}
	if want := []int{202, 202, 429, 202, 202, 202, 429, 202, 202, 202, 202}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	w.Pass(time.Hour)
	if code := post(20, "203.0.113.7"); code != http.StatusAccepted {
		t.Errorf("an hour later: %d", code)
	}
	for key := range w.counter.seen {
		if strings.Contains(key, "203.0.113") || strings.Contains(key, "555") {
			t.Errorf("key %q holds an address or a number", key)
		}
	}
}

// A limit of nothing is that of the local stack, where everybody has the same address.
func TestNoNetworkLimit(t *testing.T) {
	w := newWorld(t)
	for i := range 100 {
		if answer := w.postJSON(signUp(map[string]any{"altcha": solved + fmt.Sprint(i)})); answer.Code != http.StatusAccepted {
			t.Fatalf("%d: %d", i, answer.Code)
		}
	}
	for key := range w.counter.seen {
		if strings.HasPrefix(key, "sign-up#") {
			t.Errorf("counters: %v", w.counter.seen)
		}
	}
}

// Many brands cannot be made to text one phone: it is asked as often as one brand may ask, and the page says the same
// all the while.
func TestAPhoneIsAskedSoOftenByAllBrandsTogether(t *testing.T) {
	w := worldUnder(t, hostile)
	post := func(i int, brand, topic string) string {
		answer := w.postJSON(signUp(map[string]any{"brand": brand, "topics": []string{topic}, "phone": string(seattle), "altcha": solved + fmt.Sprint(i)}))
		return fmt.Sprint(answer.Code, answer.Header(), answer.Body)
	}
	var answers []string
	for i, brand := range [][2]string{{"example", "alerts"}, {"examplecafe", "specials"}, {"long", "b"}, {"markup", "markup"}} {
		answers = append(answers, post(i, brand[0], brand[1]))
	}
	if len(w.Carrier.Sent) != 2 || len(w.records()) != 2 || len(w.events()) != 2 {
		t.Errorf("%d texts, %d contacts, %d events; want 2 of each", len(w.Carrier.Sent), len(w.records()), len(w.events()))
	}
	if len(slices.Compact(answers)) != 1 {
		t.Errorf("the answers differ: %q", answers)
	}
	if strings.Count(w.Counted.String(), `"SignUpCapped":1`) != 2 {
		t.Errorf("metrics: %s", &w.Counted)
	}
	w.Pass(24 * time.Hour)
	if post(9, "long", "b"); len(w.Carrier.Sent) != 3 {
		t.Errorf("a day later: %d texts", len(w.Carrier.Sent))
	}
}

// Only what texts is counted of a phone: whoever presses the button twice, or is subscribed, uses nothing up.
func TestWhatDoesNotTextIsNotCounted(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		w.postJSON(signUp(map[string]any{"altcha": solved + fmt.Sprint(i)}))
		w.Pass(time.Minute)
	}
	if len(w.Carrier.Sent) != 1 {
		t.Fatalf("%d texts within ten minutes", len(w.Carrier.Sent))
	}
	for _, n := range w.counter.asks() {
		if n != 1 {
			t.Errorf("counted %d", n)
		}
	}
	w.Pass(10 * time.Minute)
	if w.postJSON(signUp(map[string]any{"altcha": solved + " later"})); len(w.Carrier.Sent) != 2 {
		t.Errorf("%d texts, want a second one after ten minutes", len(w.Carrier.Sent))
	}
}

// I5: whatever is posted in whatever order, before YES a phone is asked at most twice in a day and never twice within
// ten minutes.
func TestBeforeYESThereAreFewTexts(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		var asked []time.Time
		for i := range rapid.IntRange(1, 20).Draw(rt, "posts") {
			before := world.Failing("Commit", rapid.IntRange(0, 9).Draw(rt, "conflicts"), table.ErrConflict)
			broken := world.Failing("Commit", rapid.IntRange(0, 1).Draw(rt, "before"), errBroken)
			after := answerLost()
			if rapid.Bool().Draw(rt, "after") {
				after = func(string, bool) error { return nil }
			}
			w.Table.Fault = func(op string, done bool) error {
				for _, fault := range []func(string, bool) error{before, broken, after} {
					if err := fault(op, done); err != nil {
						return err
					}
				}
				return nil
			}
			w.carrierSays(rapid.SampledFrom([]error{nil, errBroken}).Draw(rt, "carrier"))
			w.Pass(time.Duration(rapid.IntRange(0, 600).Draw(rt, "minutes")) * time.Minute)
			w.postJSON(signUp(map[string]any{"altcha": solved + fmt.Sprint(i)}))
			if len(w.Carrier.Sent) > len(asked)+1 {
				rt.Fatalf("one sign-up caused %d texts", len(w.Carrier.Sent)-len(asked))
			}
			if len(w.Carrier.Sent) > len(asked) {
				asked = append(asked, w.Clock())
			}
		}
		for i := range asked {
			if i >= 1 && asked[i].Sub(asked[i-1]) < 10*time.Minute {
				rt.Fatalf("asked twice within %s", asked[i].Sub(asked[i-1]))
			}
			if i >= 2 && asked[i].Sub(asked[i-2]) < 24*time.Hour {
				rt.Fatalf("asked three times within %s", asked[i].Sub(asked[i-2]))
			}
		}
		if c := w.Contact(seattle); c.Subs["alerts"].State == consent.Subscribed {
			rt.Fatal("subscribed without YES")
		}
	})
}

// A network's sign-ups are counted by the hour, a brand's and a phone's questions by the day.
func TestWhatIsCountedForHowLong(t *testing.T) {
	w := newWorld(t)
	w.handler.Limit = 60
	c := &spans{counter: w.counter, seen: map[string]string{}}
	w.handler.Limiter = c
	w.postJSON(signUp(map[string]any{}))
	want := map[string]string{"sign-up": "60 in 1h0m0s", "brand": "1000 in 24h0m0s", "ask": fmt.Sprintf("%d in 24h0m0s", w.Catalog.SignUp.PerPhoneADay)}
	if diff := cmp.Diff(want, c.seen); diff != "" {
		t.Error(diff)
	}
}

// spans is a limiter that keeps what it is asked to keep to, by what is counted.
type spans struct {
	*counter
	seen map[string]string
}

func (s *spans) Allow(ctx context.Context, key string, limit int, window time.Duration, now time.Time) (bool, error) {
	what, _, _ := strings.Cut(key, "#")
	s.seen[what] = fmt.Sprintf("%d in %s", limit, window)
	return s.counter.Allow(ctx, key, limit, window, now)
}

// deciding is the outbox, and counts how often it is asked to decide.
type deciding struct {
	optin.Outbox
	decisions int
}

func (d *deciding) Change(
	ctx context.Context, key consent.Key, decide func(consent.Contact) consent.Change,
) (outbox.Changed, error) {
	return d.Outbox.Change(ctx, key, func(c consent.Contact) consent.Change {
		d.decisions++
		return decide(c)
	})
}

// full is a limiter that counts and has had enough of every phone.
type full struct{ *counter }

func (f full) Allow(ctx context.Context, key string, limit int, window time.Duration, now time.Time) (bool, error) {
	if strings.HasPrefix(key, "ask#") {
		limit = 0
	}
	return f.counter.Allow(ctx, key, limit, window, now)
}

// A sign-up reads the contact once and is decided once, whatever comes of it. Where somebody else writes the contact
// meanwhile it is read and decided anew, and its one question is counted once.
func TestASignUpIsReadDecidedAndCountedOnce(t *testing.T) {
	for _, tc := range []struct {
		name     string
		set      func(*fixture)
		reads    int
		counted  int
		texts    int
		conflict int
	}{
		{"new", func(*fixture) {}, 1, 1, 1, 0},
		{"subscribed", func(w *fixture) {
			w.madeUp(states(w.Clock())["subscribed"])
		}, 1, 0, 0, 0},
		{"asked too often today", func(w *fixture) { w.handler.Limiter = full{w.counter} }, 1, 1, 0, 0},
		{"written by others three times", func(*fixture) {}, 4, 1, 1, 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			tc.set(w)
			w.Table.Fault = world.Failing("Commit", tc.conflict, table.ErrConflict)
			deciding := &deciding{Outbox: w.Outbox}
			w.handler.Outbox = deciding
			if answer := w.postJSON(signUp(nil)); answer.Code != http.StatusAccepted {
				t.Errorf("%d %s", answer.Code, answer.Body)
			}
			counted := 0
			for _, n := range w.counter.asks() {
				counted += n
			}
			if w.Table.Done("Contact") != tc.reads || deciding.decisions != tc.reads || counted != tc.counted || len(w.Carrier.Sent) != tc.texts {
				t.Errorf(
					"%d reads, %d decisions, counted %d times, %d texts; want %d, %d, %d, %d",
					w.Table.Done("Contact"), deciding.decisions, counted, len(w.Carrier.Sent), tc.reads, tc.reads, tc.counted, tc.texts,
				)
			}
		})
	}
}
