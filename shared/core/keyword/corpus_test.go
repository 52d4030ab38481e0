package keyword

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The corpus is replies as people write them, in parts that were written by different hands:
//   - dev: the words and rules were tuned on it.
//   - heldout: nobody who wrote a rule had seen it. It tells how well replies are understood that nobody has seen.
//   - examples: what is understood must stay so.
//   - replies: written by somebody else, in all kinds; TestReplies reads it, and its README says how it was made.
//
// Lines are: language, tab, text in opt-out.tsv; language, tab, hard or chat, tab, text in innocent.tsv; kind, tab,
// language, tab, text in other-kinds.tsv. "\n" is a line break and "\\" a backslash; a line that begins with "#" is a
// comment. Lines of replies are kind, tab, language, tab, text.

// goals are what a part must reach: the shares of opt-outs caught at least, of innocents taken for opt-outs at most.
type goals struct{ recall, hard, chat float64 }

// TestCorpus prints what `make test` shows and docs/keywords.md quotes: lines that begin with a bar.
func TestCorpus(t *testing.T) {
	header := false
	for _, c := range []struct {
		part string
		want goals
	}{
		{"dev", goals{recall: 0.98, hard: 0.01}},
		{"heldout", goals{recall: 0.95, hard: 0.01}},
		{"examples", goals{recall: 1}},
	} {
		t.Run(c.part, func(t *testing.T) {
			dir := filepath.Join("testdata", c.part)
			if !header {
				fmt.Printf("| %-8s | %-4s | %17s | %17s | %13s | %9s |\n", "corpus", "lang", "opt-outs caught", "hard taken for it", "chat taken", "precision")
				header = true
			}
			f := measure(t, dir)
			for _, lang := range f.languages() {
				f.print(c.part, lang)
			}
			f.print(c.part, "all")
			all := f["all"]
			if all.optOuts == 0 || all.hard == 0 {
				t.Fatal("it holds no opt-outs or no innocents")
			}
			if share(all.caught, all.optOuts) < c.want.recall || share(all.falseHard, all.hard) > c.want.hard || share(all.falseChat, all.chat) > c.want.chat {
				t.Errorf("%+v misses the goals %+v: go test -run TestCorpus/%s -v names each reply", *all, c.want, c.part)
			}
		})
	}
}

// count is how a language, or all, fared.
type count struct{ optOuts, caught, hard, falseHard, chat, falseChat int }

type figures map[string]*count

func (f figures) of(lang string) *count {
	if f[lang] == nil {
		f[lang] = &count{}
	}
	return f[lang]
}

func (f figures) languages() []string {
	var all []string
	for lang := range f {
		if lang != "all" {
			all = append(all, lang)
		}
	}
	slices.Sort(all)
	return all
}

func (f figures) print(part, lang string) {
	c := f[lang]
	precision := share(c.caught, c.caught+c.falseHard+c.falseChat)
	fmt.Printf("| %-8s | %-4s | %4d/%-4d %6.1f%% | %4d/%-4d %6.1f%% | %5d/%-7d | %8.1f%% |\n", part, lang, c.caught, c.optOuts,
		100*share(c.caught, c.optOuts), c.falseHard, c.hard, 100*share(c.falseHard, c.hard), c.falseChat, c.chat, 100*precision)
}

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// measure classifies a part, with all languages allowed as in production, and logs every reply that is not understood.
func measure(t *testing.T, dir string) figures {
	t.Helper()
	f := figures{}
	for _, r := range replies(t, filepath.Join(dir, "opt-out.tsv"), 2) {
		in := classifyIn(r[1], nil)
		for _, c := range []*count{f.of(r[0]), f.of("all")} {
			c.optOuts++
			if stops(in) {
				c.caught++
			}
		}
		if !stops(in) {
			t.Logf("missed: %s %q is %s, %s", r[0], r[1], in.Kind, in.Why)
		}
	}
	for _, r := range replies(t, filepath.Join(dir, "innocent.tsv"), 3) {
		in := classifyIn(r[2], nil)
		for _, c := range []*count{f.of(r[0]), f.of("all")} {
			n, wrong := &c.hard, &c.falseHard
			if r[1] == "chat" {
				n, wrong = &c.chat, &c.falseChat
			}
			*n++
			if stops(in) {
				*wrong++
			}
		}
		if stops(in) {
			t.Logf("false: %s %s %q is %s, %s", r[0], r[1], r[2], in.Kind, in.Why)
		}
	}
	return f
}

