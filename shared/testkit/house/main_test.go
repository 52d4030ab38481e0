package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// docs/house.md is of the code as it stands: who adds a package or an arrow sees both in the diff.
func TestTheDrawingIsOfThisHouse(t *testing.T) {
	var now bytes.Buffer
	if err := draw(&now, "../../.."); err != nil {
		t.Fatal(err)
	}
	drawn, err := os.ReadFile("../../../docs/house.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(drawn), now.String()); diff != "" {
		t.Errorf("run make docs; docs/house.md differs (-drawn +now):\n%s", diff)
	}
}

// Arrows point down: no floor imports one above it. The linter holds single packages to it, this all of them.
func TestArrowsPointDown(t *testing.T) {
	rooms, err := read("../../..")
	if err != nil {
		t.Fatal(err)
	}
	arrows := 0
	for _, r := range rooms {
		for _, to := range r.Imports {
			from, at := on(r.Path), on(to)
			if at < 0 {
				continue
			}
			arrows++
			if at < from {
				t.Errorf("%s imports %s, which is on a floor above", r.Path, to)
			}
		}
	}
	if arrows < 100 {
		t.Errorf("%d arrows, want at least 100", arrows)
	}
}
