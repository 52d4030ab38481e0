// Package strict reads JSON objects from other systems and refuses unknown fields, so that a misspelt field is not
// silently lost.
package strict

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"smsconsent/shared/core/phone"
)

// Decode reads a JSON object into a struct of that type, all of whose fields have names. example is how such an object
// looks, for whoever sent none. The error is a *phone.FieldError.
func Decode[T any](body []byte, example string) (T, error) {
	var in, none T
	var given map[string]json.RawMessage
	if err := json.Unmarshal(body, &given); err != nil || given == nil {
		return none, &phone.FieldError{Message: "the body is not a JSON object such as " + example}
	}
	if name, why := lossy(body); why != "" {
		return none, &phone.FieldError{Field: fmt.Sprintf("%.40s", name), Message: why}
	}
	fields, known := map[string]reflect.Type{}, []string{}
	for f := range reflect.TypeFor[T]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		fields[name], known = f.Type, append(known, name)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if fields[name] == nil {
			return none, &phone.FieldError{
				Field: fmt.Sprintf("%.40s", name), Message: "is not known; there are " + strings.Join(known, ", "),
			}
		}
	}
	if err := json.Unmarshal(body, &in); err != nil {
		mistype, ok := errors.AsType[*json.UnmarshalTypeError](err)
		if !ok {
			return none, &phone.FieldError{Message: "the body is not JSON"}
		}
		name, _, _ := strings.Cut(mistype.Field, ".")
		return none, &phone.FieldError{
			Field: name, Message: "must be " + kind(fields[name]) + ", not " + article(mistype.Value),
		}
	}
	return in, nil
}

// lossy returns which name in a JSON value would lose something without a word, and why; empty where none would. Of a
// name that some object has twice one value would be lost, and bytes or halves of a surrogate pair that are no
// characters would become U+FFFD, which nobody means to write.
func lossy(value []byte) (name, why string) {
	d := json.NewDecoder(bytes.NewReader(value))
	var open []map[string]bool // for each object the value is in: its names; nil for an array
	isName := false            // whether a name comes next
	for {
		t, err := d.Token()
		if err != nil {
			return "", ""
		}
		in := len(open) - 1
		s, isString := t.(string)
		if isString && isName {
			if open[in][s] {
				return s, "is there twice; write it once"
			}
			open[in][s], name = true, s
		}
		if strings.ContainsRune(s, utf8.RuneError) {
			return name, "holds bytes that are no characters, or stand for such (U+FFFD); write it as UTF-8"
		}
		switch {
		case isString && isName:
			isName = false
			continue
		case t == json.Delim('{'):
			open = append(open, map[string]bool{})
		case t == json.Delim('['):
			open = append(open, nil)
		case t == json.Delim('}'), t == json.Delim(']'):
			open = open[:in]
		}
		isName = len(open) > 0 && open[len(open)-1] != nil
	}
}

// article puts the article before what JSON calls a value.
func article(value string) string {
	if strings.HasPrefix(value, "array") || strings.HasPrefix(value, "object") {
		return "an " + value
	}
	return "a " + value
}

// kind says in words what a field holds.
func kind(t reflect.Type) string {
	if t == nil {
		return "something else"
	}
	switch t.Kind() {
	case reflect.Slice:
		return "a list of strings"
	case reflect.Map:
		return "an object of strings"
	case reflect.Bool:
		return "true or false"
	default:
		return "a string"
	}
}
