package audit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

const day = 24 * time.Hour

func event(t *testing.T, name string) json.RawMessage {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "events", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestSampleEvents(t *testing.T) {
	b := newBench(t)
	b.now = time.Date(2026, time.November, 23, 14, 0, 0, 0, time.UTC)
	b.person(numbers("212", 3, 1)[0], b.now, nil)
	if out, err := b.Handle(t.Context(), event(t, "audit-schedule.json")); err != nil || out != nil {
		t.Fatalf("schedule: %v, %v", out, err)
	}
	var want []string
	for _, topic := range []string{"example/alerts", "example/orders", "examplecafe/specials"} {
		brand, topic, _ := strings.Cut(topic, "/")
		for shard := range audience.Shards {
			want = append(want, fmt.Sprintf(`{"since":"2026-11-23T14:00:00.001Z","brand":%q,"topic":%q,"shard":%d}`, brand, topic, shard))
		}
	}
	if !slices.Equal(b.queue, want) {
		t.Errorf("jobs %v, want one for each shard of each topic of each brand", b.queue)
	}
	if out, err := b.Handle(t.Context(), event(t, "audit-job.json")); err != nil || len(out.BatchItemFailures) > 0 {
		t.Fatalf("job: %+v, %v", out, err)
	}
	if len(b.looked) != 1 || !strings.Contains(b.metrics.String(), `"AuditChecked":1`) {
		t.Errorf("looked at %d people: %s", len(b.looked), &b.metrics)
	}
}

func TestMalformedEvents(t *testing.T) {
	b := newBench(t)
	for _, raw := range []string{``, `{`, `[]`, `{}`, `{"audit":""}`, `{"audit":"stop"}`, `{"audit":"continue"}`, `{"audit":"continue","since":"today"}`, `{"Records":[]}`, `{"campaign":"x"}`} {
		if out, err := b.Handle(t.Context(), json.RawMessage(raw)); err == nil || out != nil {
			t.Errorf("%s: %v, %v: want an error", raw, out, err)
		}
	}
	if len(b.queue) > 0 {
		t.Errorf("jobs %v", b.queue)
	}
}

func TestMalformedJobs(t *testing.T) {
	b := newBench(t)
	hers := numbers("212", 0, 1)[0]
	b.person(hers, two, nil)
	good := job("alerts", 0)
	for _, bad := range []string{
		`x`, `{}`, `[]`, job("alerts", -1), job("alerts", audience.Shards), job("nothing", 0), strings.Replace(good, "example", "nobody", 1),
		`{"brand":"example","topic":"alerts","shard":0}`, strings.Replace(good, "2027-", "", 1),
	} {
		clear(b.looked)
		raw := fmt.Sprintf(`{"Records":[{"messageId":"bad","body":%q},{"messageId":"good","body":%q}]}`, bad, good)
		out, err := b.Handle(t.Context(), json.RawMessage(raw))
		if err != nil || len(out.BatchItemFailures) != 1 || out.BatchItemFailures[0].ItemIdentifier != "bad" {
			t.Errorf("%s: %+v, %v: want just the bad job to fail", bad, out, err)
		}
		if b.looked[hers] != 1 {
			t.Errorf("%s: the other job looked at her %d times", bad, b.looked[hers])
		}
	}
	if strings.Contains(b.log.String(), string(hers)) {
		t.Errorf("I10: %s", &b.log)
	}
}

func TestReminder(t *testing.T) {
	hers := numbers("212", 0, 1)[0]
	claim := func(age time.Duration, change func(*consent.Claim)) func(*consent.Contact) {
		return func(c *consent.Contact) {
			cl := consent.Claim{
				ID: "01KA0000000000000000000001", At: two.Add(-age), Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"},
				Campaign: "01KA00000000000000000000C1", OptOut: true,
			}
			change(&cl)
			c.Claims = append(c.Claims, cl)
		}
	}
	same := func(*consent.Claim) {}
	for _, c := range []struct {
		name   string
		since  time.Duration
		change func(*consent.Contact)
		want   int
	}{
		{"a day short of the month", 30*day - time.Minute, nil, 0},
		{"a month after the welcome", 30 * day, nil, 1},
		{"a campaign told them since", 90 * day, claim(29*day, same), 0},
		{"a campaign told them a month ago", 90 * day, claim(30*day, same), 1},
		{"a campaign said nothing of STOP", 90 * day, claim(5*day, func(cl *consent.Claim) { cl.OptOut = false }), 1},
		{"the text that told them was refused", 90 * day, func(c *consent.Contact) {
			claim(5*day, same)(c)
			*c = c.Released(c.Claims[0].ID)
		}, 1},
		{"another program told them", 90 * day, claim(5*day, func(cl *consent.Claim) { cl.Program = "orders"; cl.Topics = []string{"orders"} }), 1},
		{"opted out of all", 90 * day, func(c *consent.Contact) { c.Stopped = map[string]time.Time{consent.Everything: two} }, 0},
		{"not reachable", 90 * day, func(c *consent.Contact) { c.Health.Undeliverable = true }, 0},
		{"transactional", 90 * day, func(c *consent.Contact) {
			c.Subs = map[string]consent.Subscription{"orders": {State: consent.Subscribed, Program: "orders", Class: program.Transactional, Since: two.Add(-90 * day), Request: 1, Proof: 1}}
		}, 0},
		{"as many as promised came already", 90 * day, func(c *consent.Contact) {
			for i := range 2 {
				claim(5*day, func(cl *consent.Claim) { cl.OptOut = false; cl.ID = fmt.Sprintf("01KA000000000000000000000%d", i) })(c)
			}
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			key := b.person(hers, two.Add(-c.since), c.change)
			b.run()
			if len(b.texts) != c.want || b.looked[hers] != 1 {
				t.Fatalf("%d texts and %d looks, want %d and one", len(b.texts), b.looked[hers], c.want)
			}
			if c.want == 0 {
				return
			}
			want := "You're subscribed to Example Corp. alerts. Msg & data rates may apply. Reply HELP for help, STOP to unsubscribe."
			if b.texts[0].Body != want || b.texts[0].From != "+12065550100" {
				t.Errorf("reminded by %+v", b.texts[0])
			}
			reminders := slices.DeleteFunc(b.record(key).Messages, func(m consent.Message) bool { return m.Kind != message.Reminder })
			if len(reminders) != 1 || reminders[0].Status != consent.Sent {
				t.Errorf("I3: on record %+v", reminders)
			}
			b.now = two.Add(day)
			b.run()
			if len(b.texts) != 1 {
				t.Error("reminded again the next day")
			}
		})
	}
}

// A contact nobody can make sense of keeps nobody behind it from being looked at, and raises the alarm.
func TestAnUnreadableContactHidesNobody(t *testing.T) {
	b := newBench(t)
	group := numbers("212", 0, 40)
	for _, n := range group {
		b.person(n, two, nil)
	}
	b.Table = spoilt{madeUp{b.table}, group[3]}
	b.run()
	for _, n := range group {
		if n != group[3] && b.looked[n] != 1 {
			t.Errorf("somebody was looked at %d times, want once", b.looked[n])
		}
	}
	if b.looked[group[3]] != 0 || strings.Count(b.metrics.String(), `"PoisonedContact":1`) != 1 {
		t.Errorf("looked at what cannot be read %d times: %s", b.looked[group[3]], &b.metrics)
	}
	if log := b.log.String(); !strings.Contains(log, "cannot be read") || strings.Contains(log, "212555") {
		t.Errorf("I10: log: %s", log)
	}
}

// spoilt gives contacts of which one cannot be read.
type spoilt struct {
	madeUp
	phone phone.Number
}

func (s spoilt) Contacts(ctx context.Context, keys []consent.Key) ([]consent.Contact, []table.Unreadable, error) {
	contacts, unreadable, err := s.Table.Contacts(ctx, keys)
	return slices.DeleteFunc(contacts, func(c consent.Contact) bool {
		if c.Phone == s.phone {
			unreadable = append(unreadable, table.Unreadable{Key: c.Key, Fault: errBroken})
		}
		return c.Phone == s.phone
	}), unreadable, err
}

// I7: whoever was promised two texts a month counts the reminder.
func TestTheReminderCountsAgainstThePromise(t *testing.T) {
	b := newBench(t)
	key := b.person(numbers("212", 0, 1)[0], two.Add(-31*day), nil)
	b.run()
	brand, _ := b.Catalog.Brand("example")
	prog, _, _ := brand.Topic("alerts")
	for i, want := range []gate.Verdict{gate.Allow, gate.Defer} {
		c, err := b.table.Contact(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		out, err := b.outbox.Send(t.Context(), c, outbox.Text{
			Kind: message.Promotional, Program: prog, Topic: "alerts", Campaign: fmt.Sprintf("01KB00000000000000000000A%d", i), Body: fmt.Sprint("Example Corp.: number ", i),
		})
		if err != nil || out.Decision.Verdict != want {
			t.Errorf("campaign %d after the reminder: %s by %s, %v; want %s", i, out.Decision.Verdict, out.Decision.Rule, err, want)
		}
	}
}

// I6: an area is looked at in its own permitted hours, once a run, and one schedule wakes the function for all who open
// together.
func TestEachAreaInItsHoursAndOnce(t *testing.T) {
	b := newBench(t)
	var all []phone.Number
	for _, code := range []string{"212", "312", "206", "808"} {
		for shard := range 3 {
			all = append(all, numbers(code, shard, 2)...)
		}
	}
	all = append(all, "+88213000000") // nobody knows where this one is, yet it is looked at
	for _, n := range all {
		b.person(n, two.Add(-40*day), nil)
	}
	b.wake(`{"audit":"start"}`)
	if len(b.schedules) != 3 || len(b.looked) != 7 {
		t.Fatalf("%d schedules and %d looked at, want three openings later and New York and the unknown now", len(b.schedules), len(b.looked))
	}
	for _, opening := range []int{15, 17, 19} { // 9:00 in Chicago, Seattle and Honolulu
		at := time.Date(2027, time.January, 12, opening, 0, 0, 0, time.UTC)
		want := fmt.Sprintf(`"opening":%q`, at.Format(time.RFC3339))
		if !slices.ContainsFunc(values(b.schedules), func(a alarm) bool { return a.at.Equal(at) && strings.Contains(a.input, want) }) {
			t.Errorf("no schedule at %s: %+v", at, b.schedules)
		}
	}
	for len(b.schedules) > 0 {
		for name, a := range b.schedules {
			delete(b.schedules, name)
			b.now = a.at
			b.wake(a.input)
		}
	}
	for _, n := range all {
		if b.looked[n] != 1 {
			t.Errorf("%s was looked at %d times, want once", n, b.looked[n])
		}
	}
	if len(b.texts) != 24 {
		t.Errorf("%d reminded, want 24", len(b.texts))
	}
}

func values(m map[string]alarm) []alarm {
	var all []alarm
	for _, a := range m {
		all = append(all, a)
	}
	return all
}

// Practice: keep records. Nobody stays on the list whose consent cannot be proved.
func TestNoEvidenceNoTexts(t *testing.T) {
	for _, c := range []struct {
		name           string
		request, proof int64
	}{{"no confirmation", 1, 0}, {"no request", 0, 1}, {"neither", 0, 0}} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			key := b.person(numbers("212", 0, 1)[0], two.Add(-40*day), func(p *consent.Contact) {
				s := p.Subs["alerts"]
				s.Request, s.Proof = c.request, c.proof
				p.Subs["alerts"] = s
			})
			b.run()
			r := b.record(key)
			last := r.Events[len(r.Events)-1]
			if r.Contact.Subs["alerts"].State != consent.Suspended || len(r.Events) != 2 || last.Type != consent.SetAside || last.Source != "audit" || last.Evidence["reason"] == "" {
				t.Errorf("%s with events %+v, want suspended and why", r.Contact.Subs["alerts"].State, r.Events)
			}
			if !strings.Contains(b.metrics.String(), `"AuditSuspended":1`) || len(b.texts) > 0 {
				t.Errorf("%d texts, %s", len(b.texts), &b.metrics)
			}
			clear(b.looked)
			b.run()
			if len(b.looked) > 0 {
				t.Error("still on the list")
			}
		})
	}
}

