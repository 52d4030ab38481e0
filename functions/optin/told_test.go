package optin_test

import (
	"testing"

	"smsconsent/shared/testkit/world"
)

// A sign-up any of whose calls is not answered is not told to be taken: whoever sent it is asked to try again.
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

// A request of a backend is not told to be asked, or its attributes to be kept, where that is not so.
func TestNothingPassesForAsked(t *testing.T) {
	world.EachUnanswered(t, 3, func(t *testing.T) (*world.World, func() error) {
		w := newBackend(t)
		return w.World, func() error { return world.Answered(w.post(t, onPaper(nil)).code) }
	})
	world.EachUnanswered(t, 2, func(t *testing.T) (*world.World, func() error) {
		w := newBackend(t)
		w.post(t, onPaper(nil))
		return w.World, func() error {
			a := w.post(t, onPaper(map[string]any{"attributes": map[string]string{"city": "Austin"}}))
			if a.Attributes != "" {
				return world.ErrUnanswered
			}
			return world.Answered(a.code)
		}
	})
}
