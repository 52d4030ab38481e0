package inbound_test

import (
	"fmt"
	"testing"
	"time"

	"smsconsent/shared/edge/outbox"
)

// I9: what waits for the carrier counts as an answer. Else a phone that goes on texting would make the contact grow,
// and at 400 KB no STOP can be stored.
func TestAnswersThatWaitCount(t *testing.T) {
	for name, words := range map[string][]string{"answers": {"HELP"}, "changes": {"STOP", "START"}} {
		w := newWorld(t)
		w.Subscribe(her, noon.Add(-time.Hour), "alerts")
		w.Carrier.Answer = func(int, outbox.SMS) error { return &outbox.Rejection{Reason: "SPEND_LIMIT", Quota: true} }
		for n := range 40 {
			w.Pass(10 * time.Second)
			_ = w.handler.Handle(t.Context(), sns(w.Clock(), payload(string(her), alerts, words[n%len(words)], fmt.Sprintf("%s-%d", name, n))))
		}
		if got := len(w.Contact(her).Waiting); got > 7 {
			t.Errorf("%d %s wait", got, name)
		}
		w.Carrier.Answer = nil
		sent := len(w.Carrier.Sent)
		w.followUp("example", her)
		if got := len(w.Carrier.Sent) - sent; got > 7 || got == 0 && name == "answers" {
			t.Errorf("%d %s go out when they may", got, name)
		}
		w.Proof(her)
	}
}
