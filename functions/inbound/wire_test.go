package inbound_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"smsconsent"
	"smsconsent/functions/inbound"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// A STOP must not wait for the key of a page: where it cannot be read, inbound works without links, and an alarm hears
// of it.
func TestInboundWorksWithoutTheKeyOfLinks(t *testing.T) {
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name         string
		page, key    string
		err          error
		links, alarm bool
	}{
		{"a page and its key", "https://example.com/preferences", "link", nil, true, false},
		{"a page whose key cannot be read", "https://example.com/preferences", "link", errors.New("ParameterNotFound"), false, true},
		{"a page whose key is nowhere named", "https://example.com/preferences", "", nil, false, true},
		{"no page", "", "link", nil, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var log bytes.Buffer
			d := wiring.New(catalog, func(variable string) string {
				return map[string]string{
					"LEDGER_KEY_PARAMETER": "ledger", "LINK_KEY_PARAMETER": tc.key, "PREFERENCES_URL": tc.page,
				}[variable]
			}, aws.Config{}, time.Now)
			d.Log, d.Metrics = telemetry.NewLogger(&log), telemetry.New(&log, "smsconsent", time.Now)
			d.Secret = func(_ context.Context, name string) ([]byte, error) {
				if name == "link" && tc.err != nil {
					return nil, tc.err
				}
				return []byte(base64.StdEncoding.EncodeToString([]byte("a key of at least thirty-two bytes"))), nil
			}
			h, err := inbound.Wire(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			if got := h.Outbox.(*outbox.Outbox).Links != nil; got != tc.links {
				t.Errorf("has links: %v, want %v", got, tc.links)
			}
			if got := strings.Contains(log.String(), `"LinksMissing":1`); got != tc.alarm {
				t.Errorf("the metric counts: %v, want %v: %s", got, tc.alarm, &log)
			}
			if got := strings.Contains(log.String(), "no links to the preference page"); got != tc.alarm {
				t.Errorf("logged: %v, want %v: %s", got, tc.alarm, &log)
			}
			if h.Newer == nil {
				t.Error("nobody looks for newer programs")
			}
		})
	}
}

// Without the ledger's key nothing that is said can be put on record, and the function does not start.
func TestInboundDoesNotStartWithoutTheLedgersKey(t *testing.T) {
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		t.Fatal(err)
	}
	d := wiring.New(catalog, func(variable string) string {
		return map[string]string{"LEDGER_KEY_PARAMETER": "ledger"}[variable]
	}, aws.Config{}, time.Now)
	broken := errors.New("ParameterNotFound")
	d.Secret = func(context.Context, string) ([]byte, error) { return nil, broken }
	if _, err := inbound.Wire(t.Context(), d); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}