// Somebody who writes to the table can make up a contact with all that the list asks for. It gets no text and is told
// of; and nobody is taken off the list for it, for a key of the ledger that is missing would be everybody's end.
func TestAnInventedContactGetsNoTextAndIsToldOf(t *testing.T) {
	b := newBench(t)
	honest := b.table
	strangers, err := consent.NewLedger([]byte("a stranger's key of thirty-two bytes"))
	if err != nil {
		t.Fatal(err)
	}
	b.table = table.New(b.store.Client, b.store.Table, strangers)
	invented := b.person(numbers("212", 0, 1)[0], two.Add(-40*day), nil)
	b.table = honest
	b.person(numbers("212", 1, 1)[0], two.Add(-40*day), nil)
	b.run()
	if len(b.texts) != 1 {
		t.Errorf("%d reminded, want the other one", len(b.texts))
	}
	if m := b.metrics.String(); !strings.Contains(m, `"LedgerFault":1`) || strings.Contains(m, `"AuditSuspended":1`) {
		t.Errorf("metrics %s", m)
	}
	if r := b.record(invented); !r.Contact.Suspect || r.Contact.Subs["alerts"].State != consent.Subscribed || len(r.Events) != 1 {
		t.Errorf("%+v", r)
	}
	if !strings.Contains(b.log.String(), "suspect=1") || strings.Contains(b.log.String(), "212") {
		t.Errorf("log: %s", &b.log)
	}
}

