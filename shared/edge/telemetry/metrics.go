package telemetry

import (
	"encoding/json"
	"io"
	"strconv"
	"sync"
	"time"
)

// Namespace returns where CloudWatch shows the metrics of a stack. It is each stack's own, so that no alarm of one
// rings for what happens in another of the account.
func Namespace(stack string) string { return "SMSConsent/" + stack }

// Metrics counts what happens, as CloudWatch embedded metric format: one JSON object a line, which CloudWatch Logs
// turns into metrics
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
// A nil *Metrics counts nothing. It is safe for concurrent use.
type Metrics struct {
	namespace string
	now       func() time.Time

	mu  sync.Mutex
	w   io.Writer
	buf []byte
}

// New writes metrics of a stack to w, which inside Lambda is the standard output, with the time that now gives.
func New(w io.Writer, stack string, now func() time.Time) *Metrics {
	return &Metrics{w: w, namespace: Namespace(stack), now: now}
}

// Count adds n to a metric. Dimensions are names and values in turn, such as "status", "sent"; every combination of
// values is a metric of its own that CloudWatch bills, so a dimension has few values, and never a person's. Phone
// numbers in them are masked. A dimension must not be named as the metric.
func (m *Metrics) Count(name string, n int, dimensions ...string) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.buf[:0]
	b = append(b, `{"_aws":{"Timestamp":`...)
	b = strconv.AppendInt(b, m.now().UnixMilli(), 10)
	b = append(b, `,"CloudWatchMetrics":[{"Namespace":`...)
	b = appendString(b, m.namespace)
	b = append(b, `,"Dimensions":[[`...)
	for i := 0; i < len(dimensions); i += 2 {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, dimensions[i])
	}
	b = append(b, `]],"Metrics":[{"Name":`...)
	b = appendString(b, name)
	b = append(b, `,"Unit":"Count"}]}]}`...)
	for i := 0; i < len(dimensions); i += 2 {
		b = append(b, ',')
		b = appendString(b, dimensions[i])
		b = append(b, ':')
		value := "none" // CloudWatch drops a metric whose dimension is empty
		if i+1 < len(dimensions) && dimensions[i+1] != "" {
			value = mask(dimensions[i+1])
		}
		b = appendString(b, value)
	}
	b = append(b, ',')
	b = appendString(b, name)
	b = append(b, ':')
	b = strconv.AppendInt(b, int64(n), 10)
	b = append(b, "}\n"...)
	m.buf = b
	// A metric that can't be written is no reason to fail what it counts, and there is nowhere to say so.
	_, _ = m.w.Write(b)
}

// appendString appends s as a JSON string; names and values are nearly always plain ASCII.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, err := json.Marshal(s)
			if err != nil {
				return append(b, `""`...)
			}
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
