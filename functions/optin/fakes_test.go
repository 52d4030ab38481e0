package optin_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"smsconsent"
	"smsconsent/functions/optin"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

const (
	seattle = phone.Number("+12065550142")
	solved  = "solved"
)

var errBroken = errors.New("broken")

// memory is the consent table as far as the outbox needs it, with faults to order.
type memory struct {
	contacts map[consent.Key]consent.Contact
	events   []consent.Event
	recorded []consent.Message
	reads    int  // of a contact
	conflict int  // so many commits find the contact changed by somebody else
	before   bool // the next commit fails with nothing written
	after    bool // the next commit is written and its answer is lost
}

func (m *memory) Contact(_ context.Context, key consent.Key) (consent.Contact, error) {
	m.reads++
	if c, ok := m.contacts[key]; ok {
		return c, nil
	}
	return consent.Contact{Key: key}, nil
}

func (m *memory) Commit(_ context.Context, ch consent.Change, _ time.Time) (consent.Contact, error) {
	switch {
	case m.conflict > 0:
		m.conflict--
		return consent.Contact{}, table.ErrConflict
	case m.before:
		m.before = false
		return consent.Contact{}, errBroken
	}
	ch.Next.Version++
	ch.Next.Head.Seq += int64(len(ch.Events))
	m.contacts[ch.Next.Key] = ch.Next
	m.events = append(m.events, ch.Events...)
	if m.after {
		m.after = false
		return consent.Contact{}, errBroken
	}
	return ch.Next, nil
}

func (m *memory) Claim(context.Context, consent.Contact, consent.Claim, time.Duration) (consent.Contact, error) {
	return consent.Contact{}, errBroken
}

func (m *memory) Heard(context.Context, consent.Key, string) (bool, error) { return false, nil }

func (m *memory) UpdateBookkeeping(_ context.Context, c consent.Contact, change func(consent.Contact) consent.Contact) (consent.Contact, error) {
	c = change(m.contacts[c.Key])
	c.Version++
	m.contacts[c.Key] = c
	return c, nil
}

func (m *memory) Record(_ context.Context, sent ...table.Sent) error {
	for _, s := range sent {
		m.recorded = append(m.recorded, s.Message)
	}
	return nil
}

func (m *memory) Statuses(_ context.Context, texts ...table.Text) (map[table.Text]consent.Status, error) {
	on := map[table.Text]consent.Status{}
	for _, r := range m.recorded {
		for _, t := range texts {
			if t.ID == r.ID {
				on[t] = r.Status
			}
		}
	}
	return on, nil
}

func (m *memory) RecordUnconfirmed(_ context.Context, _ consent.Key, t consent.Message) error {
	m.recorded = append(m.recorded, t)
	return nil
}

func (m *memory) Campaign(context.Context, string) (campaign.Campaign, error) {
	return campaign.Campaign{}, table.ErrNotFound
}

// air is the carrier: it keeps every text it was handed.
type air struct {
	texts []outbox.SMS
	err   error
}

func (a *air) Send(_ context.Context, t outbox.SMS) (string, error) {
	a.texts = append(a.texts, t)
	return "aws-1", a.err
}
func (*air) OptOut(context.Context, string, phone.Number) error { return nil }
func (*air) OptIn(context.Context, string, phone.Number) error  { return nil }
func (*air) Listed(context.Context, string, phone.Number) (outbox.ListEntry, bool, error) {
	return outbox.ListEntry{}, false, nil
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

// counter is a limiter whose counts stay.
type counter struct {
	seen map[string]int
	err  error
}

func (c *counter) Allow(_ context.Context, key string, limit int, window time.Duration, now time.Time) (bool, error) {
	if c.err != nil {
		return false, c.err
	}
	key += " " + now.Truncate(window).Format(time.RFC3339)
	c.seen[key]++
	return c.seen[key] <= limit, nil
}

// bench is a handler over fakes, with the real gate and the real outbox between.
type bench struct {
	*optin.Handler
	store   *memory
	air     *air
	puzzle  *puzzle
	counter *counter
	log     *strings.Builder
	now     time.Time
}

// newBench is a bench under the programs.yaml that is shipped.
func newBench(t testing.TB) *bench {
	t.Helper()
	return benchUnder(t, string(smsconsent.Programs()))
}

func benchUnder(t testing.TB, programs string) *bench {
	t.Helper()
	catalog, err := program.Load([]byte(programs))
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.New(catalog)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{
		store: &memory{contacts: map[consent.Key]consent.Contact{}}, air: &air{}, puzzle: &puzzle{spent: map[string]bool{}}, counter: &counter{seen: map[string]int{}},
		log: &strings.Builder{}, now: time.Date(2026, 12, 1, 3, 0, 0, 0, time.UTC),
	}
	log := slog.New(slog.NewTextHandler(b.log, nil))
	clock := func() time.Time { return b.now }
	b.Handler, err = optin.New(optin.Config{
		Catalog: catalog, Gate: g, Captcha: b.puzzle, Challenger: b.puzzle, Limiter: b.counter, Now: clock, Log: log,
		Outbox: outbox.New(outbox.Config{
			Catalog: catalog, Gate: g, Store: b.store, Now: clock, Log: log,
			Pause: func(context.Context, time.Duration) error { return nil },
		}, b.air),
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// clear makes a bench as good as new.
func (b *bench) clear() {
	*b.store = memory{contacts: map[consent.Key]consent.Contact{}}
	*b.air, *b.puzzle, *b.counter = air{}, puzzle{spent: map[string]bool{}}, counter{seen: map[string]int{}}
	b.log.Reset()
}

// untouched complains of anything a refused sign-up left behind: a text, a contact, an event, a counter or a spent
// nonce.
func (b *bench) untouched(t testing.TB) {
	t.Helper()
	if len(b.air.texts)+len(b.store.contacts)+len(b.store.events)+len(b.store.recorded)+len(b.counter.seen)+len(b.puzzle.spent) > 0 {
		t.Errorf("left behind: %d texts, %d contacts, %d events, %d messages, counters %v, nonces %v",
			len(b.air.texts), len(b.store.contacts), len(b.store.events), len(b.store.recorded), b.counter.seen, b.puzzle.spent)
	}
}
