package outbox_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/testkit/dynamotest"
)

var stores dynamotest.Stores

func TestMain(m *testing.M) { os.Exit(stores.Run(m)) }

const programs = `
policy:
  hours: strict
brands:
  - id: example
    name: Example Corp.
    region: US
    programs:
      - id: alerts
        class: promotional
        identity: {number: "+12065550100"}
        opt_out_list: Default
        messages_per_second: 10
        topics:
          - {id: alerts, name: alerts, keyword: JOIN, frequency: 20 per month, help: {email: help@example.com}, locale: en-US}
      - id: orders
        class: transactional
        identity: {number: "+12065550101"}
        opt_out_list: example-orders
        topics:
          - {id: orders, name: orders, keyword: ORDERS, help: {email: help@example.com}, locale: en-US}
`

var (
	// noon is a Tuesday's in Seattle, whose windows are open then and where the tests' phones are.
	noon = time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC)
	key  = consent.Key{Brand: "example", Phone: "+12065550142"}
)

const (
	offer  = "Example Corp.: half of everything is half the price today."
	autumn = "01KB3M8Y5T0QF2Z9W6R7C4X1VN"
	winter = "01KB3M8Y5T0QF2Z9W6R7C4X1VP"
)

// world is an outbox over a real table and a carrier that is not.
type world struct {
	*outbox.Outbox
	table   *table.Table
	ledger  consent.Ledger
	carrier *network
	faults  *faults
	metrics bytes.Buffer

	mu    sync.Mutex
	clock time.Time
	again consent.Inbound // a message that is delivered twice
	calls []string        // what the store and the carrier were asked to do, in order
}

// tester is what *testing.T and *rapid.T have in common.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return worldOn(t, stores.Memory(t))
}

func worldOn(t *testing.T, s dynamotest.Store) *world {
	t.Helper()
	catalog, err := program.Load([]byte(programs))
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.New(catalog)
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := consent.ParseLedger(base64.StdEncoding.EncodeToString([]byte("a key of at least thirty-two bytes")))
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	w := &world{clock: noon, ledger: ledger, table: table.New(s.Client, s.Table, ledger)}
	w.faults = &faults{Table: w.table, w: w}
	w.carrier = &network{w: w, optedOut: map[string]outbox.ListEntry{}}
	w.Outbox = outbox.New(outbox.Config{
		Catalog: catalog, Gate: g, Store: w.faults, Now: w.now,
		Log: slog.New(slog.NewTextHandler(&log, nil)), Metrics: telemetry.New(&w.metrics, "smsconsent", w.now),
		Pause: func(_ context.Context, d time.Duration) error { w.pass(d); return nil },
	}, w.carrier)
	t.Cleanup(func() {
		for _, secret := range []string{"206555", "half the price"} {
			if strings.Contains(log.String()+w.metrics.String(), secret) {
				t.Errorf("I10: %q is in the log or the metrics", secret)
			}
		}
	})
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

func (w *world) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, fmt.Sprintf(format, args...))
}

// did is what was asked for since the last call of did.
func (w *world) did() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer func() { w.calls = nil }()
	return w.calls
}

func (w *world) brand() *program.Brand {
	b, _ := w.Catalog.Brand(key.Brand)
	return b
}

func (w *world) program(id string) *program.Program {
	b, _ := w.Catalog.Brand("example")
	p, _ := b.Program(id)
	return p
}

