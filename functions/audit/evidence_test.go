package audit_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/world"
)

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
	strangers, err := consent.ParseLedger(base64.StdEncoding.EncodeToString([]byte("a stranger's key of thirty-two bytes")))
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
			if n := strings.Count(w.Logged.String(), "nothing unasked is sent to this person"); n != faults {
				t.Errorf("told of %d times, want %d: %s", n, faults, &w.Logged)
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
