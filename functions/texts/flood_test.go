package texts_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"smsconsent/functions/texts"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/testkit/dynamotest"
)

// I8: a system that goes on texting a person, the longest texts first, never fills the contact, so
// that their STOP is stored all the same. DynamoDB takes 400 KB.
func TestAFloodOfTextsLeavesRoomForASTOP(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := newWorld(t, store)
		for n := range 180 {
			words := strings.Repeat("订", 1500)
			if n >= 90 {
				words = "Shipped."
			}
			w.call(http.MethodPost, "/texts", "", shipped().With("text", words).With("id", fmt.Sprintf("order-%d", n)).String(), shop)
		}
		if n := len(w.Carrier.Sent); n != 50 {
			t.Errorf("%d texts went out", n)
		}
		if a := w.post(shipped()); a.Status != texts.Refused || a.Rule != "single-limit" || a.Until == nil {
			t.Errorf("one more is answered %+v", a)
		}
		w.Says(her, "orders", keyword.OptOut)
		if s := w.Contact(her).Subs["orders"].State; s != consent.Unsubscribed {
			t.Errorf("she is %s", s)
		}
	})
}
