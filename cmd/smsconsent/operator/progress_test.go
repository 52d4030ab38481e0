package operator

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// seat is a terminal somebody sits at: what they see, and what they type.
type seat struct{ bytes.Buffer }

func (*seat) IsTerminal() bool { return true }

// typing runs a command for somebody at a terminal who types that, and returns what they see and what goes to a file.
func typing(t *testing.T, typed string, args ...string) (sees, out string, err error) {
	t.Helper()
	var keys, screen seat
	var file bytes.Buffer
	keys.WriteString(typed)
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(&keys)
	root.SetOut(&file)
	root.SetErr(&screen)
	err = root.ExecuteContext(t.Context())
	return screen.String(), file.String(), err
}

// Who sits at a terminal sees how far the plan is, and is asked before anybody is texted; only a yes is one. --yes is
// not asked, and neither is a script.
func TestSomebodyAtATerminalIsAsked(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.subscribes("+12065550143")
	create := []string{"campaign", "create", "--topic", "alerts", "--text", "Example Corp.: open today.", "--again"}
	const question = "Really text 2 people? [y/N]"
	for _, typed := range []string{"", "\n", "n\n", "no\n", "yesterday\n", "2\n"} {
		sees, _, err := typing(t, typed, create...)
		if err == nil || !strings.Contains(err.Error(), "nothing was made") || !strings.Contains(sees, question) {
			t.Errorf("%q: %v\n%s", typed, err, sees)
		}
	}
	if out, _ := execute(t, 0, "campaign", "list", "--json"); strings.TrimSpace(out) != "[]" {
		t.Fatalf("without a yes there is %s", out)
	}
	for _, typed := range []string{"y\n", "Yes\n", "yes"} {
		sees, out, err := typing(t, typed, create...)
		if err != nil || !strings.Contains(out, "goes out") || !strings.Contains(sees, "2 people are on the list") {
			t.Errorf("%q: %v\n%s%s", typed, err, sees, out)
		}
		if !strings.Contains(sees, "Asking about each person") || !strings.Contains(sees, "/2)") || strings.Contains(out, "Asking") {
			t.Errorf("the progress is %q, and in the file %q", sees, out)
		}
	}
	if sees, _, err := typing(t, "", append(create, "--yes")...); err != nil || strings.Contains(sees, "Really") {
		t.Errorf("--yes is asked: %v, %s", err, sees)
	}
	var keys seat
	keys.WriteString("y\n")
	for _, more := range [][]string{nil, {"--yes"}, {"--json"}} {
		root := rootCommand()
		root.SetArgs(append(create[:len(create):len(create)], more...))
		root.SetIn(&keys)
		root.SetOut(io.Discard)
		root.SetErr(io.Discard) // as with 2>log
		_, refused := errors.AsType[usageError](root.ExecuteContext(t.Context()))
		if refused != (more == nil) {
			t.Errorf("where nobody sees the question, with %q: refused %t", more, refused)
		}
	}
	if _, says := execute(t, 0, create...); strings.Contains(says, "Really") || strings.Contains(says, "Asking") {
		t.Errorf("a script is asked: %s", says)
	}
}

// The progress counts the people of a segment only, and is drawn by campaign plan as well, beside its answer.
func TestProgressOfAPlan(t *testing.T) {
	w := newWorld(t)
	for _, phone := range []string{her, "+18085550142", "+12125550142"} {
		w.subscribes(phone)
	}
	sees, out, err := typing(t, "", "campaign", "plan", "--topic", "alerts", "--text", "Example Corp.: open today.", "--in", "US-WA,US-HI", "--json")
	if err != nil || !strings.Contains(sees, "/2)") || !strings.HasPrefix(out, "{") {
		t.Errorf("%v: it shows %q, and answers %q", err, sees, out)
	}
}
