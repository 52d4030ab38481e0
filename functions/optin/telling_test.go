package optin_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"smsconsent"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/testkit/dynamotest"
)

// whereOrdersAreTold is a brand's backend where the topic orders begins with a telling.
func whereOrdersAreTold(t *testing.T, store dynamotest.Store) *backend {
	t.Helper()
	programs := strings.Replace(string(smsconsent.Programs()), "# consent: told\n", "consent: told\n", 1)
	w := &backend{worldOn(t, store, programs), "arn:aws:sts::123456789012:assumed-role/shop/till"}
	w.SetClock(midday)
	return w
}

// telling is a request with the evidence that somebody was told at the checkout, a minute ago.
func (w *backend) telling(changes map[string]any) map[string]any {
	r := w.justNow(map[string]any{"topics": []string{"orders"}})
	maps.Copy(r, changes)
	return r
}

// I5: the evidence of a telling subscribes without a text, once; on record it is what it is, in its own words,
// whole and on the list of those who get the topic. With a topic that needs a YES, that one is asked about.
func TestATellingSubscribesWithoutAYes(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := whereOrdersAreTold(t, store)
		request := w.telling(nil)
		if a := w.post(t, request); a.code != http.StatusOK || a.Status != "told" || a.Topics != nil {
			t.Fatalf("%+v", a)
		}
		r := w.Proof(seattle)
		e := r.Events[0]
		if len(r.Events) != 1 || e.Type != consent.Told || e.Evidence["disclosure"] != "We text you when it ships." || e.Evidence["source"] != "checkout" || e.Evidence["caller"] != w.caller {
			t.Errorf("events: %+v", r.Events)
		}
		if sub := r.Contact.Subs["orders"]; sub.State != consent.Subscribed || sub.Proof != 1 || len(w.Carrier.Sent) != 0 {
			t.Errorf("%+v after %d texts", sub, len(w.Carrier.Sent))
		}
		if s, err := w.Table.Table.Examine(t.Context(), consent.Key{Brand: "example", Phone: seattle}, w.Clock()); err != nil || s.Fault != nil || len(s.Misplaced) != 0 {
			t.Errorf("I4: %v, fault %v, misplaced %v", err, s.Fault, s.Misplaced)
		}
		if a := w.post(t, request); a.code != http.StatusOK || a.Status != "subscribed" || len(w.Proof(seattle).Events) != 1 {
			t.Errorf("told again: %+v", a)
		}
		a := w.post(t, w.telling(map[string]any{"topics": []string{"orders", "alerts"}, "phone": "+12065550143"}))
		if a.code != http.StatusAccepted || a.Status != "asked" || a.Topics["orders"] != "told" || a.Topics["alerts"] != "asked" || len(w.Carrier.Sent) != 1 {
			t.Errorf("%+v after %d texts", a, len(w.Carrier.Sent))
		}
	})
}

// Where a telling is not whole, the field is named and nothing is on record.
func TestAnIncompleteTellingIsRefused(t *testing.T) {
	for _, field := range consent.TellingEvidence() {
		w := whereOrdersAreTold(t, stores.Memory(t))
		r := w.telling(nil)
		with := maps.Clone(r["evidence"].(map[string]string))
		delete(with, field)
		r["evidence"] = with
		if a := w.post(t, r); a.code != http.StatusUnprocessableEntity || a.Error == nil || a.Error.Field != "evidence."+field {
			t.Errorf("without %s: %+v", field, a)
		}
		w.untouched(t)
	}
}

// I8: after a STOP or a NO a telling answers "stopped" and changes nothing; nor does one from before, once the phone
// has come back.
func TestATellingAfterAnObjectionIsStopped(t *testing.T) {
	back := func(w *backend, c consent.Contact) consent.Change {
		orders, _ := w.brand().Program("orders")
		start := keyword.Intent{Kind: keyword.OptIn, Restart: true, Confidence: 1}
		return c.Hear(consent.Inbound{ID: "back", At: w.Clock(), Brand: w.brand(), Program: orders, Terms: w.Catalog.SignUp, Intent: start})
	}
	toldAt := func(w *backend, at time.Time) map[string]any {
		return w.telling(map[string]any{"evidence": map[string]string{"at": at.Format(time.RFC3339), "source": "checkout", "disclosure": "We text you when it ships."}})
	}
	for name, objected := range map[string]step{"STOP ALL": stoppedAll, "NO": saidNo} {
		w := whereOrdersAreTold(t, stores.Memory(t))
		w.post(t, w.justNow(nil))
		w.Pass(time.Minute)
		w.Change(seattle, func(c consent.Contact) consent.Change { return objected(w, c) })
		w.Pass(time.Minute)
		events := len(w.Proof(seattle).Events)
		if a := w.post(t, toldAt(w, w.Clock())); a.code != http.StatusOK || a.Status != "stopped" || len(w.Proof(seattle).Events) != events {
			t.Errorf("I8: after %s: %+v", name, a)
		}
		w.Change(seattle, func(c consent.Contact) consent.Change { return back(w, c) })
		w.Pass(time.Minute)
		if a := w.post(t, toldAt(w, midday)); a.Status != "stopped" {
			t.Errorf("I8: told before %s: %+v", name, a)
		}
		if a := w.post(t, toldAt(w, w.Clock())); a.Status != "told" || w.Proof(seattle).Contact.Subs["orders"].State != consent.Subscribed {
			t.Errorf("told after the phone came back from %s: %+v", name, a)
		}
	}
}
