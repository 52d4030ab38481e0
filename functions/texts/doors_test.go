package texts_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
)

// queued brings messages of the queue, and returns how many failed.
func (w *fixture) queued(at time.Time, bodies ...string) int {
	w.T.Helper()
	var e events.SQSEvent
	for i, b := range bodies {
		e.Records = append(e.Records, events.SQSMessage{
			MessageId: fmt.Sprintf("message-%d", i), Body: b, Attributes: map[string]string{"SentTimestamp": fmt.Sprint(at.UnixMilli())},
		})
	}
	raw, err := json.Marshal(e)
	if err != nil {
		w.T.Fatal(err)
	}
	out, err := w.Function(w.T.Context(), raw)
	if err != nil {
		w.T.Fatal(err)
	}
	return len(out.BatchItemFailures)
}

// told brings an event of the bus.
func (w *fixture) told(source, detail string) error {
	e := fmt.Sprintf(
		`{"version":"0","id":"event-1","detail-type":"smsconsent.send","source":%q,"time":%q,"detail":%s}`, source, w.Clock().Format(time.RFC3339), detail,
	)
	_, err := w.Function(w.T.Context(), json.RawMessage(e))
	return err
}

// What nobody waits for comes by the queue and by the bus. Each comes more than once, and goes once: without an ID of
// its own it has that of what brought it.
func TestByQueueAndByBus(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := newWorld(t, store)
		unnamed := shipped().With("id", nil)
		for range 2 {
			if n := w.queued(noon, shipped().String(), unnamed.String()); n != 0 {
				t.Errorf("%d messages failed", n)
			}
			if err := w.told("com.example.shop", unnamed.String()); err != nil {
				t.Error(err)
			}
		}
		if n := len(w.Carrier.Sent); n != 3 {
			t.Errorf("I2: %d texts went out, want 3", n)
		}
		for id, want := range map[string]int{"order-4711": 1, "message-1": 1, "event-1": 1} {
			if got := len(w.statuses(id)); got != want {
				t.Errorf("%s is on record %d times", id, got)
			}
		}
		if err := w.told("smsconsent", shipped().With("id", "ours").String()); err != nil || len(w.Carrier.Sent) != 3 {
			t.Errorf("our own event: %v, %d texts went out", err, len(w.Carrier.Sent))
		}
	})
}

// What is of another type on the bus asks for nothing. A message that does not say when it was sent has its day from
// when it is heard.
func TestWhatTheDoorsLetIn(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	other := fmt.Sprintf(`{"id":"event-1","detail-type":"OrderShipped","source":"shop","time":"2026-12-01T20:00:00Z","detail":%s}`, shipped())
	if _, err := w.Function(t.Context(), json.RawMessage(other)); err != nil || len(w.Carrier.Sent) != 0 || !strings.Contains(w.Logged.String(), "an event that asks for nothing") {
		t.Errorf("of another type: %v, %d texts: %s", err, len(w.Carrier.Sent), &w.Logged)
	}
	raw := fmt.Sprintf(`{"Records":[{"messageId":"m","body":%q}]}`, shipped())
	if out, err := w.Function(t.Context(), json.RawMessage(raw)); err != nil || len(out.BatchItemFailures) > 0 || len(w.Carrier.Sent) != 1 {
		t.Errorf("without its time: %v, %d texts: %s", err, len(w.Carrier.Sent), &w.Logged)
	}
}

// Nobody hears the answer, so a refusal is on record; one that says nothing of its time has a day from when it was
// asked for, and not from when the queue brings it.
func TestWhatTheQueueBringsTooLate(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	expiring := shipped().With("id", "b").With("expires", noon.Add(-23*time.Hour).Format(time.RFC3339))
	if n := w.queued(noon.Add(-24*time.Hour), shipped().String(), expiring.String()); n != 0 {
		t.Errorf("%d messages failed", n)
	}
	for _, id := range []string{"order-4711", "b"} {
		if diff := cmp.Diff([]string{"withheld: the time for this text is over"}, w.statuses(id)); diff != "" {
			t.Error(diff)
		}
	}
	if len(w.Carrier.Sent) != 0 {
		t.Errorf("sent %+v", w.Carrier.Sent)
	}
}

// I10: a request that is not as it should be fails, is kept where somebody looks, and is told of by its field alone.
func TestABadRequestIsKept(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	if n := w.queued(noon, shipped().With("text", "FLASH SALE: 50% OFF").String(), shipped().String(), `[]`); n != 2 {
		t.Errorf("%d messages failed, want 2", n)
	}
	if err := w.told("com.example.shop", shipped().With("topic", "weather").String()); err == nil || !strings.Contains(err.Error(), `"topic"`) {
		t.Errorf("the bus hears %v", err)
	}
	nameless := `{"detail-type":"smsconsent.send","source":"shop","time":"2026-12-01T20:00:00Z","detail":` + shipped().With("id", nil).String() + `}`
	if _, err := w.Function(t.Context(), json.RawMessage(nameless)); err == nil || !strings.Contains(err.Error(), `"id"`) {
		t.Errorf("an event without an ID, of a text without one: %v", err)
	}
	if log := w.Logged.String(); strings.Contains(log, "FLASH") || strings.Contains(log, "shipped") || !strings.Contains(log, `field \"text\"`) {
		t.Errorf("I10: the log is %s", log)
	}
	if _, err := w.Function(t.Context(), json.RawMessage(`{"brand":"example","phone":"her","text":"order-4711"}`)); err == nil {
		t.Error("a schedule that names no phone does not fail")
	}
	for _, raw := range []string{`[]`, `{"Records":[{"messageId":7}]}`} {
		if _, err := w.Function(t.Context(), json.RawMessage(raw)); err == nil {
			t.Errorf("%s, an event of no kind, does not fail", raw)
		}
	}
}

// The sample events are what the function takes.
func TestTheSampleEvents(t *testing.T) {
	for _, name := range []string{"texts-post", "texts-queue", "texts-event", "texts-schedule"} {
		w := newWorld(t, stores.Memory(t))
		w.SetClock(time.Date(2026, time.November, 23, 18, 1, 0, 0, time.UTC))
		w.Subscribe(him, w.Clock().Add(-time.Hour), "orders")
		raw, err := os.ReadFile("../../events/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(raw), string(her), string(him))
		w.Carrier.Sent = nil
		if _, err := w.handler.Invoke(t.Context(), []byte(text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if n := len(w.Carrier.Sent); (n == 1) != (name != "texts-schedule") {
			t.Errorf("%s: %d texts went out", name, n)
		}
	}
}

// What the carrier refuses is on record once, by whichever door it came.
func TestARefusalByTheCarrierIsOnRecordOnce(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	before := len(w.Record(her).Messages)
	w.Carrier.Answer = func(int, outbox.SMS) error { return &outbox.Rejection{Reason: "INVALID_CONTENT"} }
	if n := w.queued(noon, shipped().String()); n != 0 || len(w.Proof(her).Messages) != before+1 {
		t.Errorf("%d failed, on record %+v", n, w.Record(her).Messages[before:])
	}
}
