// Package request makes requests in tests: bodies whose fields a test changes, calls of a server that runs, and
// calls as API Gateway hands them to a function.
package request

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"testing"
)

// Body is a JSON object.
type Body map[string]any

// With returns the body with one field changed. A nil value leaves the field out.
func (b Body) With(field string, value any) Body {
	b = maps.Clone(b)
	if b[field] = value; value == nil {
		delete(b, field)
	}
	return b
}

// String returns the body as JSON.
func (b Body) String() string {
	text, err := json.Marshal(map[string]any(b))
	if err != nil {
		panic(err) // a test put something into it that cannot be JSON
	}
	return string(text)
}

// JSON calls a server and returns the status code of its answer. The body is in as JSON; nil means no body. The
// answer is decoded into out, unless that is nil.
func JSON(t testing.TB, method, url string, in, out any) int {
	t.Helper()
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, &body)
	if err != nil {
		t.Fatal(err)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if out != nil {
		if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
			t.Fatalf("%s %s answers %s: %v", method, url, resp.Status, err)
		}
	}
	return resp.StatusCode
}
