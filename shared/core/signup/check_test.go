package signup_test

import (
	"errors"
	"strings"
	"testing"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/core/signup"
)

// One check serves the form and the brand's own backends, which have other limits.
func TestCheck(t *testing.T) {
	c, g := world(t)
	form := signup.Limits{Topics: 2, MobilesOnly: true}
	entry := func(change func(*signup.Entry)) signup.Entry {
		e := signup.Entry{Brand: "example", Topics: []string{"alerts"}, Phone: "206 555 0142", Locale: "en-US"}
		change(&e)
		return e
	}
	for _, tc := range []struct {
		name   string
		change func(*signup.Entry)
		limits signup.Limits
		fields string // that are wrong, in order
		cause  error  // of the first
	}{
		{"right", func(*signup.Entry) {}, form, "", nil},
		{"no brand", func(e *signup.Entry) { e.Brand = "acme" }, form, "brand", nil},
		{"no topic", func(e *signup.Entry) { e.Topics = nil }, form, "topics", signup.ErrNoTopic},
		{"more topics than a stranger may name", func(e *signup.Entry) { e.Topics = []string{"alerts", "alerts", "alerts"} }, form, "topics", nil},
		{"as many as a backend likes", func(e *signup.Entry) { e.Topics = []string{"alerts", "alerts", "alerts"} }, signup.Limits{}, "", nil},
		{"no number", func(e *signup.Entry) { e.Phone = "" }, form, "phone", typed.ErrEmpty},
		{"no number of the country", func(e *signup.Entry) { e.Country = "FR" }, form, "phone", typed.ErrDigits},
		{"number of the country", func(e *signup.Entry) { e.Country, e.Phone = "FR", "06 12 34 56 78" }, form, "", nil},
		{"no country", func(e *signup.Entry) { e.Country = "fr" }, form, "country", nil},
		{"landline", func(e *signup.Entry) { e.Phone = "+49 30 123456" }, signup.Limits{}, "phone", phone.ErrNoTexts},
		{"toll-free, of a stranger", func(e *signup.Entry) { e.Phone = "800 555 0142" }, form, "phone", signup.ErrNotServed},
		{"toll-free, of a backend", func(e *signup.Entry) { e.Phone = "800 555 0142" }, signup.Limits{}, "", nil},
		{"a country nobody lists", func(e *signup.Entry) { e.Phone = "+250 788 123 456" }, signup.Limits{}, "phone", signup.ErrNotServed},
		{"a state that is none", func(e *signup.Entry) { e.Told.State = "ZZ" }, form, "state", nil},
		{"a postal code that is none", func(e *signup.Entry) { e.Told.ZIP = "00000" }, form, "zip", nil},
		{"letters of no postal code", func(e *signup.Entry) { e.Told.ZIP = "<b>" }, form, "zip", nil},
		{"a zone that is none", func(e *signup.Entry) { e.Told.Zone = "Mars/Olympus" }, form, "zone", nil},
		{"a zone where nobody is texted", func(e *signup.Entry) { e.Told.Zone = "Asia/Pyongyang" }, signup.Limits{}, "zone", nil},
		{"no language", func(e *signup.Entry) { e.Locale = "en_US" }, form, "locale", nil},
		{"all at once", func(e *signup.Entry) { *e = signup.Entry{Brand: "example", Locale: "_"} }, form, "topics phone locale", signup.ErrNoTopic},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := entry(tc.change)
			up, wrong := e.Check(c, g, tc.limits)
			var fields []string
			for _, w := range wrong {
				fields = append(fields, w.Field)
				if w.Message == "" || e.Phone != "" && strings.Contains(w.Message, e.Phone) {
					t.Errorf("%s: %q", w.Field, w.Message)
				}
			}
			if got := strings.Join(fields, " "); got != tc.fields {
				t.Fatalf("wrong: %q, want %q", got, tc.fields)
			}
			if tc.cause != nil && !errors.Is(wrong[0], tc.cause) {
				t.Errorf("%v is not for %v", wrong[0], tc.cause)
			}
			if len(wrong) == 0 && (up.Brand.ID != "example" || up.Key.Brand != "example" || len(up.Topics) != 1 || up.Locale != "en-US") {
				t.Errorf("%+v", up)
			}
		})
	}
}

// What a sign-up puts on record is what was chosen and told.
func TestEvidenceOfASignUp(t *testing.T) {
	c, g := world(t)
	up, wrong := signup.Entry{
		Brand: "example", Topics: []string{"orders", "alerts", "orders"}, Phone: "206 555 0142", Locale: "es-US",
		Told: phone.Told{State: "WA", ZIP: "98101", Zone: "America/Los_Angeles"},
	}.Check(c, g, signup.Limits{})
	if len(wrong) > 0 || up.Key != (consent.Key{Brand: "example", Phone: "+12065550142"}) {
		t.Fatalf("%v: %+v", wrong, up)
	}
	e := up.Evidence()
	for field, want := range map[string]string{
		"topics": "orders alerts", "state": "WA", "zip": "98101", "zone": "America/Los_Angeles", "locale": "es-US",
	} {
		if e[field] != want {
			t.Errorf("%s is %q, want %q", field, e[field], want)
		}
	}
}
