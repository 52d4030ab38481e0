package memory

import "testing"

// However a request is written, what is empty in it is seen.
func TestWhatMayHoldEmpty(t *testing.T) {
	for text, want := range map[string]bool{
		`{"Item":{"a":{"M":{}}}}`: true, "{\"a\": {\"M\": {\n\t}}}": true, `{"a":{"L":[ ]}}`: true, `{"a":{"B":""}}`: true,
		`{"a":{"M":{"b":{"S":"c"}}},"d":["e"]}`: false,
	} {
		if got := mayHoldEmpty([]byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
