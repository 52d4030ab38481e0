package audience_test

import (
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
)

// people reads all pages of those about whom something is due.
func (w world) people(t *testing.T, brand string, before time.Time, limit int) []phone.Number {
	t.Helper()
	var all []phone.Number
	for after := ""; ; {
		keys, next, err := w.Due(t.Context(), brand, before, after, limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(keys) > limit {
			t.Fatalf("a page of %d has %d", limit, len(keys))
		}
		for _, k := range keys {
			if k.Brand != brand {
				t.Errorf("somebody of another brand: %s", k.Brand)
			}
			all = append(all, k.Phone)
		}
		if next == "" {
			return all
		}
		after = next
	}
}

// Who waits for a YES is listed by when the request expires, whoever has to be looked at again by when, and nobody any
// longer once it has ended, whichever way. Every page begins where the last one ended, so that somebody who stays on
// the list hides nobody.
func TestDue(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		due := noon.Add(terms.ConfirmWithin)
		people := map[phone.Number]consent.Contact{}
		for _, n := range []phone.Number{"+12065550101", "+12065550102", "+12065550103", "+120655501021"} {
			people[n] = w.ask(consent.Contact{Key: consent.Key{Brand: "example", Phone: n}}, phone.Told{}, alerts.Topics[0])
		}
		w.ask(consent.Contact{Key: consent.Key{Brand: "second", Phone: "+12065550104"}}, phone.Told{}, alerts.Topics[0])
		expect := func(when string, before time.Time, want ...phone.Number) {
			t.Helper()
			for _, limit := range []int{1, 2, 100} {
				since, err := w.Overdue(t.Context(), "example", before)
				if err != nil || since.IsZero() != (len(want) == 0) || since.After(before) {
					t.Errorf("%s: overdue since %s (%v)", when, since, err)
				}
				if got := w.people(t, "example", before, limit); !slices.Equal(got, want) {
					t.Errorf("%s, in pages of %d: %d people, want %d", when, limit, len(got), len(want))
				}
			}
		}
		expect("not yet", due)
		expect("a millisecond later", due.Add(time.Millisecond), "+12065550101", "+12065550102", "+120655501021", "+12065550103")
		w.say(people["+12065550101"], saidYes)
		expect("after a YES", due.Add(time.Hour), "+12065550102", "+120655501021", "+12065550103")
		w.say(people["+12065550102"], saidStop)
		expect("after a STOP", due.Add(time.Hour), "+120655501021", "+12065550103")
		c, err := w.UpdateBookkeeping(t.Context(), people["+12065550103"], func(c consent.Contact) consent.Contact { return c.FollowUpBy(noon) })
		if err != nil {
			t.Fatal(err)
		}
		expect("to be looked at again", noon.Add(time.Second), "+12065550103")
		if c, err = w.UpdateBookkeeping(t.Context(), c, func(c consent.Contact) consent.Contact { c.FollowUp = time.Time{}; return c }); err != nil {
			t.Fatal(err)
		}
		expect("looked at", noon.Add(time.Second))
		expect("the request is still to end", due.Add(time.Hour), "+120655501021", "+12065550103")
		w.commit(c.Expire(due.Add(time.Hour)))
		w.commit(people["+120655501021"].Expire(due.Add(time.Hour)))
		expect("after its end", due.Add(time.Hour))
	})
}
