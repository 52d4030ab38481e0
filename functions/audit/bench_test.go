package audit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent"
	"smsconsent/functions/audit"
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

// two is 14:00 UTC on a Tuesday that is no holiday: 9:00 in New York, 8:00 in Chicago, 6:00 in Seattle, 4:00 in
// Honolulu.
var two = time.Date(2027, time.January, 12, 14, 0, 0, 0, time.UTC)

var errBroken = errors.New("broken")

// bench is the function over the consent table, with the real gate and the real outbox between and a carrier that takes
// everything.
type bench struct {
	*audit.Handler
	t         *testing.T
	store     dynamotest.Store
	table     *table.Table
	outbox    *outbox.Outbox
	looked    map[phone.Number]int // how often each person was looked at
	queue     []string
	full      bool // the queue takes nothing
	schedules map[string]alarm
	texts     []outbox.SMS
	listed    []string // lists the number was put on
	log       strings.Builder
	metrics   strings.Builder
	now       time.Time
}

type alarm struct {
	at    time.Time
	input string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	catalog, err := program.Load(smsconsent.Programs())
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
	var stores dynamotest.Stores
	s := stores.Minidyn(t)
	b := &bench{t: t, store: s, table: table.New(s.Client, s.Table, ledger), looked: map[phone.Number]int{}, schedules: map[string]alarm{}, now: two}
	log, metrics := slog.New(slog.NewTextHandler(&b.log, nil)), telemetry.New(&b.metrics, b.clock)
	b.outbox = outbox.New(outbox.Config{Catalog: catalog, Gate: g, Store: b.table, Now: b.clock, Log: log, Metrics: metrics}, b)
	b.Handler, err = audit.New(audit.Config{
		Catalog: catalog, Table: madeUp{b.table}, Audience: audience.New(s.Client, s.Table), Gate: g, Outbox: watched{b.outbox, b}, Queue: b, Schedules: b,
		Now: b.clock, Log: log, Metrics: metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// madeUp is the table of people whom a test made up without the history they would have: it verifies nobody. What it is
// to find a record that does not verify is tested with people who lived it.
type madeUp struct{ *table.Table }

func (madeUp) Verify(context.Context, consent.Key, time.Time) (fault, err error) { return nil, nil }

func (b *bench) clock() time.Time { b.now = b.now.Add(time.Millisecond); return b.now }

// watched is the outbox, and counts who is looked at.
type watched struct {
	*outbox.Outbox
	bench *bench
}

func (w watched) Reconcile(ctx context.Context, contacts ...consent.Contact) error {
	for _, c := range contacts {
		w.bench.looked[c.Phone]++
	}
	return w.Outbox.Reconcile(ctx, contacts...)
}

func (b *bench) Send(_ context.Context, t outbox.SMS) (string, error) {
	b.texts = append(b.texts, t)
	return fmt.Sprintf("aws-%d", len(b.texts)), nil
}

func (b *bench) OptOut(_ context.Context, list string, _ phone.Number) error {
	b.listed = append(b.listed, list)
	return nil
}
func (*bench) OptIn(context.Context, string, phone.Number) error { return nil }
func (*bench) Listed(context.Context, string, phone.Number) (outbox.ListEntry, bool, error) {
	return outbox.ListEntry{}, false, nil
}

func (b *bench) Put(_ context.Context, work ...any) error {
	if b.full {
		return errBroken
	}
	for _, w := range work {
		j, err := json.Marshal(w)
		if err != nil {
			return err
		}
		b.queue = append(b.queue, string(j))
	}
	return nil
}

func (b *bench) Once(_ context.Context, name string, at time.Time, input string) error {
	if _, taken := b.schedules[name]; !taken {
		b.schedules[name] = alarm{at, input}
	}
	return nil
}

// person stores somebody subscribed to alerts since that instant, changed as wanted.
func (b *bench) person(n phone.Number, since time.Time, change func(*consent.Contact)) consent.Key {
	b.t.Helper()
	key := consent.Key{Brand: "example", Phone: n}
	c := consent.Contact{Key: key, Subs: map[string]consent.Subscription{"alerts": {
		State: consent.Subscribed, Program: "alerts", Class: program.Promotional, Since: since, Request: 1, Proof: 1,
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
	if _, err := b.table.Commit(b.t.Context(), ch, since); err != nil {
		b.t.Fatal(err)
	}
	return key
}

// subscriber lives through a sign-up to each topic: the request, the question, and the YES a minute later.
func (b *bench) subscriber(n phone.Number, at time.Time, topics ...string) consent.Key {
	b.t.Helper()
	key := consent.Key{Brand: "example", Phone: n}
	was := b.now
	for _, topic := range topics {
		at = b.signUp(key, at, topic)
	}
	b.now, b.texts = was, nil
	return key
}

func (b *bench) signUp(key consent.Key, at time.Time, topic string) time.Time {
	b.t.Helper()
	brand := &b.Catalog.Brands[0]
	prog, _, _ := brand.Topic(topic)
	for _, decide := range []func(consent.Contact) consent.Change{
		func(c consent.Contact) consent.Change {
			return c.Request(consent.Request{At: at, Source: consent.SourceForm, Topics: prog.Topics, Terms: b.Catalog.SignUp})
		},
		func(c consent.Contact) consent.Change {
			return c.Hear(consent.Inbound{
				ID: "in-" + topic, At: at.Add(time.Minute), Brand: brand, Program: prog, Terms: b.Catalog.SignUp, Intent: keyword.Intent{Kind: keyword.Confirm, Confidence: 1},
			})
		},
	} {
		b.now = at
		if _, err := b.outbox.Change(b.t.Context(), key, decide); err != nil {
			b.t.Fatal(err)
		}
		at = at.Add(time.Minute)
	}
	return at
}

func (b *bench) stored(key consent.Key, sk string) map[string]types.AttributeValue {
	b.t.Helper()
	out, err := b.store.Client.GetItem(b.t.Context(), &dynamodb.GetItemInput{TableName: &b.store.Table, Key: at(key, sk)})
	if err != nil || len(out.Item) == 0 {
		b.t.Fatalf("item %s: %v, %v", sk, out, err)
	}
	return out.Item
}

func (b *bench) putBack(items ...map[string]types.AttributeValue) {
	b.t.Helper()
	for _, m := range items {
		if _, err := b.store.Client.PutItem(b.t.Context(), &dynamodb.PutItemInput{TableName: &b.store.Table, Item: m}); err != nil {
			b.t.Fatal(err)
		}
	}
}

func at(key consent.Key, sk string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: "CONTACT#" + key.Brand + "#" + string(key.Phone)}, "sk": &types.AttributeValueMemberS{Value: sk},
	}
}

func (b *bench) record(key consent.Key) consent.Record {
	b.t.Helper()
	r, err := b.table.Person(b.t.Context(), key)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// deliver hands the function one job as SQS does and reports whether it was done.
func (b *bench) deliver(ctx context.Context, body string) bool {
	b.t.Helper()
	raw, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{MessageId: "m1", Body: body}}})
	if err != nil {
		b.t.Fatal(err)
	}
	out, err := b.Handle(ctx, raw)
	if err != nil {
		b.t.Fatal(err)
	}
	return len(out.BatchItemFailures) == 0
}

func (b *bench) settle() {
	b.t.Helper()
	for len(b.queue) > 0 {
		body := b.queue[0]
		b.queue = b.queue[1:]
		if !b.deliver(b.t.Context(), body) {
			b.t.Fatalf("job %s failed: %s", body, &b.log)
		}
	}
}

// run is one audit from its start to the last opening.
func (b *bench) run() {
	b.t.Helper()
	b.wake(`{"audit":"start"}`)
	for len(b.schedules) > 0 {
		var first string
		for name, a := range b.schedules {
			if f, ok := b.schedules[first]; !ok || a.at.Before(f.at) {
				first = name
			}
		}
		a := b.schedules[first]
		delete(b.schedules, first)
		b.now = a.at
		b.wake(a.input)
	}
}

func (b *bench) wake(input string) {
	b.t.Helper()
	if out, err := b.Handle(b.t.Context(), json.RawMessage(input)); err != nil || out != nil {
		b.t.Fatalf("%s: %v, %v", input, out, err)
	}
	b.settle()
}

func job(topic string, shard int) string {
	return fmt.Sprintf(`{"since":%q,"brand":"example","topic":%q,"shard":%d}`, two.Format(time.RFC3339), topic, shard)
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
