// Package wired tests that a function is made whole: with all it needs, or not at all.
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

	"github.com/aws/aws-sdk-go-v2/aws"

	"smsconsent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// Stack is a stack as functions are deployed with it, whose keys can be read. It reaches nothing outside.
func Stack(t testing.TB) *wiring.Deployment {
	t.Helper()
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, time.December, 1, 20, 0, 0, 0, time.UTC) }
	return &wiring.Deployment{
		Names: wiring.NamesFrom(strings.ToLower), AWS: aws.Config{Region: "us-east-1"}, Catalog: catalog, Now: now,
		Log: telemetry.NewLogger(io.Discard), Metrics: telemetry.New(io.Discard, now),
		Secret: func(context.Context, string) ([]byte, error) {
			return []byte(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("key"), 11))), nil
		},
	}
}

// Whole tests that wire fills each exported field of a handler but those named, and that it makes none where any of the
// keys called for cannot be read: what such a function wrote could not be proven, what it served could not be trusted.
func Whole[H any](
	t *testing.T,
	wire func(context.Context, *wiring.Deployment) (*H, error),
	empty []string,
	keys ...string,
) {
	t.Helper()
	h, err := wire(t.Context(), Stack(t))
	if err != nil {
		t.Fatal(err)
	}
	absent := map[string]bool{}
	for _, name := range empty {
		absent[name] = true
	}
	for field, value := range reflect.ValueOf(*h).Fields() {
		if field.IsExported() && value.IsZero() != absent[field.Name] {
			t.Errorf("%s is %v", field.Name, value)
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
		if h, err := wire(t.Context(), s); err == nil || h != nil {
			t.Errorf("without %s: %v, %v", key, h, err)
		}
	}
}

// Readable tests that wire makes no handler where a brand's hours cannot be read: it would text at any hour, or never.
func Readable[H any](t *testing.T, wire func(context.Context, *wiring.Deployment) (*H, error)) {
	t.Helper()
	s := Stack(t)
	s.Catalog.Policy.Mode = "whenever"
	if h, err := wire(t.Context(), s); err == nil || h != nil {
		t.Errorf("with hours that mean nothing: %v, %v", h, err)
	}
}
