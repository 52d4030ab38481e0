package receipts_test

import (
	"encoding/json"
	"testing"
	"time"

	"smsconsent/shared/edge/tally"
)

// Each thing that was received is counted, as dashboards and alarms read it; of the clicks of a text the first alone.
func TestWhatIsReceivedIsCounted(t *testing.T) {
	w := newWorld(t, 2)
	for i := range 2 {
		if failed := w.handle(
			event(0, 2, "DELIVERED", nil), event(1, 2, "INVALID", nil), clicked(noon.Add(time.Duration(90+i)*time.Minute)),
		); len(failed) > 0 {
			t.Fatalf("%q failed: %s", failed, &w.Logged)
		}
	}
	answered, err := json.Marshal(tally.OptedOut{OptOut: &tally.OptOut{
		Campaign: tally.Campaign{Brand: "example", Topic: "alerts", ID: spring}, Once: "e1",
	}})
	if err != nil {
		t.Fatal(err)
	}
	if failed := w.handle(string(answered)); len(failed) > 0 {
		t.Fatalf("%q failed: %s", failed, &w.Logged)
	}
	for metric, want := range map[string]int{
		"OptOutAnswered": 1, "Receipt": 4, "Click": 1, "ReceiptFailed": 0, "SpamReported": 0, "Undeliverable": 1,
	} {
		if got := w.Count(metric); got != want {
			t.Errorf("%s: %d, want %d", metric, got, want)
		}
	}
	if got := w.Count("Receipt", "event", "TEXT_DELIVERED"); got != 2 {
		t.Errorf("%d were delivered", got)
	}
}
