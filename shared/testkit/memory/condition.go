package memory

import (
	"bytes"
	"cmp"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// value returns the value of an operand in an item; nil where the item has no such attribute.
func (e *env) value(m item, o operand) types.AttributeValue {
	if o.value != "" {
		return e.values[o.value]
	}
	v := e.at(m, o.path)
	if !o.size {
		return v
	}
	n, ok := length(v)
	if !ok {
		return nil
	}
	return &types.AttributeValueMemberN{Value: strconv.Itoa(n)}
}

// length returns what size() does.
func length(v types.AttributeValue) (int, bool) {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value), true
	case *types.AttributeValueMemberB:
		return len(v.Value), true
	case *types.AttributeValueMemberM:
		return len(v.Value), true
	case *types.AttributeValueMemberL:
		return len(v.Value), true
	case *types.AttributeValueMemberSS:
		return len(v.Value), true
	case *types.AttributeValueMemberNS:
		return len(v.Value), true
	case *types.AttributeValueMemberBS:
		return len(v.Value), true
	default:
		return 0, false
	}
}

// holds reports whether a condition is true for an item. A nil item does not exist.
func (c *condition) holds(e *env, m item) (bool, error) {
	if len(c.of) > 0 {
		a, err := c.of[0].holds(e, m)
		switch {
		case err != nil || c.op == "NOT":
			return !a, err
		case a == (c.op == "OR"):
			return a, nil
		default:
			return c.of[1].holds(e, m)
		}
	}
	a, rest := e.value(m, c.args[0]), make([]types.AttributeValue, len(c.args)-1)
	for i, o := range c.args[1:] {
		rest[i] = e.value(m, o)
	}
	switch c.op {
	case "attribute_exists":
		return a != nil, nil
	case "attribute_not_exists":
		return a == nil, nil
	case "attribute_type":
		want, ok := rest[0].(*types.AttributeValueMemberS)
		return ok && kind(a) == want.Value, nil
	case "begins_with":
		return begins(a, rest[0]), nil
	case "contains":
		return contains(a, rest[0]), nil
	case "IN":
		return slices.ContainsFunc(rest, func(b types.AttributeValue) bool { return same(a, b) }), nil
	case "BETWEEN":
		if n, ok := compare(rest[0], rest[1]); ok && n > 0 && c.args[1].value != "" && c.args[2].value != "" {
			return false, invalid("The BETWEEN operator requires upper bound to be greater than or equal to lower bound")
		}
		low, is := compare(rest[0], a)
		high, ok := compare(a, rest[1])
		return is && ok && low <= 0 && high <= 0, nil
	case "=":
		return same(a, rest[0]), nil
	case "<>":
		return !same(a, rest[0]), nil
	}
	n, ok := compare(a, rest[0])
	if !ok {
		return false, nil
	}
	switch c.op {
	case "<":
		return n < 0, nil
	case "<=":
		return n <= 0, nil
	case ">":
		return n > 0, nil
	case ">=":
		return n >= 0, nil
	default:
		return false, invalid("Invalid operator: %s", c.op)
	}
}

// kind returns the name of a value's type; empty for nil.
func kind(v types.AttributeValue) string {
	if v == nil {
		return ""
	}
	return strings.TrimPrefix(reflect.TypeOf(v).Elem().Name(), "AttributeValueMember")
}

func begins(v, with types.AttributeValue) bool {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		w, ok := with.(*types.AttributeValueMemberS)
		return ok && strings.HasPrefix(v.Value, w.Value)
	case *types.AttributeValueMemberB:
		w, ok := with.(*types.AttributeValueMemberB)
		return ok && bytes.HasPrefix(v.Value, w.Value)
	default:
		return false
	}
}

func contains(v, what types.AttributeValue) bool {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		w, ok := what.(*types.AttributeValueMemberS)
		return ok && strings.Contains(v.Value, w.Value)
	case *types.AttributeValueMemberSS:
		w, ok := what.(*types.AttributeValueMemberS)
		return ok && slices.Contains(v.Value, w.Value)
	case *types.AttributeValueMemberNS:
		w, ok := what.(*types.AttributeValueMemberN)
		return ok && slices.ContainsFunc(v.Value, func(n string) bool { return compareNumbers(n, w.Value) == 0 })
	case *types.AttributeValueMemberL:
		return slices.ContainsFunc(v.Value, func(e types.AttributeValue) bool { return same(e, what) })
	default:
		return false
	}
}

// compare orders two values. ok is false where they cannot be ordered.
func compare(a, b types.AttributeValue) (n int, ok bool) {
	switch a := a.(type) {
	case *types.AttributeValueMemberS:
		if b, ok := b.(*types.AttributeValueMemberS); ok {
			return cmp.Compare(a.Value, b.Value), true
		}
	case *types.AttributeValueMemberN:
		if b, ok := b.(*types.AttributeValueMemberN); ok {
			return compareNumbers(a.Value, b.Value), true
		}
	case *types.AttributeValueMemberB:
		if b, ok := b.(*types.AttributeValueMemberB); ok {
			return bytes.Compare(a.Value, b.Value), true
		}
	default:
	}
	return 0, false
}

