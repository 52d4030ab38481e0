package audit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"smsconsent/functions/audit"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/world"
)

// two is 14:00 UTC on a Tuesday that is no holiday: 9:00 in New York, 8:00 in Chicago, 6:00 in Seattle, 4:00 in
// Honolulu.
var two = time.Date(2027, time.January, 12, 14, 0, 0, 0, time.UTC)

var errBroken = errors.New("broken")

// fixture is the function in its world.
type fixture struct {
	*world.World
	handler *audit.Handler
	looked  map[phone.Number]int // how often each person was looked at
	reports *archive
}

func newWorld(t *testing.T) *fixture {
	t.Helper()
	w := &fixture{World: world.New(t, two), looked: map[phone.Number]int{}, reports: newArchive()}
	var err error
	w.handler, err = audit.New(audit.Config{
		Catalog: w.Catalog, Table: madeUp{w.Table}, Audience: w.Audience, Gate: w.Gate, Outbox: watched{w.Outbox, w}, Queue: w.Queue,
		Schedules: w.Schedules, Reports: w.reports, Desk: w.reports, Now: w.Now, Log: w.Log, Metrics: w.Metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Function = w.handler.Handle
	return w
}

// madeUp is the table of people whom a test made up without the history they would have: it verifies nobody. What it is
// to find a record that does not verify is tested with people who lived it.
type madeUp struct{ *world.Table }

func (madeUp) Verify(context.Context, consent.Key, time.Time) (fault, err error) { return nil, nil }

// watched is the outbox, and counts who is looked at.
type watched struct {
	*outbox.Outbox
	world *fixture
}

func (o watched) Reconcile(ctx context.Context, contacts ...consent.Contact) error {
	for _, c := range contacts {
		o.world.looked[c.Phone]++
	}
	return o.Outbox.Reconcile(ctx, contacts...)
}

// person makes up somebody subscribed to alerts since that instant, changed as wanted.
func (w *fixture) person(n phone.Number, since time.Time, change func(*consent.Contact)) consent.Key {
	w.T.Helper()
	w.MakeUp(n, since, change)
	return world.Key(n)
}

// run is one audit from its start to the last opening.
func (w *fixture) run() {
	w.T.Helper()
	w.wake(`{"audit":"start"}`)
	w.RunOut()
}

func (w *fixture) wake(input string) {
	w.T.Helper()
	w.Wake(input)
	w.Settle()
}

func job(topic string, shard int) string {
	return fmt.Sprintf(`{"since":%q,"brand":"example","topic":%q,"shard":%d}`, two.Format(time.RFC3339), topic, shard)
}
