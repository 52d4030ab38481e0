package program

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// fault is one thing that is wrong in programs.yaml: where, in which field, and what to write instead.
type fault struct {
	line int
	path string // such as "brands[0].programs[1].id"; empty for the file as a whole
	what string
}

func (f *fault) Error() string {
	if f.path == "" {
		return fmt.Sprintf("programs.yaml:%d: %s", f.line, f.what)
	}
	return fmt.Sprintf("programs.yaml:%d: %s: %s", f.line, f.path, f.what)
}

// decoder walks the syntax tree and collects every fault on the way, so that a user mends the file in one go.
type decoder struct {
	faults []*fault
	owners map[owned]owner
	lines  int // of the file
}

// owned is something only one program or one topic may have.
type owned struct{ what, value string }

type owner struct {
	name string
	line int
}

// field is a place in the file, with or without a value.
type field struct {
	path string
	line int
	node ast.Node // nil where the field is absent or empty
	said bool     // that there is nothing usable in it has been complained about
}

// object is a mapping whose keys are known.
type object struct {
	field
	fields map[string]field
}

func (d *decoder) fail(f field, format string, args ...any) {
	d.faults = append(d.faults, &fault{f.line, f.path, fmt.Sprintf(format, args...)})
}

// err joins the faults in the order of the file; nil where there are none. What the parser misses at the end of the
// file it reports behind the last line, where no editor can go.
func (d *decoder) err() error {
	for _, f := range d.faults {
		f.line = min(f.line, d.lines)
	}
	slices.SortStableFunc(d.faults, func(a, b *fault) int { return cmp.Compare(a.line, b.line) })
	all := make([]error, len(d.faults))
	for i, f := range d.faults {
		all[i] = f
	}
	return errors.Join(all...)
}

// get returns the field under key. An absent one stands on the line of the mapping it is missing from.
func (o object) get(key string) field {
	if f, ok := o.fields[key]; ok {
		return f
	}
	return field{path: join(o.path, key), line: o.line, said: o.said}
}

// object reads a mapping and complains about keys it does not know: a misspelt key must not pass for one left out.
func (d *decoder) object(f field, keys ...string) object {
	o := d.open(f)
	for _, key := range o.keys() {
		if !slices.Contains(keys, key) {
			d.fail(o.fields[key], "unknown field; the fields here are %s", strings.Join(keys, ", "))
		}
	}
	return o
}

// open reads a mapping with any keys.
func (d *decoder) open(f field) object {
	o := object{field: f, fields: map[string]field{}}
	if f.node == nil {
		return o
	}
	m, ok := f.node.(*ast.MappingNode)
	if !ok {
		d.fail(f, "write fields with values here, such as \"id: example\"")
		o.said = true
		return o
	}
	for i, v := range m.Values {
		token := v.Key.GetToken()
		if i == 0 {
			o.line = token.Position.Line
		}
		key, ok := v.Key.(*ast.StringNode)
		if !ok {
			d.fail(field{path: f.path, line: token.Position.Line}, "key %q: write a plain word", token.Value)
			continue
		}
		at := field{path: join(f.path, key.Value), line: token.Position.Line, node: v.Value}
		if first, twice := o.fields[key.Value]; twice {
			d.fail(at, "written twice, first in line %d; remove one", first.line)
			continue
		}
		if _, null := v.Value.(*ast.NullNode); null || v.Value == nil {
			d.fail(at, "is empty; write a value or remove the line")
			at.node, at.said = nil, true
		}
		o.fields[key.Value] = at
	}
	return o
}

// keys returns the keys of the mapping in the order of the file.
func (o object) keys() []string {
	keys := make([]string, 0, len(o.fields))
	for key := range o.fields {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(o.fields[a].line, o.fields[b].line), cmp.Compare(a, b))
	})
	return keys
}

// nonEmptyList reads a sequence that must have an entry; example is what to write.
func (d *decoder) nonEmptyList(f field, example string) []field {
	if f.node == nil {
		d.missing(f, example)
		return nil
	}
	if s, ok := f.node.(*ast.SequenceNode); ok && len(s.Values) == 0 {
		d.fail(f, "is empty; write for example %s", example)
	}
	return d.list(f)
}

// list reads a sequence; nil where the field is absent.
func (d *decoder) list(f field) []field {
	if f.node == nil {
		return nil
	}
	s, ok := f.node.(*ast.SequenceNode)
	if !ok {
		d.fail(f, "write a list, each entry after a dash")
		return nil
	}
	fields := make([]field, 0, len(s.Values))
	for i, node := range s.Values {
		at := field{path: fmt.Sprintf("%s[%d]", f.path, i), line: f.line, node: node}
		if node != nil && node.GetToken() != nil {
			at.line = node.GetToken().Position.Line
		}
		if _, null := node.(*ast.NullNode); null || node == nil {
			d.fail(at, "is empty; write a value or remove the dash")
			continue
		}
		fields = append(fields, at)
	}
	return fields
}

// text reads one value as it is written, so that +12065550100 without quotes is a phone number and not twelve
// thousand million. It is empty where the field is absent or wrong.
func (d *decoder) text(f field) string {
	var text string
	switch n := f.node.(type) {
	case nil:
		return ""
	case *ast.StringNode:
		text = n.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		text = n.GetToken().Value
	default:
		d.fail(f, "write one plain value here, on one line, without & * ! | or >")
		return ""
	}
	switch {
	case text == "":
		d.fail(f, "is empty; write a value or remove the line")
	case text != strings.TrimSpace(text):
		d.fail(f, "%q begins or ends with a space; remove it", text)
	case strings.ContainsFunc(text, unprintable):
		d.fail(f, "%q holds a line break or another character that can't be shown; remove it", text)
	default:
		return text
	}
	return ""
}

// required reads a value that must be there; example is what to write.
func (d *decoder) required(f field, example string) string {
	if f.node == nil {
		d.missing(f, example)
	}
	return d.text(f)
}

// missing complains that a field is not there, unless that it is empty has been said.
func (d *decoder) missing(f field, example string) {
	if !f.said {
		d.fail(f, "is missing; write for example %s", example)
	}
}

// claimName notes that name has the value to itself, or returns who had it before. An empty value is nobody's.
func (d *decoder) claimName(what, value, name string, f field) (owner, bool) {
	if value == "" {
		return owner{}, true
	}
	if first, taken := d.owners[owned{what, value}]; taken {
		return first, false
	}
	d.owners[owned{what, value}] = owner{name, f.line}
	return owner{}, true
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
