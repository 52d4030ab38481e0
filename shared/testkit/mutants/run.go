package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// A trial tries the mutants of one package.
type trial struct {
	dir     string // of the package
	scratch string // folder for what is compiled
	equal   map[string]string
	workers int
	quick   bool                  // only the quick tests of the package itself
	grace   time.Duration         // of quick tests, beside ten times what they take, so that a busy machine kills nothing
	sweep   func(since time.Time) // of what was compiled
	take    func(i int, m mutant) bool
}

func (t trial) run(ctx context.Context) (sum, error) {
	all, text, err := sources(ctx, t.dir)
	if err != nil {
		return sum{}, err
	}
	name, err := goList(ctx, "{{.Name}}", t.dir)
	if err != nil {
		return sum{}, err
	}
	s := sum{name: name[0]}
	s.gone = gone(s.name, t.equal, all)
	suites, err := t.suites(ctx, s.name)
	if err != nil {
		return sum{}, err
	}
	defer t.sweep(time.Now())
	var taken []mutant
	for i, m := range all {
		switch {
		case !t.take(i, m):
		case t.equal[m.name] != "":
			s.equal++
		default:
			taken = append(taken, m)
		}
	}
	var mu sync.Mutex
	var workers sync.WaitGroup
	next := make(chan mutant)
	for w := range t.workers {
		workers.Go(func() {
			for m := range next {
				fate := suites.try(ctx, t.quick, m, text[m.file], filepath.Join(t.scratch, strconv.Itoa(w)))
				mu.Lock()
				s.count(m, fate)
				if done := s.killed + s.survived + s.broken; done%50 == 0 || done == len(taken) {
					fmt.Fprintf(os.Stderr, "%s: %d of %d, %d survived\n", s.name, done, len(taken), s.survived)
				}
				mu.Unlock()
			}
		})
	}
	for _, m := range taken {
		if ctx.Err() == nil {
			next <- m
		}
	}
	close(next)
	workers.Wait()
	return s, ctx.Err()
}

// A fate is what becomes of a mutant.
type fate int

const (
	broken fate = iota // does not compile
	killed             // a test fails, or never ends
	survived
)

func (s *sum) count(m mutant, f fate) {
	switch f {
	case broken:
		s.broken++
	case killed:
		s.killed++
	case survived:
		s.survived++
		fmt.Printf("%s:%d\n%s\n", m.file, m.line, m.name)
	}
}

// A suite is the tests of one package.
type suite struct {
	dir   string
	flags []string
	limit time.Duration // for its quick tests
}

// suites are the tests that a mutant has to pass to survive: those of its package first, then those of its witnesses.
type suites []suite

// suites compiles and runs what the mutants of a package will be asked, which has to pass as it is. A witness that does
// not is left out.
func (t trial) suites(ctx context.Context, name string) (suites, error) {
	dirs := []string{t.dir}
	if also := witnesses(name); also != nil {
		more, err := goList(ctx, "{{.Dir}}", also...)
		if err != nil {
			return nil, err
		}
		dirs = append(dirs, more...)
	}
	var all suites
	for i, dir := range dirs {
		s, err := newSuite(ctx, dir, filepath.Join(t.scratch, "sound"), t.grace)
		if err != nil && i == 0 {
			return nil, err
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "not asked as a witness: %v\n", err)
			continue
		}
		all = append(all, s)
	}
	return all, nil
}

// witnesses are the packages whose tests name promises that a package keeps together with others.
func witnesses(name string) []string {
	switch name {
	case "consent":
		return []string{"./.../outbox", "./.../inbound"}
	case "gate", "table":
		return []string{"./.../outbox"}
	case "campaign":
		return []string{"./.../sendcheck"}
	case "jurisdiction":
		return []string{"./.../jurisdiction/gen"} // the document of the tables, and their hash
	}
	return nil
}

func newSuite(ctx context.Context, dir, binary string, grace time.Duration) (suite, error) {
	s := suite{dir: dir, flags: []string{"-test.failfast", "-test.paniconexit0"}}
	deps, err := goList(ctx, "{{.ImportPath}}", "-deps", "-test", dir)
	if err != nil {
		return suite{}, err
	}
	if slices.Contains(deps, "pgregory.net/rapid") {
		// The same cases for every mutant, and no file that keeps the one that failed.
		s.flags = append(s.flags, "-rapid.seed=1", "-rapid.nofailfile")
	}
	if out, err := s.compile(ctx, binary); err != nil {
		return suite{}, fmt.Errorf("compile the tests of %s: %w\n%s", dir, err, out)
	}
	began := time.Now()
	if out, err := s.pass(ctx, binary, time.Hour, "-test.short"); err != nil {
		return suite{}, fmt.Errorf("test %s without a mutant: %w\n%s", dir, err, out)
	}
	s.limit = 10*time.Since(began) + grace
	return s, nil
}

// try compiles a mutant with the tests of each suite and runs them: the quick ones first, then all, which may need a
// browser or DynamoDB Local. The mutant reaches the compiler in an overlay, so no file of the repository is ever
// changed.
func (all suites) try(ctx context.Context, quick bool, m mutant, src []byte, scratch string) fate {
	const patience = 10 * time.Minute
	binary, changed, overlay := scratch+".test", scratch+".go", scratch+".json"
	replace, _ := json.Marshal(map[string]any{"Replace": map[string]string{m.file: changed}})
	if err := errors.Join(os.WriteFile(changed, m.source(src), 0o600), os.WriteFile(overlay, replace, 0o600)); err != nil {
		panic(err) // no room on the disk
	}
	for _, s := range all {
		if _, err := s.compile(ctx, binary, "-overlay", overlay); err != nil {
			return broken
		}
		if _, err := s.pass(ctx, binary, s.limit, "-test.short"); err != nil {
			return killed
		}
		if quick {
			continue
		}
		if _, err := s.pass(ctx, binary, patience); err != nil {
			return killed
		}
	}
	return survived
}

func (s suite) compile(ctx context.Context, binary string, flags ...string) ([]byte, error) {
	args := slices.Concat([]string{"test", "-c", "-vet=off", "-ldflags=-s -w", "-o", binary}, flags, []string{s.dir})
	return exec.CommandContext(ctx, "go", args...).CombinedOutput()
}

func (s suite) pass(ctx context.Context, binary string, limit time.Duration, flags ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	shell := `exec "$0" "$@"`
	if slices.Contains(flags, "-test.short") {
		// Kilobytes, for a mutant that never ends. Browsers and Java, which the other tests start, reserve more than
		// they use.
		shell = "ulimit -v 8000000; " + shell
	}
	cmd := exec.CommandContext(ctx, "sh", slices.Concat([]string{"-c", shell, binary}, s.flags, flags)...)
	cmd.Dir = s.dir
	// What the tests have started ends with them.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	return cmd.CombinedOutput()
}

// A cache is the folder of a build cache of the mutants' own, so that they do not fill everybody's.
type cache string

func ownCache(ctx context.Context) (cache, error) {
	root, err := goList(ctx, "{{.Module.Dir}}", ".")
	if err != nil {
		return "", err
	}
	dir := filepath.Join(root[0], ".cache", "mutants")
	return cache(dir), errors.Join(os.MkdirAll(dir, 0o750), os.Setenv("GOCACHE", dir))
}

// sweep removes what was compiled since then.
func (c cache) sweep(since time.Time) {
	err := filepath.WalkDir(string(c), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil || info.ModTime().Before(since) {
			return err
		}
		return os.Remove(path)
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err) // costs room on the disk, no more
	}
}
