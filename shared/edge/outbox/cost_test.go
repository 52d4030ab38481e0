package outbox_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// What the paths people wait on cost. A STOP, a YES and every other answer is a read, a transaction and a record,
// however many texts came before and whoever failed to record them: what is left to do is the follow-up's. A campaign's
// text is one write unit for the claim and one for the record. A STOP calls AWS's texting once, for its answer; its
// number goes on AWS's list by the follow-up, an hour later. Units are without those of transactions, which are two for
// each item, and one for each that goes in or out of the index.
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
	nothing := map[string]int{"GetItem": 1}
	const read, claim, record, look, bookkeeping = 1, 1, 1, 0.5, 2 // the last is out of the index too
	for _, step := range []struct {
		what  string
		do    func()
		calls map[string]int
		units float64
		aws   int // calls of AWS's texting
	}{
		// A transaction writes the contact, the event, the message that was heard, and the entry in the audience that joins
		// or leaves.
		{"a request", func() { w.request(t) }, answer(2), read + record, 1},
		{"YES", func() { w.pass(time.Second); w.mustHear(t, w.inbound(saidYes)) }, answer(4), read + record, 1},
		{"HELP", func() { w.pass(time.Second); w.mustHear(t, w.inbound(saidHelp)) }, answer(3), read + record, 1},
		{"a campaign's text", func() { w.mustSend(t, w.campaign(autumn)) }, campaigns, read + claim + record, 1},
		{"the follow-up of a sign-up", func() { w.pass(10 * time.Minute); w.followUp(t) }, followUp, read + 4*look + bookkeeping, 0},
		{"the next campaign's text", func() { w.pass(w.Catalog.LeastGap); w.mustSend(t, w.campaign(winter)) }, campaigns, read + claim + record, 1},
		{"STOP a day later", func() { w.pass(24 * time.Hour); w.mustHear(t, w.inbound(saidStop)) }, answer(4), read + record, 1},
		{"the run after a STOP", func() { w.pass(10 * time.Minute); w.followUp(t) }, nothing, read, 0},
		{"the follow-up of a STOP", func() { w.pass(50 * time.Minute); w.followUp(t) }, followUp, read + 6*look + bookkeeping, 1},
		{"nothing to follow up", func() { w.pass(10 * time.Minute); w.followUp(t) }, nothing, read, 0},
	} {
		bill.Take()
		w.did()
		step.do()
		aws := slices.DeleteFunc(w.did(), func(call string) bool {
			return !strings.HasPrefix(call, "send ") && !strings.Contains(call, "Default") && !strings.Contains(call, "example-orders")
		})
		if len(aws) != step.aws {
			t.Errorf("%s: AWS's texting was asked %q, want %d calls", step.what, aws, step.aws)
		}
		calls, units := bill.Take()
		if diff := cmp.Diff(step.calls, calls); diff != "" {
			t.Errorf("%s: calls (-want +got):\n%s", step.what, diff)
		}
		if units != step.units {
			t.Errorf("%s consumed %v units, want %v", step.what, units, step.units)
		}
	}
}
