package wording

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Labelled texts: what one person needs to know (news), and what sells (offer).
func TestAdvertises(t *testing.T) {
	raw, err := os.ReadFile("testdata/marketing.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		label, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if found := Advertises(text); (found != "") != (label == "offer") {
			t.Errorf("%s: %q: found %q", label, text, found)
		}
	}
}

// Each phrase is one that a text can hold: it is in the spelling a text is looked up in.
func TestOffersCanBeFound(t *testing.T) {
	seen := map[string]bool{}
	for _, phrase := range slices.Concat(advertising().offers, advertising().hints, advertising().news) {
		if got := offerWords(strings.ReplaceAll(phrase, "#", "7")); got != " "+phrase+" " {
			t.Errorf("%q is looked up as %q", phrase, got)
		}
		if seen[phrase] {
			t.Errorf("%q stands there twice", phrase)
		}
		seen[phrase] = true
	}
}
