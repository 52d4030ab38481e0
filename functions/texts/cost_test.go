package texts_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What a text costs, the carrier aside: one sent is three calls and two write units, and one call more where it has a
// field nobody gives a value for; the first of an hour costs a unit of the index more, and so does the look that
// follows it. One that waits costs two calls and two units (one of the index); and neither an answer that refuses nor
// one that repeats writes anything.
func TestWhatATextCosts(t *testing.T) {
	w := newWorld(t, stores.Local(t))
	followedUp := func() {
		w.Pass(2 * time.Hour)
		if err := w.Outbox.FollowUp(t.Context(), w.Contact(her)); err != nil {
			t.Fatal(err)
		}
	}
	followedUp()
	greeting := shipped().With("text", "Hi {first_name|there}, your order has shipped.")
	const read, look = 1, 0.5 // of the contact; what is not there costs nothing in a batch
	for _, step := range []struct {
		name  string
		what  body
		calls map[string]int
		units float64
	}{
		{"sent", shipped().With("id", "first"), map[string]int{"BatchGetItem": 1, "PutItem": 2}, read + 2 + 1},
		{"sent", shipped(), map[string]int{"BatchGetItem": 1, "PutItem": 2}, read + 2},
		{"with a field", greeting.With("id", "f"), map[string]int{"BatchGetItem": 1, "GetItem": 1, "PutItem": 2}, read + read + 2},
		{"with its value", greeting.With("id", "v").With("fields", map[string]string{"first_name": "Ana"}), map[string]int{"BatchGetItem": 1, "PutItem": 2}, read + 2},
		{"again", shipped(), map[string]int{"BatchGetItem": 3}, read + 2*look},
		{"refused", shipped().With("phone", string(him)), map[string]int{"BatchGetItem": 1}, 0},
		{"waits", news().With("id", "n"), map[string]int{"BatchGetItem": 1, "PutItem": 1}, read + 2},
	} {
		if step.name == "waits" {
			w.GoTo(tonight)
		}
		w.Bill.Take()
		w.post(step.what)
		calls, units := w.Bill.Take()
		if diff := cmp.Diff(step.calls, calls); diff != "" {
			t.Errorf("%s: calls (-want +got):\n%s", step.name, diff)
		}
		if units != step.units {
			t.Errorf("%s consumed %v units, want %v", step.name, units, step.units)
		}
	}
	w.Bill.Take()
	followedUp()
	calls, _ := w.Bill.Take()
	if diff := cmp.Diff(map[string]int{"GetItem": 1, "BatchGetItem": 1, "PutItem": 1}, calls); diff != "" {
		t.Errorf("the look at what was sent: calls (-want +got):\n%s", diff)
	}
}
