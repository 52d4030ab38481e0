// Package wired tests that a function starts with everything it needs, or not at all.
package wired

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"

	"smsconsent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/wiring"
)

// Stack returns a stack as functions are deployed with it, whose keys can be read. It reaches nothing outside.
func Stack(t testing.TB) *wiring.Deployment {
	t.Helper()
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, time.December, 1, 20, 0, 0, 0, time.UTC) }
	d := wiring.New(catalog, strings.ToLower, aws.Config{Region: "us-east-1"}, now)
	d.Tell(io.Discard)
	d.Secret = func(context.Context, string) ([]byte, error) {
		return []byte(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("key"), 11))), nil
	}
	return d
}

// Whole tests that a function is made with all that its Config asks for or not at all: New refuses each field that is
// missing and not optional by its name, and wire makes no handler where any of the keys called for cannot be read. What
// such a function wrote could not be proven, what it served could not be trusted.
func Whole[C any, H lambda.Handler](
	t *testing.T,
	wire wiring.Wire[H],
	create func(C) (H, error),
	keys ...string,
) {
	t.Helper()
	made, err := wire(t.Context(), Stack(t))
	if err != nil {
		t.Fatal(err)
	}
	whole := reflect.ValueOf(made).Elem().FieldByName("Config").Interface().(C)
	if _, err := create(whole); err != nil {
		t.Errorf("with all there is: %v", err)
	}
	if metrics := reflect.ValueOf(whole).FieldByName("Metrics"); metrics.IsValid() && metrics.IsNil() {
		t.Error("what it counts goes nowhere")
	}
	for field := range reflect.TypeFor[C]().Fields() {
		lacking := whole
		reflect.ValueOf(&lacking).Elem().FieldByIndex(field.Index).SetZero()
		_, err := create(lacking)
		optional := field.Tag.Get("wiring") == "optional"
		if named := err != nil && strings.HasSuffix(err.Error(), "lacks "+field.Name); named == optional {
			t.Errorf("without %s: %v", field.Name, err)
		}
	}
	for _, key := range keys {
		s := Stack(t)
		read := s.Secret
		s.Secret = func(ctx context.Context, name string) ([]byte, error) {
			if name == key {
				return nil, errors.New("ParameterNotFound")
			}
			return read(ctx, name)
		}
		if h, err := wire(t.Context(), s); err == nil || !reflect.ValueOf(h).IsNil() {
			t.Errorf("without %s: %v, %v", key, h, err)
		}
	}
}

// Readable tests that wire makes no handler where a brand's hours cannot be read: it would text at any hour, or never.
func Readable[H lambda.Handler](t *testing.T, wire wiring.Wire[H]) {
	t.Helper()
	s := Stack(t)
	s.Catalog.Policy.Mode = "whenever"
	if h, err := wire(t.Context(), s); err == nil || !reflect.ValueOf(h).IsNil() {
		t.Errorf("with hours that mean nothing: %v, %v", h, err)
	}
}
