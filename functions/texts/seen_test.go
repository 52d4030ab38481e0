package texts_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// What became of each text and question is counted, and logged with who asked.
func TestWhatBecomesOfTextsIsCounted(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	promoted := shipped().With("topic", "alerts").With("text", "Example Corp.: half price").With("id", "p-1").
		With("expires", noon.Add(48*time.Hour).Format(time.RFC3339))
	w.call(http.MethodPost, "/may", "", shipped().With("id", nil).String(), shop)
	w.call(http.MethodPost, "/may", "", shipped().With("id", nil).With("phone", string(him)).String(), shop)
	w.post(shipped())
	w.post(shipped())
	w.post(shipped().With("phone", string(him)).With("id", "order-4712"))
	w.pauses(noon.Add(24 * time.Hour))
	w.post(promoted)
	w.call(http.MethodDelete, "/texts/p-1", "", "", shop)
	w.call(http.MethodPost, "/texts", "", shipped().With("phone", "x").String(), shop)
	w.call(http.MethodPost, "/may", "", whether(her).With("phone", nil).With("phones", []string{"x", string(her), "y"}).String(), shop)
	w.lookUp(w.may(whether(her)).Decision, "")
	w.lookUp("x", "")
	for result, want := range map[string]int{"sent": 1, "duplicate": 1, "refused": 1, "deferred": 1, "withdrawn": 1, "failed": 1} {
		if got := w.Count("SingleText", "result", result); got != want {
			t.Errorf("%s: counted %d, want %d", result, got, want)
		}
	}
	for result, want := range map[string]int{"allow": 1, "refuse": 1, "defer": 2, "mistake": 2} {
		if got := w.Count("MayAsked", "result", result); got != want {
			t.Errorf("may, %s: counted %d, want %d", result, got, want)
		}
	}
	log := w.Logged.String()
	for _, line := range []string{
		`msg="a single text"`, "result=sent", "topic=orders", "asked whether texts may go", "phones=1", "allowed=1", "caller=role/shop",
		"phones=3", "asked what was answered", "brand=example topic=alerts found=true", "found=false",
	} {
		if !strings.Contains(log, line) {
			t.Errorf("the log lacks %q: %s", line, log)
		}
	}
	w.Unanswered = func(string) error { return errors.New("broken") }
	if code, _ := w.call(http.MethodPost, "/may", "", shipped().With("id", nil).String(), shop); code != http.StatusServiceUnavailable ||
		!strings.Contains(w.Logged.String(), "whether texts may go cannot be answered") {
		t.Errorf("may, with no answer of the table: %d", code)
	}
}

// What becomes of a text at its hour is logged as of its schedule, and counted like any other.
func TestWhatBecomesOfATextAtItsHourIsSeen(t *testing.T) {
	w := waiting(t, stores.Memory(t))
	w.RunOut()
	if log := w.Logged.String(); !strings.Contains(log, "caller=schedule brand=example topic=alerts result=sent") || w.Count("SingleText", "result", "sent") != 1 {
		t.Errorf("%s", log)
	}
}

// What comes by the queue and by the bus is logged as of them, and counted like any other.
func TestWhatNobodyWaitsForIsSeen(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.queued(noon, shipped().String())
	if err := w.told("com.example.shop", shipped().With("id", "order-4712").String()); err != nil {
		t.Fatal(err)
	}
	for _, caller := range []string{"queue", "com.example.shop"} {
		if log := w.Logged.String(); !strings.Contains(log, "caller="+caller+" brand=example topic=orders result=sent") {
			t.Errorf("%s: %s", caller, log)
		}
	}
	if n := w.Count("SingleText", "result", "sent"); n != 2 {
		t.Errorf("%d counted", n)
	}
}
