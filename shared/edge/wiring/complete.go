package wiring

import (
	"fmt"
	"reflect"
	"strings"
)

// Complete returns an error that names every field that a function's Config lacks: fields that are zero and not
// tagged `wiring:"optional"`. Without this check a handler would start, and panic at its first event.
func Complete(config any) error {
	var lacking []string
	for field, value := range reflect.ValueOf(config).Fields() {
		if value.IsZero() && field.Tag.Get("wiring") != "optional" {
			lacking = append(lacking, field.Name)
		}
	}
	if len(lacking) > 0 {
		return fmt.Errorf("%T lacks %s", config, strings.Join(lacking, ", "))
	}
	return nil
}
