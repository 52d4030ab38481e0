package outbox_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox"
	people "smsconsent/shared/testkit/world"
)

// Who has no carrier can put an opt-out on record, whatever somebody else does at the same moment; it texts nobody, and
// leaves AWS's lists to the follow-up.
func TestNoteNeedsNoCarrier(t *testing.T) {
	const her = phone.Number("+12065550142")
	w := people.New(t, time.Date(2026, time.December, 1, 20, 0, 0, 0, time.UTC))
	w.Subscribe(her, w.Clock().Add(-time.Hour), "alerts")
	o := outbox.New(w.Outbox.Config, nil)
	brand, _ := w.Catalog.Brand("example")
	tries := 0
	revoke := func(c consent.Contact) consent.Change {
		if tries++; tries == 1 {
			w.Says(her, "alerts", keyword.Help) // another process, between the look and the write
		}
		return c.Revoke(consent.Revocation{At: w.Clock(), Source: "crm", ID: "1", Brand: brand})
	}
	ch, err := o.Note(t.Context(), people.Key(her), revoke)
	if err != nil || tries != 2 || ch.Repeated || len(ch.Events) != 1 {
		t.Fatalf("after %d tries: %+v, %v", tries, ch, err)
	}
	if c := w.Contact(her); c.Stopped[consent.Everything].IsZero() || c.FollowUp.IsZero() {
		t.Errorf("she is %+v", c)
	}
	// The same ID is heard once, whatever is decided on it.
	heard := ch.Inbound
	again := func(c consent.Contact) consent.Change {
		ch := c.Revoke(consent.Revocation{At: w.Clock(), Source: "crm", ID: "2", Brand: brand})
		ch.Events, ch.Repeated, ch.Inbound = []consent.Event{{Seq: c.Head.Seq + 1, Type: consent.Noted, At: w.Clock()}}, false, heard
		return ch
	}
	before := w.Contact(her).Version
	if ch, err := o.Note(t.Context(), people.Key(her), again); err != nil || !ch.Repeated || w.Contact(her).Version != before {
		t.Errorf("heard before: %+v, %v", ch, err)
	}
	// What no event has to prove is one write, and nothing is none.
	touch := func(c consent.Contact) consent.Change {
		return c.Touch(consent.Touch{At: time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC), Channel: "email", Content: "c"}, 24*time.Hour)
	}
	for range 2 {
		if _, err := o.Note(t.Context(), people.Key(her), touch); err != nil {
			t.Fatal(err)
		}
	}
	if c := w.Contact(her); c.Version != before+1 || len(c.Touches) != 1 {
		t.Errorf("version %d after %d, %d touches", c.Version, before, len(c.Touches))
	}
}
