package wording_test

import (
	"os"
	"strings"
	"testing"

	"smsconsent/shared/core/wording"
)

// taken returns how many texts of one half of a corpus are taken for advertisements, of how many. Every other line from
// the second on is held out: the list of offers was never mended for one of those. A text and its translations stand in
// the same half.
func taken(t *testing.T, corpus string, heldOut bool) (n, of int) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + corpus + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		if (i%2 == 1) != heldOut {
			continue
		}
		if of++; wording.Advertises(text) != "" {
			n++
		}
	}
	return n, of
}

// The figures of docs/texts.md: of texts written without a look at the list of offers, so many advertisements are
// found, and no text about something a person did is taken for one. Where the list gets better, raise them.
func TestHowManyAdvertisementsAreFound(t *testing.T) {
	for _, want := range []struct {
		corpus    string
		heldOut   bool
		least, of int
	}{
		{"marketing", true, 25, 30},
		{"marketing", false, 30, 30},
		{"transactional", true, 0, 30},
		{"transactional", false, 0, 30},
	} {
		n, of := taken(t, want.corpus, want.heldOut)
		if n < want.least || of != want.of || (want.corpus == "transactional" && n > 0) {
			t.Errorf("%s, held out %t: %d of %d are taken for advertisements, want %d of %d", want.corpus, want.heldOut, n, of, want.least, want.of)
		}
	}
}
