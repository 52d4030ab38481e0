package main

import (
	"bytes"
	"os"
	"testing"

	"smsconsent/shared/core/jurisdiction"
)

func TestHashIsFresh(t *testing.T) {
	if got := tablesHash(jurisdiction.Regions()); got != jurisdiction.TablesHash() {
		t.Errorf("the tables changed (%s): go generate ./shared/core/jurisdiction", got)
	}
}

func TestDocumentIsFresh(t *testing.T) {
	want, err := os.ReadFile("../../../../docs/jurisdictions.md")
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	render(&got, jurisdiction.Regions())
	if !bytes.Equal(got.Bytes(), want) {
		t.Error("docs/jurisdictions.md is stale: make docs")
	}
}

// Without this a decision could be kept under a hash that another set of rules has too.
func TestHashSeesEveryChange(t *testing.T) {
	was := tablesHash(jurisdiction.Regions())
	changes := map[string]func(e *jurisdiction.Entry){
		"hours":     func(e *jurisdiction.Entry) { e.Rules = []jurisdiction.Rule{{}} },
		"note":      func(e *jurisdiction.Entry) { e.Note += "." },
		"holidays":  func(e *jurisdiction.Entry) { e.Holidays = nil },
		"caps":      func(e *jurisdiction.Entry) { e.Caps = []jurisdiction.Cap{{Limit: 1}} },
		"years":     func(e *jurisdiction.Entry) { e.OptOutYears++ },
		"certainty": func(e *jurisdiction.Entry) { e.Certainty += "?" },
	}
	for name, change := range changes {
		regions := jurisdiction.Regions()
		entries := append([]jurisdiction.Entry(nil), regions[0].Entries...)
		change(&entries[0])
		regions[0].Entries = entries
		if tablesHash(regions) == was {
			t.Errorf("a change of %s does not show in the hash", name)
		}
	}
}
