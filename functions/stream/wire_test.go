package stream_test

import (
	"testing"

	"smsconsent/functions/stream"
	"smsconsent/shared/testkit/wired"
)

func TestWire(t *testing.T) { wired.Whole(t, stream.Wire, stream.New, "ledger_key_parameter") }
