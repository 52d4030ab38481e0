package audit_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/consent"
	"smsconsent/shared/phone"
)

// ask has somebody requested on a form, who never answers.
func (b *bench) ask(n phone.Number, at time.Time) consent.Key {
	b.t.Helper()
	brand, _ := b.Catalog.Brand("example")
	key := consent.Key{Brand: "example", Phone: n}
	ch := consent.Contact{Key: key}.Request(consent.Request{
		At: at, Source: consent.SourceForm, Topics: brand.Programs[0].Topics, Terms: b.Catalog.SignUp, Evidence: map[string]string{"ip": "192.0.2.1"},
	})
	if _, err := b.table.Commit(b.t.Context(), ch, at); err != nil {
		b.t.Fatal(err)
	}
	return key
}

// Requests nobody confirmed in time end with an event dated when their time was over, once, and nobody is texted for it.
func TestRequestsExpire(t *testing.T) {
	b := newBench(t)
	late := b.ask("+12125550142", two.Add(-24*time.Hour-time.Hour))
	onTheWay := b.ask("+12125550143", two.Add(-24*time.Hour-time.Minute)) // a YES sent in time may still arrive
	waiting := b.ask("+12125550144", two.Add(-23*time.Hour))
	for range 2 {
		b.wake(`{"audit":"follow-up"}`)
	}
	r := b.record(late)
	last := r.Events[len(r.Events)-1]
	if len(r.Events) != 2 || last.Type != consent.Lapsed || !last.At.Equal(two.Add(-time.Hour)) || last.Source != consent.SourceAudit {
		t.Errorf("events %+v, want the request and its end an hour ago", r.Events)
	}
	if state := r.Contact.Subs["alerts"].State; state != consent.Expired {
		t.Errorf("the topic is %s", state)
	}
	for _, key := range []consent.Key{onTheWay, waiting} {
		if r := b.record(key); len(r.Events) != 1 || r.Contact.Subs["alerts"].State != consent.Pending {
			t.Errorf("a request that waits rightly has %d events and is %s", len(r.Events), r.Contact.Subs["alerts"].State)
		}
	}
	if len(b.texts) > 0 || len(b.queue) > 0 {
		t.Errorf("%d texts and %d jobs for it", len(b.texts), len(b.queue))
	}
	if !strings.Contains(b.metrics.String(), `"AuditExpired":1`) || strings.Contains(b.log.String(), "2125550142") {
		t.Errorf("metrics %s, log %s", &b.metrics, &b.log)
	}
}

// More than a page is ended in one run, and a run that is short of time leaves the rest to the next.
func TestManyRequestsExpire(t *testing.T) {
	b := newBench(t)
	all := numbers("212", 0, 130)
	for _, n := range all {
		b.ask(n, two.Add(-48*time.Hour))
	}
	short := shrinking{t.Context(), func() bool { return true }}
	if _, err := b.Handle(short, json.RawMessage(`{"audit":"follow-up"}`)); err != nil || !strings.Contains(b.log.String(), "the next goes on") {
		t.Errorf("short of time: %v, %s", err, &b.log)
	}
	b.wake(`{"audit":"follow-up"}`)
	for _, n := range all {
		if state := b.record(consent.Key{Brand: "example", Phone: n}).Contact.Subs["alerts"].State; state != consent.Expired {
			t.Fatalf("%s is %s", n, state)
		}
	}
}
