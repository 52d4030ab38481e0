package outbox_test

import (
	"strings"
	"testing"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/outbox"
)

// A reason nobody foresaw takes the text's claim back like any other, is on record as AWS gave it, and is alarmed.
func TestAReasonNobodyForesawIsAlarmed(t *testing.T) {
	for _, strange := range []bool{true, false} {
		w := newWorld(t)
		w.subscribe(t)
		w.carrier.onSend = func(outbox.SMS) error { return &outbox.Rejection{Reason: "BRAND_NEW", Strange: strange} }
		w.mustSend(t, w.campaign(autumn))
		if counted := strings.Contains(w.metrics.String(), `"CarrierCodeUnknown":1`); counted != strange {
			t.Errorf("strange %t: counted %s", strange, w.metrics.String())
		}
		texts := w.record(t).Messages
		_, claimed := w.claim(t, autumn)
		if m := texts[len(texts)-1]; m.Status != consent.Rejected || m.History[0].Detail != "BRAND_NEW" || claimed {
			t.Errorf("strange %t: on record %+v, claimed %t", strange, m, claimed)
		}
	}
}
