package outbox_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// What the paths people wait on cost. A STOP, a YES and every other answer is a read, a transaction and a record,
// however many texts came before and whoever failed to record them: what is left to do is the follow-up's. A campaign's
// text is one write unit for the claim and one for the record. Units are without those of transactions, which are two
// for each item, and one for each that goes in or out of the index.
func TestWhatThePathsCost(t *testing.T) {
	s := stores.Local(t)
	bill := dynamotest.NewBill(s.Client)
	w := worldOn(t, s)
	w.table = table.New(bill, s.Table, w.ledger)
	w.faults.Table = w.table
	answer := func(items int) map[string]int {
		return map[string]int{"GetItem": 1, "TransactWriteItems": 1, dynamotest.ItemsWritten: items, "PutItem": 1}
	}
	campaigns := map[string]int{"GetItem": 1, "PutItem": 2}
	followUp := map[string]int{"GetItem": 1, "BatchGetItem": 1, "PutItem": 1}
	const read, claim, record, look, tend = 1, 1, 1, 0.5, 2 // the last is out of the index too
	for _, step := range []struct {
		what  string
		do    func()
		calls map[string]int
		units float64
	}{
		// A transaction writes the contact, the event, the message that was heard, and the entry in the audience that joins
		// or leaves.
		{"a request", func() { w.request(t) }, answer(2), read + record},
		{"YES", func() { w.pass(time.Second); w.mustHear(t, w.inbound(saidYes)) }, answer(4), read + record},
		{"HELP", func() { w.pass(time.Second); w.mustHear(t, w.inbound(saidHelp)) }, answer(3), read + record},
		{"a campaign's text", func() { w.mustSend(t, w.campaign(autumn)) }, campaigns, read + claim + record},
		{"the follow-up of a sign-up", func() { w.pass(10 * time.Minute); w.followUp(t) }, followUp, read + 4*look + tend},
		{"the next campaign's text", func() { w.mustSend(t, w.campaign(winter)) }, campaigns, read + claim + record},
		{"STOP a day later", func() { w.pass(24 * time.Hour); w.mustHear(t, w.inbound(saidStop)) }, answer(4), read + record},
		{"the follow-up of a STOP", func() { w.pass(10 * time.Minute); w.followUp(t) }, followUp, read + 6*look + tend},
		{"nothing to follow up", func() { w.pass(10 * time.Minute); w.followUp(t) }, map[string]int{"GetItem": 1}, read},
	} {
		bill.Take()
		step.do()
		calls, units := bill.Take()
		if diff := cmp.Diff(step.calls, calls); diff != "" {
			t.Errorf("%s: calls (-want +got):\n%s", step.what, diff)
		}
		if units != step.units {
			t.Errorf("%s consumed %v units, want %v", step.what, units, step.units)
		}
	}
}
