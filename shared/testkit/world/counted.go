package world

import (
	"encoding/json"
	"strings"
)

// Count returns the total of a metric since the world began. dimensions are names and values in turn.
func (w *World) Count(metric string, dimensions ...string) (sum int) {
	w.T.Helper()
	for line := range strings.Lines(w.Counted.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			w.T.Fatalf("%s: %v", line, err)
		}
		n, counted := m[metric].(float64)
		for i := 0; i+1 < len(dimensions); i += 2 {
			counted = counted && m[dimensions[i]] == dimensions[i+1]
		}
		if counted {
			sum += int(n)
		}
	}
	return sum
}
