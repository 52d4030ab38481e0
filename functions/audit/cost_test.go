package audit_test

import (
	"fmt"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

// campaignTo texts people a campaign, and leaves those texts off the record that lose picks.
func (w *fixture) campaignTo(people []phone.Number, lose func(i int) bool) {
	w.T.Helper()
	brand, _ := w.Catalog.Brand("example")
	prog, _, _ := brand.Topic("alerts")
	text := outbox.Text{
		Kind: message.Promotional, Program: prog, Topic: "alerts", Campaign: "01KB00000000000000000000C1", Body: "Example Corp.: pumpkins are in.",
	}
	camp := campaign.Campaign{ID: text.Campaign, Brand: "example", Topic: "alerts", Text: text.Body, At: two, Expires: two.Add(day)}
	if err := w.Table.CreateCampaign(w.T.Context(), camp); err != nil {
		w.T.Fatal(err)
	}
	var sent []table.Sent
	for i, n := range people {
		out, err := w.Outbox.Send(w.T.Context(), w.Contact(n), text)
		if err != nil || out.Sent == nil {
			w.T.Fatalf("%+v, %v", out, err)
		}
		if !lose(i) {
			sent = append(sent, *out.Sent)
		}
	}
	if err := w.Outbox.Record(w.T.Context(), sent...); err != nil {
		w.T.Fatal(err)
	}
}

// everywhere is n phones of all shards.
func everywhere(n int) (all []phone.Number) {
	for i := range n {
		all = append(all, phone.Number(fmt.Sprintf("+1212%07d", 5550000+i)))
	}
	return all
}

// billed is the calls of DynamoDB that the next run makes.
func (w *fixture) billed() (calls int, by map[string]int) {
	w.T.Helper()
	w.Pass(20 * time.Hour)
	w.Bill.Take()
	w.run()
	by, _ = w.Bill.Take()
	for name, n := range by {
		if name != "items of transactions" {
			calls += n
		}
	}
	return calls, by
}

// What an audit costs a day after a campaign: at most 1.1 calls of DynamoDB for each 25 people of whom nothing has
// changed. What a run costs whoever there is, is told by a run with few.
func TestWhatAnAuditCosts(t *testing.T) {
	run := func(people int) (calls int, by map[string]int) {
		w := newWorld(t)
		w.handler.Table = w.Table
		all := everywhere(people)
		for _, n := range all {
			w.Subscribe(n, two.Add(-day), "alerts")
		}
		w.campaignTo(all, func(int) bool { return false })
		return w.billed()
	}
	const few, many = 80, 880
	alone, _ := run(few)
	together, by := run(many)
	perGroup := float64(together-alone) / (many - few) * 25
	t.Logf("%d calls for %d people, %d for %d: %.2f for each 25 more; %v", alone, few, together, many, perGroup, by)
	if perGroup > 1.1 {
		t.Errorf("%.2f calls for each 25 people, want at most 1.1", perGroup)
	}
	if by["TransactWriteItems"] != 1 || by["BatchWriteItem"] != 0 {
		t.Errorf("people were written to of whom nothing changed: %v", by)
	}
}

// I3: of texts that are not on record each is put there, once, and counted, once.
func TestLostTextsAreRecordedOnce(t *testing.T) {
	w := newWorld(t)
	w.handler.Table = w.Table
	all := everywhere(30)
	for _, n := range all {
		w.Subscribe(n, two.Add(-day), "alerts")
	}
	w.campaignTo(all, func(i int) bool { return i%10 == 5 })
	w.Pass(20 * time.Hour) // so long that the record by itself does not verify
	for run := range 2 {
		w.run()
		if n := w.reported()[run].Findings[report.LeftClaim].Count; n != 3*(1-run) {
			t.Errorf("run %d: %d left claims found", run, n)
		}
	}
	for i, n := range all {
		last := w.Proof(n).Messages[len(w.Proof(n).Messages)-1]
		if (last.Status == consent.Unconfirmed) != (i%10 == 5) || last.Body != "Example Corp.: pumpkins are in." {
			t.Errorf("text %d is on record as %s %q", i, last.Status, last.Body)
		}
	}
}
