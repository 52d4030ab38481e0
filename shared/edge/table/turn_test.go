package table_test

import (
	"cmp"
	"slices"
	"sync"
	"testing"
	"time"

	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// However many take turns at once, nobody gets another's, and nobody one before a quarter of a second ago.
func TestTurnsAreTakenOnce(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		type turn struct{ from, to time.Time }
		var mu sync.Mutex
		var got []turn
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for i := range 6 {
					last := time.Duration(i+1) * 100 * time.Millisecond
					from, err := tab.TakeTurns(t.Context(), "+18335550100", last, noon)
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					got = append(got, turn{from, from.Add(last)})
					mu.Unlock()
				}
			})
		}
		all.Wait()
		slices.SortFunc(got, func(a, b turn) int { return cmp.Compare(a.from.UnixNano(), b.from.UnixNano()) })
		next := noon.Add(-250 * time.Millisecond)
		for _, g := range got {
			if !g.from.Equal(next) {
				t.Fatalf("a turn from %s, want %s", g.from, next)
			}
			next = g.to
		}

		// After a rest nothing is saved up but a quarter of a second; another identity never waited.
		later := next.Add(time.Minute)
		for identity, now := range map[string]time.Time{"+18335550100": later, "+18335550101": noon} {
			from, err := tab.TakeTurns(t.Context(), identity, time.Second, now)
			if want := now.Add(-250 * time.Millisecond); err != nil || !from.Equal(want) {
				t.Errorf("%s: %s, %v, want %s", identity, from, err, want)
			}
		}
	})
}
