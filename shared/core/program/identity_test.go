package program

import (
	"testing"

	"smsconsent/shared/core/phone"
)

// What people text is the short code or a number, never the name of a pool.
func TestDialled(t *testing.T) {
	pool := []phone.Number{"+12065550100", "+12065550101"}
	for want, id := range map[string]Identity{
		"12345":        {ShortCode: "12345", Number: "+12065550109"},
		"+12065550109": {Number: "+12065550109", Numbers: pool},
		"+12065550100": {Pool: "pool-1", Numbers: pool},
		"":             {Pool: "pool-1"},
	} {
		if got := id.Dialled(); got != want {
			t.Errorf("%+v: %q, want %q", id, got, want)
		}
	}
}
