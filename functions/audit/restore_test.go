package audit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/world"
)

// restore copies all items of a table to another, as point-in-time recovery makes a table of what one held.
func restore(t *testing.T, from, to dynamotest.Store) {
	t.Helper()
	pages := dynamodb.NewScanPaginator(from.Client, &dynamodb.ScanInput{TableName: aws.String(from.Table)})
	items := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			if _, err := to.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(to.Table), Item: item}); err != nil {
				t.Fatal(err)
			}
			items++
		}
	}
	if items < 6 {
		t.Fatalf("%d items are no two people", items)
	}
}

// A table put back to an earlier instant knows nothing of a STOP that came after it. AWS's opt-out list does, an hour
// after the STOP at the latest, and the first audit brings it back (I8), before anything is sent where sending waits
// for that audit. Everything older is whole: the ledgers verify under the same key (I4), and who is on a list is found
// there.
func TestAnAuditBringsARestoredTableUpToDate(t *testing.T) {
	var stores dynamotest.Stores
	t.Cleanup(func() {
		if err := stores.Stop(); err != nil {
			t.Error(err)
		}
	})
	stores.Each(t, func(t *testing.T, lost dynamotest.Store) {
		const stays, stops = phone.Number("+12125550142"), phone.Number("+12125550143")
		before := world.On(t, lost, string(smsconsent.Programs()), two.Add(-4*day))
		before.Subscribe(stays, two.Add(-3*day), "alerts")
		before.Subscribe(stops, two.Add(-3*day), "alerts")

		// A store's tables are one beside the other, as the restored table is beside the lost one.
		restored := stores.Memory(t)
		if !lost.InMemory {
			restored = stores.Local(t)
		}
		restore(t, lost, restored)
		before.SetClock(two.Add(-2 * day))
		before.Says(stops, "alerts", keyword.OptOut)
		if state := before.Contact(stops).Subs["alerts"].State; state != consent.Unsubscribed {
			t.Fatalf("the table that was lost says %s", state)
		}

		w := newWorldIn(t, world.On(t, restored, string(smsconsent.Programs()), two))
		w.handler.Table = w.Table
		w.Carrier.PutOnList(alertsList, stops, outbox.ListEntry{Since: two.Add(-2*day + time.Hour)})
		for _, n := range []phone.Number{stays, stops} {
			if r := w.Proof(n); r.Contact.Subs["alerts"].State != consent.Subscribed {
				t.Errorf("restored, %s is %v", n, r.Contact.Subs)
			}
		}
		w.run()
		if _, out := w.Proof(stops).Contact.Stopped["alerts"]; !out {
			t.Error("I8: whoever said STOP after the instant of the table is on the list again")
		}
		if state := w.Proof(stays).Contact.Subs["alerts"].State; state != consent.Subscribed {
			t.Errorf("who said nothing is %s", state)
		}
		found := counts(w.reported()[0])
		if found[report.OnlyAtAWS] != 1 || found[report.Altered] != 0 || !strings.Contains(w.Counted.String(), `"OptedOutAtAWS":1`) {
			t.Errorf("found %v", found)
		}
	})
}
