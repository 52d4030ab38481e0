package audit_test

import (
	"testing"
	"time"

	"smsconsent/functions/audit"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
)

// A consent lives as long as the law of the phone's country says, and for ever where that says nothing.
func TestHowLongAConsentLives(t *testing.T) {
	const year = 365 * 24 * time.Hour
	for number, want := range map[phone.Number]time.Duration{"+821012345678": 2 * year, "+12125550123": 0, "+883123456789": 0} {
		if got := audit.Lives(&consent.Contact{Key: consent.Key{Brand: "example", Phone: number}}); got != want {
			t.Errorf("%s: %s, want %s", number, got, want)
		}
	}
}
