package report_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"smsconsent/shared/core/program"
	"smsconsent/shared/core/report"
	"smsconsent/shared/testkit/schema"
)

const document = "audit-report.json"

// Whatever was counted, the document is as docs/schemas has it, and no number can be read in it.
func TestTheDocumentIsAsItsSchemaHasIt(t *testing.T) {
	c := *catalog
	c.Brands = append(c.Brands, program.Brand{ID: "cafe", Name: "Example Cafe", Programs: c.Brands[0].Programs})
	check := func(fail func(...any), r report.Report) {
		text, err := json.Marshal(r)
		if err != nil {
			fail(err)
		}
		if err := schema.Check(t, document, text); err != nil {
			fail(err)
		}
		if bytes.Contains(text, []byte("1212555")) {
			fail("a phone number is in it")
		}
	}
	check(t.Fatal, report.New(&c, noon, noon, report.Figures{}, nil))
	rapid.Check(t, func(t *rapid.T) {
		before := report.New(&c, noon.Add(-day), noon, part(t), nil)
		check(t.Fatal, report.New(&c, noon, noon, part(t).Plus(part(t)), &before))
	})
}

// The schema refuses what a reader could not rely on.
func TestTheSchemaRefuses(t *testing.T) {
	var f report.Figures
	f.Found(report.Stray, report.Case{Brand: "example", Phone: "+1••••••0142"}, false)
	text, err := json.Marshal(report.New(catalog, noon, noon, f, nil))
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(doc map[string]any){
		"a phone number that is not masked": func(doc map[string]any) {
			findings := doc["figures"].(map[string]any)["findings"].(map[string]any)
			findings[string(report.Stray)].(map[string]any)["cases"].([]any)[0].(map[string]any)["phone"] = "+12065550142"
		},
		"a field nobody knows":  func(doc map[string]any) { doc["phones"] = 1 },
		"another version":       func(doc map[string]any) { doc["version"] = 2 },
		"a count below zero":    func(doc map[string]any) { doc["figures"].(map[string]any)["people"] = -1 },
		"a run that is no time": func(doc map[string]any) { doc["run"] = "latest" },
		"nothing to do next":    func(doc map[string]any) { doc["next"] = []any{} },
	} {
		var doc map[string]any
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		spoil(doc)
		spoiled, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		if schema.Check(t, document, spoiled) == nil {
			t.Errorf("%s passes", name)
		}
	}
	if err := schema.Check(t, document, text); err != nil {
		t.Errorf("unspoiled: %v", err)
	}
}
