package keyword

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// How messages are read, word by word, stands in testdata/readings.txt: in what form each word was looked up, as what
// it is known, which rules fit, what comes of it, and how many steps it takes (nothing may delay a STOP). A change of
// a word, a rule or the reader shows there what else it changes. A line that begins with a tab is what the message
// above it is read as. Behind a message may stand the languages of the place, and those that are asked.
func TestHowMessagesAreRead(t *testing.T) {
	file := filepath.Join("testdata", "readings.txt")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	n := 0
	for line := range strings.Lines(string(raw)) {
		switch {
		case strings.HasPrefix(line, "\t"):
			continue
		case line == "\n" || strings.HasPrefix(line, "#"):
			out.WriteString(line)
			continue
		}
		n++
		out.WriteString(line)
		out.WriteString(reading(t, strings.TrimSuffix(line, "\n")))
	}
	const least = 100
	if n < least {
		t.Errorf("%d messages", n)
	}
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, want := strings.Split(out.String(), "\n"), strings.Split(string(raw), "\n")
	message, differ := "", 0
	for i := 0; i < len(got) && i < len(want) && differ < 5; i++ {
		if !strings.HasPrefix(got[i], "\t") {
			message = got[i]
		}
		if got[i] != want[i] {
			t.Errorf("%s is read as\n%s\nwant\n%s", message, got[i], want[i])
			differ++
		}
	}
	if differ == 0 && len(got) != len(want) {
		t.Errorf("%d lines, want %d; -update rewrites them", len(got), len(want))
	}
}

// reading is what a line of the file is read as: a message in quotes, perhaps with place=fr,it and only=en,de.
func reading(t *testing.T, line string) string {
	t.Helper()
	v := Vocabulary{Topics: topics()}
	var message string
	quoted, err := quotedPrefix(line)
	if err == nil {
		_, err = fmt.Sscanf(quoted, "%q", &message)
	}
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	for field := range strings.FieldsSeq(line[len(quoted):]) {
		name, list, _ := strings.Cut(field, "=")
		switch name {
		case "place":
			v.Place = strings.Split(list, ",")
		case "only":
			v.Languages = strings.Split(list, ",")
		default:
			t.Fatalf("%s: %s is neither place nor only", line, name)
		}
	}
	e := v.Explain(message)
	var out strings.Builder
	for _, r := range e.Readings {
		fmt.Fprintf(&out, "\t%s%s:", cmp.Or(r.Language, "any"), mark(r.Mended, " mended"))
		for _, w := range r.Words {
			out.WriteByte(' ')
			if w.Written != w.Read {
				out.WriteString(w.Written + ">")
			}
			out.WriteString(w.Read)
			if w.Known != w.Read {
				out.WriteString("=" + w.Known)
			}
			fmt.Fprintf(&out, "%s%s[%s]", mark(w.Guessed, "~"), mark(w.Accented, "^"), strings.Join(w.Classes, " ")+mark(w.Topic != "", ":"+w.Topic))
		}
		out.WriteByte('\n')
		for _, s := range r.Sections {
			for _, f := range s.Fits {
				fmt.Fprintf(&out, "\t\t%s: %s «%s»\n", s.Name, f.Rule, f.Words)
			}
		}
		fmt.Fprintf(&out, "\t\t= %s, %s\n", r.Kind, r.Why)
	}
	room := new(text)
	room.classify(v, message)
	in := e.Intent
	fmt.Fprintf(&out, "\t%s%s%s%s%s%s%s%s%s %v, %s; spoken: %s; %d steps\n",
		in.Kind, mark(in.Scope != "", " of "+string(in.Scope)), mark(in.Topic != "", " "+in.Topic), mark(in.Language != "", " in "+in.Language),
		mark(in.Restart, " restart"), mark(in.Unclear, " unclear"), mark(in.Nearly, " nearly"), mark(in.Wordless, " wordless"),
		mark(in.NoTexts, " no texts"), in.Confidence, in.Why, strings.Join(e.Spoken, " "), room.steps)
	return out.String()
}

func mark(is bool, sign string) string {
	if is {
		return sign
	}
	return ""
}

// quotedPrefix is the message in quotes that a line begins with.
func quotedPrefix(line string) (string, error) {
	for i := 1; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '"':
			return line[:i+1], nil
		}
	}
	return "", fmt.Errorf("no message in quotes")
}
