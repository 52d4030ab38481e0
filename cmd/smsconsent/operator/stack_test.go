package operator

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"smsconsent/local"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/testkit/request"
)

const her = "+12065550142"

// tuesday is 10:00 in Seattle on a day that is no holiday.
var tuesday = time.Date(2027, 1, 5, 18, 0, 0, 0, time.UTC)

// world is a local stack the command is pointed at.
type world struct {
	t   *testing.T
	url string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	cat, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	return newWorldOf(t, cat)
}

// newWorldOf is a local stack with a programs.yaml of its own.
func newWorldOf(t *testing.T, cat *program.Catalog) *world {
	t.Helper()
	return newWorldOn(t, local.Options{Catalog: cat})
}

func newWorldOn(t *testing.T, o local.Options) *world {
	t.Helper()
	puzzle := &o.Catalog.SignUp.Captcha
	puzzle.Cost, puzzle.MinTries, puzzle.MaxTries = 1, 1, 2 // it is tested where it is made; here it would be most of the work
	o.Log, o.Real = telemetry.NewLogger(io.Discard), func() time.Time { return tuesday }
	s, err := local.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Deploy(t.Context()); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	return &world{t, server.URL}
}

func (w *world) call(method, path string, in, out any) {
	w.t.Helper()
	if status := request.JSON(w.t, method, w.url+path, in, out); status >= http.StatusBadRequest {
		w.t.Fatalf("%s %s answers %d", method, path, status)
	}
}

// raw makes a call whose body is JSON as it stands.
func (w *world) raw(method, path, body string) {
	w.t.Helper()
	w.call(method, path, json.RawMessage(body), nil)
}

// fails makes a call that is answered with an error.
func (w *world) fails(path, body string) {
	w.t.Helper()
	resp, err := http.Post(w.url+path, "application/json", strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode < http.StatusBadRequest {
		w.t.Fatalf("%s answered %s", path, resp.Status)
	}
}

func first(stdout, _ string) string { return stdout }

// asks signs a phone up for alerts; it is pending until it says YES.
func (w *world) asks(phone string) {
	w.t.Helper()
	var challenge captcha.Challenge
	w.call(http.MethodGet, "/opt-in/challenge", nil, &challenge)
	solution, err := captcha.Solve(w.t.Context(), challenge)
	if err != nil {
		w.t.Fatal(err)
	}
	w.call(http.MethodPost, "/opt-in", map[string]any{"brand": "example", "topics": []string{"alerts"}, "phone": phone, "altcha": solution}, nil)
}

func (w *world) says(phone, body string) {
	w.t.Helper()
	w.call(http.MethodPost, "/handsets/"+url.PathEscape(phone), map[string]string{"to": "+12065550100", "body": body}, nil)
}

func (w *world) subscribes(phone string) {
	w.t.Helper()
	w.asks(phone)
	w.says(phone, "YES")
}

// got counts the texts on a phone that contain a part.
func (w *world) got(phone, part string) int {
	w.t.Helper()
	var talk []struct{ Direction, Body string }
	w.call(http.MethodGet, "/handsets/"+phone, nil, &talk)
	n := 0
	for _, m := range talk {
		if m.Direction == "in" && strings.Contains(m.Body, part) {
			n++
		}
	}
	return n
}

func (w *world) goTo(at time.Time) {
	w.t.Helper()
	w.call(http.MethodPut, "/clock", map[string]string{"now": at.Format(time.RFC3339)}, nil)
}

// strictly decodes exactly the fields of v.
func strictly[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if d.More() {
		t.Fatalf("more than one value in %s", text)
	}
	return v
}
