package texts_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/testkit/world"
)

// A text any of whose calls is not answered is not told to be kept or taken back, nor to be sent where that is not so:
// whoever asked may ask again, and what nobody waits for comes again. One that went and is not on record is logged.
func TestNothingPassesForDone(t *testing.T) {
	post := func(w *fixture) error {
		code, _ := w.call(http.MethodPost, "/texts", "", shipped().String(), shop)
		if strings.Contains(w.Logged.String(), "level=WARN") {
			return world.ErrUnanswered
		}
		return world.Answered(code)
	}
	promoted := shipped().With("topic", "alerts").With("text", "Example Corp.: half price").With("expires", noon.Add(48*time.Hour).Format(time.RFC3339))
	for name, tc := range map[string]struct {
		ready func(w *fixture)
		do    func(w *fixture) error
		calls int
	}{
		"a text": {func(*fixture) {}, post, 3},
		"a text with a field": {func(*fixture) {}, func(w *fixture) error {
			code, _ := w.call(http.MethodPost, "/texts", "", shipped().With("text", "Hi {first_name|there}, it shipped.").String(), shop)
			if strings.Contains(w.Logged.String(), "level=WARN") {
				return world.ErrUnanswered
			}
			return world.Answered(code)
		}, 4},
		"a text asked for again": {func(w *fixture) { w.post(shipped()) }, post, 2},
		"a text asked for again that waits": {func(w *fixture) {
			w.pauses(noon.Add(24 * time.Hour))
			w.post(promoted)
		}, func(w *fixture) error {
			code, _ := w.call(http.MethodPost, "/texts", "", promoted.String(), shop)
			return world.Answered(code)
		}, 1},
		"a text with a telling": {func(w *fixture) {
			prog, _ := w.Topic("orders")
			for i := range prog.Topics {
				prog.Topics[i].Told = true
			}
		}, func(w *fixture) error {
			code, said := w.call(http.MethodPost, "/texts", "", w.toldHim().String(), shop)
			if strings.Contains(w.Logged.String(), "level=WARN") || code == http.StatusOK && !strings.Contains(said, "sent") {
				return world.ErrUnanswered
			}
			return world.Answered(code)
		}, 5},
		"may I?": {func(*fixture) {}, func(w *fixture) error {
			code, _ := w.call(http.MethodPost, "/may", "", shipped().With("id", nil).String(), shop)
			return world.Answered(code)
		}, 1},
		"a text from the queue": {func(*fixture) {}, func(w *fixture) error {
			if w.queued(w.Clock(), shipped().String()) > 0 {
				return world.ErrUnanswered
			}
			return nil
		}, 3},
		"a text from the bus": {func(*fixture) {}, func(w *fixture) error { return w.told("shop", shipped().String()) }, 3},
		"a refused text from the bus": {func(*fixture) {}, func(w *fixture) error {
			return w.told("shop", shipped().With("phone", string(him)).String())
		}, 2},
		"a text that waits": {func(w *fixture) { w.pauses(noon.Add(24 * time.Hour)) }, func(w *fixture) error {
			code, _ := w.call(http.MethodPost, "/texts", "", promoted.String(), shop)
			return world.Answered(code)
		}, 3},
		"a text taken back": {func(w *fixture) {
			w.pauses(noon.Add(24 * time.Hour))
			w.post(promoted)
		}, func(w *fixture) error {
			code, _ := w.call(http.MethodDelete, "/texts/order-4711", "", "", shop)
			return world.Answered(code)
		}, 4},
		"a text whose time has come": {func(w *fixture) {
			w.pauses(noon.Add(24 * time.Hour))
			w.post(promoted)
			w.GoTo(noon.Add(25 * time.Hour))
		}, func(w *fixture) error {
			_, a, ok := w.Schedules.First()
			if !ok {
				return fmt.Errorf("nothing is scheduled")
			}
			return w.Attempt(a.Input)
		}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			world.EachUnanswered(t, tc.calls, func(t *testing.T) (*world.World, func() error) {
				w := newWorld(t, stores.Memory(t))
				tc.ready(w)
				return w.World, func() error { return tc.do(w) }
			})
		})
	}
}
