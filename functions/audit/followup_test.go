package audit_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
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

// Requests nobody confirmed in time end with an event dated when their time was over, once, and nobody is texted for
// it.
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

// Somebody whose contact cannot be read keeps nobody behind them from what is due, run after run, and the function says
// that it failed.
func TestWhoCannotBeFollowedUpHidesNobody(t *testing.T) {
	b := newBench(t)
	spoilt := b.ask("+12125550142", two.Add(-48*time.Hour)) // due first
	_, err := b.store.Client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: &b.store.Table, UpdateExpression: aws.String("SET #sub = :broken"), ExpressionAttributeNames: map[string]string{"#sub": "sub"},
		Key: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: "CONTACT#example#" + string(spoilt.Phone)}, "sk": &types.AttributeValueMemberS{Value: "CONTACT"},
		},
		ExpressionAttributeValues: map[string]types.AttributeValue{":broken": &types.AttributeValueMemberS{Value: "?"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	all := numbers("212", 1, 130)
	for _, n := range all {
		b.ask(n, two.Add(-47*time.Hour))
	}
	if _, err := b.Handle(t.Context(), json.RawMessage(`{"audit":"follow-up"}`)); err == nil || strings.Contains(err.Error(), "555") {
		t.Errorf("the run passed for done, or tells a number: %v", err)
	}
	for _, n := range all {
		if state := b.record(consent.Key{Brand: "example", Phone: n}).Contact.Subs["alerts"].State; state != consent.Expired {
			t.Fatalf("%s is %s", n, state)
		}
	}
	if log := b.log.String(); !strings.Contains(log, "could not be followed up") || strings.Contains(log, "212555") {
		t.Errorf("I10: log: %s", log)
	}
}

// A text that was lost, a number that is not on AWS's list and a question that waits: the run looks after all of it, at
// its time.
func TestWhatIsDueIsDone(t *testing.T) {
	b := newBench(t)
	brand, _ := b.Catalog.Brand("example")
	prog := &brand.Programs[0]
	key := b.person("+12125550142", two.Add(-40*day), nil)
	stop := consent.Inbound{
		ID: "in-1", At: b.clock(), Brand: brand, Program: prog, Terms: b.Catalog.SignUp, Intent: keyword.Intent{Kind: keyword.OptOut}, To: "+12065550100",
	}
	func() {
		defer func() { _ = recover() }()
		b.outbox.Store = ended{b.table}
		_, _ = b.outbox.Change(t.Context(), key, func(c consent.Contact) consent.Change { return c.Hear(stop) })
	}()
	b.outbox.Store = b.table
	if n := len(b.record(key).Messages); len(b.texts) != 1 || n != 0 || len(b.listed) != 0 {
		t.Fatalf("the function was ended too late: %d texts, %d on record, lists %q", len(b.texts), n, b.listed)
	}
	b.wake(`{"audit":"follow-up"}`)
	if n := len(b.record(key).Messages); n != 0 {
		t.Errorf("%d texts on record that might yet be recorded by their sender", n)
	}
	b.now = b.now.Add(outbox.LostAfter)
	b.wake(`{"audit":"follow-up"}`)
	r := b.record(key)
	if len(r.Messages) != 1 || r.Messages[0].Status != consent.Unconfirmed || r.Messages[0].Body != b.texts[0].Body {
		t.Errorf("on record %+v, it said %q", r.Messages, b.texts[0].Body)
	}
	if !slices.Equal(b.listed, []string{prog.OptOutList}) || !r.Contact.FollowUp.IsZero() {
		t.Errorf("lists %q, follow-up at %s", b.listed, r.Contact.FollowUp)
	}
}

// ended is a table at which the function is ended when it comes to record a text.
type ended struct{ *table.Table }

func (ended) Record(context.Context, ...table.Sent) error { panic("ended") }
