package link_test

import (
	"testing"

	"smsconsent/functions/link"
	"smsconsent/shared/testkit/wired"
)

func TestWire(t *testing.T) {
	wired.Whole(t, link.Wire, link.New, "short_link_key_parameter")
}
