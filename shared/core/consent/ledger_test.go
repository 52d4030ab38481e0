package consent_test

import (
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
)

func TestLedgerShowsTampering(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidYes, noon.Add(time.Minute))
	s.hear("2", saidStop, noon.Add(2*time.Minute))
	other, err := consent.NewLedger([]byte("another key of at least thirty-two bytes"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ledger.Verify(s.record(), noon); err != nil {
		t.Fatalf("untouched chain: %v", err)
	}
	for name, tamper := range map[string]func(*consent.Record){
		"altered":     func(r *consent.Record) { r.Events[1].At = r.Events[1].At.Add(time.Millisecond) },
		"evidence":    func(r *consent.Record) { r.Events[0].Evidence = map[string]string{"ip": "192.0.2.2"} },
		"removed":     func(r *consent.Record) { r.Events = slices.Delete(r.Events, 1, 2) },
		"cut off":     func(r *consent.Record) { r.Events = r.Events[:2] },
		"reordered":   func(r *consent.Record) { r.Events[0], r.Events[1] = r.Events[1], r.Events[0] },
		"other phone": func(r *consent.Record) { r.Contact.Phone = "+12065550143" },
	} {
		t.Run(name, func(t *testing.T) {
			r := s.record()
			tamper(&r)
			if err := s.ledger.Verify(r, noon); err == nil {
				t.Error("the tampered chain verifies")
			}
		})
	}
	if err := other.Verify(s.record(), noon); err == nil {
		t.Error("a chain made with one key verifies with another")
	}
}
