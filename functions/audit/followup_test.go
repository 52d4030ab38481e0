package audit_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/testkit/world"
)

// ask has somebody requested on a form, who never answers.
func (w *fixture) ask(n phone.Number, at time.Time) consent.Key {
	w.T.Helper()
	brand, _ := w.Catalog.Brand("example")
	key := consent.Key{Brand: "example", Phone: n}
	ch := consent.Contact{Key: key}.Request(consent.Request{
		At: at, Source: consent.SourceForm, Topics: brand.Programs[0].Topics, Terms: w.Catalog.SignUp, Evidence: map[string]string{"ip": "192.0.2.1"},
	})
	if _, err := w.Table.Commit(w.T.Context(), ch, at); err != nil {
		w.T.Fatal(err)
	}
	return key
}

// Requests nobody confirmed in time end with an event dated when their time was over, once, and nobody is texted for
// it.
func TestRequestsExpire(t *testing.T) {
	w := newWorld(t)
	late := w.ask("+12125550142", two.Add(-24*time.Hour-time.Hour))
	onTheWay := w.ask("+12125550143", two.Add(-24*time.Hour-time.Minute)) // a YES sent in time may still arrive
	waiting := w.ask("+12125550144", two.Add(-23*time.Hour))
	for range 2 {
		w.wake(`{"audit":"follow-up"}`)
	}
	r := w.Record(late.Phone)
	last := r.Events[len(r.Events)-1]
	if len(r.Events) != 2 || last.Type != consent.Lapsed || !last.At.Equal(two.Add(-time.Hour)) || last.Source != consent.SourceAudit {
		t.Errorf("events %+v, want the request and its end an hour ago", r.Events)
	}
	if state := r.Contact.Subs["alerts"].State; state != consent.Expired {
		t.Errorf("the topic is %s", state)
	}
	for _, key := range []consent.Key{onTheWay, waiting} {
		if r := w.Record(key.Phone); len(r.Events) != 1 || r.Contact.Subs["alerts"].State != consent.Pending {
			t.Errorf("a request that waits rightly has %d events and is %s", len(r.Events), r.Contact.Subs["alerts"].State)
		}
	}
	if len(w.Carrier.Sent) > 0 || len(w.Queue.Jobs) > 0 {
		t.Errorf("%d texts and %d jobs for it", len(w.Carrier.Sent), len(w.Queue.Jobs))
	}
	if log := w.Logged.String(); !strings.Contains(log, `msg="followed up" expired=1`) || !strings.Contains(log, `msg="followed up" expired=0`) {
		t.Errorf("log %s", log)
	}
	if !strings.Contains(w.Counted.String(), `"AuditExpired":1`) || strings.Contains(w.Logged.String(), "2125550142") {
		t.Errorf("metrics %s, log %s", &w.Counted, &w.Logged)
	}
}

// More than a page is ended in one run, and a run that is short of time leaves the rest to the next.
func TestManyRequestsExpire(t *testing.T) {
	w := newWorld(t)
	all := world.Numbers("212", 0, 130)
	for _, n := range all {
		w.ask(n, two.Add(-48*time.Hour))
	}
	synctest.Test(t, func(t *testing.T) {
		short := world.Shrinking(t.Context(), func() bool { return true })
		_, err := w.handler.Handle(short, json.RawMessage(`{"audit":"follow-up"}`))
		if err != nil || !strings.Contains(w.Logged.String(), "the next goes on") {
			t.Errorf("short of time: %v, %s", err, &w.Logged)
		}
	})
	w.wake(`{"audit":"follow-up"}`)
	for _, n := range all {
		if state := w.Record(n).Contact.Subs["alerts"].State; state != consent.Expired {
			t.Fatalf("%s is %s", n, state)
		}
	}
}

// Somebody whose contact cannot be read keeps nobody behind them from what is due, run after run, and the function says
// that it failed.
func TestWhoCannotBeFollowedUpHidesNobody(t *testing.T) {
	w := newWorld(t)
	spoilt := w.ask("+12125550142", two.Add(-48*time.Hour)) // due first
	w.Spoil(spoilt.Phone)
	all := world.Numbers("212", 1, 130)
	for _, n := range all {
		w.ask(n, two.Add(-47*time.Hour))
	}
	if _, err := w.handler.Handle(t.Context(), json.RawMessage(`{"audit":"follow-up"}`)); err == nil || strings.Contains(err.Error(), "555") {
		t.Errorf("the run passed for done, or tells a number: %v", err)
	}
	for _, n := range all {
		if state := w.Record(n).Contact.Subs["alerts"].State; state != consent.Expired {
			t.Fatalf("%s is %s", n, state)
		}
	}
	if log := w.Logged.String(); strings.Count(log, "could not be followed up") != 1 || strings.Contains(log, "212555") {
		t.Errorf("I10: log: %s", log)
	}
}

// A text that was lost, a number that is not on AWS's list and a question that waits: the run looks after all of it, at
// its time.
func TestWhatIsDueIsDone(t *testing.T) {
	w := newWorld(t)
	brand, _ := w.Catalog.Brand("example")
	prog := &brand.Programs[0]
	key := w.person("+12125550142", two.Add(-40*day), nil)
	stop := consent.Inbound{
		ID: "in-1", At: w.Now(), Brand: brand, Program: prog, Terms: w.Catalog.SignUp, Intent: keyword.Intent{Kind: keyword.OptOut}, To: "+12065550100",
	}
	func() {
		defer func() { _ = recover() }()
		w.Table.Fault = func(op string, _ bool) error {
			if op == "Record" {
				panic(world.Killed{})
			}
			return nil
		}
		_, _ = w.Outbox.Change(t.Context(), key, func(c consent.Contact) consent.Change { return c.Hear(stop) })
	}()
	w.Table.Fault = nil
	if n := len(w.Record(key.Phone).Messages); len(w.Carrier.Sent) != 1 || n != 0 || len(w.Carrier.Lists) != 0 {
		t.Fatalf("the function was ended too late: %d texts, %d on record, lists %q", len(w.Carrier.Sent), n, w.Carrier.Lists)
	}
	w.wake(`{"audit":"follow-up"}`)
	if n := len(w.Record(key.Phone).Messages); n != 0 {
		t.Errorf("%d texts on record that might yet be recorded by their sender", n)
	}
	w.Pass(time.Hour - time.Minute)
	w.wake(`{"audit":"follow-up"}`)
	if len(w.Carrier.Lists) != 0 {
		t.Errorf("AWS's lists %q within the hour of the STOP", w.Carrier.Lists)
	}
	w.Pass(time.Minute)
	w.wake(`{"audit":"follow-up"}`)
	r := w.Record(key.Phone)
	if len(r.Messages) != 1 || r.Messages[0].Status != consent.Unconfirmed || r.Messages[0].Body != w.Carrier.Sent[0].Body {
		t.Errorf("on record %+v, it said %q", r.Messages, w.Carrier.Sent[0].Body)
	}
	if n := w.Count("AuditExpired"); n != 0 {
		t.Errorf("%d requests ended, of somebody who had none", n)
	}
	if !slices.Equal(w.Carrier.Lists, []string{"+" + prog.OptOutList}) || !r.Contact.FollowUp.IsZero() {
		t.Errorf("lists %q, follow-up at %s", w.Carrier.Lists, r.Contact.FollowUp)
	}
}
