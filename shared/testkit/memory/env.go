package memory

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// env is the placeholders of a call and their values, and which of them its expressions use.
type env struct {
	names  map[string]string
	values item
	used   map[string]bool
	failed string // a placeholder without a value
}

// use marks the placeholders of an operand as used.
func (e *env) use(o operand) {
	note := func(placeholder string, there bool) {
		if e.used == nil {
			e.used = map[string]bool{}
		}
		e.used[placeholder] = true
		if !there {
			e.failed = placeholder
		}
	}
	if o.value != "" {
		note(o.value, e.values[o.value] != nil)
	}
	for _, s := range o.path {
		if strings.HasPrefix(s.name, "#") {
			_, there := e.names[s.name]
			note(s.name, there)
		}
	}
}

// allUsed returns an error where a placeholder has no value, or is not used.
func (e *env) allUsed() error {
	if e.failed != "" {
		return invalid("An expression attribute used in expression is not defined; attribute: %s", e.failed)
	}
	if len(e.used) < len(e.names)+len(e.values) {
		return invalid("Value provided in ExpressionAttributeNames or ExpressionAttributeValues unused in expressions")
	}
	return nil
}

// name returns the name of a step of a path.
func (e *env) name(s step) string {
	if strings.HasPrefix(s.name, "#") {
		return e.names[s.name]
	}
	return s.name
}

// each calls f with the operands of a condition.
func (c *condition) each(f func(operand)) {
	for _, o := range c.args {
		f(o)
	}
	for _, k := range c.of {
		k.each(f)
	}
}

func (u *update) each(f func(operand)) {
	for _, all := range [][]assignment{u.set, u.add, u.delete} {
		for _, a := range all {
			f(operand{path: a.path})
			a.is.each(f)
		}
	}
	for _, p := range u.remove {
		f(operand{path: p})
	}
}

func (t term) each(f func(operand)) {
	f(t.operand)
	for _, a := range t.args {
		a.each(f)
	}
}

// at returns the value at a path of an item; nil where there is none.
func (e *env) at(m item, p path) types.AttributeValue {
	v := m[e.name(p[0])]
	for _, s := range p[1:] {
		switch in := v.(type) {
		case *types.AttributeValueMemberM:
			v = in.Value[e.name(s)]
			if s.name == "" {
				return nil
			}
		case *types.AttributeValueMemberL:
			if s.name != "" || s.index >= len(in.Value) {
				return nil
			}
			v = in.Value[s.index]
		default:
			return nil
		}
	}
	return v
}

// put sets the value at a path of an item, or removes it where v is nil. It copies the maps and lists on the way to
// the value, because others may be reading them.
func (e *env) put(m item, p path, v types.AttributeValue) error {
	name := e.name(p[0])
	if len(p) > 1 {
		var err error
		if v, err = e.within(m[name], p[1:], v); err != nil {
			return err
		}
	}
	if v == nil {
		delete(m, name)
	} else {
		m[name] = v
	}
	return nil
}

// within returns a copy of a map or a list with a value set somewhere in it.
func (e *env) within(in types.AttributeValue, p path, v types.AttributeValue) (types.AttributeValue, error) {
	bad := invalid("The document path provided in the update expression is invalid for update")
	switch in := in.(type) {
	case *types.AttributeValueMemberM:
		if p[0].name == "" {
			return nil, bad
		}
		is := maps.Clone(in.Value)
		if is == nil {
			is = item{}
		}
		return &types.AttributeValueMemberM{Value: is}, e.put(is, p, v)
	case *types.AttributeValueMemberL:
		at := p[0].index
		if p[0].name != "" || len(p) > 1 && at >= len(in.Value) {
			return nil, bad
		}
		if len(p) > 1 {
			var err error
			if v, err = e.within(in.Value[at], p[1:], v); err != nil {
				return nil, err
			}
		}
		is := slices.Clone(in.Value)
		switch {
		case at < len(is) && v == nil:
			is = slices.Delete(is, at, at+1)
		case at < len(is):
			is[at] = v
		case v != nil:
			is = append(is, v)
		}
		return &types.AttributeValueMemberL{Value: is}, nil
	default:
		return nil, bad
	}
}

// projection returns a function that picks the requested attributes from an item. For a nested path it picks the
// whole attribute.
func (d *DynamoDB) projection(e *env, text *string) (func(item) item, error) {
	if text == nil {
		return clone, nil
	}
	only, err := parsed(d, *text, (*parser).paths)
	if err != nil {
		return nil, err
	}
	for _, p := range only {
		e.use(operand{path: p})
	}
	return func(m item) item {
		if m == nil {
			return nil
		}
		some := item{}
		for _, p := range only {
			if v, ok := m[e.name(p[0])]; ok {
				some[e.name(p[0])] = cloneValue(v)
			}
		}
		return some
	}, nil
}

// clone copies an item. Callers own what they pass in and what they get, also without a network in between.
func clone(m item) item {
	if m == nil {
		return nil
	}
	c := make(item, len(m))
	for name, v := range m {
		c[name] = cloneValue(v)
	}
	return c
}

func cloneValue(v types.AttributeValue) types.AttributeValue {
	switch v := v.(type) {
	case *types.AttributeValueMemberM:
		return &types.AttributeValueMemberM{Value: clone(v.Value)}
	case *types.AttributeValueMemberL:
		l := make([]types.AttributeValue, len(v.Value))
		for i, e := range v.Value {
			l[i] = cloneValue(e)
		}
		return &types.AttributeValueMemberL{Value: l}
	default:
		return v
	}
}
