// Package world holds what functions work with in tests: people, the consent table, the outbox with the real gate, a
// carrier, queues, schedules and a clock. Everything but AWS's parts is the product's own code.
package world

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"smsconsent"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/testkit/dynamotest"
)

// LedgerKey is the key of a world's ledger.
const LedgerKey = "a key of at least thirty-two bytes"

// World is an empty consent table and everything around it, at an instant.
type World struct {
	T         testing.TB
	Catalog   *program.Catalog
	Gate      *gate.Gate
	Ledger    consent.Ledger
	Store     dynamotest.Store // where the table is stored, for access without the functions
	Bill      *dynamotest.Bill // counts the DynamoDB calls of the table and the audience
	Table     *Table
	Audience  *audience.List
	Outbox    *outbox.Outbox
	Carrier   *Carrier
	Queue     *Queue
	Schedules *Schedules
	Function  Function // invoked by the queue and the schedules

	Log     *slog.Logger
	Metrics *telemetry.Metrics

	// Unanswered, where set, is called before each call of the store, the queue, the schedules and AWS's lists. Its
	// error becomes the call's, and then nothing is done.
	Unanswered func(call string) error

	Logged  strings.Builder // all log lines
	Counted strings.Builder // all metrics

	mu    sync.Mutex
	now   time.Time
	tick  time.Duration
	heard int
}

// New returns a world with the shipped programs. Its clock ticks each time it is read, as a real one does, so that no
// two things happen at the same instant.
func New(t testing.TB, now time.Time) *World {
	t.Helper()
	return Under(t, string(smsconsent.Programs()), now)
}

// Under returns a world with other programs.
func Under(t testing.TB, programs string, now time.Time) *World {
	t.Helper()
	var stores dynamotest.Stores
	return On(t, stores.Memory(t), programs, now)
}

// Abroad returns programs with numbers from which AWS sends to every country.
func Abroad(programs string) string {
	const said = "international: yes"
	inBraces := regexp.MustCompile(`\{number: ("?\+\d+"?)\}`).ReplaceAllString(programs, "{number: $1, "+said+"}")
	return regexp.MustCompile(`(?m)^( +)(number: "?\+\d+"?.*)$`).ReplaceAllString(inBraces, "${1}${2}\n${1}"+said)
}

// On returns a world on a store.
func On(t testing.TB, store dynamotest.Store, programs string, now time.Time) *World {
	t.Helper()
	w := &World{T: t, Store: store, now: now, tick: time.Millisecond}
	var err error
	if w.Catalog, err = program.Load([]byte(programs)); err != nil {
		t.Fatal(err)
	}
	if w.Gate, err = gate.New(w.Catalog); err != nil {
		t.Fatal(err)
	}
	if w.Ledger, err = consent.ParseLedger(base64.StdEncoding.EncodeToString([]byte(LedgerKey))); err != nil {
		t.Fatal(err)
	}
	w.Bill = dynamotest.NewBill(dynamotest.Watched{
		API: w.Store.Client, See: func(call string, _ *bool) error { return w.asked(call) },
	})
	w.Table = &Table{Table: table.New(w.Bill, w.Store.Table, w.Ledger)}
	w.Audience = audience.New(w.Bill, w.Store.Table)
	w.Carrier = &Carrier{now: w.Now, asked: w.asked}
	w.Queue = &Queue{asked: w.asked}
	w.Schedules = &Schedules{now: w.Now, asked: w.asked, Pending: map[string]Alarm{}, fired: map[string]time.Time{}}
	w.Log = slog.New(slog.NewTextHandler(&w.Logged, nil))
	w.Metrics = telemetry.New(&w.Counted, "smsconsent", w.Now)
	w.Outbox = outbox.New(outbox.Config{
		Catalog: w.Catalog, Gate: w.Gate, Store: w.Table, Now: w.Now, Log: w.Log, Metrics: w.Metrics,
		Pause: func(_ context.Context, d time.Duration) error { w.Pass(d); return nil },
	}, w.Carrier)
	t.Cleanup(w.checkSecrets)
	return w
}

// checkSecrets fails the test where a phone number of this world is in the log or the metrics (I10).
func (w *World) checkSecrets() {
	told := w.Logged.String() + w.Counted.String()
	for _, key := range w.Table.People() {
		if strings.Contains(told, strings.TrimPrefix(string(key.Phone), "+")) {
			w.T.Errorf("I10: %s is in the log or the metrics", key.Phone)
		}
	}
}

// Now returns the world's time, and then the clock ticks.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(w.tick)
	return w.now
}

// Clock returns the world's time without a tick.
func (w *World) Clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// StandStill stops the ticks of the clock.
func (w *World) StandStill() { w.tick = 0 }

// GoTo moves the clock to an instant, unless that has passed.
func (w *World) GoTo(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if at.After(w.now) {
		w.now = at
	}
}

// SetClock sets the clock to an instant, which may be in the past.
func (w *World) SetClock(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = at
}

// Pass moves the clock forward.
func (w *World) Pass(d time.Duration) { w.GoTo(w.Clock().Add(d)) }

// Key returns the key of a phone's contact at the brand "example".
func Key(n phone.Number) consent.Key { return consent.Key{Brand: "example", Phone: n} }

// Numbers returns n phones of an area code, all in the same shard of the audience.
func Numbers(code string, shard, n int) []phone.Number {
	var all []phone.Number
	for line := 0; len(all) < n; line++ {
		if number := phone.Number(fmt.Sprintf("+1%s555%04d", code, line)); audience.ShardOf(number) == shard {
			all = append(all, number)
		}
	}
	return all
}