func (w *world) contact(t tester) consent.Contact {
	t.Helper()
	c, err := w.table.Contact(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// claim finds the claim of a campaign.
func (w *world) claim(t tester, campaign string) (consent.Claim, bool) {
	t.Helper()
	c := w.contact(t)
	return c.CampaignClaim(campaign)
}

// stored is the record as it is, be it whole or not.
func (w *world) stored(t tester) consent.Record {
	t.Helper()
	r, err := w.table.Person(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (w *world) record(t tester) consent.Record {
	t.Helper()
	r := w.stored(t)
	if err := w.ledger.Verify(r, w.Now()); err != nil {
		t.Errorf("I4: %v", err)
	}
	return r
}

// text finds the record of a text.
func (w *world) text(t tester, id string) consent.Message {
	t.Helper()
	r := w.stored(t)
	if i := slices.IndexFunc(r.Messages, func(m consent.Message) bool { return m.ID == id }); i >= 0 {
		return r.Messages[i]
	}
	t.Fatalf("I3: text %s is not on record", id)
	return consent.Message{}
}

var (
	saidYes   = keyword.Intent{Kind: keyword.Confirm, Confidence: 1}
	saidStop  = keyword.Intent{Kind: keyword.OptOut}
	saidStart = keyword.Intent{Kind: keyword.OptIn, Confidence: 1, Restart: true}
	saidHelp  = keyword.Intent{Kind: keyword.Help}
	saidOther = keyword.Intent{Kind: keyword.Other}
)

func (w *world) inbound(intent keyword.Intent) consent.Inbound {
	now := w.now()
	return consent.Inbound{
		ID: ulid.Make().String(), At: now, Brand: w.brand(), Program: w.program("alerts"), Terms: w.Catalog.SignUp, Intent: intent, Body: string(intent.Kind), To: "+12065550100",
	}
}

// hear handles an inbound message as the inbound function does.
func (w *world) hear(in consent.Inbound) error {
	_, err := w.Change(context.Background(), key, func(c consent.Contact) consent.Change { return c.Hear(in) })
	return err
}

// heard reports whether the ledger has a message.
func (w *world) heard(t tester, in consent.Inbound) bool {
	t.Helper()
	return slices.ContainsFunc(w.record(t).Events, func(e consent.Event) bool { return e.Evidence["inbound"] == in.ID })
}

func (w *world) mustHear(t tester, in consent.Inbound) {
	t.Helper()
	if err := w.hear(in); err != nil {
		t.Fatal(err)
	}
}

// subscribe has the person sign up and say YES, and forgets what was sent for it.
func (w *world) subscribe(t tester) {
	t.Helper()
	w.subscribeReading(t, "")
}

// subscribeReading is subscribe for somebody who reads a language.
func (w *world) subscribeReading(t tester, locale string) {
	t.Helper()
	_, err := w.Change(context.Background(), key, func(c consent.Contact) consent.Change {
		return c.Request(consent.Request{At: w.now(), Source: consent.SourceForm, Topics: w.program("alerts").Topics, Terms: w.Catalog.SignUp, Told: phone.Told{}, Locale: locale, Evidence: map[string]string{"ip": "192.0.2.1"}})
	})
	if err != nil {
		t.Fatal(err)
	}
	w.pass(time.Second)
	w.mustHear(t, w.inbound(saidYes))
	w.pass(time.Second)
	if s := w.contact(t).Subs["alerts"].State; s != consent.Subscribed {
		t.Fatalf("the person is %s", s)
	}
	w.did()
	w.carrier.sent = nil
}

func (w *world) campaign(id string) outbox.Text {
	return outbox.Text{
		Kind: message.Promotional, Program: w.program("alerts"), Topic: "alerts", Campaign: id, Body: offer,
		Opens: noon.Add(-time.Hour), Expires: noon.Add(72 * time.Hour),
	}
}

// send sends a campaign's text and puts it on record, as sendcheck does for a page.
func (w *world) send(c consent.Contact, t outbox.Text) (outbox.Outcome, error) {
	out, err := w.Send(context.Background(), c, t)
	if out.Sent != nil {
		err = errors.Join(err, w.Record(context.Background(), *out.Sent))
	}
	return out, err
}

func (w *world) mustSend(t tester, text outbox.Text) outbox.Outcome {
	t.Helper()
	out, err := w.send(w.contact(t), text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func ulidAt(at time.Time) string {
	return ulid.MustNew(ulid.Timestamp(at), ulid.DefaultEntropy()).String()
}

func sentText(cl consent.Claim, body string) table.Sent {
	m := cl.Message()
	m.Body, m.AWSID, m.Status = body, "aws-0", consent.Sent
	m.History = []consent.StatusChange{{At: cl.At, Status: consent.Sent}}
	return table.Sent{Key: key, Message: m}
}

// under puts the outbox under other programs, as a deployment does.
func (w *world) under(t tester, text string) {
	t.Helper()
	catalog, err := program.Load([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.New(catalog)
	if err != nil {
		t.Fatal(err)
	}
	w.Catalog, w.Gate = catalog, g
}
