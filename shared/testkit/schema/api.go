package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// API checks requests and answers against docs/openapi.yaml. The zero value is ready for use. It is safe for
// concurrent use.
type API struct {
	once       sync.Once
	operations []operation
	fields     map[string][]string // names of the fields of each schema in components
	met        sync.Map            // the answers that Exchange has seen, by operation and status
}

// operation is a method and path of the API, with its request and answers.
type operation struct {
	method  string
	at      string // the path, with parameters in braces
	path    *regexp.Regexp
	request *jsonschema.Schema // nil for no body
	answers map[int]*jsonschema.Schema
}

// document is the part of an OpenAPI 3.1 document that this package reads. Its schemas are JSON Schemas of draft
// 2020-12.
type document struct {
	Paths      map[string]map[string]described `json:"paths"`
	Components struct {
		Schemas map[string]struct {
			Properties map[string]any `json:"properties"`
		} `json:"schemas"`
	} `json:"components"`
}

type described struct {
	RequestBody *content        `json:"requestBody"`
	Responses   map[int]content `json:"responses"`
}

type content struct {
	Ref string `json:"$ref"`
}

// Exchange checks one request and its answer against the document: the answer must be valid, and an invalid request
// must have been refused. An empty request means no body.
func (a *API) Exchange(t testing.TB, method, path, request string, code int, answer string) {
	t.Helper()
	if a == nil {
		return
	}
	a.once.Do(func() { a.read(t) })
	at := slices.IndexFunc(a.operations, func(o operation) bool { return o.method == method && o.path.MatchString(path) })
	if at < 0 {
		if code < 300 {
			t.Errorf("docs/openapi.yaml has no %s %s", method, path)
		}
		return
	}
	o := &a.operations[at]
	if o.request != nil && code < 300 {
		if err := valid(o.request, request); err != nil {
			t.Errorf("%s %s took a request that docs/openapi.yaml calls wrong: %s: %v", method, path, request, err)
		}
	}
	s, ok := o.answers[code]
	if !ok {
		t.Errorf("docs/openapi.yaml does not say that %s %s answers %d", method, path, code)
		return
	}
	a.met.Store(fmt.Sprintf("%s %s: %d", o.method, o.at, code), true)
	if err := valid(s, answer); err != nil {
		t.Errorf("%s %s answered %d %s: %v", method, path, code, answer, err)
	}
}

// Unmet returns the answers of a path that the document describes but that no Exchange has seen, in order.
func (a *API) Unmet(t testing.TB, path string) []string {
	t.Helper()
	a.once.Do(func() { a.read(t) })
	var unmet []string
	for _, o := range a.operations {
		for code := range o.answers {
			name := fmt.Sprintf("%s %s: %d", o.method, o.at, code)
			if _, met := a.met.Load(name); !met && o.at == path {
				unmet = append(unmet, name)
			}
		}
	}
	slices.Sort(unmet)
	return unmet
}

// Fields returns the names of a schema's fields, in order.
func (a *API) Fields(t testing.TB, name string) []string {
	t.Helper()
	a.once.Do(func() { a.read(t) })
	return a.fields[name]
}

// read compiles the document.
func (a *API) read(t testing.TB) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(Folder(t), "..", "openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := yaml.YAMLToJSON(raw)
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(asJSON, &d); err != nil {
		t.Fatal(err)
	}
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	at := filepath.Join(Folder(t), "..", "openapi.json") // references to other schemas are relative to it
	if err := c.AddResource(at, whole); err != nil {
		t.Fatal(err)
	}
	compile := func(pointer string) *jsonschema.Schema {
		s, err := c.Compile(at + "#" + pointer + "/content/application~1json/schema")
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for path, methods := range d.Paths {
		for method, says := range methods {
			here := "/paths/" + strings.ReplaceAll(path, "/", "~1") + "/" + method
			o := operation{method: strings.ToUpper(method), at: path, path: pattern(path), answers: map[int]*jsonschema.Schema{}}
			if says.RequestBody != nil {
				o.request = compile(here + "/requestBody")
			}
			for code, r := range says.Responses {
				pointer := fmt.Sprintf("%s/responses/%d", here, code)
				if r.Ref != "" {
					pointer = strings.TrimPrefix(r.Ref, "#")
				}
				o.answers[code] = compile(pointer)
			}
			a.operations = append(a.operations, o)
		}
	}
	a.fields = map[string][]string{}
	for name, s := range d.Components.Schemas {
		for field := range s.Properties {
			a.fields[name] = append(a.fields[name], field)
		}
		slices.Sort(a.fields[name])
	}
}

// pattern returns a regular expression for a path with parameters in braces.
func pattern(path string) *regexp.Regexp {
	return regexp.MustCompile("^" + regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(regexp.QuoteMeta(path), "[^/]+") + "$")
}

func valid(s *jsonschema.Schema, document string) error {
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
	if err != nil {
		return err
	}
	return s.Validate(v)
}
