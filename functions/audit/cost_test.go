package audit_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// What an audit costs a day after a campaign: the people and their texts are read a hundred at a time, each person's
// record is read once to verify it, and nothing is written where nothing is missing.
func TestWhatAnAuditCosts(t *testing.T) {
	const people = 100
	b := newBench(t)
	ledger, err := consent.NewLedger([]byte("a key of at least thirty-two bytes"))
	if err != nil {
		t.Fatal(err)
	}
	brand, _ := b.Catalog.Brand("example")
	prog, _, _ := brand.Topic("alerts")
	text := outbox.Text{
		Kind: message.Promotional, Program: prog, Topic: "alerts", Campaign: "01KB00000000000000000000C1", Body: "Example Corp.: pumpkins are in.",
	}
	if err := b.table.CreateCampaign(t.Context(), campaign.Campaign{ID: text.Campaign, Brand: "example", Topic: "alerts", Text: text.Body, At: two, Expires: two.Add(day)}); err != nil {
		t.Fatal(err)
	}
	lost := 0
	for i, n := range numbers("212", 0, people) {
		c, err := b.table.Contact(t.Context(), b.subscriber(n, two.Add(-day), "alerts"))
		if err != nil {
			t.Fatal(err)
		}
		out, err := b.outbox.Send(t.Context(), c, text)
		if err != nil || out.Sent == nil {
			t.Fatalf("%+v, %v", out, err)
		}
		if i%100 == 50 {
			lost++ // its sender is ended before it records it
			continue
		}
		if err := b.outbox.Record(t.Context(), *out.Sent); err != nil {
			t.Fatal(err)
		}
	}
	bill := dynamotest.NewBill(b.store.Client)
	tab := table.New(bill, b.store.Table, ledger)
	b.Table, b.outbox.Store, b.Audience = tab, tab, audience.New(bill, b.store.Table)
	for _, run := range []struct{ missing int }{{lost}, {0}} {
		b.now = b.now.Add(20 * time.Hour)
		b.run()
		calls, _ := bill.Take()
		// A page of a hundred is its keys, its contacts and the three texts of each: question, welcome and campaign. The rest
		// is the areas of 24 shards.
		if calls["BatchGetItem"] != 4*people/100 || calls["Query"] > people+people/100+52 {
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
