package table

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/oklog/ulid/v2"
)

// item is one DynamoDB item, or a map within one.
type item = map[string]types.AttributeValue

func str(s string) *types.AttributeValueMemberS { return &types.AttributeValueMemberS{Value: s} }

func num(n int64) *types.AttributeValueMemberN {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

// instant encodes a time as Unix milliseconds.
func instant(t time.Time) *types.AttributeValueMemberN { return num(t.UnixMilli()) }

// The set functions leave out zero values, because a missing attribute reads as zero.

func setStr(m item, name, s string) {
	if s != "" {
		m[name] = str(s)
	}
}

func setNum(m item, name string, n int64) {
	if n != 0 {
		m[name] = num(n)
	}
}

func setTime(m item, name string, t time.Time) {
	if !t.IsZero() {
		m[name] = instant(t)
	}
}

func setTrue(m item, name string, b bool) {
	if b {
		m[name] = &types.AttributeValueMemberBOOL{Value: true}
	}
}

// setList stores a single string as a string, which takes five bytes less than a list with one.
func setList(m item, name string, list []string) {
	switch len(list) {
	case 0:
	case 1:
		m[name] = str(list[0])
	default:
		l := make([]types.AttributeValue, len(list))
		for i, s := range list {
			l[i] = str(s)
		}
		m[name] = &types.AttributeValueMemberL{Value: l}
	}
}

func setStrings(m item, name string, in map[string]string) {
	if len(in) == 0 {
		return
	}
	out := make(item, len(in))
	for k, v := range in {
		out[k] = str(v)
	}
	m[name] = &types.AttributeValueMemberM{Value: out}
}

func setTimes(m item, name string, in map[string]time.Time) {
	if len(in) == 0 {
		return
	}
	out := make(item, len(in))
	for k, t := range in {
		out[k] = instant(t)
	}
	m[name] = &types.AttributeValueMemberM{Value: out}
}

// setHash stores lower-case hex as bytes, and returns an error for anything else.
func setHash(m item, name, hash string) error {
	if hash == "" {
		return nil
	}
	b, err := hex.DecodeString(hash)
	if err != nil || hex.EncodeToString(b) != hash {
		return fmt.Errorf("%s is not lower-case hex", name)
	}
	m[name] = &types.AttributeValueMemberB{Value: b}
	return nil
}

// setULID stores a ULID as its 16 bytes, and any other string as it is.
func setULID(m item, name, id string) {
	if id == "" {
		return
	}
	if u, err := ulid.ParseStrict(id); err == nil && u.String() == id {
		m[name] = &types.AttributeValueMemberB{Value: u.Bytes()}
		return
	}
	m[name] = str(id)
}

// idTime returns the time in an ID that is stored as a ULID, and false for any other value.
func idTime(v types.AttributeValue) (time.Time, bool) {
	b, ok := v.(*types.AttributeValueMemberB)
	if !ok || len(b.Value) != len(ulid.ULID{}) {
		return time.Time{}, false
	}
	return ulid.Time(ulid.ULID(b.Value).Time()).UTC(), true
}

// reader reads the attributes of an item and keeps the first fault. A missing attribute reads as zero. An attribute
// of another type is a fault, because a contact that is understood in part might be texted against the person's will.
// Faults name attributes, never values (I10).
type reader struct {
	m     item
	fault error
}

func (r *reader) fail(name, want string) {
	if r.fault == nil {
		r.fault = fmt.Errorf("attribute %q is not %s", name, want)
	}
}

// within reads a map inside the item by calling into, and keeps its fault with the name in front.
func (r *reader) within(m item, name string, into func(*reader)) {
	inner := &reader{m: m}
	into(inner)
	if inner.fault != nil && r.fault == nil {
		r.fault = fmt.Errorf("%s: %w", name, inner.fault)
	}
}

func (r *reader) str(name string) string {
	switch v := r.m[name].(type) {
	case nil:
		return ""
	case *types.AttributeValueMemberS:
		return v.Value
	default:
		r.fail(name, "a string")
		return ""
	}
}

func (r *reader) num(name string) int64 {
	switch v := r.m[name].(type) {
	case nil:
		return 0
	case *types.AttributeValueMemberN:
		n, err := strconv.ParseInt(v.Value, 10, 64)
		if err != nil {
			r.fail(name, "a whole number")
		}
		return n
	default:
		r.fail(name, "a number")
		return 0
	}
}

func (r *reader) time(name string) time.Time {
	if _, ok := r.m[name]; !ok {
		return time.Time{}
	}
	return time.UnixMilli(r.num(name)).UTC()
}

func (r *reader) isTrue(name string) bool {
	switch v := r.m[name].(type) {
	case nil:
		return false
	case *types.AttributeValueMemberBOOL:
		return v.Value
	default:
		r.fail(name, "true or false")
		return false
	}
}

func (r *reader) list(name string) []string {
	switch v := r.m[name].(type) {
	case nil:
		return nil
	case *types.AttributeValueMemberS:
		return []string{v.Value}
	case *types.AttributeValueMemberL:
		out := make([]string, len(v.Value))
		for i, e := range v.Value {
			s, ok := e.(*types.AttributeValueMemberS)
			if !ok {
				r.fail(name, "a list of strings")
				return nil
			}
			out[i] = s.Value
		}
		return out
	default:
		r.fail(name, "a list of strings")
		return nil
	}
}

// values returns the elements of a list.
func (r *reader) values(name string) []types.AttributeValue {
	switch v := r.m[name].(type) {
	case nil:
		return nil
	case *types.AttributeValueMemberL:
		return v.Value
	default:
		r.fail(name, "a list")
		return nil
	}
}

// items calls each with every element of a list of maps.
func (r *reader) items(name string, each func(*reader)) {
	for _, v := range r.values(name) {
		m, ok := v.(*types.AttributeValueMemberM)
		if !ok {
			r.fail(name, "a list of maps")
			return
		}
		r.within(m.Value, name, each)
	}
}

func (r *reader) mapOf(name string) item {
	switch v := r.m[name].(type) {
	case nil:
		return nil
	case *types.AttributeValueMemberM:
		return v.Value
	default:
		r.fail(name, "a map")
		return nil
	}
}

func (r *reader) strings(name string) map[string]string {
	m := r.mapOf(name)
	if m == nil {
		return nil
	}
	out := make(map[string]string, len(m))
	r.within(m, name, func(in *reader) {
		for k := range m {
			out[k] = in.str(k)
		}
	})
	return out
}

func (r *reader) times(name string) map[string]time.Time {
	m := r.mapOf(name)
	if m == nil {
		return nil
	}
	out := make(map[string]time.Time, len(m))
	r.within(m, name, func(in *reader) {
		for k := range m {
			out[k] = in.time(k)
		}
	})
	return out
}

func (r *reader) hash(name string) string {
	switch v := r.m[name].(type) {
	case nil:
		return ""
	case *types.AttributeValueMemberB:
		return hex.EncodeToString(v.Value)
	default:
		r.fail(name, "bytes")
		return ""
	}
}

// ulid reads what setULID stored.
func (r *reader) ulid(name string) string {
	v, ok := r.m[name].(*types.AttributeValueMemberB)
	if !ok {
		return r.str(name)
	}
	if len(v.Value) != len(ulid.ULID{}) {
		r.fail(name, "a ULID")
		return ""
	}
	return ulid.ULID(v.Value).String()
}
