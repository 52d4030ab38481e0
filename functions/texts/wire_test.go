package texts_test

import (
	"testing"

	"smsconsent/functions/texts"
	"smsconsent/shared/testkit/wired"
)

func TestWire(t *testing.T) {
	wired.Whole(t, texts.Wire, texts.New, "ledger_key_parameter")
	wired.Readable(t, texts.Wire)
}
