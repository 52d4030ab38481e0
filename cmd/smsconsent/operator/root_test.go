package operator

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/edge/captcha"
)

// execute runs a command line and returns what it printed.
func execute(t *testing.T, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, problems bytes.Buffer
	if code := Run(t.Context(), args, &out, &problems); code != want {
		t.Fatalf("%q exits with %d, want %d: %s", args, code, want, &problems)
	}
	return out.String(), problems.String()
}

// A mistake in the command line has a code of its own and names what is wrong.
// Who interrupts a command is told that, and not which call was under way.
func TestInterrupted(t *testing.T) {
	newWorld(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out, says bytes.Buffer
	code := Run(ctx, []string{"campaign", "plan", "--topic", "alerts", "--text", "Example Corp.: hi."}, &out, &says)
	if code != exitFailed || says.String() != "smsconsent: interrupted\n" || out.Len() > 0 {
		t.Errorf("it exits with %d and says %q", code, says.String())
	}
}

func TestUsageErrorsExitWithTwo(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"nosuch"}, "nosuch"},
		{[]string{"demo", "--nosuch"}, "--nosuch"},
		{[]string{"demo", "extra"}, "extra"},
		{[]string{"help", "bogus"}, "bogus"},
		{[]string{"help", "campaign", "bogus"}, "campaign bogus"},
		{[]string{"altcha", "--url", "localhost"}, "--url"},
		{[]string{"altcha", "--url", "ftp://localhost"}, "--url"},
	} {
		if _, says := execute(t, exitUsage, c.args...); !strings.Contains(says, c.says) || strings.Contains(says, "Usage:") {
			t.Errorf("%q says %q, want one line that names %s", c.args, says, c.says)
		}
	}
}

func TestHelpExplainsACommand(t *testing.T) {
	for _, args := range [][]string{{"help"}, {"help", "campaign", "create"}, {"help", "help"}} {
		if out, _ := execute(t, 0, args...); !strings.Contains(out, "Usage:") {
			t.Errorf("%q says %s", args, out)
		}
	}
}

// Every command has a line for the list of commands and an example to copy.
func TestEveryCommandExplainsItself(t *testing.T) {
	var check func(c *cobra.Command)
	check = func(c *cobra.Command) {
		if c.Short == "" || c.Example == "" {
			t.Errorf("%s: --help lacks a summary or an example", c.CommandPath())
		}
		for _, sub := range c.Commands() {
			check(sub)
		}
	}
	check(rootCommand())
}

type nonces struct{}

func (nonces) Spend(context.Context, string, time.Time) (bool, error) { return true, nil }

func TestAltchaPrintsASolution(t *testing.T) {
	now := time.Now()
	altcha, err := captcha.NewAltcha(bytes.Repeat([]byte("k"), 32), captcha.Difficulty{Cost: 10, MinCounter: 3, MaxCounter: 20}, strings.NewReader(strings.Repeat("random", 100)), nonces{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/stage/opt-in/challenge" {
			http.NotFound(w, r)
			return
		}
		c, err := altcha.Challenge(now)
		if err != nil {
			t.Error(err)
		}
		_ = json.NewEncoder(w).Encode(c)
	}))
	defer server.Close()
	solution, _ := execute(t, 0, "altcha", "--url", server.URL+"/stage/")
	if _, err := altcha.Verify(t.Context(), strings.TrimSpace(solution), "", now); err != nil {
		t.Errorf("the solution is refused: %v", err)
	}
	if _, says := execute(t, exitFailed, "altcha", "--url", server.URL); !strings.Contains(says, "404") {
		t.Errorf("an address without a challenge says %q", says)
	}
	server.Close()
	execute(t, exitFailed, "altcha", "--url", server.URL)
}
