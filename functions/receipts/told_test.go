package receipts_test

import (
	"testing"

	"smsconsent/shared/testkit/world"
)

// An event any of whose calls is not answered comes again; but for the count of a campaign's texts, which is only told
// of as lost: what became of each is on record.
func TestNothingPassesForReceived(t *testing.T) {
	for name, tc := range map[string]struct {
		ready func(w *fixture)
		body  string
		calls int
	}{
		"a text that did not reach its phone": {func(*fixture) {}, event(0, 2, "INVALID", nil), 5},
		"a text that reached it":              {func(*fixture) {}, event(0, 2, "DELIVERED", nil), 3},
		"a text off the record":               {func(w *fixture) { w.lose() }, event(0, 2, "DELIVERED", nil), 6},
	} {
		t.Run(name, func(t *testing.T) {
			world.EachUnanswered(t, tc.calls, func(t *testing.T) (*world.World, func() error) {
				w := newWorld(t, 1)
				tc.ready(w)
				return w.World, func() error {
					if failed := w.handle(tc.body); len(failed) > 0 || w.counted("ReceiptFailed") > 0 {
						return world.ErrUnanswered
					}
					return nil
				}
			})
		})
	}
}