// stops tells whether texts end: whoever holds the phone of somebody else gets no more either.
func stops(in Intent) bool { return in.Kind == OptOut || in.Kind == WrongNumber }

// The other kinds have no figure to reach, but none of those we tuned on may end the texts, and what is understood
// must stay so.
func TestOtherKinds(t *testing.T) {
	for _, part := range []string{"dev", "heldout", "examples"} {
		file := filepath.Join("testdata", part, "other-kinds.tsv")
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		right, n := map[string]int{}, map[string]int{}
		for _, r := range replies(t, file, 3) {
			in := classifyIn(r[2], nil)
			n[r[0]]++
			switch {
			case string(in.Kind) == r[0]:
				right[r[0]]++
			case part == "examples":
				t.Errorf("%s: %s %q is %s, %s", r[0], r[1], r[2], in.Kind, in.Why)
			default:
				t.Logf("%s: %s %q is %s, %s", r[0], r[1], r[2], in.Kind, in.Why)
			}
			if r[0] != string(WrongNumber) && stops(in) && part == "dev" {
				t.Errorf("%s: %s %q ends the texts: %s, %s", r[0], r[1], r[2], in.Kind, in.Why)
			}
		}
		for _, kind := range []Kind{WrongNumber, Confirm, OptIn, Help, Preferences} {
			fmt.Printf("| %-8s | %-12s %3d/%-3d |\n", part, kind, right[string(kind)], n[string(kind)])
		}
	}
}

// The replies of testdata/replies were measured once before anything was tuned on them; docs/keywords.md has those
// figures. What is reached since must stay so: of each kind the most that may be missed, and the most that may be taken
// for it.
func TestReplies(t *testing.T) {
	most := map[Kind]struct{ missed, false int }{
		OptOut: {1, 2}, WrongNumber: {0, 0}, Confirm: {6, 0}, OptIn: {1, 1}, Help: {34, 0}, Preferences: {7, 0}, Automatic: {1, 0},
		Other: {0, 47}, Decline: {0, 0},
	}
	missed, wrong := map[Kind]int{}, map[Kind]int{}
	for _, r := range replies(t, filepath.Join("testdata", "replies", "replies.tsv"), 3) {
		if in := classifyIn(r[2], nil); string(in.Kind) != r[0] {
			missed[Kind(r[0])]++
			wrong[in.Kind]++
			t.Logf("%s: %s %q is %s, %s", r[0], r[1], r[2], in.Kind, in.Why)
		}
	}
	for _, kind := range Kinds() {
		if m := most[kind]; missed[kind] > m.missed || wrong[kind] > m.false {
			t.Errorf("%s: %d missed and %d false, at most %d and %d", kind, missed[kind], wrong[kind], m.missed, m.false)
		}
	}
}

// Friends who chat end nothing. CHAT names a file of their texts, one a line; of the public SMS Spam Collection (UCI,
// CC BY 4.0) those marked "ham". The few that mean it, and texts to wrong numbers, count too.
func TestChat(t *testing.T) {
	file := os.Getenv("CHAT")
	if file == "" {
		t.Skip("CHAT names no file of texts")
	}
	all, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	n, ended := 0, 0
	for line := range strings.Lines(string(all)) {
		n++
		if in := classifyIn(strings.TrimSpace(line), nil); stops(in) {
			ended++
			t.Logf("%s, %s: %s", in.Kind, in.Why, line)
		}
	}
	const most = 0.0025
	fmt.Printf("| chat     | %d of %d taken for an end |\n", ended, n)
	if share(ended, n) > most {
		t.Errorf("%d of %d texts end something", ended, n)
	}
}

// replies reads a file of the corpus.
func replies(t *testing.T, file string, columns int) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all [][]string
	unescape := strings.NewReplacer(`\\`, `\`, `\n`, "\n")
	lines := bufio.NewScanner(f)
	for number := 1; lines.Scan(); number++ {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		r := strings.SplitN(line, "\t", columns)
		if len(r) != columns {
			t.Fatalf("%s:%d: want %d columns", file, number, columns)
		}
		r[columns-1] = unescape.Replace(r[columns-1])
		all = append(all, r)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
