package channels_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/testkit/dynamotest"
)

// I4: an opt-out another system tells of is one event with its source and its proof, and texts nobody. One of a phone
// that nobody knows is kept too.
func TestAnOptOutIsOnRecord(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := newWorld(t, store)
		texts := len(w.Record(her).Messages)
		for _, number := range []phone.Number{her, stranger} {
			what := optedOut().With("phone", string(number))
			if first, again := w.post("/optouts", what), w.post("/optouts", what); first != "kept" || again != "unchanged" {
				t.Errorf("%s is %s, then %s", what, first, again)
			}
			r := w.Proof(number)
			last := r.Events[len(r.Events)-1]
			if last.Type != consent.OptedOut || last.Source != "crm" || !last.At.Equal(noon.Add(-time.Hour+500*time.Millisecond)) ||
				last.Evidence["ticket"] == "" || last.Evidence["caller"] != shop || last.Evidence["id"] != "4711" {
				t.Errorf("on record is %+v", last)
			}
			if _, stopped := r.Contact.StoppedAt("alerts"); !stopped || r.Contact.Subs["alerts"].State == consent.Subscribed {
				t.Errorf("she is %+v", r.Contact)
			}
			// AWS's lists follow as they do after a STOP, by the follow-up.
			if r.Contact.FollowUp.IsZero() {
				t.Error("nobody puts the number on AWS's lists")
			}
		}
		if got := len(w.Record(her).Messages); got != texts {
			t.Errorf("%d texts about it", got-texts)
		}
	})
}

func TestHowFarAnOptOutReaches(t *testing.T) {
	for _, tc := range []struct{ field, value, scope string }{
		{"topic", "alerts", "alerts"}, {"program", "alerts", "alerts"}, {"program", "orders", "orders"},
	} {
		w := newWorld(t, stores.Memory(t))
		w.post("/optouts", optedOut().With("everything", nil).With(tc.field, tc.value))
		if got := slices.Collect(maps.Keys(w.Contact(her).Stopped)); !slices.Equal(got, []string{tc.scope}) {
			t.Errorf("%s %s stops %v, want %s", tc.field, tc.value, got, tc.scope)
		}
	}
}

// I8: an opt-out that comes again after she came back is the one that is known, and takes nothing from her.
func TestAnOptOutThatComesAgainAfterSheCameBack(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.post("/optouts", optedOut())
	w.Pass(time.Hour)
	w.Means(her, "alerts", keyword.Intent{Kind: keyword.OptIn, Restart: true, Confidence: 1})
	w.Pass(time.Minute)
	w.Says(her, "alerts", keyword.Confirm)
	if got := w.post("/optouts", optedOut()); got != "unchanged" {
		t.Errorf("the old opt-out is %s", got)
	}
	if s := w.Contact(her).Subs["alerts"].State; s != consent.Subscribed {
		t.Errorf("she is %s", s)
	}
}

// I8: two systems' opt-outs are two, although source and ID run together to the same.
func TestTwoSystemsHaveTwoOptOuts(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.post("/optouts", optedOut().With("everything", nil).With("topic", "alerts").With("source", "shop/eu").With("id", "4711"))
	if got := w.post("/optouts", optedOut().With("source", "shop").With("id", "eu/4711")); got != "kept" {
		t.Errorf("the second is %s", got)
	}
	c := w.Contact(her)
	if _, stopped := c.StoppedAt("orders"); !stopped {
		t.Error("she is still texted about orders")
	}
}

// I8: an opt-out of before she said YES is on record and ends nothing; where its time is in doubt, it ends all. A
// further one leaves its evidence, and nothing on the contact.
func TestAnOptOutOfBeforeTheConsent(t *testing.T) {
	before := optedOut().With("everything", nil).With("program", "alerts").With("id", "4710").With("at", "2026-11-20T20:00:00Z")
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := newWorld(t, store)
		if first, again := w.post("/optouts", before), w.post("/optouts", before); first != "superseded" || again != "unchanged" {
			t.Errorf("it is %s, then %s", first, again)
		}
		r := w.Proof(her)
		last := r.Events[len(r.Events)-1]
		if last.Evidence["ticket"] == "" || last.Evidence["superseded"] == "" || last.Type == consent.OptedOut || len(r.Contact.Stopped) > 0 || r.Contact.Subs["alerts"].State != consent.Subscribed {
			t.Errorf("on record is %+v, she is %+v", last, r.Contact)
		}
		w.post("/optouts", optedOut())
		further := optedOut().With("id", "4712").With("evidence", map[string]string{"ticket": "by letter"})
		if got := w.post("/optouts", further); got != "kept" {
			t.Errorf("a further one is %s", got)
		}
		r = w.Proof(her)
		last = r.Events[len(r.Events)-1]
		if last.Evidence["ticket"] != "by letter" || len(r.Contact.Stopped) != 1 {
			t.Errorf("on record is %+v, she is %+v", last, r.Contact)
		}
	})
	for name, what := range map[string]thing{
		"no time": optedOut().With("at", nil), "the future": optedOut().With("at", "2036-11-20T20:00:00Z"),
		"the time of the YES": optedOut().With("at", noon.Add(-48*time.Hour).Format(time.RFC3339)),
	} {
		w := newWorld(t, stores.Memory(t))
		if got := w.post("/optouts", what); got != "kept" || w.Contact(her).Subs["alerts"].State != consent.Unsubscribed {
			t.Errorf("%s: %s, she is %+v", name, got, w.Contact(her).Subs)
		}
		w.Proof(her)
	}
}
