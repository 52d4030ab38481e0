package receipts_test

import (
	"testing"

	"smsconsent/functions/receipts"
	"smsconsent/shared/testkit/wired"
)

func TestWire(t *testing.T) { wired.Whole(t, receipts.Wire, receipts.New, "ledger_key_parameter") }
