package audit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/world"
)

const day = 24 * time.Hour

func event(t testing.TB, name string) json.RawMessage {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "events", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestSampleEvents(t *testing.T) {
	w := newWorld(t)
	w.SetClock(time.Date(2026, time.November, 23, 14, 0, 0, 0, time.UTC))
	w.person(world.Numbers("212", 3, 1)[0], w.Clock(), nil)
	if out, err := w.handler.Handle(t.Context(), event(t, "audit-schedule.json")); err != nil || out != nil {
		t.Fatalf("schedule: %v, %v", out, err)
	}
	var want []string
	for _, part := range []string{"lists", "segment-0", "segment-1", "segment-2", "segment-3", "segment-4", "segment-5", "segment-6", "segment-7"} {
		want = append(want, fmt.Sprintf(`{"since":"2026-11-23T14:00:00.001Z","part":%q,"shard":0}`, part))
	}
	if out, err := w.handler.Handle(t.Context(), event(t, "audit-remind-schedule.json")); err != nil || out != nil {
		t.Fatalf("schedule: %v, %v", out, err)
	}
	for _, topic := range []string{"example/alerts", "examplecafe/specials"} {
		brand, topic, _ := strings.Cut(topic, "/")
		for shard := range audience.Shards {
			want = append(want, fmt.Sprintf(`{"since":"2026-11-23T14:00:00.002Z","brand":%q,"topic":%q,"shard":%d}`, brand, topic, shard))
		}
	}
	if !slices.Equal(w.Queue.Jobs, want) {
		t.Errorf("jobs %v, want one for each part, and for each shard of each promotional topic", w.Queue.Jobs)
	}
	if out, err := w.handler.Handle(t.Context(), event(t, "audit-job.json")); err != nil || len(out.BatchItemFailures) > 0 {
		t.Fatalf("job: %+v, %v", out, err)
	}
	w.Settle()
	if len(w.looked) != 1 || !strings.Contains(w.Counted.String(), `"AuditChecked":1`) {
		t.Errorf("looked at %d people: %s", len(w.looked), &w.Counted)
	}
}

func TestMalformedEvents(t *testing.T) {
	w := newWorld(t)
	for _, raw := range []string{``, `{`, `[]`, `{}`, `{"audit":""}`, `{"audit":"stop"}`, `{"audit":"continue"}`, `{"audit":"continue","since":"today"}`, `{"Records":[]}`, `{"campaign":"x"}`} {
		if out, err := w.handler.Handle(t.Context(), json.RawMessage(raw)); err == nil || out != nil {
			t.Errorf("%s: %v, %v: want an error", raw, out, err)
		}
	}
	if len(w.Queue.Jobs) > 0 {
		t.Errorf("jobs %v", w.Queue.Jobs)
	}
}

func TestMalformedJobs(t *testing.T) {
	w := newWorld(t)
	hers := world.Numbers("212", 0, 1)[0]
	w.person(hers, two, nil)
	good := job("alerts", 0)
	for _, bad := range []string{
		`x`, `{}`, `[]`, job("alerts", -1), job("alerts", audience.Shards), job("nothing", 0), strings.Replace(good, "example", "nobody", 1),
		`{"since":"2027-01-12T14:00:00Z","part":"segment-8"}`, `{"since":"2027-01-12T14:00:00Z","part":"segment-00"}`, `{"part":"lists"}`,
		`{"brand":"example","topic":"alerts","shard":0}`, strings.Replace(good, "2027-", "", 1),
	} {
		clear(w.looked)
		raw := fmt.Sprintf(`{"Records":[{"messageId":"bad","body":%q},{"messageId":"good","body":%q}]}`, bad, good)
		out, err := w.handler.Handle(t.Context(), json.RawMessage(raw))
		if err != nil || len(out.BatchItemFailures) != 1 || out.BatchItemFailures[0].ItemIdentifier != "bad" {
			t.Errorf("%s: %+v, %v: want just the bad job to fail", bad, out, err)
		}
		if w.looked[hers] != 1 {
			t.Errorf("%s: the other job looked at her %d times", bad, w.looked[hers])
		}
	}
	if strings.Contains(w.Logged.String(), string(hers)) {
		t.Errorf("I10: %s", &w.Logged)
	}
}

func TestReminder(t *testing.T) {
	hers := world.Numbers("212", 0, 1)[0]
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
			*c = c.WithoutClaim(c.Claims[0].ID)
		}, 1},
		{"another program told them", 90 * day, claim(5*day, func(cl *consent.Claim) { cl.Program = "orders"; cl.Topics = []string{"orders"} }), 1},
		{"opted out of all", 90 * day, func(c *consent.Contact) { c.Stopped = map[string]time.Time{consent.Everything: two} }, 0},
		{"not reachable", 90 * day, func(c *consent.Contact) { c.Health.Undeliverable = true }, 0},
		{"transactional", 90 * day, func(c *consent.Contact) {
			c.Subs = map[string]consent.Subscription{"orders": {State: consent.Subscribed, Program: "orders", Class: program.Transactional, Since: two.Add(-90 * day), Request: 1, Proof: 2}}
		}, 0},
		{"as many as promised came already", 90 * day, func(c *consent.Contact) {
			for i := range 2 {
				claim(5*day, func(cl *consent.Claim) { cl.OptOut = false; cl.ID = fmt.Sprintf("01KA000000000000000000000%d", i) })(c)
			}
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			key := w.person(hers, two.Add(-c.since), c.change)
			w.run()
			if len(w.Carrier.Sent) != c.want {
				t.Fatalf("%d texts, want %d", len(w.Carrier.Sent), c.want)
			}
			if c.want == 0 {
				return
			}
			want := "You're subscribed to Example Corp. alerts. Msg & data rates may apply. Reply HELP for help, STOP to unsubscribe."
			if w.Carrier.Sent[0].Body != want || w.Carrier.Sent[0].From != "+12065550100" {
				t.Errorf("reminded by %+v", w.Carrier.Sent[0])
			}
			reminders := slices.DeleteFunc(w.Record(key.Phone).Messages, func(m consent.Message) bool { return m.Kind != message.Reminder })
			if len(reminders) != 1 || reminders[0].Status != consent.Sent {
				t.Errorf("I3: on record %+v", reminders)
			}
			w.SetClock(two.Add(day))
			w.run()
			if len(w.Carrier.Sent) != 1 {
				t.Error("reminded again the next day")
			}
		})
	}
}

