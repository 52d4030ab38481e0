package optin_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"smsconsent"
	"smsconsent/functions/optin"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/schema"
	"smsconsent/shared/testkit/world"
)

const (
	seattle = phone.Number("+12065550142")
	solved  = "solved"
)

var (
	errBroken = errors.New("broken")
	stores    dynamotest.Stores
	api       schema.API
)

func TestMain(m *testing.M) { os.Exit(stores.Run(m)) }

// fixture is the function in its world.
type fixture struct {
	*world.World
	handler *optin.Handler
	puzzle  *puzzle
	counter *counter
}

func newWorld(t testing.TB) *fixture {
	t.Helper()
	return worldUnder(t, string(smsconsent.Programs()))
}

func worldUnder(t testing.TB, programs string) *fixture {
	t.Helper()
	return worldOn(t, stores.Memory(t), programs)
}

func worldOn(t testing.TB, store dynamotest.Store, programs string) *fixture {
	t.Helper()
	w := &fixture{
		World:  world.On(t, store, world.Abroad(programs), time.Date(2026, time.December, 1, 3, 0, 0, 0, time.UTC)),
		puzzle: &puzzle{spent: map[string]bool{}},
	}
	w.StandStill()
	w.counter = &counter{table: w.Table, seen: map[string]int{}}
	var err error
	w.handler, err = optin.New(optin.Config{
		Catalog: w.Catalog, Gate: w.Gate, Outbox: w.Outbox, Table: w.Table, Captcha: w.puzzle, Challenger: w.puzzle, Limiter: w.counter,
		Now: w.Now, Log: w.Log, Metrics: w.Metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// records are those of everybody of whom anything was stored.
func (w *fixture) records() []consent.Record {
	w.T.Helper()
	var all []consent.Record
	for _, key := range w.Table.People() {
		r, err := w.Table.Table.Person(w.T.Context(), key)
		if err != nil {
			w.T.Fatal(err)
		}
		if r.Contact.Version > 0 || len(r.Events)+len(r.Messages) > 0 {
			all = append(all, r)
		}
	}
	return all
}

// events are everybody's.
func (w *fixture) events() []consent.Event {
	w.T.Helper()
	var all []consent.Event
	records := w.records()
	for i := range records {
		all = append(all, records[i].Events...)
	}
	return all
}

// untouched complains of anything a refused sign-up left behind: a text, a record, a counter or a spent nonce.
func (w *fixture) untouched(t testing.TB) {
	t.Helper()
	if people := len(w.records()); w.Carrier.Calls+people+len(w.counter.seen)+len(w.puzzle.spent) > 0 {
		t.Errorf("left behind: %d texts, records of %d people, counters %v, nonces %v",
			w.Carrier.Calls, people, w.counter.seen, w.puzzle.spent)
	}
}

// carrierSays has the carrier answer every text with that error; nil takes them.
func (w *fixture) carrierSays(err error) {
	w.Carrier.Answer = func(int, outbox.SMS) error { return err }
}

// puzzle accepts "solved" and what else is listed, each once.
type puzzle struct {
	spent map[string]bool
	err   error
}

func (p *puzzle) Challenge(now time.Time) (captcha.Challenge, error) {
	return captcha.Challenge{Parameters: captcha.Parameters{Nonce: "0a", ExpiresAt: now.Add(captcha.TTL).Unix()}, Signature: "ff"}, p.err
}

func (p *puzzle) Verify(_ context.Context, s, _ string, _ time.Time) (captcha.Result, error) {
	switch {
	case p.err != nil:
		return captcha.Result{}, p.err
	case s == "":
		return captcha.Result{}, captcha.ErrMissing
	case s == "expired":
		return captcha.Result{}, captcha.ErrExpired
	case !strings.HasPrefix(s, solved):
		return captcha.Result{}, captcha.ErrInvalid
	case p.spent[s]:
		return captcha.Result{}, captcha.ErrSpent
	}
	p.spent[s] = true
	return captcha.Result{Provider: program.CaptchaAltcha, Detail: "proof of work, cost 5000"}, nil
}

func (*puzzle) Widget() captcha.Widget {
	return captcha.Widget{Provider: program.CaptchaAltcha, Field: "altcha"}
}

// asks are the counts of phones that were to be asked.
func (c *counter) asks() map[string]int {
	asks := maps.Clone(c.seen)
	maps.DeleteFunc(asks, func(key string, _ int) bool { return !strings.HasPrefix(key, "ask#") })
	return asks
}

// counter is the table's limiter, and knows what was counted how often.
type counter struct {
	table *world.Table
	seen  map[string]int
}

func (c *counter) Allow(ctx context.Context, key string, limit int, window time.Duration, now time.Time) (bool, error) {
	c.seen[key+" "+now.Truncate(window).Format(time.RFC3339)]++
	return c.table.Allow(ctx, key, limit, window, now)
}
