package main

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// names are what is changed in one declaration.
func names(t *testing.T, decl string) []string {
	t.Helper()
	all, err := mutantsOf("x.go", []byte("package x\n\n"+decl+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range all {
		names = append(names, strings.TrimPrefix(m.name, "x."))
	}
	return names
}

func TestWhatIsChanged(t *testing.T) {
	for _, c := range []struct {
		decl string
		want []string
	}{
		{"func f(a, b bool) {\n\tif a && !b {\n\t}\n}", []string{
			"f: if «a && !b → true» {", "f: if «a && !b → false» {", "f: if «a → true» && !b {", "f: if a && «!b → true» {",
		}},
		{"func f(a, b T) bool {\n\treturn a || b.Before(a)\n}", []string{
			"f: return «a || b.Before(a) → true»", "f: return «a || b.Before(a) → false»", "f: return «a → false» || b.Before(a)",
			"f: return a || «b.Before(a) → !b.After(a)»", "f: return a || «b.Before(a) → false»",
		}},
		{"func f(a, b int) {\n\tswitch {\n\tcase a <= b:\n\t}\n}", []string{
			"f: case «a <= b → true»:", "f: case «a <= b → false»:", "f: case a «<= → <» b:",
		}},
		{"func (s *S) f() {\n\ts.n = s.m - 2\n\ts.g()\n\tx := s.n\n\t_ = x\n}", []string{
			"S.f: «s.n = s.m - 2 → »", "S.f: s.n = s.m «- → +» 2", "S.f: s.n = s.m - «2 → 2 + 1»", "S.f: s.n = s.m - «2 → 2 - 1»",
			"S.f: «s.g() → »",
		}},
		{"func f() error {\n\tif err := g(); err != nil {\n\t\treturn err\n\t}\n\treturn fmt.Errorf(\"no\")\n}", []string{
			"f: if err := g(); «err != nil → true» {", "f: if err := g(); «err != nil → false» {", "f: return «err → nil»",
			"f: return «fmt.Errorf(\"no\") → nil»",
		}},
		// What is returned beside an error is nobody's.
		{"func f() (bool, int, error) {\n\treturn true, 1, s.ErrNo\n}", []string{"f: return true, 1, «s.ErrNo → nil»"}},
		{"func f() T {\n\treturn T{A: a, B: true}\n}", []string{
			"f: return T{«A: a → », B: true}", "f: return T{A: a, «B: true → »}", "f: return T{A: a, B: «true → false»}",
		}},
		{"const hour, day = time.Hour, 24 * time.Hour", []string{
			"hour: const hour, day = «time.Hour → 2 * time.Hour», 24 * time.Hour",
			"hour: const hour, day = time.Hour, «24 → 24 + 1» * time.Hour", "hour: const hour, day = time.Hour, «24 → 24 - 1» * time.Hour",
			"hour: const hour, day = time.Hour, 24 «* → /» time.Hour",
		}},
		{"func f(s string) string {\n\treturn s[1:] + \"!\"\n}", []string{
			"f: return s[«1 → »:] + \"!\"", "f: return s[«1 → 1 + 1»:] + \"!\"", "f: return s[«1 → 1 - 1»:] + \"!\"",
		}},
		{"func f(a, b int) int {\n\treturn min(a, b)\n}", []string{"f: return «min(a, b) → a»", "f: return «min(a, b) → b»"}},
		{"func f(s state) {\n\tswitch s {\n\tcase on, off:\n\tcase gone:\n\t}\n}", []string{
			"f: case «on → », off:", "f: case on, «off → »:", "f: «case gone: → »",
		}},
		// Of a table the rows and the functions, not the data.
		{"var rules = []rule{\n\t{1, func() {\n\t\tgo g()\n\t}},\n\t{\n\t\t2,\n\t\tnil,\n\t},\n}", []string{
			"rules: «{1, func() { … → »", "rules: «go g() → »", "rules: «{ … → »",
		}},
		// The same change twice in a function.
		{"func f() {\n\tg()\n\tg()\n}", []string{"f: «g() → »", "f: «g() → » #2"}},
	} {
		got := names(t, c.decl)
		slices.Sort(got)
		slices.Sort(c.want)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s\n%s", c.decl, diff)
		}
	}
}

// A mutant that cannot be parsed would tell nothing of the tests.
func TestMutantsAreGo(t *testing.T) {
	for _, file := range []string{"change.go", "run.go", "main.go"} {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all, err := mutantsOf(file, src)
		if err != nil || len(all) < 50 {
			t.Fatalf("%s: %d mutants, %v", file, len(all), err)
		}
		for _, m := range all {
			if _, err := parser.ParseFile(token.NewFileSet(), file, m.source(src), 0); err != nil {
				t.Errorf("%s: %v", m.name, err)
			}
		}
	}
}

// The whole of it, on a package whose tests look at one of its two functions.
func TestSurvivors(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a dozen programs")
	}
	dir := t.TempDir()
	t.Chdir(dir)
	source := "package weak\n\nfunc More(a, b int) bool { return a > b }\n\nfunc Less(a, b int) bool { return a < b }\n\n" +
		"func Ends(a int) int {\n\tfor range 3 {\n\t\tfor a > 0 {\n\t\t\ta--\n\t\t}\n\t}\n\treturn a\n}\n"
	for name, text := range map[string]string{
		"go.mod":  "module example.com/weak\n\ngo 1.26\n",
		"weak.go": source,
		"weak_test.go": "package weak\n\nimport \"testing\"\n\nfunc TestMore(t *testing.T) {\n" +
			"\tif More(1, 1) || !More(2, 1) || Ends(5) != 0 {\n\t\tt.Fatal()\n\t}\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := trial{
		dir: dir, scratch: t.TempDir(), workers: 2, grace: time.Second,
		equal: map[string]string{
			"weak.Less: func Less(a, b int) bool { return a «< → <=» b }": "a reason",
			"weak.Lost: x": "for what is gone",
			"other.F: x":   "of another package",
		},
		take: func(_ int, m mutant) bool {
			return !strings.HasPrefix(m.name, "weak.Ends") || strings.Contains(m.name, "a-- →")
		},
	}.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// More: three of three. Less: two, and one that is equal. Ends: one, which never ends.
	want := sum{name: "weak", killed: 3, hung: 1, survived: 2, equal: 1, gone: []string{"weak.Lost: x"}}
	if diff := cmp.Diff(want, s, cmp.AllowUnexported(sum{})); diff != "" {
		t.Error(diff)
	}
	if after, err := os.ReadFile("weak.go"); err != nil || string(after) != source {
		t.Errorf("weak.go is not what it was: %v", err)
	}
}