// same reports whether two values are equal. A nil value equals nothing.
func same(a, b types.AttributeValue) bool {
	if n, ok := compare(a, b); ok {
		return n == 0
	}
	switch a := a.(type) {
	case nil:
		return false
	case *types.AttributeValueMemberM:
		b, ok := b.(*types.AttributeValueMemberM)
		if !ok || len(a.Value) != len(b.Value) {
			return false
		}
		for name, v := range a.Value {
			if !same(v, b.Value[name]) {
				return false
			}
		}
		return true
	case *types.AttributeValueMemberL:
		b, ok := b.(*types.AttributeValueMemberL)
		return ok && slices.EqualFunc(a.Value, b.Value, same)
	case *types.AttributeValueMemberSS:
		b, ok := b.(*types.AttributeValueMemberSS)
		return ok && slices.Equal(slices.Sorted(slices.Values(a.Value)), slices.Sorted(slices.Values(b.Value)))
	default:
		return reflect.DeepEqual(a, b)
	}
}

func compareNumbers(a, b string) int {
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	if errX == nil && errY == nil {
		return cmp.Compare(x, y)
	}
	return rat(a).Cmp(rat(b))
}

// rat parses a number. It returns 0 for anything else, which no item holds.
func rat(n string) *big.Rat {
	r, ok := new(big.Rat).SetString(n)
	if !ok {
		return new(big.Rat)
	}
	return r
}

// sum adds two numbers, or subtracts the second from the first, and formats the result.
func sum(a, b string, minus bool) string {
	x, y := rat(a), rat(b)
	if minus {
		y.Neg(y)
	}
	x.Add(x, y)
	if x.IsInt() {
		return x.Num().String()
	}
	const digits = 38 // the precision of DynamoDB's numbers
	return strings.TrimRight(x.FloatString(digits), "0")
}

// bounds is the part of a view that a Query reads: one hash, and a range of sort keys.
type bounds struct {
	hash      string
	low, high string                // the range lies between these
	where     func(sort string) int // negative before the range, positive after it, and 0 within it
}

// bounds parses a key condition.
func (d *DynamoDB) bounds(v *view, e *env, text *string) (bounds, error) {
	bad := invalid("Query condition missed key schema element or key condition not supported")
	if text == nil {
		return bounds{}, bad
	}
	c, err := d.condition(e, text)
	if err != nil {
		return bounds{}, err
	}
	parts := []*condition{c}
	if c.op == "AND" {
		parts = c.of
	}
	slices.SortStableFunc(parts, func(a, b *condition) int {
		return cmp.Compare(len(a.of), len(b.of))
	})
	b := bounds{high: last, where: func(string) int { return 0 }}
	hashed, sorted := false, false
	for _, p := range parts {
		if len(p.of) > 0 || len(p.args[0].path) != 1 || p.args[0].size {
			return bounds{}, bad
		}
		var values []string
		for _, o := range p.args[1:] {
			s, ok := e.values[o.value].(*types.AttributeValueMemberS)
			if !ok {
				return bounds{}, bad
			}
			values = append(values, s.Value)
		}
		switch name := e.name(p.args[0].path[0]); {
		case name == v.hash && p.op == "=" && !hashed:
			b.hash, hashed = values[0], true
		case name == v.sort && !sorted && b.sorted(p.op, values):
			sorted = true
		default:
			return bounds{}, bad
		}
	}
	if !hashed || b.hash == "" {
		return bounds{}, bad
	}
	return b, nil
}

// sorted limits the sort key by a comparison with values, and reports whether the comparison exists for keys.
func (b *bounds) sorted(op string, values []string) bool {
	first, to := values[0], values[len(values)-1]
	b.low, b.high = first, to+"\x01" // in an index, the table's keys follow its own
	switch op {
	case "=", "BETWEEN":
		b.where = func(sort string) int {
			if sort < first {
				return -1
			}
			return max(cmp.Compare(sort, to), 0)
		}
	case "begins_with":
		b.high = first + last
		b.where = func(sort string) int {
			if strings.HasPrefix(sort, first) {
				return 0
			}
			return cmp.Compare(sort, first)
		}
	case "<", "<=":
		b.low = ""
		b.where = func(sort string) int {
			n := cmp.Compare(sort, first)
			if op == "<" && n == 0 {
				return 1
			}
			return max(n, 0)
		}
	case ">", ">=":
		b.high = last
		b.where = func(sort string) int {
			n := cmp.Compare(sort, first)
			if op == ">" && n == 0 {
				return -1
			}
			return min(n, 0)
		}
	default:
		return false
	}
	return true
}
