package receipts_test

import (
	"testing"

	"smsconsent/shared/core/consent"
)

// A kind of event that AWS adds one day is no failure of ours: it is on record as it came and alarmed once, whether AWS
// calls it final or not, and says nothing of the phone. What is known of the text before or after it counts more.
func TestANewKindOfEventIsKeptAndAlarmed(t *testing.T) {
	for _, final := range []bool{true, false} {
		w := newWorld(t, 1)
		abducted := event(0, 3, "ABDUCTED", map[string]any{"isFinal": final})
		if failed := w.handle(abducted, abducted); len(failed) != 0 {
			t.Fatalf("final %t: dropped: %s", final, &w.Logged)
		}
		m := w.text(0)
		if last := m.History[len(m.History)-1]; m.Status != consent.Unconfirmed || len(m.History) != 2 || last.Detail != "TEXT_ABDUCTED" {
			t.Errorf("final %t: on record %+v", final, m)
		}
		if h := w.health(); w.counted("CarrierCodeUnknown") != 1 || h.Failures != 0 || h.Undeliverable {
			t.Errorf("final %t: health %+v, counted %s", final, h, &w.Counted)
		}
		w.handle(event(0, 5, "DELIVERED", nil))
		if m := w.text(0); m.Status != consent.Delivered || len(m.History) != 3 {
			t.Errorf("final %t: after it arrived: %+v", final, m)
		}
	}
}
