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

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/audience"
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
	for _, raw := range []string{
		``, `{`, `[]`, `{}`, `{"audit":""}`, `{"audit":"stop"}`, `{"audit":"stop","since":"2027-01-12T14:00:00Z"}`,
		`{"audit":"continue"}`, `{"audit":"continue","since":"today"}`,
		`{"audit":"start","since":"today"}`, `{"Records":[]}`, `{"campaign":"x"}`,
	} {
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
	if n := w.Table.Done("SaveAuditPart"); n > 0 {
		t.Errorf("%d parts are kept of no audit", n)
	}
	if strings.Contains(w.Logged.String(), string(hers)) {
		t.Errorf("I10: %s", &w.Logged)
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
