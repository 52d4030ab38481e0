package channels_test

import (
	"testing"

	"smsconsent/shared/testkit/world"
)

// What cannot be noted is not told to be kept, whichever way it came.
func TestNothingPassesForNoted(t *testing.T) {
	for name, tc := range map[string]struct {
		path, kind string
		what       thing
		calls      int
	}{
		"a touch":      {"/touches", "smsconsent.touch", touched(), 2},
		"a sign":       {"/engagements", "smsconsent.engagement", engaged(), 2},
		"an opt-out":   {"/optouts", "smsconsent.optout", optedOut(), 2},
		"an attribute": {"/attributes", "smsconsent.attributes", named(map[string]string{"city": "Austin"}), 2},
	} {
		t.Run(name, func(t *testing.T) {
			world.EachUnanswered(t, tc.calls, func(t *testing.T) (*world.World, func() error) {
				w := newWorld(t, stores.Memory(t))
				return w.World, func() error {
					code, _ := w.send(tc.path, tc.what.String(), shop)
					return world.Answered(code)
				}
			})
			world.EachUnanswered(t, tc.calls, func(t *testing.T) (*world.World, func() error) {
				w := newWorld(t, stores.Memory(t))
				return w.World, func() error { return w.hear("crm", tc.kind, tc.what.String()) }
			})
		})
	}
}
