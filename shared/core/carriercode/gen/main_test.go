package main

import (
	"os"
	"testing"

	"smsconsent/shared/core/carriercode"
)

func TestDocumentIsFresh(t *testing.T) {
	want, err := os.ReadFile("../../../../docs/carrier.md")
	if err != nil {
		t.Fatal(err)
	}
	if document(carriercode.All()) != string(want) {
		t.Error("docs/carrier.md is stale: make docs")
	}
}
