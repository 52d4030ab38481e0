package sendcheck_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent"
	"smsconsent/functions/sendcheck"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/telemetry"
)

const pumpkins = "01KB00000000000000000000A1"

// tuesday is 10:00 in Seattle and 13:00 in New York, and no holiday.
var tuesday = time.Date(2027, time.January, 5, 18, 0, 0, 0, time.UTC)

var errBroken = errors.New("broken")

// bench is the function over fakes, with the real gate and the real outbox between.
type bench struct {
	*sendcheck.Handler
	store     *memory
	air       *air
	queue     *waiting
	schedules *schedules
	hours     *countedHours
	outbox    *outbox.Outbox
	log       *strings.Builder
	metrics   *strings.Builder

	mu  sync.Mutex
	now time.Time
}

func newBench(t testing.TB) *bench {
	t.Helper()
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.New(catalog)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{store: newMemory(), queue: &waiting{}, log: &strings.Builder{}, metrics: &strings.Builder{}, hours: &countedHours{Gate: g}, now: tuesday}
	b.air = &air{now: b.clock}
	b.schedules = &schedules{now: b.clock, pending: map[string]alarm{}, fired: map[string]time.Time{}}
	log, metrics := slog.New(slog.NewTextHandler(b.log, nil)), telemetry.New(b.metrics, b.clock)
	b.outbox = outbox.New(outbox.Config{Catalog: catalog, Gate: g, Store: b.store, Now: b.clock, Log: log, Metrics: metrics}, b.air)
	b.Handler, err = sendcheck.New(sendcheck.Config{
		Catalog: catalog, Table: b.store, Audience: b.store, Gate: b.hours, Outbox: b.outbox, Queue: b.queue, Schedules: b.schedules,
		Now: b.clock, Log: log, Metrics: metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// clock ticks with every look, as a real one does: two things never happen in the same instant.
func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(time.Millisecond)
	return b.now
}

func (b *bench) goTo(at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if at.After(b.now) {
		b.now = at
	}
}

// subscribe puts people on the list of topic alerts, confirmed the day before.
func (b *bench) subscribe(change func(*consent.Contact), numbers ...phone.Number) {
	for _, n := range numbers {
		key := consent.Key{Brand: "example", Phone: n}
		c := consent.Contact{Key: key, Version: 1, Head: consent.Head{Seq: 2}, Subs: map[string]consent.Subscription{"alerts": {
			State: consent.Subscribed, Program: "alerts", Class: program.Promotional, Since: tuesday.Add(-24 * time.Hour), Request: 1, Proof: 2,
		}}}
		if change != nil {
			change(&c)
		}
		b.store.contacts[key] = c
	}
}

// full is a person who got as much as was promised and may be texted again at that instant.
func full(again time.Time) func(*consent.Contact) {
	return func(c *consent.Contact) {
		for i := range 2 {
			at := again.Add(-31*24*time.Hour + time.Duration(i)*time.Hour)
			c.Claims = append(c.Claims, consent.Claim{
				ID: fmt.Sprintf("01KA000000000000000000000%d", i), At: at, Kind: "promotional", Program: "alerts", Topics: []string{"alerts"},
				Campaign: fmt.Sprintf("01KA0000000000000000000C0%d", i),
			})
		}
	}
}

func (b *bench) campaign(id string, at, expires time.Time) {
	b.store.campaigns[id] = campaign.Campaign{
		ID: id, Brand: "example", Topic: "alerts", Text: "Example Corp.: text of " + id, At: at, Expires: expires, State: campaign.Scheduled,
	}
}

// numbers are n phones of an area code, all in one shard.
func numbers(code string, shard, n int) []phone.Number {
	var all []phone.Number
	for line := 0; len(all) < n; line++ {
		if number := phone.Number(fmt.Sprintf("+1%s555%04d", code, line)); audience.ShardOf(number) == shard {
			all = append(all, number)
		}
	}
	return all
}

func job(id string, shard int) string { return fmt.Sprintf(`{"campaign":%q,"shard":%d}`, id, shard) }

// deliver hands the function one job as SQS does and reports whether it was done.
func (b *bench) deliver(ctx context.Context, body string) bool {
	raw, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{MessageId: "m1", Body: body}}})
	if err != nil {
		panic(err)
	}
	out, err := b.Handle(ctx, raw)
	return err == nil && len(out.BatchItemFailures) == 0
}

func (b *bench) wave(t testing.TB, id string) {
	t.Helper()
	if _, err := b.Handle(t.Context(), json.RawMessage(fmt.Sprintf(`{"campaign":%q}`, id))); err != nil {
		t.Fatal(err)
	}
}

// settle does all jobs that are queued and those they lead to.
func (b *bench) settle(t testing.TB) {
	t.Helper()
	for turn := 0; ; turn++ {
		body, ok := b.queue.take(0)
		if !ok {
			return
		}
		if turn > 1000 {
			t.Fatal("the jobs never end")
		}
		if !b.deliver(t.Context(), body) {
			t.Fatalf("job %s failed: %s", body, b.log)
		}
	}
}

