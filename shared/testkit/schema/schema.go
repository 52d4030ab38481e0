// Package schema holds what is told to other systems, and by them, against the JSON Schemas of docs/schemas.
package schema

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Folder returns the folder of the schemas, seen from the package under test.
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

// Check returns why a JSON document is not as the schema of that name, such as "consent.json", has it; nil where it is.
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
