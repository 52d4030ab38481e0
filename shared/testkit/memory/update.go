package memory

import (
	"bytes"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// apply returns the item after an update. All values are read from the item before it.
func (u *update) apply(e *env, key, was item) (item, error) {
	is := maps.Clone(key)
	if was != nil {
		is = maps.Clone(was)
	}
	for _, name := range u.changes(e) {
		if _, isKey := key[name]; isKey {
			return nil, invalid("Cannot update attribute %s. This attribute is part of the key", name)
		}
	}
	values := []struct {
		of []assignment
		is func(a assignment) (types.AttributeValue, error)
	}{
		{u.set, func(a assignment) (types.AttributeValue, error) { return e.term(was, a.is) }},
		{u.add, func(a assignment) (types.AttributeValue, error) {
			return added(e.at(was, a.path), e.value(was, a.is.operand))
		}},
		{u.delete, func(a assignment) (types.AttributeValue, error) {
			return without(e.at(was, a.path), e.value(was, a.is.operand))
		}},
	}
	for _, clause := range values {
		for _, a := range clause.of {
			v, err := clause.is(a)
			if err != nil {
				return nil, err
			}
			if err := e.put(is, a.path, cloneValue(v)); err != nil {
				return nil, err
			}
		}
	}
	for _, p := range u.remove {
		if err := e.put(is, p, nil); err != nil {
			return nil, err
		}
	}
	return is, nil
}

// changes returns the names of the attributes that an update changes.
func (u *update) changes(e *env) []string {
	var names []string
	for _, all := range [][]assignment{u.set, u.add, u.delete} {
		for _, a := range all {
			names = append(names, e.name(a.path[0]))
		}
	}
	for _, p := range u.remove {
		names = append(names, e.name(p[0]))
	}
	return names
}

// term returns the value of a term.
func (e *env) term(was item, t term) (types.AttributeValue, error) {
	if t.op == "" {
		v := e.value(was, t.operand)
		if v == nil {
			return nil, invalid("The provided expression refers to an attribute that does not exist in the item")
		}
		return v, nil
	}
	if t.op == "if_not_exists" {
		if v := e.value(was, t.args[0].operand); v != nil {
			return v, nil
		}
		return e.term(was, t.args[1])
	}
	a, err := e.term(was, t.args[0])
	if err != nil {
		return nil, err
	}
	b, err := e.term(was, t.args[1])
	if err != nil {
		return nil, err
	}
	bad := invalid("An operand in the update expression has an incorrect data type")
	if t.op == "list_append" {
		x, isX := a.(*types.AttributeValueMemberL)
		y, isY := b.(*types.AttributeValueMemberL)
		if !isX || !isY {
			return nil, bad
		}
		return &types.AttributeValueMemberL{Value: slices.Concat(x.Value, y.Value)}, nil
	}
	x, isX := a.(*types.AttributeValueMemberN)
	y, isY := b.(*types.AttributeValueMemberN)
	if !isX || !isY {
		return nil, bad
	}
	return &types.AttributeValueMemberN{Value: sum(x.Value, y.Value, t.op == "-")}, nil
}

// added returns a number or a set after ADD.
func added(was, v types.AttributeValue) (types.AttributeValue, error) {
	bad := invalid("An operand in the update expression has an incorrect data type")
	switch v := v.(type) {
	case *types.AttributeValueMemberN:
		if was == nil {
			return v, nil
		}
		if n, ok := was.(*types.AttributeValueMemberN); ok {
			return &types.AttributeValueMemberN{Value: sum(n.Value, v.Value, false)}, nil
		}
	case *types.AttributeValueMemberSS:
		if was == nil {
			return v, nil
		}
		if s, ok := was.(*types.AttributeValueMemberSS); ok {
			return &types.AttributeValueMemberSS{Value: union(s.Value, v.Value)}, nil
		}
	case *types.AttributeValueMemberNS:
		if was == nil {
			return v, nil
		}
		if s, ok := was.(*types.AttributeValueMemberNS); ok {
			return &types.AttributeValueMemberNS{Value: union(s.Value, v.Value)}, nil
		}
	case *types.AttributeValueMemberBS:
		if was == nil {
			return v, nil
		}
		if s, ok := was.(*types.AttributeValueMemberBS); ok {
			all := slices.Clone(s.Value)
			for _, b := range v.Value {
				if !slices.ContainsFunc(all, func(a []byte) bool { return bytes.Equal(a, b) }) {
					all = append(all, b)
				}
			}
			return &types.AttributeValueMemberBS{Value: all}, nil
		}
	default:
	}
	return nil, bad
}

func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// without returns a set after DELETE; nil where it is empty then.
func without(was, v types.AttributeValue) (types.AttributeValue, error) {
	bad := invalid("An operand in the update expression has an incorrect data type")
	w, ok := v.(*types.AttributeValueMemberSS)
	if !ok {
		return nil, bad
	}
	switch s := was.(type) {
	case nil:
		return nil, nil
	case *types.AttributeValueMemberSS:
		left := slices.DeleteFunc(slices.Clone(s.Value), func(e string) bool { return slices.Contains(w.Value, e) })
		if len(left) == 0 {
			return nil, nil
		}
		return &types.AttributeValueMemberSS{Value: left}, nil
	default:
		return nil, bad
	}
}
