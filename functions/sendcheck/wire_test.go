package sendcheck_test

import (
	"testing"

	"smsconsent/functions/sendcheck"
	"smsconsent/shared/testkit/wired"
)

func TestWire(t *testing.T) {
	wired.Whole(t, sendcheck.Wire, sendcheck.New, "ledger_key_parameter", "short_link_key_parameter")
	wired.Readable(t, sendcheck.Wire)
}
