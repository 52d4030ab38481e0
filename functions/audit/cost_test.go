package audit_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/world"
)

// What an audit costs a day after a campaign: the people and their texts are read a hundred at a time, each person's
// record is read once to verify it, and nothing is written where nothing is missing.
func TestWhatAnAuditCosts(t *testing.T) {
	const people = 100
	w := newWorld(t)
	brand, _ := w.Catalog.Brand("example")
	prog, _, _ := brand.Topic("alerts")
	text := outbox.Text{
		Kind: message.Promotional, Program: prog, Topic: "alerts", Campaign: "01KB00000000000000000000C1", Body: "Example Corp.: pumpkins are in.",
	}
	if err := w.Table.CreateCampaign(t.Context(), campaign.Campaign{ID: text.Campaign, Brand: "example", Topic: "alerts", Text: text.Body, At: two, Expires: two.Add(day)}); err != nil {
		t.Fatal(err)
	}
	lost := 0
	for i, n := range world.Numbers("212", 0, people) {
		w.Subscribe(n, two.Add(-day), "alerts")
		out, err := w.Outbox.Send(t.Context(), w.Contact(n), text)
		if err != nil || out.Sent == nil {
			t.Fatalf("%+v, %v", out, err)
		}
		if i%100 == 50 {
			lost++ // its sender is ended before it records it
			continue
		}
		if err := w.Outbox.Record(t.Context(), *out.Sent); err != nil {
			t.Fatal(err)
		}
	}
	w.handler.Table = w.Table
	w.Bill.Take()
	for _, run := range []struct{ missing int }{{lost}, {0}} {
		w.Pass(20 * time.Hour)
		w.run()
		calls, _ := w.Bill.Take()
		// A page of a hundred is its keys, its contacts and the three texts of each: question, welcome and campaign. The rest
		// is the areas of 24 shards, for the walk and for the laws that concern them.
		if calls["BatchGetItem"] != 4*people/100 || calls["Query"] > people+people/100+77 {
			t.Errorf("calls %v", calls)
		}
		// Each text that is missing is written, and its campaign read for the words.
		if calls["PutItem"] != run.missing || calls["GetItem"] != run.missing || calls["UpdateItem"]+calls["BatchWriteItem"]+calls["TransactWriteItems"] != 0 {
			t.Errorf("calls %v, want %d writes", calls, run.missing)
		}
		perPerson := float64(calls["BatchGetItem"]+people/100+people) / people
		t.Logf("%.3f calls for each of %d people, of whom %d had a text missing", perPerson, people, run.missing)
	}
}
