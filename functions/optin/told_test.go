package optin_test

import (
	"testing"

	"smsconsent/shared/testkit/world"
)

// A sign-up, a request of another system or a withdrawal any of whose calls is not answered is not told to be taken:
// whoever sent it is asked to try again.
func TestNothingPassesForTaken(t *testing.T) {
	for name, tc := range map[string]struct {
		send  func(w *fixture) int
		calls int
	}{
		"a sign-up as JSON": {func(w *fixture) int { return w.postJSON(signUp(nil)).Code }, 4},
		"a form": {func(w *fixture) int {
			return w.postForm(map[string][]string{
				"brand": {"example"}, "topics": {"alerts"}, "phone": {string(seattle)}, "altcha": {solved},
			}).Code
		}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			world.EachUnanswered(t, tc.calls, func(t *testing.T) (*world.World, func() error) {
				w := newWorld(t)
				w.handler.Limit = 5
				return w.World, func() error { return world.Answered(tc.send(w)) }
			})
		})
	}
}
