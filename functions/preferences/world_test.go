package preferences_test

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/functions/preferences"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/link"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/world"
)

const her = phone.Number("+12065550142")

var (
	stores dynamotest.Stores

	// begin is noon in Seattle on a Tuesday.
	begin = time.Date(2026, time.December, 1, 20, 0, 0, 0, time.UTC)

	errBroken = errors.New("broken")
)

func TestMain(m *testing.M) { os.Exit(stores.Run(m)) }

// programs has what a page may have to show: a program of two topics from a pool, one from a short code, and a second
// brand.
const programs = `
policy: {hours: strict}
brands:
  - id: example
    name: Example Corp.
    region: US
    terms: https://example.com/terms
    color: "#0b5fff"
    programs:
      - id: alerts
        class: promotional
        identity: {pool: pool-1, numbers: ["+12065550100", "+12065550105"]}
        opt_out_list: Default
        topics:
          - {id: alerts, name: alerts, frequency: 2 per month, help: {email: help@example.com}, locale: en-US}
          - {id: news, name: news, frequency: 1 per week, help: {email: help@example.com}, locale: en-US}
      - id: orders
        class: transactional
        identity: {short_code: "12345"}
        opt_out_list: example-orders
        topics:
          - {id: orders, name: orders, help: {email: help@example.com}, locale: en-US}
  - id: cafe
    name: Example Cafe
    region: US
    programs:
      - id: specials
        class: promotional
        identity: {number: "+12065550110"}
        opt_out_list: cafe
        topics:
          - {id: specials, name: weekly specials, frequency: 1 per week, help: {email: help@example.com}, locale: en-US}
`

// fixture is the function in its world, with the real links.
type fixture struct {
	*world.World
	handler *preferences.Handler
	links   *link.Maker
	tokens  []string // of all links
}

func newWorld(t testing.TB) *fixture {
	t.Helper()
	return worldOn(t, stores.Memory(t))
}

func worldOn(t testing.TB, s dynamotest.Store) *fixture {
	t.Helper()
	w := &fixture{World: world.On(t, s, programs, begin)}
	w.StandStill()
	key := []byte("another key of at least thirty-two bytes")
	var err error
	if w.links, err = link.New(key, "https://example.com/preferences", w.Catalog, rand.Reader); err != nil {
		t.Fatal(err)
	}
	w.handler, err = preferences.New(preferences.Config{
		Catalog: w.Catalog, Links: w.links, Contacts: w.Table, Outbox: w.Outbox, Limiter: w.Table, Limit: 20,
		Now: w.Now, Log: w.Log, Metrics: w.Metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.keepsToItself)
	return w
}

// keepsToItself fails the test where a link or the end of a number is in the log (I10), or where the page did with the
// opt-out lists of AWS what it may not.
func (w *fixture) keepsToItself() {
	told := w.Logged.String() + w.Counted.String()
	for _, secret := range append(w.tokens, "0142") {
		if strings.Contains(told, secret) {
			w.T.Errorf("I10: %q is in the log: %s", secret, told)
		}
	}
	off := func(call string) bool { return strings.HasPrefix(call, "-") }
	if w.Carrier.Looks > 0 || slices.ContainsFunc(w.Carrier.Lists, off) {
		w.T.Errorf("the page looked at a list %d times, and did %q", w.Carrier.Looks, w.Carrier.Lists)
	}
}

// token is that of a link made now.
func (w *fixture) token(n phone.Number) string { return w.tokenAt(world.Key(n)) }

func (w *fixture) tokenAt(key consent.Key) string {
	u, err := url.Parse(w.links.Link(key, w.Clock()))
	if err != nil {
		panic(err)
	}
	w.tokens = append(w.tokens, u.Query().Get(link.Query))
	return w.tokens[len(w.tokens)-1]
}

func (w *fixture) brand() *program.Brand {
	brand, _ := w.Catalog.Brand("example")
	return brand
}

// subscribe signs a phone up for topics and has it say YES, a day ago.
func (w *fixture) subscribe(n phone.Number, topics ...string) {
	w.T.Helper()
	w.Subscribe(n, w.Clock().Add(-36*time.Hour), topics...)
}

func (w *fixture) do(r *http.Request) *httptest.ResponseRecorder {
	r.RemoteAddr = "203.0.113.7"
	r.Header.Set("User-Agent", "Mozilla/5.0")
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	return answer
}

func (w *fixture) get(token string) *httptest.ResponseRecorder {
	return w.do(httptest.NewRequest(http.MethodGet, "/preferences?t="+url.QueryEscape(token), nil))
}

func form(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/preferences", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// post sends a form: names and values in turn.
func (w *fixture) post(token string, fields ...string) *httptest.ResponseRecorder {
	v := url.Values{"t": {token}}
	for i := 0; i < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	return w.do(form(v.Encode()))
}
