package telemetry

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

// I10: what is not searched for phone numbers holds none.
func TestNoNumberIsPassedOver(t *testing.T) {
	all := regexp.MustCompile(number)
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"+", "%2B", "%2b", "206", "555", "0142", " ", "(", ")", "-", ".", "a", "é", "/"}),
		rapid.StringMatching(`[0-9]{1,12}`),
	)
	rapid.Check(t, func(t *rapid.T) {
		s := ""
		for _, p := range rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces") {
			s += p
		}
		if found := all.FindString(s); found != "" && mask(s) == s {
			t.Fatalf("%q stands in %q", found, s)
		}
	})
}
