package main

import (
	"bytes"
	"net"
	"strings"
	"testing"

	"smsconsent/cmd/smsconsent/operator"
)

// What the command exits with.
const (
	failed = 1
	usage  = 2
)

// execute runs a command line and returns what it complained of.
func execute(t *testing.T, want int, args ...string) string {
	t.Helper()
	var problems bytes.Buffer
	if code := operator.Run(t.Context(), args, &bytes.Buffer{}, &problems, localCommand()); code != want {
		t.Fatalf("%q exits with %d, want %d: %s", args, code, want, &problems)
	}
	return problems.String()
}

// A mistake in the command line has a code of its own and names what is wrong.
func TestUsageErrorsExitWithTwo(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"local", "--nosuch"}, "--nosuch"},
		{[]string{"local", "extra"}, "extra"},
		{[]string{"local", "--port", "eighty"}, "--port"},
		{[]string{"local", "--port", "65536"}, "--port"},
		{[]string{"local", "--dynamodb", "remote"}, "--dynamodb"},
	} {
		if says := execute(t, usage, c.args...); !strings.Contains(says, c.says) || strings.Contains(says, "Usage:") {
			t.Errorf("%q says %q, want one line that names %s", c.args, says, c.says)
		}
	}
}

func TestTheCommandExplainsItself(t *testing.T) {
	if c := localCommand(); c.Short == "" || c.Example == "" {
		t.Error("--help lacks a summary or an example")
	}
}

func TestABusyPortIsAFailureThatNamesIt(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PORT", port)
	if says := execute(t, failed, "local"); !strings.Contains(says, port) || !strings.Contains(says, "PORT") {
		t.Errorf("says %q", says)
	}
}

func TestWelcomeNamesAnAddressThatWorks(t *testing.T) {
	for listening, want := range map[string]string{
		"127.0.0.1:8080": "http://localhost:8080/opt-in",
		"[::]:8081":      "http://localhost:8081/opt-in",
		"10.0.0.5:8080":  "http://10.0.0.5:8080/opt-in",
	} {
		var out bytes.Buffer
		welcome(&out, address(listening))
		if !strings.Contains(out.String(), want) {
			t.Errorf("at %s it says %s, want %s", listening, &out, want)
		}
	}
}
