package program

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// fault is one mistake in programs.yaml: its line, its field, and what to write instead.
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

// decoder reads the syntax tree and collects all faults, so that a user can fix the file in one go.
type decoder struct {
	faults []*fault
	owners map[owned]owner
	lines  int // of the file
}

// owned is a value that only one program or topic may have.
type owned struct{ what, value string }

// owner is the first program or topic that has an owned value, and its line.
type owner struct {
	name string
	line int
}

// field is a place in the file, with or without a value.
type field struct {
	path     string
	line     int
	node     ast.Node // nil where the field is absent or empty
	reported bool     // a fault about its missing value was reported already
}

// object is a mapping and the fields in it.
type object struct {
	field
	fields map[string]field
}

// fail reports a fault at a field.
func (d *decoder) fail(f field, format string, args ...any) {
	d.faults = append(d.faults, &fault{f.line, f.path, fmt.Sprintf(format, args...)})
}

// err joins all faults in the order of the file, nil where there are none. The parser places what is missing at the
// end of the file after the last line, which no editor can show; that becomes the last line.
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

// get returns the field under a key. An absent field has the line of the mapping.
func (o object) get(key string) field {
	if f, ok := o.fields[key]; ok {
		return f
	}
	return field{path: join(o.path, key), line: o.line, reported: o.reported}
}

// object reads a mapping that may have only these keys. An unknown key is a fault, because it may be a misspelt one.
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
		o.reported = true
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
			at.node, at.reported = nil, true
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

// nonEmptyList reads a list that needs at least one entry. example is shown to the user who left it out.
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

// list reads a list, nil where the field is absent.
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

// text reads a single value as it is written in the file. So +12065550100 without quotes stays a phone number and
// does not become a number. It is empty where the field is absent or wrong.
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

// required reads a value that must be there. example is shown to the user who left it out.
func (d *decoder) required(f field, example string) string {
	if f.node == nil {
		d.missing(f, example)
	}
	return d.text(f)
}

// missing reports that a field is absent, unless a fault about it was reported already.
func (d *decoder) missing(f field, example string) {
	if !f.reported {
		d.fail(f, "is missing; write for example %s", example)
	}
}

// claimUnique records that name has the value of a kind of field, and returns true. Where the value is taken it returns
// its owner and false. An empty value is never taken.
func (d *decoder) claimUnique(what, value, name string, f field) (owner, bool) {
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