// Somebody who writes to the table can put an older contact back, from before the person turned the topic off, or take
// the events away. The audit reads the whole record, and nothing unasked goes to that person from then on.
func TestARecordThatDoesNotVerifyIsFound(t *testing.T) {
	for name, forge := range map[string]func(b *bench, key consent.Key){
		"nobody touched it": nil,
		"an older contact is put back": func(b *bench, key consent.Key) {
			older, entry := b.stored(key, "CONTACT"), b.stored(key, "AUDIENCE#alerts")
			_, err := b.outbox.Change(t.Context(), key, func(c consent.Contact) consent.Change {
				return c.Choose(consent.Choice{At: two.Add(-35 * day), Off: b.Catalog.Brands[0].Programs[0].Topics, Terms: b.Catalog.SignUp})
			})
			if err != nil {
				t.Fatal(err)
			}
			b.putBack(older, entry)
		},
		"its events are taken away": func(b *bench, key consent.Key) {
			for _, e := range b.record(key).Events {
				sk := fmt.Sprintf("EVENT#%012d", e.Seq)
				b.stored(key, sk)
				if _, err := b.store.Client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &b.store.Table, Key: at(key, sk)}); err != nil {
					t.Fatal(err)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.Table = b.table
			key := b.subscriber(numbers("212", 0, 1)[0], two.Add(-40*day), "alerts")
			reminders, faults := 1, 0
			if forge != nil {
				forge(b, key)
				reminders, faults = 0, 1
			}
			b.run()
			if got := b.record(key).Contact.Suspect; len(b.texts) != reminders || got != (faults > 0) {
				t.Errorf("%d reminders and suspect %v, want %d and %v", len(b.texts), got, reminders, faults > 0)
			}
			if strings.Count(b.metrics.String(), `"LedgerFault":1`) != faults {
				t.Errorf("metrics %s, want %d faults", &b.metrics, faults)
			}
			if strings.Contains(b.log.String(), "212") {
				t.Errorf("I10: %s", &b.log)
			}
		})
	}
}

