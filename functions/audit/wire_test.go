package audit_test

import (
	"testing"

	"smsconsent/functions/audit"
	"smsconsent/shared/testkit/wired"
)

func TestWire(t *testing.T) {
	wired.Whole(t, audit.Wire, audit.New, "ledger_key_parameter")
	wired.Readable(t, audit.Wire)
}