// Mutants of all kinds share a program, which is the sound one until one of them is chosen: in methods, generic
// functions, parameters without names and variables. What cannot share it is compiled alone.
func TestMutantsBesideEachOther(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles some programs")
	}
	dir := t.TempDir()
	t.Chdir(dir)
	for name, text := range map[string]string{
		"go.mod": "module example.com/beside\n\ngo 1.26\n",
		"beside.go": `package beside

const limit = 3

var table = []struct{ n int }{{1}, {limit}}

var array = [...]int{limit + 4}

type box[T any] struct{ all []T }

func (b *box[T]) add(some ...T) { b.all = append(b.all, some...) }

func first[T any](_ int, some ...T) (v T) {
	v = some[0]
	return v
}

func never(int) int { panic("never") }
`,
		"beside_test.go": `package beside

import "testing"

func TestAll(t *testing.T) {
	var b box[int]
	b.add(7)
	if len(b.all) != 1 || first(0, 5, 6) != 5 || len(table) != 2 || table[1].n != 3 || array[0] != 7 {
		t.Fatal()
	}
}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := trial{
		dir: dir, scratch: t.TempDir(), workers: 2, grace: time.Minute, quick: true,
		take: func(int, mutant) bool { return true },
	}.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// Two of the constant, two rows of the table, one of add and two of first. An array of no length and a function
	// without a return do not compile.
	want := sum{name: "beside", killed: 7, broken: 2}
	if diff := cmp.Diff(want, s, cmp.AllowUnexported(sum{})); diff != "" {
		t.Error(diff)
	}
}

func TestEqualNeedsAReason(t *testing.T) {
	got, err := parseEqual("# a comment\n\nx.f: «a → b»\n\tThe first line\n\tand the second.\nx.g: «c → »\n\tWhy.\n")
	want := map[string]string{"x.f: «a → b»": "The first line\nand the second.\n", "x.g: «c → »": "Why.\n"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for _, text := range []string{
		"x.f: «a → b»\n", "x.f: «a → b»\nx.g: «c → »\n\tWhy.\n", "\tWhy.\n", "x.f: a\n\tWhy.\nx.f: a\n\tWhy.\n",
	} {
		if _, err := parseEqual(text); err == nil {
			t.Errorf("taken: %q", text)
		}
	}
	if _, err := parseEqual(accepted); err != nil {
		t.Error(err)
	}
}
