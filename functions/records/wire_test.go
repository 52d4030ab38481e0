package records_test

import (
	"testing"

	"smsconsent/functions/records"
	"smsconsent/shared/testkit/wired"
)

func TestWire(t *testing.T) { wired.Whole(t, records.Wire, records.New, "ledger_key_parameter") }
