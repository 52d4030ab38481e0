package audience_test

import (
	"testing"
	"time"

	"smsconsent/shared/consent"
	"smsconsent/shared/phone"
)

// Who waits for a YES is listed by when the request expires, and no longer once it has ended, whichever way.
func TestOverdue(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		due := noon.Add(terms.ConfirmWithin)
		people := map[phone.Number]consent.Contact{}
		for _, n := range []phone.Number{"+12065550101", "+12065550102", "+12065550103"} {
			people[n] = w.ask(consent.Contact{Key: consent.Key{Brand: "example", Phone: n}}, phone.Told{}, alerts.Topics[0])
		}
		w.ask(consent.Contact{Key: consent.Key{Brand: "second", Phone: "+12065550104"}}, phone.Told{}, alerts.Topics[0])
		expect := func(when string, before time.Time, want ...phone.Number) {
			t.Helper()
			keys, err := w.Overdue(t.Context(), "example", before, 10)
			if err != nil {
				t.Fatal(err)
			}
			if len(keys) != len(want) {
				t.Fatalf("%s: %d people, want %d", when, len(keys), len(want))
			}
			for i, n := range want {
				if keys[i] != (consent.Key{Brand: "example", Phone: n}) {
					t.Errorf("%s: person %d is another", when, i)
				}
			}
		}
		expect("not yet", due)
		expect("a millisecond later", due.Add(time.Millisecond), "+12065550101", "+12065550102", "+12065550103")
		if keys, err := w.Overdue(t.Context(), "example", due.Add(time.Hour), 2); err != nil || len(keys) != 2 {
			t.Errorf("at most two: %d, %v", len(keys), err)
		}
		w.say(people["+12065550101"], saidYes)
		expect("after a YES", due.Add(time.Hour), "+12065550102", "+12065550103")
		w.say(people["+12065550102"], saidStop)
		expect("after a STOP", due.Add(time.Hour), "+12065550103")
		w.commit(people["+12065550103"].Expire(due.Add(time.Hour)))
		expect("after its end", due.Add(time.Hour))
	})
}
