package preferences_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"smsconsent/functions/preferences"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/link"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/testkit/dynamotest"
)

var (
	stores dynamotest.Stores

	// begin is noon in Seattle on a Tuesday.
	begin = time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
	her   = consent.Key{Brand: "example", Phone: "+12065550142"}

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

// bench is the function over the consent table, with the real links, gate and outbox between.
type bench struct {
	*preferences.Handler
	t       testing.TB
	links   *link.Maker
	outbox  *outbox.Outbox
	table   *table.Table
	ledger  consent.Ledger
	texts   []outbox.SMS
	listed  []string          // AWS opt-out lists that numbers were put on
	deaf    bool              // the AWS opt-out lists do not answer
	refuses *outbox.Rejection // the carrier takes no text
	log     bytes.Buffer
	now     time.Time
}

func newBench(t testing.TB) *bench {
	t.Helper()
	return benchOn(t, stores.Minidyn(t), []byte(programs))
}

func benchOn(t testing.TB, s dynamotest.Store, programs []byte) *bench {
	t.Helper()
	catalog, err := program.Load(programs)
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.New(catalog)
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := consent.NewLedger([]byte("a key of at least thirty-two bytes"))
	if err != nil {
		t.Fatal(err)
	}
	links, err := link.New([]byte("another key of at least thirty-two bytes"), "https://example.com/preferences", catalog, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, links: links, table: table.New(s.Client, s.Table, ledger), ledger: ledger, now: begin}
	log, clock := telemetry.NewLogger(&b.log), func() time.Time { return b.now }
	b.outbox = outbox.New(outbox.Config{
		Catalog: catalog, Gate: g, Store: b.table, Now: clock, Log: log,
		Pause: func(context.Context, time.Duration) error { return nil },
	}, b)
	b.Handler, err = preferences.New(preferences.Config{
		Catalog: catalog, Links: links, Contacts: b.table, Outbox: b.outbox, Limiter: b.table, Limit: 20, Now: clock, Log: log,
		Metrics: telemetry.New(&b.log, clock),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, secret := range []string{"2065550142", "t=", "0142"} {
			if strings.Contains(b.log.String(), secret) {
				t.Errorf("I10: %q is in the log: %s", secret, b.log.String())
			}
		}
	})
	return b
}

func (b *bench) Send(_ context.Context, t outbox.SMS) (string, error) {
	b.texts = append(b.texts, t)
	if b.refuses != nil {
		return "", b.refuses
	}
	return fmt.Sprintf("aws-%d", len(b.texts)), nil
}

func (b *bench) OptOut(_ context.Context, list string, _ phone.Number) error {
	if b.deaf {
		return errBroken
	}
	b.listed = append(b.listed, list)
	return nil
}

func (b *bench) OptIn(_ context.Context, list string, _ phone.Number) error {
	b.t.Errorf("the page took a number off the list %s", list)
	return nil
}

func (b *bench) Listed(_ context.Context, list string, _ phone.Number) (outbox.ListEntry, bool, error) {
	b.t.Errorf("the page, which may not, looked at the list %s", list)
	return outbox.ListEntry{}, false, nil
}

// token is that of a link made now.
func (b *bench) token(key consent.Key) string {
	u, err := url.Parse(b.links.Link(key, b.now))
	if err != nil {
		b.t.Fatal(err)
	}
	return u.Query().Get(link.Query)
}

func (b *bench) brand(id string) *program.Brand {
	brand, _ := b.Catalog.Brand(id)
	return brand
}

// subscribe signs a phone up for topics and has it say YES, a day ago, and forgets what was sent for it.
func (b *bench) subscribe(key consent.Key, topics ...string) {
	b.t.Helper()
	brand, now := b.brand(key.Brand), b.now
	for _, id := range topics {
		p, t, _ := brand.Topic(id)
		b.now = now.Add(-36 * time.Hour)
		b.change(key, func(c consent.Contact) consent.Change {
			return c.Request(consent.Request{At: b.now, Source: consent.SourceForm, Topics: []program.Topic{*t}, Terms: b.Catalog.SignUp, Evidence: map[string]string{"ip": "192.0.2.1"}})
		})
		b.now = b.now.Add(time.Minute)
		b.hear(key, p.ID, keyword.Intent{Kind: keyword.Confirm, Confidence: 1})
		b.now = now
	}
	b.texts, b.listed = nil, nil
}

func (b *bench) change(key consent.Key, decide func(consent.Contact) consent.Change) {
	b.t.Helper()
	if _, err := b.outbox.Change(b.t.Context(), key, decide); err != nil {
		b.t.Fatal(err)
	}
}

// hear has the phone text a program.
func (b *bench) hear(key consent.Key, prog string, intent keyword.Intent) {
	b.t.Helper()
	brand := b.brand(key.Brand)
	p, _ := brand.Program(prog)
	b.change(key, func(c consent.Contact) consent.Change {
		return c.Hear(consent.Inbound{ID: rand.Text(), At: b.now, Brand: brand, Program: p, Terms: b.Catalog.SignUp, Intent: intent, Body: string(intent.Kind), To: p.Identity.String()})
	})
}

func (b *bench) contact(key consent.Key) consent.Contact {
	b.t.Helper()
	c, err := b.table.Contact(b.t.Context(), key)
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

// record is all that is known of a person, with its ledger verified.
func (b *bench) record(key consent.Key) consent.Record {
	b.t.Helper()
	r, err := b.table.Person(b.t.Context(), key)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.ledger.Verify(r, b.now); err != nil {
		b.t.Errorf("I4: %v", err)
	}
	return r
}

func (b *bench) do(r *http.Request) *httptest.ResponseRecorder {
	r.RemoteAddr = "203.0.113.7"
	r.Header.Set("User-Agent", "Mozilla/5.0")
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}

func (b *bench) get(token string) *httptest.ResponseRecorder {
	return b.do(httptest.NewRequest(http.MethodGet, "/preferences?t="+url.QueryEscape(token), nil))
}

func form(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/preferences", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// post sends a form: names and values in turn.
func (b *bench) post(token string, fields ...string) *httptest.ResponseRecorder {
	v := url.Values{"t": {token}}
	for i := 0; i < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	return b.do(form(v.Encode()))
}
