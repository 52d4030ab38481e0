package preferences_test

import (
	"testing"

	"smsconsent/functions/preferences"
	"smsconsent/shared/testkit/wired"
)

func TestWire(t *testing.T) {
	wired.Whole(t, preferences.Wire, preferences.New, "ledger_key_parameter", "link_key_parameter")
	wired.Readable(t, preferences.Wire)
}