// run fires what falls due until nothing is pending any more or that instant.
func (b *bench) run(t testing.TB, until time.Time) {
	t.Helper()
	b.settle(t)
	for {
		name, a, ok := b.schedules.first()
		if !ok || a.at.After(until) {
			b.goTo(until)
			return
		}
		b.schedules.fire(name)
		b.goTo(a.at)
		if _, err := b.Handle(t.Context(), json.RawMessage(a.input)); err != nil {
			t.Fatal(err)
		}
		b.settle(t)
	}
}

func (b *bench) status(id string) (campaign.State, campaign.Counts) {
	shards, _ := b.store.Shards(context.Background(), id)
	return b.store.campaigns[id].State, campaign.Total(shards)
}

func (b *bench) want(t testing.TB, id string, state campaign.State, counts campaign.Counts) {
	t.Helper()
	if s, c := b.status(id); s != state || c != counts {
		t.Errorf("campaign %s with %+v, want %s with %+v", s, c, state, counts)
	}
}

// countedHours counts how often the hours of an area are asked for.
type countedHours struct {
	*gate.Gate

	mu    sync.Mutex
	asked []phone.Area
}

func (g *countedHours) Hours(brand string, area phone.Area) (*jurisdiction.Hours, error) {
	g.mu.Lock()
	g.asked = append(g.asked, area)
	g.mu.Unlock()
	return g.Gate.Hours(brand, area)
}

// air is the carrier. answer decides what becomes of the n-th text, from 1; nil takes them all. What may have reached a
// phone is kept.
type air struct {
	now    func() time.Time
	answer func(n int, t outbox.SMS) error
	landed func() // called when a text is out

	mu    sync.Mutex
	calls int
	out   []flown
}

type flown struct {
	at   time.Time
	text outbox.SMS
}

func (a *air) Send(_ context.Context, t outbox.SMS) (string, error) {
	a.mu.Lock()
	a.calls++
	n := a.calls
	a.mu.Unlock()
	var err error
	if a.answer != nil {
		err = a.answer(n, t)
	}
	if _, refused := errors.AsType[*outbox.Rejection](err); !refused {
		a.mu.Lock()
		a.out = append(a.out, flown{a.now(), t})
		a.mu.Unlock()
		if a.landed != nil {
			a.landed()
		}
	}
	return fmt.Sprintf("aws-%d", n), err
}
func (*air) OptOut(context.Context, string, phone.Number) error { return nil }
func (*air) OptIn(context.Context, string, phone.Number) error  { return nil }
func (*air) Listed(context.Context, string, phone.Number) (outbox.ListEntry, bool, error) {
	return outbox.ListEntry{}, false, nil
}

// once fails the test where a phone got a campaign more than once (I2), and returns how many got it.
func (a *air) once(t testing.TB, id string) int {
	t.Helper()
	got := map[phone.Number]int{}
	for _, f := range a.out {
		if strings.Contains(f.text.Body, id) {
			got[f.text.To]++
		}
	}
	for n, times := range got {
		if times > 1 {
			t.Errorf("I2: %s got the campaign %d times", n, times)
		}
	}
	return len(got)
}

// waiting keeps jobs until they are taken.
type waiting struct {
	mu   sync.Mutex
	jobs []string
	err  error
}

func (q *waiting) Put(_ context.Context, work ...any) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err != nil {
		return q.err
	}
	for _, w := range work {
		b, err := json.Marshal(w)
		if err != nil {
			return err
		}
		q.jobs = append(q.jobs, string(b))
	}
	return nil
}

func (q *waiting) take(i int) (string, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if i >= len(q.jobs) {
		return "", false
	}
	body := q.jobs[i]
	q.jobs = slices.Delete(q.jobs, i, i+1)
	return body, true
}

// alarm is a schedule that waits.
type alarm struct {
	at    time.Time
	input string
}

// schedules keeps one-time schedules as EventBridge Scheduler does: a name that is taken stays as it is, and it is
// taken until the schedule that fired has been deleted, which takes a while.
type schedules struct {
	now     func() time.Time
	mu      sync.Mutex
	pending map[string]alarm
	fired   map[string]time.Time
	made    []time.Time
	err     error
}

func (s *schedules) fire(name string) {
	s.fired[name] = s.pending[name].at
	delete(s.pending, name)
}

func (s *schedules) Once(_ context.Context, name string, at time.Time, input string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	_, taken := s.pending[name]
	if at, fired := s.fired[name]; taken || (fired && s.now().Sub(at) < time.Minute) {
		return nil
	}
	s.made = append(s.made, at)
	if earliest := s.now().Add(5 * time.Second); at.Before(earliest) {
		at = earliest
	}
	s.pending[name] = alarm{at.Add(time.Second - 1).Truncate(time.Second), input}
	return nil
}

func (s *schedules) first() (string, alarm, bool) {
	var first string
	for name, a := range s.pending {
		if f, ok := s.pending[first]; !ok || a.at.Before(f.at) || (a.at.Equal(f.at) && name < first) {
			first = name
		}
	}
	a, ok := s.pending[first]
	return first, a, ok
}

// shrinking is the context of a function whose time runs out when it is told to.
type shrinking struct {
	context.Context
	short func() bool
}

func (c shrinking) Deadline() (time.Time, bool) {
	if c.short() {
		return time.Now().Add(time.Second), true
	}
	return time.Now().Add(time.Minute), true
}