// A contact nobody can make sense of keeps nobody behind it from being looked at, and raises the alarm.
func TestAnUnreadableContactHidesNobody(t *testing.T) {
	w := newWorld(t)
	group := world.Numbers("212", 0, 40)
	for _, n := range group {
		w.person(n, two, nil)
	}
	w.Spoil(group[3])
	w.run()
	for _, n := range group {
		if n != group[3] && w.looked[n] != 1 {
			t.Errorf("somebody was looked at %d times, want once", w.looked[n])
		}
	}
	if w.looked[group[3]] != 0 || strings.Count(w.Counted.String(), `"PoisonedContact":1`) != 1 {
		t.Errorf("looked at what cannot be read %d times: %s", w.looked[group[3]], &w.Counted)
	}
	if log := w.Logged.String(); !strings.Contains(log, "cannot be read") || strings.Contains(log, "212555") {
		t.Errorf("I10: log: %s", log)
	}
}

// The whole record of whoever is reminded is read once, and nobody's whom no text reaches.
func TestOnlyWhoIsRemindedIsReadWhole(t *testing.T) {
	for dead, want := range map[bool]int{false: 1, true: 0} {
		w := newWorld(t)
		w.person(world.Numbers("212", 0, 1)[0], two.Add(-31*day), func(c *consent.Contact) { c.Health.Undeliverable = dead })
		w.run()
		if w.verified != want || len(w.Carrier.Sent) != want {
			t.Errorf("undeliverable %t: %d records read and %d reminders, want %d", dead, w.verified, len(w.Carrier.Sent), want)
		}
	}
}