// reread is the table, and counts how often each person's whole record is read to be verified.
type reread struct {
	*table.Table
	times map[phone.Number]int
}

func (r reread) Verify(ctx context.Context, key consent.Key, now time.Time) (fault, err error) {
	r.times[key.Phone]++
	return r.Table.Verify(ctx, key, now)
}

// startAt has a run begin in that millisecond.
func (b *bench) startAt(ms int) {
	b.t.Helper()
	b.now = b.now.Truncate(time.Second).Add(time.Second + time.Duration(ms-1)*time.Millisecond)
	b.run()
}

// All that is on record about a person is read once a run, however many topics they are on.
func TestARecordIsVerifiedOnceARun(t *testing.T) {
	b := newBench(t)
	group := numbers("212", 0, 2)
	b.subscriber(group[0], two.Add(-5*day), "alerts")
	b.subscriber(group[1], two.Add(-5*day), "alerts", "orders")
	for ms := range 4 {
		again := reread{b.table, map[phone.Number]int{}}
		b.Table = again
		b.startAt(ms)
		if again.times[group[0]] != 1 || again.times[group[1]] != 1 {
			t.Errorf("run %d verified them %d and %d times, want once", ms, again.times[group[0]], again.times[group[1]])
		}
	}
}

// Somebody who puts an older contact back may keep it off a list. It is found from the other list, if not in one run
// then in another, and no reminder goes out by it meanwhile.
func TestAForgedContactThatIsKeptOffAListIsFound(t *testing.T) {
	for _, on := range []string{"alerts", "orders"} {
		for first := range 2 {
			b := newBench(t)
			b.Table = b.table
			key := b.subscriber(numbers("212", 0, 1)[0], two.Add(-40*day), "alerts", "orders")
			older, entry := b.stored(key, "CONTACT"), b.stored(key, "AUDIENCE#"+on)
			if _, err := b.outbox.Change(t.Context(), key, func(c consent.Contact) consent.Change {
				p := b.Catalog.Brands[0].Programs
				return c.Choose(consent.Choice{At: two.Add(-35 * day), Off: slices.Concat(p[0].Topics, p[1].Topics), Terms: b.Catalog.SignUp})
			}); err != nil {
				t.Fatal(err)
			}
			b.texts = nil
			b.putBack(older, entry)
			for run := range 2 {
				b.startAt(first + run)
			}
			if len(b.texts) > 0 || !b.record(key).Contact.Suspect {
				t.Errorf("on %s, beginning with %d: %d texts, suspect %t", on, first, len(b.texts), b.record(key).Contact.Suspect)
			}
		}
	}
}

