// Package strict reads JSON objects that others send: a misspelt field would be a thing they said that is lost.
package strict

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

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
			Field: name, Message: "must be " + kind(fields[name]) + ", not a " + mistype.Value,
		}
	}
	return in, nil
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
