package channels_test

import (
	"net/http"
	"strings"
	"testing"
)

// What other systems tell is counted by its kind and by what became of it, whichever way it came, and logged with who
// told it.
func TestWhatIsToldIsCounted(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.post("/touches", touched())
	w.post("/touches", touched())
	w.post("/touches", touched().With("phone", string(stranger)))
	w.post("/engagements", engaged())
	w.post("/attributes", named(map[string]string{"city": "Austin"}))
	if err := w.hear("crm", "smsconsent.optout", optedOut().String()); err != nil {
		t.Fatal(err)
	}
	if err := w.hear("crm", "smsconsent.optout", optedOut().With("phone", "x").String()); err == nil {
		t.Error("nobody's opt-out passes for told")
	}
	if err := w.hear("crm", "something else", "{}"); err != nil || !strings.Contains(w.Logged.String(), "tells nothing") {
		t.Errorf("%v: %s", err, &w.Logged)
	}
	w.Unanswered = func(string) error { return errBroken }
	if code, _ := w.send("/touches", touched().With("at", "2026-12-01T19:30:00Z").String(), shop); code != http.StatusServiceUnavailable {
		t.Errorf("a fault of ours: %d", code)
	}
	for _, want := range []struct {
		kind, result string
		n            int
	}{
		{"touch", "kept", 1},
		{"touch", "unchanged", 1},
		{"touch", "unknown", 1},
		{"touch", "failed", 1},
		{"engagement", "kept", 1},
		{"attributes", "kept", 1},
		{"optout", "kept", 1},
		{"optout", "failed", 1},
	} {
		if got := w.Count("Told", "kind", "smsconsent."+want.kind, "result", want.result); got != want.n {
			t.Errorf("%s, %s: counted %d, want %d", want.kind, want.result, got, want.n)
		}
	}
	if got := w.Count("Told"); got != 8 {
		t.Errorf("counted %d in all", got)
	}
	log := w.Logged.String()
	for _, line := range []string{"told by another system", "caller=role/shop", "is not noted", "noted=1 failed=false", "noted=0 failed=true"} {
		if !strings.Contains(log, line) {
			t.Errorf("the log lacks %q: %s", line, log)
		}
	}
}
