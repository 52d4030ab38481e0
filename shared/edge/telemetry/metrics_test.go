package telemetry

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func clock() time.Time { return time.UnixMilli(1795435200123) }

// The shape is the one CloudWatch documents; anything else is silently no metric.
func TestCountWritesEmbeddedMetricFormat(t *testing.T) {
	for _, c := range []struct {
		name       string
		dimensions []string
		want       string
	}{
		{
			"no dimension", nil,
			`{"_aws":{"Timestamp":1795435200123,"CloudWatchMetrics":[{"Namespace":"SMSConsent/shop","Dimensions":[[]],"Metrics":[{"Name":"Text","Unit":"Count"}]}]},"Text":2}`,
		},
		{
			"two",
			[]string{"status", "sent", "kind", "promotional"},
			`{"_aws":{"Timestamp":1795435200123,"CloudWatchMetrics":[{"Namespace":"SMSConsent/shop","Dimensions":[["status","kind"]],"Metrics":[{"Name":"Text","Unit":"Count"}]}]},"status":"sent","kind":"promotional","Text":2}`,
		},
		{
			"quotes, controls, other scripts",
			[]string{"rule", "\"a\\\n日本"},
			`{"_aws":{"Timestamp":1795435200123,"CloudWatchMetrics":[{"Namespace":"SMSConsent/shop","Dimensions":[["rule"]],"Metrics":[{"Name":"Text","Unit":"Count"}]}]},"rule":"\"a\\\n日本","Text":2}`,
		},
		{
			"an empty value, a missing value",
			[]string{"a", "", "b"},
			`{"_aws":{"Timestamp":1795435200123,"CloudWatchMetrics":[{"Namespace":"SMSConsent/shop","Dimensions":[["a","b"]],"Metrics":[{"Name":"Text","Unit":"Count"}]}]},"a":"none","b":"none","Text":2}`,
		},
		{
			"a phone number (I10)",
			[]string{"who", aPhone},
			`{"_aws":{"Timestamp":1795435200123,"CloudWatchMetrics":[{"Namespace":"SMSConsent/shop","Dimensions":[["who"]],"Metrics":[{"Name":"Text","Unit":"Count"}]}]},"who":"[phone]","Text":2}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			New(&out, "shop", clock).Count("Text", 2, c.dimensions...)
			if diff := cmp.Diff(c.want+"\n", out.String()); diff != "" {
				t.Error(diff)
			}
			if !json.Valid(out.Bytes()) {
				t.Error("not JSON")
			}
		})
	}
}

func TestNoMetricsAtAll(_ *testing.T) {
	var m *Metrics
	m.Count("Text", 1, "status", "sent")
}

func TestCountsAtOnceStayWholeLines(t *testing.T) {
	var out bytes.Buffer
	m := New(&out, "shop", clock)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				m.Count("Text", 1, "status", "sent")
			}
		})
	}
	wg.Wait()
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 800 {
		t.Errorf("%d lines, want 800", len(lines))
	}
	for _, l := range lines {
		if !json.Valid([]byte(l)) {
			t.Fatalf("not JSON: %s", l)
		}
	}
}

func TestCountDoesNotAllocate(t *testing.T) {
	m := New(io.Discard, "shop", clock)
	status := "sent"
	if n := testing.AllocsPerRun(100, func() { m.Count("Text", 1, "status", status, "kind", "promotional") }); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

func BenchmarkCount(b *testing.B) {
	m := New(io.Discard, "shop", clock)
	b.ReportAllocs()
	for b.Loop() {
		m.Count("Text", 1, "status", "sent", "kind", "promotional")
	}
}
