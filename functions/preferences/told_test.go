package preferences_test

import (
	"testing"

	"smsconsent/shared/testkit/world"
)

// A choice any of whose calls is not answered is not told to be kept, and a page that cannot be read is not shown as
// if she had chosen nothing.
func TestNothingPassesForChosen(t *testing.T) {
	for name, tc := range map[string]struct {
		do    func(w *fixture) int
		calls int
	}{
		"the page": {func(w *fixture) int { return w.get(w.token(her)).Code }, 1},
		"a choice": {func(w *fixture) int {
			return w.post(w.token(her), "action", "save", "had", "alerts", "on", "news").Code
		}, 3},
		"a pause":         {func(w *fixture) int { return w.post(w.token(her), "action", "pause").Code }, 3},
		"no texts at all": {func(w *fixture) int { return w.post(w.token(her), "action", "stop").Code }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			world.EachUnanswered(t, tc.calls, func(t *testing.T) (*world.World, func() error) {
				w := newWorld(t)
				w.subscribe(her, "alerts", "news")
				return w.World, func() error { return world.Answered(tc.do(w)) }
			})
		})
	}
}