// stale gives contacts as they were read, and lets something happen before they are acted on.
type stale struct {
	madeUp
	meanwhile func()
}

func (s *stale) Contacts(ctx context.Context, keys []consent.Key) ([]consent.Contact, []table.Unreadable, error) {
	contacts, unreadable, err := s.Table.Contacts(ctx, keys)
	if happens := s.meanwhile; happens != nil {
		s.meanwhile = nil
		happens()
	}
	return contacts, unreadable, err
}

// A person whose proof, or STOP, comes between the look and the act is judged by what is there now.
func TestWhatChangesMeanwhileCounts(t *testing.T) {
	change := func(b *bench, key consent.Key, decide func(*consent.Contact)) {
		c, err := b.table.Contact(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		decide(&c)
		if _, err := b.table.Commit(t.Context(), consent.Change{Next: c, Events: []consent.Event{{Seq: c.Head.Seq + 1, Type: consent.Noted, At: two}}}, two); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("proof", func(t *testing.T) {
		b := newBench(t)
		unproven := func(p *consent.Contact, proof int64) {
			s := p.Subs["alerts"]
			s.Proof = proof
			p.Subs["alerts"] = s
		}
		key := b.person(numbers("212", 0, 1)[0], two, func(p *consent.Contact) { unproven(p, 0) })
		b.Table = &stale{madeUp{b.table}, func() { change(b, key, func(p *consent.Contact) { unproven(p, 2) }) }}
		b.run()
		if state := b.record(key).Contact.Subs["alerts"].State; state != consent.Subscribed || strings.Contains(b.metrics.String(), `"AuditSuspended":1`) {
			t.Errorf("%s, want subscribed: the proof was there", state)
		}
	})
	t.Run("STOP", func(t *testing.T) {
		b := newBench(t)
		key := b.person(numbers("212", 0, 1)[0], two.Add(-40*day), nil)
		b.Table = &stale{madeUp{b.table}, func() { change(b, key, func(p *consent.Contact) { p.Stopped = map[string]time.Time{"alerts": two} }) }}
		b.run()
		if len(b.texts) > 0 {
			t.Error("I1: reminded after STOP")
		}
	})
	t.Run("the same job again", func(t *testing.T) {
		b := newBench(t)
		b.person(numbers("212", 0, 1)[0], two.Add(-40*day), nil)
		b.Table = &stale{madeUp{b.table}, func() {
			if !b.deliver(t.Context(), job("alerts", 0)) {
				t.Error(&b.log)
			}
		}}
		b.run()
		if len(b.texts) != 1 {
			t.Errorf("two jobs at once reminded %d times, want once", len(b.texts))
		}
	})
}

// I3: a text that was claimed and never recorded is put on record as unconfirmed.
func TestClaimsWithoutRecord(t *testing.T) {
	b := newBench(t)
	key := b.person(numbers("212", 0, 1)[0], two.Add(-time.Hour), func(p *consent.Contact) {
		p.Claims = []consent.Claim{{
			ID: "01KA0000000000000000000001", At: two.Add(-30 * time.Minute), Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}, Campaign: "01KA00000000000000000000C1",
		}}
	})
	b.run()
	if r := b.record(key); len(r.Messages) != 1 || r.Messages[0].Status != consent.Unconfirmed {
		t.Errorf("on record: %+v", r.Messages)
	}
}
