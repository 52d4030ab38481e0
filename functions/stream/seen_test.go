package stream_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// Each fact that is on the bus is counted by its type, and what is not there, cannot be understood or cannot be kept is
// logged, with what has to be looked at and without a phone.
func TestWhatIsToldIsCounted(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.life()
	if again := w.invoke(w.stream()); again != "" {
		t.Fatalf("goes on with %q", again)
	}
	byType := map[string]int{}
	for i := range w.put {
		byType[*w.put[i].DetailType]++
	}
	for kind, want := range byType {
		if got := w.Count("Fact", "type", kind); got != want {
			t.Errorf("%s: counted %d, want %d", kind, got, want)
		}
	}
	if n := w.Count("Fact"); n != len(w.put) || w.Count("FactDelayed") != 0 || len(w.Queue.Jobs) != 0 {
		t.Errorf("counted %d of %d facts, %d dead letters", n, len(w.put), len(w.Queue.Jobs))
	}
	told := len(w.put)
	strange := json.RawMessage(`{"eventID":"e-strange","dynamodb":{"NewImage":{"pk":{"S":"CONTACT#example#x"}},"SequenceNumber":"77"}}`)
	if again := w.invoke([]json.RawMessage{strange}); again != "" || len(w.Queue.Jobs) != 1 || len(w.put) != told {
		t.Errorf("goes on with %q, %d dead letters", again, len(w.Queue.Jobs))
	}
	w.Queue.Err = errors.New("broken")
	if again := w.invoke([]json.RawMessage{strange}); again != "77" || len(w.Queue.Jobs) != 1 {
		t.Errorf("goes on with %q, %d dead letters", again, len(w.Queue.Jobs))
	}
	w.refuse = func() bool { return true }
	w.invoke(w.stream())
	w.counted.Err = errors.New("broken")
	w.invoke(w.stream())
	log := w.Logged.String()
	for _, line := range []string{
		"cannot be understood", "event=e-strange", "and it cannot be kept", "a fact is not on the bus", "type=",
	} {
		if !strings.Contains(log, line) {
			t.Errorf("the log lacks %q: %s", line, log)
		}
	}
}

// What has nothing to tell, be it deleted or somebody else's item, leads to no fact and holds nobody up.
func TestWhatIsNothingToOthers(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	for _, record := range []string{
		`{"eventID":"e1","dynamodb":{"SequenceNumber":"1"}}`,
		`{"eventID":"e2","dynamodb":{"NewImage":{"pk":{"S":"CAMPAIGN#c"},"sk":{"S":"CAMPAIGN"}},"SequenceNumber":"2"}}`,
		`{"eventID":"e3","dynamodb":{"NewImage":{"pk":{"S":"CONTACT#example#+12065550142"},"sk":{"S":"CONTACT"}},"SequenceNumber":"3"}}`,
	} {
		if again := w.invoke([]json.RawMessage{json.RawMessage(record)}); again != "" || len(w.put) != 0 || len(w.Queue.Jobs) != 0 {
			t.Errorf("%s: goes on with %q, %d facts, %d dead letters", record, again, len(w.put), len(w.Queue.Jobs))
		}
	}
	for _, record := range []string{`"x"`, `{"eventID":"e4","dynamodb":{"NewImage":{"pk":{"S":7}},"SequenceNumber":"4"}}`} {
		before := len(w.Queue.Jobs)
		if again := w.invoke([]json.RawMessage{json.RawMessage(record)}); again != "" || len(w.Queue.Jobs) != before+1 {
			t.Errorf("%s: goes on with %q, %d dead letters", record, again, len(w.Queue.Jobs))
		}
	}
}
