// Package schema checks messages to and from other systems against the JSON Schemas in docs/schemas.
package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Folder returns the folder of the schemas, relative to the package under test.
func Folder(t testing.TB) string {
	t.Helper()
	dir := "."
	for range 6 {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); !errors.Is(err, fs.ErrNotExist) {
			return filepath.Join(dir, "docs", "schemas")
		}
		dir = filepath.Join(dir, "..")
	}
	t.Fatal("docs/schemas is nowhere above the package")
	return ""
}

// Check returns why a JSON document does not match a schema, such as "consent.json"; nil where it does.
func Check(t testing.TB, name string, document []byte) error {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(filepath.Join(Folder(t), name))
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

// Fields returns the names of the fields of a schema, in order.
func Fields(t testing.TB, name string) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(Folder(t), name))
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Properties map[string]any `json:"properties"`
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(s.Properties))
}
