package operator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
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
	execute(t, exitUsage, "classify", "a.txt", "b.txt")
}

// What the law of a country takes for an opt-out is one from phones of that country, as it is when somebody texts it.
func TestClassifyKnowsTheCountry(t *testing.T) {
	for _, c := range []struct {
		text, country string
		want          keyword.Kind
	}{
		{"REM", "nz", keyword.OptOut},
		{"REM", "US", keyword.Other},
		{"NO", "ZA", keyword.OptOut},
		{"NO", "US", keyword.Decline},
		{"Fine", "IT", keyword.OptOut},
		{"Fine", "US", keyword.Other},
	} {
		if got := kinds(t, classified(t, c.text+"\n", "--country", c.country)); got[0] != c.want {
			t.Errorf("%s from %s is %s, want %s", c.text, c.country, got[0], c.want)
		}
	}
	if _, says := execute(t, exitUsage, "classify", "--country", "Atlantis"); !strings.Contains(says, "--country") {
		t.Errorf("says %q", says)
	}
}

func TestClassifyNamesALineThatIsTooLong(t *testing.T) {
	var out bytes.Buffer
	err := classify(io.MultiReader(strings.NewReader("STOP\n"), strings.NewReader(strings.Repeat("x", maxLine+1))), &out, io.Discard, classifyFlags{})
	if err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("says %v", err)
	}
	if got := kinds(t, out.String()); !slices.Equal(got, []keyword.Kind{keyword.OptOut}) {
		t.Errorf("what came before is %v", got)
	}
}

func TestClassifyReportsTroubleWithTheInput(t *testing.T) {
	trouble := errors.New("pulled the plug")
	err := classify(io.MultiReader(strings.NewReader("STOP\n"), &broken{trouble}), io.Discard, io.Discard, classifyFlags{})
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
		done <- classify(typed, answering, io.Discard, classifyFlags{})
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

// Of a file the kinds are summed up on standard error, so that standard output stays what a script reads.
func TestClassifySumsUpAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "replies.txt")
	if err := os.WriteFile(path, []byte("STOP\nHELP\nstop\nwho is this\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, sums := execute(t, 0, "classify", path)
	if got := kinds(t, out); len(got) != 4 {
		t.Errorf("standard output is %q", out)
	}
	if want := "       2  opt-out\n       1  help\n       1  other\n"; sums != want {
		t.Errorf("the sums are %q, want %q", sums, want)
	}
	if _, says := execute(t, exitFailed, "classify", filepath.Join(t.TempDir(), "none.txt")); !strings.Contains(says, "none.txt") {
		t.Errorf("a file that is not there: %q", says)
	}
}

const labelledReplies = "opt-out\tSTOP\nopt-out\tplease send more\nhelp\ten\tHELP\nother\tSTOP\n"

func TestClassifyMeasuresLabelledReplies(t *testing.T) {
	path := filepath.Join(t.TempDir(), "labelled.tsv")
	if err := os.WriteFile(path, []byte(labelledReplies), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := execute(t, 0, "classify", "--labelled", "--json", path)
	var m measured
	if err := json.Unmarshal([]byte(out), &m); err != nil {
		t.Fatal(err)
	}
	if m.Replies != 4 || m.Right != 2 || len(m.Misread) != 2 || m.Misread[0].Line != 2 || m.Misread[1].Read != keyword.OptOut {
		t.Errorf("measured %+v", m)
	}
	for _, k := range m.Kinds {
		switch {
		case k.Kind == keyword.OptOut && (*k.Recall != 0.5 || *k.Precision != 0.5),
			k.Kind == keyword.Help && (*k.Recall != 1 || *k.Precision != 1),
			k.Kind == keyword.Other && (*k.Recall != 0 || *k.Precision != 0),
			k.Kind == keyword.OptIn && (k.Recall != nil || k.Precision != nil):
			t.Errorf("%+v", k)
		}
	}
	out, _ = execute(t, 0, "classify", "--labelled", path)
	for _, want := range []string{"2 of 4", "opt-out", "50.0 %", "please send more", "100.0 %"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
}

func TestClassifyNamesALineWithoutItsLabel(t *testing.T) {
	for input, want := range map[string]string{
		"opt-out\tSTOP\nSTOP\n": "line 2: want label, tab, reply",
		"stop\tSTOP\n":          "line 1: label \"stop\" is none of opt-out",
		"":                      "no reply to measure",
	} {
		path := filepath.Join(t.TempDir(), "labelled.tsv")
		if err := os.WriteFile(path, []byte(input), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, says := execute(t, exitUsage, "classify", "--labelled", path); !strings.Contains(says, want) {
			t.Errorf("%q: says %q, want %q", input, says, want)
		}
	}
}

// The answer is the same with --explain; the words and rules that led to it come with it.
func TestClassifyExplains(t *testing.T) {
	out := classified(t, "Hi, pls srop texting me!\nSTOP\n", "--explain")
	for _, want := range []string{
		"Hi, pls srop texting me!\n  opt-out\tphrase: stop texting me\tconfidence 0.8 in en\n",
		"most of its words are known in: en", "srop: unknown", "read in en, slips mended", "srop → stop (guessed): stop",
		"explicit: tried phrase: stop texting me\n        fits phrase: stop texting me (\"srop texting me\")",
		"confirm, opt-in, help", "none to try", "keywords: fits keyword \"stop\" (\"stop\")",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	var r readingInFull
	if err := json.Unmarshal([]byte(classified(t, "Arrêtez vos SMS\n", "--explain", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	if r.Text != "Arrêtez vos SMS" || r.Kind != keyword.OptOut || r.Language != "fr" || !slices.Equal(r.Spoken, []string{"fr"}) ||
		len(r.Readings) != 1 || len(r.Readings[0].Words) != 3 || len(r.Readings[0].Sections) == 0 {
		t.Errorf("explained as %+v", r)
	}
	execute(t, exitUsage, "classify", "--explain", "--labelled")
	help, _ := execute(t, 0, "classify", "--help")
	if !strings.Contains(help, "smsconsent classify --explain") {
		t.Errorf("the help has no example of --explain:\n%s", help)
	}
}
