package operator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"smsconsent/shared/core/keyword"
)

// classified runs classify on an input and returns what it prints.
func classified(t *testing.T, input string, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	root := rootCommand()
	root.SetArgs(append([]string{"classify"}, args...))
	root.SetIn(strings.NewReader(input))
	root.SetOut(&out)
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("classify %v: %v", args, err)
	}
	return out.String()
}

// kinds are the first columns of what classify prints; every line has two.
func kinds(t *testing.T, output string) []keyword.Kind {
	t.Helper()
	var all []keyword.Kind
	for line := range strings.Lines(output) {
		kind, why, found := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !found || why == "" || strings.Contains(why, "\t") {
			t.Errorf("%q is not kind, tab, why", line)
		}
		all = append(all, keyword.Kind(kind))
	}
	return all
}

func TestClassifyTellsTheKindOfEachLine(t *testing.T) {
	for _, c := range []struct {
		name, input string
		want        []keyword.Kind
	}{
		{"nothing", "", nil},
		{"one line", "STOP\n", []keyword.Kind{keyword.OptOut}},
		{"no newline at the end", "STOP\nYES", []keyword.Kind{keyword.OptOut, keyword.Confirm}},
		{"CRLF", "STOP\r\nHELP\r\n", []keyword.Kind{keyword.OptOut, keyword.Help}},
		{"empty lines", "\n\nSTOP\n\n", []keyword.Kind{keyword.Other, keyword.Other, keyword.OptOut, keyword.Other}},
		{"invalid UTF-8", "\xff\xfe\nSTOP \xff\n", []keyword.Kind{keyword.Other, keyword.OptOut}},
		{"a megabyte", "STOP " + strings.Repeat("please ", 150_000) + "\nwho is this\n", []keyword.Kind{keyword.OptOut, keyword.Other}},
		{"a line as long as the buffer", strings.Repeat("x", 64<<10-1) + "\nSTOP\n", []keyword.Kind{keyword.Other, keyword.OptOut}},
	} {
		if got := kinds(t, classified(t, c.input)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if got := classified(t, "\n"); got != "other\tempty\n" {
		t.Errorf("an empty line is %q", got)
	}
	if got := classified(t, "Stop, please\n"); got != "opt-out\tkeyword \"stop\"\n" {
		t.Errorf("STOP is %q", got)
	}
}

func TestClassifyPrintsJSON(t *testing.T) {
	output := classified(t, "Can I stop by? <3\r\n🛑\nbad \xff", "--json")
	lines := strings.Split(strings.TrimSuffix(output, "\n"), "\n")
	if len(lines) != 3 {
		t.Fatalf("%q is not three lines", output)
	}
	for i, want := range []struct {
		text string
		kind keyword.Kind
	}{{"Can I stop by? <3", keyword.Other}, {"🛑", keyword.OptOut}, {"bad \ufffd", keyword.Other}} {
		if got := fields(t, lines[i]); !slices.Equal(got, []string{"confidence", "kind", "text", "why"}) {
			t.Errorf("the fields are %v", got)
		}
		var r reading
		if err := json.Unmarshal([]byte(lines[i]), &r); err != nil {
			t.Fatal(err)
		}
		if r.Text != want.text || r.Kind != want.kind || r.Why == "" || r.Confidence <= 0 || r.Confidence > 1 {
			t.Errorf("%s, want text %q and kind %s", lines[i], want.text, want.kind)
		}
	}
}

func TestClassifyKeepsToTheLanguagesAskedFor(t *testing.T) {
	if got := kinds(t, classified(t, "ALTO\n", "--lang", "es")); got[0] != keyword.OptOut {
		t.Errorf("ALTO in Spanish is %s", got[0])
	}
	if got := kinds(t, classified(t, "ALTO\n", "--lang", "EN, fr")); got[0] != keyword.Other {
		t.Errorf("ALTO in English and French is %s", got[0])
	}
	for _, codes := range []string{"xx", "en,", "en,xx", ""} {
		_, says := execute(t, exitUsage, "classify", "--lang", codes)
		if !strings.Contains(says, "--lang") || !strings.Contains(says, strings.Join(keyword.Languages(), ", ")) {
			t.Errorf("--lang %q says %q, want the languages known", codes, says)
		}
	}
	execute(t, exitUsage, "classify", "STOP")
}

func TestClassifyNamesALineThatIsTooLong(t *testing.T) {
	var out bytes.Buffer
	err := classify(io.MultiReader(strings.NewReader("STOP\n"), strings.NewReader(strings.Repeat("x", longestReply+1))), &out, classifyFlags{})
	if err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("says %v", err)
	}
	if got := kinds(t, out.String()); !slices.Equal(got, []keyword.Kind{keyword.OptOut}) {
		t.Errorf("what came before is %v", got)
	}
}

func TestClassifyReportsTroubleWithTheInput(t *testing.T) {
	trouble := errors.New("pulled the plug")
	err := classify(io.MultiReader(strings.NewReader("STOP\n"), &broken{trouble}), io.Discard, classifyFlags{})
	if !errors.Is(err, trouble) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("says %v", err)
	}
}

type broken struct{ err error }

func (b *broken) Read([]byte) (int, error) { return 0, b.err }

// Somebody types a line and waits: the answer must come before the next line does.
func TestClassifyAnswersEachLineAtOnce(t *testing.T) {
	typed, typing := io.Pipe()
	answers, answering := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- classify(typed, answering, classifyFlags{})
		answering.Close()
	}()
	for _, c := range []struct{ line, want string }{{"STOP\n", "opt-out\tkeyword \"stop\"\n"}, {"HELP\n", "help\tkeyword \"help\"\n"}} {
		if _, err := io.WriteString(typing, c.line); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(c.want))
		if _, err := io.ReadFull(answers, got); err != nil || string(got) != c.want {
			t.Errorf("%q is answered %q (%v), want %q", c.line, got, err, c.want)
		}
	}
	typing.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
