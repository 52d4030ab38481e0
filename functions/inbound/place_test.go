package inbound_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
)

// Each opt-out word that docs/jurisdictions.md prints stops the texts to a phone of its place: New Zealand's REM, South
// Africa's NO and the Emirates' B among them.
func TestEachPrintedOptOutWordStops(t *testing.T) {
	said := map[string]bool{}
	for _, r := range jurisdiction.Regions() {
		for i := range r.Entries {
			place := r.Entries[i].Place
			words := jurisdiction.OptOutWords(place)
			if len(words) == 0 {
				continue
			}
			n := mobileOf(t, place)
			for _, word := range words {
				for _, body := range []string{word, strings.ToLower(word) + "."} {
					w := newWorld(t)
					w.MakeUp(n, w.Clock(), func(*consent.Contact) {})
					if got := w.Contact(n).Subs["alerts"].State; got != consent.Subscribed {
						t.Fatalf("%s is %s before", place, got)
					}
					w.says(n, alerts, body)
					if got := w.Contact(n).Subs["alerts"].State; got != consent.Unsubscribed {
						t.Errorf("%s %q: %s", place, body, got)
					}
				}
				said[place+" "+word] = true
			}
		}
	}
	for _, word := range []string{"NZ REM", "ZA NO", "AE B"} {
		if !said[word] {
			t.Errorf("%s is no longer printed", word)
		}
	}
}

func mobileOf(t *testing.T, country string) phone.Number {
	t.Helper()
	example := phonenumbers.GetExampleNumberForType(country, phonenumbers.MOBILE)
	n, err := phone.Parse(phonenumbers.Format(example, phonenumbers.E164))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A STOP from either spelling of a phone finds its owner.
func TestStopFromEitherSpelling(t *testing.T) {
	for _, pair := range [][2]phone.Number{
		{"+525512345678", "+5215512345678"},
		{"+5491123456789", "+541123456789"},
		{"+5511987654321", "+551187654321"},
	} {
		for _, from := range pair {
			w := newWorld(t)
			w.Subscribe(pair[0], w.Clock().Add(-24*time.Hour), "alerts")
			if err := w.handler.Handle(t.Context(), sns(w.Clock(), payload(string(from), alerts, "STOP", "spelled"))); err != nil {
				t.Fatal(err)
			}
			if got := w.Contact(pair[0]).Subs["alerts"].State; got != consent.Unsubscribed {
				t.Errorf("STOP from %s leaves %s %s", from, pair[0], got)
			}
		}
	}
}
