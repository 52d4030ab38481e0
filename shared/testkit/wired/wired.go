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

// Stack returns a deployment like that of a function, with readable keys. It calls nothing outside the process.
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

// Whole tests that a function starts with everything that its Config needs, or not at all. New must name each
// required field that is missing. wire must fail where any of the keys cannot be read: without them, nothing the
// function wrote could be proven, and nothing it served could be trusted.
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

// Readable tests that wire fails where a brand's hours cannot be read. Such a function would text at any hour, or
// never.
func Readable[H lambda.Handler](t *testing.T, wire wiring.Wire[H]) {
	t.Helper()
	s := Stack(t)
	s.Catalog.Policy.Mode = "whenever"
	if h, err := wire(t.Context(), s); err == nil || !reflect.ValueOf(h).IsNil() {
		t.Errorf("with hours that mean nothing: %v, %v", h, err)
	}
}
