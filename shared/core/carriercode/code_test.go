package carriercode

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Each code has one row that says what it means and what to do, and that is found by the code.
func TestEachCodeHasOneRow(t *testing.T) {
	seen := map[Code]bool{}
	for _, c := range All() {
		key := Code{Class: c.Class, Code: c.Code}
		if seen[key] {
			t.Errorf("%s %s has two rows", c.Class, c.Code)
		}
		seen[key] = true
		if c.Text == "" || c.Phone == "" || c.Campaign == "" || !strings.HasSuffix(c.Means, ".") || !strings.HasSuffix(c.Do, ".") {
			t.Errorf("%s %s is not explained: %+v", c.Class, c.Code, c)
		}
		found, ok := Refusal(c.Class, c.Code), true
		if c.Class == Event {
			found, ok = OfEvent(c.Code)
		}
		if ok != (c.Text != NoText) || ok && (found.Record() != c.Record() || found.Text != c.Text || found.Campaign != c.Campaign || found.Strange != c.Strange) {
			t.Errorf("%s %s is found as %+v, %t", c.Class, c.Code, found, ok)
		}
		if c.Text == Rejected == (c.Class == Event || c.Class == Internal) {
			t.Errorf("%s %s leaves the text %s", c.Class, c.Code, c.Text)
		}
	}
}

// A reason nobody knows is on record as it came, is strange, and has what its exception asks for: what is of the
// account stops the campaign, what is of one text does not.
func TestACodeNobodyKnows(t *testing.T) {
	for class, want := range map[Class]struct {
		record   string
		text     Text
		campaign Campaign
	}{
		Conflict: {"BRAND_NEW", Rejected, GoesOn}, Validation: {"BRAND_NEW", Rejected, GoesOn}, Quota: {"BRAND_NEW", Rejected, Pauses},
		AccessDenied: {"ACCESS_DENIED BRAND_NEW", Rejected, Pauses}, NotFound: {"NOT_FOUND BRAND_NEW", Rejected, Pauses},
		FrontDoor: {"BRAND_NEW", Rejected, Pauses}, Throttling: {"THROTTLED", Rejected, ComesBack}, Event: {"BRAND_NEW", Unconfirmed, GoesOn},
		Internal: {"BRAND_NEW", Unconfirmed, GoesOn},
	} {
		c := Refusal(class, "BRAND_NEW")
		if !c.Strange || c.Record() != want.record || c.Text != want.text || c.Campaign != want.campaign || c.Phone != Nothing {
			t.Errorf("%s: %+v, on record %q", class, c, c.Record())
		}
	}
	if c, ok := OfEvent("TEXT_BRAND_NEW"); !ok || !c.Strange || c.Record() != "TEXT_BRAND_NEW" || c.Text != Unconfirmed || c.Phone != Nothing {
		t.Errorf("a new event: %+v, %t", c, ok)
	}
	if c := Refusal(Conflict, ""); !c.Strange || c.Record() != "ConflictException" {
		t.Errorf("no reason: %+v", c)
	}
}

// I10: whatever AWS gives for a reason, no phone number gets on record by it, and nothing too long for a record.
func TestNoCodeHoldsAPhoneNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.StringMatching(`[A-Z_ ]{0,9}`)
		phone := rapid.StringMatching(`[+]?[0-9]{7,15}`).Draw(t, "phone")
		said := words.Draw(t, "before") + phone + words.Draw(t, "after")
		if c := Refusal(Conflict, said); c.Record() != "ConflictException" || !c.Strange {
			t.Fatalf("%q is on record as %q", said, c.Record())
		}
		if c, ok := OfEvent("TEXT_" + said); ok {
			t.Fatalf("%q is on record as %q", said, c.Record())
		}
	})
	for _, said := range []string{strings.Repeat("A", 65), "café", "_A", "A\n"} {
		if c := Refusal(FrontDoor, said); c.Record() != string(FrontDoor) {
			t.Errorf("%q is on record as %q", said, c.Record())
		}
	}
}

// What stands on a record is said with its meaning beside it, and what has none is said as it stands.
func TestWorded(t *testing.T) {
	for record, want := range map[string]string{
		"TEXT_UNREACHABLE": "TEXT_UNREACHABLE (The phone is off, or out of reach)",
		"THROTTLED":        "THROTTLED (" + strings.TrimSuffix(Refusal(Throttling, "").Means, ".") + ")",
		"link 1":           "link 1", "": "",
	} {
		if got := Worded(record); got != want {
			t.Errorf("%q is said as %q, want %q", record, got, want)
		}
	}
	for _, c := range All() {
		if c.Text != NoText && Means(c.Record()) == "" {
			t.Errorf("%s has no meaning", c.Record())
		}
	}
}