// I7: whoever was promised two texts a month counts the reminder.
func TestTheReminderCountsAgainstThePromise(t *testing.T) {
	w := newWorld(t)
	key := w.person(world.Numbers("212", 0, 1)[0], two.Add(-31*day), nil)
	w.run()
	brand, _ := w.Catalog.Brand("example")
	prog, _, _ := brand.Topic("alerts")
	for i, want := range []gate.Verdict{gate.Allow, gate.Defer} {
		c, err := w.Table.Contact(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		out, err := w.Outbox.Send(t.Context(), c, outbox.Text{
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
	w := newWorld(t)
	var all []phone.Number
	for _, code := range []string{"212", "312", "206", "808"} {
		for shard := range 3 {
			all = append(all, world.Numbers(code, shard, 2)...)
		}
	}
	all = append(all, "+88213000000") // nobody knows where this one is, yet it is looked at
	for _, n := range all {
		w.person(n, two.Add(-40*day), nil)
	}
	w.wake(`{"audit":"remind"}`)
	if len(w.Schedules.Pending) != 3 || len(w.looked) != 7 {
		t.Fatalf("%d schedules and %d looked at, want three openings later and New York and the unknown now", len(w.Schedules.Pending), len(w.looked))
	}
	for _, opening := range []int{15, 17, 19} { // 9:00 in Chicago, Seattle and Honolulu
		at := time.Date(2027, time.January, 12, opening, 0, 0, 0, time.UTC)
		want := fmt.Sprintf(`"opening":%q`, at.Format(time.RFC3339))
		if !slices.ContainsFunc(slices.Collect(maps.Values(w.Schedules.Pending)), func(a world.Alarm) bool { return a.At.Equal(at) && strings.Contains(a.Input, want) }) {
			t.Errorf("no schedule at %s: %+v", at, w.Schedules.Pending)
		}
	}
	for len(w.Schedules.Pending) > 0 {
		for name, a := range w.Schedules.Pending {
			delete(w.Schedules.Pending, name)
			w.SetClock(a.At)
			w.wake(a.Input)
		}
	}
	for _, n := range all {
		if w.looked[n] != 1 {
			t.Errorf("%s was looked at %d times, want once", n, w.looked[n])
		}
	}
	if len(w.Carrier.Sent) != 24 {
		t.Errorf("%d reminded, want 24", len(w.Carrier.Sent))
	}
}

// A subscribed number that answers that it takes no texts is counted, and stays as it is: nobody withdrew anything.
func TestANumberThatTakesNoTextsIsCounted(t *testing.T) {
	w := newWorld(t)
	key := w.person(world.Numbers("212", 0, 1)[0], two.Add(-day), func(p *consent.Contact) {
		p.Health.NoTexts = two.Add(-time.Hour)
	})
	w.run()
	if !strings.Contains(w.Counted.String(), `"AuditTakesNoTexts":1`) || w.Record(key.Phone).Contact.Subs["alerts"].State != consent.Subscribed {
		t.Errorf("%s", &w.Counted)
	}
}

// Practice: keep records. Nobody stays on the list whose consent cannot be proved.
func TestNoEvidenceNoTexts(t *testing.T) {
	for _, c := range []struct {
		name           string
		request, proof int64
	}{{"no confirmation", 1, 0}, {"no request", 0, 1}, {"neither", 0, 0}} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			key := w.person(world.Numbers("212", 0, 1)[0], two.Add(-40*day), func(p *consent.Contact) {
				s := p.Subs["alerts"]
				s.Request, s.Proof = c.request, c.proof
				p.Subs["alerts"] = s
			})
			w.run()
			r := w.Record(key.Phone)
			last := r.Events[len(r.Events)-1]
			if r.Contact.Subs["alerts"].State != consent.Suspended || len(r.Events) != 2 || last.Type != consent.SetAside || last.Source != "audit" || last.Evidence["reason"] == "" {
				t.Errorf("%s with events %+v, want suspended and why", r.Contact.Subs["alerts"].State, r.Events)
			}
			if !strings.Contains(w.Counted.String(), `"AuditSuspended":1`) || len(w.Carrier.Sent) > 0 {
				t.Errorf("%d texts, %s", len(w.Carrier.Sent), &w.Counted)
			}
			clear(w.looked)
			w.run()
			if len(w.looked) > 0 {
				t.Error("still on the list")
			}
		})
	}
}

// Somebody who writes to the table can make up a contact with all that the list asks for. It gets no text and is told
// of; and nobody is taken off the list for it, for a key of the ledger that is missing would be everybody's end.
func TestAnInventedContactGetsNoTextAndIsToldOf(t *testing.T) {
	w := newWorld(t)
	honest := w.Table.Table
	strangers, err := consent.NewLedger([]byte("a stranger's key of thirty-two bytes"))
	if err != nil {
		t.Fatal(err)
	}
	w.Table.Table = table.New(w.Store.Client, w.Store.Table, strangers)
	invented := w.person(world.Numbers("212", 0, 1)[0], two.Add(-40*day), nil)
	w.Table.Table = honest
	w.person(world.Numbers("212", 1, 1)[0], two.Add(-40*day), nil)
	w.run()
	if len(w.Carrier.Sent) != 1 {
		t.Errorf("%d reminded, want the other one", len(w.Carrier.Sent))
	}
	if m := w.Counted.String(); !strings.Contains(m, `"LedgerFault":1`) || strings.Contains(m, `"AuditSuspended":1`) {
		t.Errorf("metrics %s", m)
	}
	if r := w.Record(invented.Phone); !r.Contact.Suspect || r.Contact.Subs["alerts"].State != consent.Subscribed || len(r.Events) != 1 {
		t.Errorf("%+v", r)
	}
	if !strings.Contains(w.Logged.String(), "altered:1") || strings.Contains(w.Logged.String(), string(invented.Phone[2:])) {
		t.Errorf("log: %s", &w.Logged)
	}
}

// Somebody who writes to the table can put an older contact back, from before the person turned the topic off, or take
// the events away. The audit reads the whole record, and nothing unasked goes to that person from then on.
func TestARecordThatDoesNotVerifyIsFound(t *testing.T) {
	for name, forge := range map[string]func(w *fixture, key consent.Key){
		"nobody touched it": nil,
		"an older contact is put back": func(w *fixture, key consent.Key) {
			older, entry := w.Item(key.Phone, "CONTACT"), w.Item(key.Phone, "AUDIENCE#alerts")
			_, err := w.Outbox.Change(t.Context(), key, func(c consent.Contact) consent.Change {
				return c.Choose(consent.Choice{At: two.Add(-35 * day), Off: w.Catalog.Brands[0].Programs[0].Topics, Terms: w.Catalog.SignUp})
			})
			if err != nil {
				t.Fatal(err)
			}
			w.PutBack(older, entry)
		},
		"its events are taken away": func(w *fixture, key consent.Key) {
			for _, e := range w.Record(key.Phone).Events {
				sk := fmt.Sprintf("EVENT#%012d", e.Seq)
				w.TakeAway(key.Phone, sk)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.handler.Table = w.Table
			key := world.Key(world.Numbers("212", 0, 1)[0])
			w.Subscribe(key.Phone, two.Add(-40*day), "alerts")
			reminders, faults := 1, 0
			if forge != nil {
				forge(w, key)
				reminders, faults = 0, 1
			}
			w.run()
			if got := w.Record(key.Phone).Contact.Suspect; len(w.Carrier.Sent) != reminders || got != (faults > 0) {
				t.Errorf("%d reminders and suspect %v, want %d and %v", len(w.Carrier.Sent), got, reminders, faults > 0)
			}
			if strings.Count(w.Counted.String(), `"LedgerFault":1`) != faults {
				t.Errorf("metrics %s, want %d faults", &w.Counted, faults)
			}
			if strings.Contains(w.Logged.String(), string(key.Phone[2:])) { // without +1, and longer than a time of day
				t.Errorf("I10: %s", &w.Logged)
			}
		})
	}
}

// startAt has a run begin in that millisecond.
func (w *fixture) startAt(ms int) {
	w.T.Helper()
	w.SetClock(w.Clock().Truncate(time.Second).Add(time.Second + time.Duration(ms-1)*time.Millisecond))
	w.run()
}

// Somebody who puts an older contact back may keep it off a list, or off all. It is found all the same, and no reminder
// goes out by it meanwhile.
func TestAForgedContactThatIsKeptOffAListIsFound(t *testing.T) {
	for _, on := range []string{"alerts", "orders"} {
		for first := range 2 {
			w := newWorld(t)
			w.handler.Table = w.Table
			key := world.Key(world.Numbers("212", 0, 1)[0])
			w.Subscribe(key.Phone, two.Add(-40*day), "alerts", "orders")
			older, entry := w.Item(key.Phone, "CONTACT"), w.Item(key.Phone, "AUDIENCE#"+on)
			if _, err := w.Outbox.Change(t.Context(), key, func(c consent.Contact) consent.Change {
				p := w.Catalog.Brands[0].Programs
				return c.Choose(consent.Choice{At: two.Add(-35 * day), Off: slices.Concat(p[0].Topics, p[1].Topics), Terms: w.Catalog.SignUp})
			}); err != nil {
				t.Fatal(err)
			}
			w.Carrier.Sent = nil
			w.PutBack(older, entry)
			for run := range 2 {
				w.startAt(first + run)
			}
			if len(w.Carrier.Sent) > 0 || !w.Record(key.Phone).Contact.Suspect {
				t.Errorf("on %s, beginning with %d: %d texts, suspect %t", on, first, len(w.Carrier.Sent), w.Record(key.Phone).Contact.Suspect)
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
	change := func(w *fixture, key consent.Key, decide func(*consent.Contact)) {
		c, err := w.Table.Contact(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		decide(&c)
		if _, err := w.Table.Commit(t.Context(), consent.Change{Next: c, Events: []consent.Event{{Seq: c.Head.Seq + 1, Type: consent.Noted, At: two}}}, two); err != nil {
			t.Fatal(err)
		}
	}
	unproven := func(p *consent.Contact, proof int64) {
		s := p.Subs["alerts"]
		s.Proof = proof
		p.Subs["alerts"] = s
	}
	t.Run("proof", func(t *testing.T) {
		w := newWorld(t)
		key := w.person(world.Numbers("212", 0, 1)[0], two, func(p *consent.Contact) { unproven(p, 0) })
		w.handler.Table = &stale{madeUp{w.Table, w}, func() { change(w, key, func(p *consent.Contact) { unproven(p, 2) }) }}
		w.run()
		if state := w.Record(key.Phone).Contact.Subs["alerts"].State; state != consent.Subscribed || strings.Contains(w.Counted.String(), `"AuditSuspended":1`) {
			t.Errorf("%s, want subscribed: the proof was there", state)
		}
	})
	t.Run("a telling nobody can show", func(t *testing.T) {
		w := newWorld(t)
		key := w.person(world.Numbers("212", 0, 1)[0], two, func(p *consent.Contact) { unproven(p, 1) }) // the event says it is none
		w.run()
		if sub := w.Record(key.Phone).Contact.Subs["alerts"]; sub.State != consent.Suspended {
			t.Errorf("%s, want suspended", sub.State)
		}
	})
	t.Run("STOP", func(t *testing.T) {
		w := newWorld(t)
		key := w.person(world.Numbers("212", 0, 1)[0], two.Add(-40*day), nil)
		w.handler.Table = &stale{madeUp{w.Table, w}, func() { change(w, key, func(p *consent.Contact) { p.Stopped = map[string]time.Time{"alerts": two} }) }}
		w.run()
		if len(w.Carrier.Sent) > 0 {
			t.Error("I1: reminded after STOP")
		}
	})
	t.Run("the same job again", func(t *testing.T) {
		w := newWorld(t)
		w.person(world.Numbers("212", 0, 1)[0], two.Add(-40*day), nil)
		w.handler.Table = &stale{madeUp{w.Table, w}, func() {
			if !w.Deliver(t.Context(), job("alerts", 0)) {
				t.Error(&w.Logged)
			}
		}}
		w.run()
		if len(w.Carrier.Sent) != 1 {
			t.Errorf("two jobs at once reminded %d times, want once", len(w.Carrier.Sent))
		}
	})
}

// I3: a text that was claimed and never recorded is put on record as unconfirmed.
func TestClaimsWithoutRecord(t *testing.T) {
	w := newWorld(t)
	key := w.person(world.Numbers("212", 0, 1)[0], two.Add(-time.Hour), func(p *consent.Contact) {
		p.Claims = []consent.Claim{{
			ID: "01KA0000000000000000000001", At: two.Add(-30 * time.Minute), Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}, Campaign: "01KA00000000000000000000C1",
		}}
	})
	w.run()
	if r := w.Record(key.Phone); len(r.Messages) != 1 || r.Messages[0].Status != consent.Unconfirmed {
		t.Errorf("on record: %+v", r.Messages)
	}
}
