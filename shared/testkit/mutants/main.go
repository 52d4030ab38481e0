// Command mutants measures what tests notice. It makes small changes to a package, one at a time, and runs its tests. A
// change that passes all tests is a survivor: a promise that nobody checks, code that nobody needs, or a change without
// effect.
//
//	mutants [-every n] [-first n] [-only regexp] [-quick] [-workers n] package...
//
// The changes without effect are in equal.txt, each with the reason. The command fails where there are other
// survivors.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

//go:embed equal.txt
var accepted string

func main() {
	every := flag.Int("every", 1, "take each `n`th mutant only")
	first := flag.Int("first", 0, "begin with the `n`th of them, counted from 0")
	only := flag.String("only", "", "take only the mutants whose name matches this `regexp`")
	quick := flag.Bool("quick", false, "run no tests that need a browser or DynamoDB Local")
	workers := flag.Int("workers", 2, "try `n` mutants at a time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(
		ctx,
		options{every: *every, first: *first, only: *only, quick: *quick, workers: *workers, packages: flag.Args()},
	)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

type options struct {
	every, first, workers int
	only                  string
	quick                 bool
	packages              []string
}

func run(ctx context.Context, o options) error {
	only, err := regexp.Compile(o.only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	equal, err := parseEqual(accepted)
	if err != nil {
		return fmt.Errorf("equal.txt: %w", err)
	}
	dirs, err := goList(ctx, "{{.Dir}}", o.packages...)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	var sums []sum
	for _, dir := range dirs {
		s, err := trial{
			dir:     dir,
			scratch: scratch,
			equal:   equal,
			workers: o.workers,
			quick:   o.quick,
			grace:   20 * time.Second,
			take:    func(i int, m mutant) bool { return i%o.every == o.first%o.every && only.MatchString(m.name) },
		}.run(ctx)
		if err != nil {
			return err
		}
		sums = append(sums, s)
	}
	return report(sums)
}

// A sum counts the mutants of one package by what became of them.
type sum struct {
	name                    string
	killed, equal, survived int
	hung                    int      // count as killed; kept apart, because a busy machine may look the same
	broken                  int      // do not compile, and do not count
	gone                    []string // entries of equal.txt for which there is no mutant
}

// report prints a line for each package. It returns an error where somebody has to look.
func report(sums []sum) error {
	var all sum
	all.name = "all"
	for _, s := range sums {
		all.killed, all.equal, all.survived = all.killed+s.killed, all.equal+s.equal, all.survived+s.survived
		all.hung, all.gone = all.hung+s.hung, append(all.gone, s.gone...)
	}
	fmt.Printf("\n%-16s %8s %8s %8s %8s %8s\n", "", "mutants", "killed", "hung", "equal", "survived")
	for _, s := range append(sums, all) {
		n := s.killed + s.hung + s.equal + s.survived
		share := 100 * float64(s.killed+s.hung) / float64(max(n, 1))
		fmt.Printf("%-16s %8d %7.1f%% %8d %8d %8d\n", s.name, n, share, s.hung, s.equal, s.survived)
	}
	slices.Sort(all.gone)
	for _, name := range slices.Compact(all.gone) { // packages with the same name report the same entries
		fmt.Printf("equal.txt tells of a change that cannot be made any more: %s\n", name)
	}
	if all.survived+len(all.gone) > 0 {
		return errors.New("write the test a survivor lacks, or why it is equal into equal.txt")
	}
	return nil
}

// goList returns one property of each package, one on each line of go list's output.
func goList(ctx context.Context, format string, args ...string) ([]string, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"list", "-f", format}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	return strings.Fields(string(out)), nil
}

// parseEqual parses equal.txt: the name of a mutant, and then the reason in lines that begin with a tab.
func parseEqual(text string) (map[string]string, error) {
	reasons, name := map[string]string{}, ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case !strings.HasPrefix(line, "\t"):
			if _, twice := reasons[line]; twice || name != "" && reasons[name] == "" {
				return nil, fmt.Errorf("%q is there twice, or what stands before it has no reason", line)
			}
			name = line
			reasons[name] = ""
		case name == "":
			return nil, fmt.Errorf("%q is the reason of nothing", line)
		default:
			reasons[name] += line[1:] + "\n"
		}
	}
	if name != "" && reasons[name] == "" {
		return nil, fmt.Errorf("%q has no reason", name)
	}
	return reasons, nil
}

// gone returns the entries for packages with a name for which there is no mutant.
func gone(ctx context.Context, name string, equal map[string]string) ([]string, error) {
	dirs, err := goList(ctx, fmt.Sprintf("{{if eq .Name %q}}{{.Dir}}{{end}}", name), "./...")
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, dir := range dirs {
		all, _, err := sources(ctx, dir)
		if err != nil {
			return nil, err
		}
		for _, m := range all {
			there[m.name] = true
		}
	}
	var names []string
	for entry := range equal {
		if strings.HasPrefix(entry, name+".") && !there[entry] {
			names = append(names, entry)
		}
	}
	slices.Sort(names)
	return names, nil
}

// sources returns the mutants of a package, and the text of its files.
func sources(ctx context.Context, dir string) (all []mutant, text map[string][]byte, err error) {
	files, err := goList(ctx, `{{join .GoFiles "\n"}}`, dir)
	if err != nil {
		return nil, nil, err
	}
	text = map[string][]byte{}
	for _, file := range files {
		path := filepath.Join(dir, file)
		if text[path], err = os.ReadFile(path); err != nil {
			return nil, nil, err
		}
		some, err := mutantsOf(path, text[path])
		if err != nil {
			return nil, nil, err
		}
		all = append(all, some...)
	}
	return all, text, nil
}
