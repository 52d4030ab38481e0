package main

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"smsconsent/local"
)

func TestDemo(t *testing.T) {
	w := newWorld(t)
	var out, complaints bytes.Buffer
	if code := run(t.Context(), []string{"demo", "--url", w.url}, &out, &complaints); code != 0 {
		t.Fatalf("exit %d: %s", code, &complaints)
	}
	for _, c := range local.Conversations() {
		if !strings.Contains(out.String(), c.Phone) || !strings.Contains(out.String(), c.Case) {
			t.Errorf("%s is not listed:\n%s", c.Case, &out)
		}
	}
}

func TestDemoWithoutAStack(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	for url, want := range map[string]string{server.URL: "Start one with: make run", "localhost": "--url", "https://example.com": "--url"} {
		var out, complaints bytes.Buffer
		if code := run(t.Context(), []string{"demo", "--url", url}, &out, &complaints); code == 0 || !strings.Contains(complaints.String(), want) {
			t.Errorf("%s: exit %d, %s", url, code, &complaints)
		}
	}
}
