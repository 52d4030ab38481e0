package receipts_test

import (
	"testing"

	"smsconsent/functions/receipts"
	"smsconsent/shared/testkit/wired"
)

func TestWire(t *testing.T) { wired.Whole(t, receipts.Wire, nil, "ledger_key_parameter") }
