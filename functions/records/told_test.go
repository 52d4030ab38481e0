package records_test

import (
	"testing"

	"smsconsent/shared/testkit/world"
)

// A record that cannot be read, or whose reading cannot be told of, is not told to be empty.
func TestNothingPassesForRead(t *testing.T) {
	world.EachUnanswered(t, 1, func(t *testing.T) (*world.World, func() error) {
		w := newWorld(t)
		return w.World, func() error {
			return world.Answered(w.ask("GET", "/records/+12065550142", "").StatusCode)
		}
	})
}