// Topic returns a topic of the brand "example", and its program.
func (w *World) Topic(id string) (*program.Program, program.Topic) {
	w.T.Helper()
	brand, _ := w.Catalog.Brand("example")
	p, topic, ok := brand.Topic(id)
	if !ok {
		w.T.Fatalf("there is no topic %s", id)
	}
	return p, *topic
}

// Requests signs a person up, as with the form.
func (w *World) Requests(n phone.Number, topics ...string) {
	w.T.Helper()
	from := map[string]string{"ip": "192.0.2.1"}
	ask := consent.Request{Source: consent.SourceForm, Terms: w.Catalog.SignUp, Evidence: from}
	for _, id := range topics {
		_, topic := w.Topic(id)
		ask.Topics = append(ask.Topics, topic)
	}
	w.Change(n, func(c consent.Contact) consent.Change { ask.At = w.Clock(); return c.Request(ask) })
}

// Says has a person text the number of a program, with a meaning.
func (w *World) Says(n phone.Number, programID string, kind keyword.Kind) {
	w.T.Helper()
	w.Means(n, programID, keyword.Intent{Kind: kind})
}

// Means has a person text the number of a program, with a whole Intent.
func (w *World) Means(n phone.Number, programID string, intent keyword.Intent) {
	w.T.Helper()
	brand, _ := w.Catalog.Brand("example")
	p, ok := brand.Program(programID)
	if !ok {
		w.T.Fatalf("there is no program %s", programID)
	}
	w.heard++
	in := consent.Inbound{
		ID: fmt.Sprintf("in-%d", w.heard), At: w.Clock(), Brand: brand, Program: p, Terms: w.Catalog.SignUp,
		Intent: intent, Body: string(intent.Kind), To: p.Identity.String(),
	}
	w.Change(n, func(c consent.Contact) consent.Change { return c.Hear(in) })
}

// Change has the outbox change a contact.
func (w *World) Change(n phone.Number, decide func(consent.Contact) consent.Change) {
	w.T.Helper()
	if _, err := w.Outbox.Change(w.T.Context(), Key(n), decide); err != nil {
		w.T.Fatal(err)
	}
}

// Subscribe signs a person up to topics at an instant, and has them say YES a minute later. Then it sets the clock
// back, and forgets the texts.
func (w *World) Subscribe(n phone.Number, at time.Time, topics ...string) {
	w.T.Helper()
	defer w.SetClock(w.Clock())
	before := w.Carrier.mark()
	w.SetClock(at)
	w.Requests(n, topics...)
	for _, id := range topics {
		p, _ := w.Topic(id)
		w.Pass(time.Minute)
		w.Says(n, p.ID, keyword.Confirm)
	}
	for _, id := range topics {
		if s := w.Contact(n).Subs[id].State; s != consent.Subscribed {
			w.T.Fatalf("%s is %s", id, s)
		}
	}
	w.Carrier.forget(before)
}

// Alter changes a person's contact in a way that nothing in the product does. It adds an event that proves nothing.
func (w *World) Alter(n phone.Number, change func(*consent.Contact)) {
	w.T.Helper()
	c := w.Contact(n)
	change(&c)
	ch := consent.Change{Next: c, Events: []consent.Event{
		{Seq: c.Head.Seq + 1, Type: consent.Noted, At: w.Clock(), Source: "test"},
	}}
	if _, err := w.Table.Table.Commit(w.T.Context(), ch, w.Clock()); err != nil {
		w.T.Fatal(err)
	}
}

// MakeUp stores a person subscribed to alerts since an instant, and then changed by change. Their history is missing,
// so the record does not verify.
func (w *World) MakeUp(n phone.Number, since time.Time, change func(*consent.Contact)) {
	w.T.Helper()
	p, topic := w.Topic("alerts")
	c := consent.Contact{Key: Key(n), Subs: map[string]consent.Subscription{topic.ID: {
		State: consent.Subscribed, Program: p.ID, Class: p.Class, Since: since, Request: 1, Proof: 2,
	}}}
	if change != nil {
		change(&c)
	}
	ch := consent.Change{Next: c, Events: []consent.Event{{Seq: 1, Type: consent.Confirmed, At: since, Source: "sms"}}}
	for topic, s := range c.Subs {
		if s.State == consent.Subscribed {
			ch.Joined = append(ch.Joined, topic)
		}
	}
	slices.Sort(ch.Joined)
	if _, err := w.Table.Commit(w.T.Context(), ch, since); err != nil {
		w.T.Fatal(err)
	}
}

// Contact reads a person's contact.
func (w *World) Contact(n phone.Number) consent.Contact {
	w.T.Helper()
	c, err := w.Table.Table.Contact(w.T.Context(), Key(n))
	if err != nil {
		w.T.Fatal(err)
	}
	return c
}

// Record reads everything on record about a person, without verifying it.
func (w *World) Record(n phone.Number) consent.Record {
	w.T.Helper()
	r, err := w.Table.Table.Person(w.T.Context(), Key(n))
	if err != nil {
		w.T.Fatal(err)
	}
	return r
}

// Proof reads everything on record about a person, and checks that it verifies (I4).
func (w *World) Proof(n phone.Number) consent.Record {
	w.T.Helper()
	r := w.Record(n)
	if err := w.Ledger.Verify(r, w.Clock()); err != nil {
		w.T.Errorf("I4: %v", err)
	}
	return r
}
