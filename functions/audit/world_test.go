package audit_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"smsconsent/functions/audit"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/table"
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
	looked  map[phone.Number]int // how often each person on the lists was looked at

	verified int // how often a whole record was read to be verified
	reports  *archive
}

// reported returns the figures of the runs that are done, oldest first.
func (w *fixture) reported() (all []report.Figures) {
	for _, run := range slices.Sorted(maps.Keys(w.reports.kept)) {
		all = append(all, w.reports.kept[run].Figures)
	}
	return all
}

func newWorld(t *testing.T) *fixture {
	t.Helper()
	return newWorldIn(t, world.New(t, two))
}

// newWorldIn is the function in a world.
func newWorldIn(t *testing.T, in *world.World) *fixture {
	t.Helper()
	w := &fixture{World: in, looked: map[phone.Number]int{}, reports: newArchive()}
	var err error
	w.handler, err = audit.New(audit.Config{
		Catalog: w.Catalog, Table: madeUp{w.Table, w}, Audience: w.Audience, Gate: w.Gate, Outbox: w.Outbox, Queue: w.Queue,
		Schedules: w.Schedules, Reports: w.reports, Desk: w.reports, Now: w.Now, Log: w.Log, Metrics: w.Metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Function = w.handler.Handle
	return w
}

// madeUp is the table of people whom a test made up without the history they would have: it verifies nobody, and finds
// no fault in anybody who can be read and is not suspect. What it is to find a record that does not verify is tested
// with people who lived it. It counts who is looked at on the lists.
type madeUp struct {
	*world.Table
	world *fixture
}

func (m madeUp) Verify(context.Context, consent.Key, time.Time) (fault, err error) {
	m.world.verified++
	return nil, nil
}

func (m madeUp) Contacts(ctx context.Context, keys []consent.Key) ([]consent.Contact, []table.Unreadable, error) {
	contacts, unreadable, err := m.Table.Contacts(ctx, keys)
	for _, c := range contacts {
		m.world.looked[c.Phone]++
	}
	return contacts, unreadable, err
}

func (m madeUp) ScanRecords(
	ctx context.Context, segment int, after table.Position, now time.Time,
) ([]inspect.Subject, table.Position, error) {
	people, next, err := m.Table.ScanRecords(ctx, segment, after, now)
	for i := range people {
		people[i] = faultless(people[i])
	}
	return people, next, err
}

func (m madeUp) Examine(ctx context.Context, key consent.Key, now time.Time) (inspect.Subject, error) {
	s, err := m.Table.Examine(ctx, key, now)
	return faultless(s), err
}

func faultless(s inspect.Subject) inspect.Subject {
	if !s.Unreadable && !s.Record.Contact.Suspect {
		s.Fault = nil
	}
	return s
}

// person makes up somebody subscribed to alerts since that instant, changed as wanted.
func (w *fixture) person(n phone.Number, since time.Time, change func(*consent.Contact)) consent.Key {
	w.T.Helper()
	w.MakeUp(n, since, change)
	return world.Key(n)
}

// run is one audit, and one round of reminding from its start to the last opening.
func (w *fixture) run() {
	w.T.Helper()
	w.wake(`{"audit":"start"}`)
	w.wake(`{"audit":"remind"}`)
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
