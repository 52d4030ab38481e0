package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// A trial tests the mutants of one package.
type trial struct {
	dir     string // of the package
	scratch string // folder for compiled programs
	equal   map[string]string
	workers int
	quick   bool          // run only the quick tests of the package itself
	grace   time.Duration // added to ten times the duration of the quick tests, so that a busy machine kills none
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
	if s.gone, err = gone(ctx, s.name, t.equal); err != nil {
		return sum{}, err
	}
	taken := map[int]mutant{} // by their numbers
	for i, m := range all {
		switch {
		case !t.take(i, m):
		case t.equal[m.name] != "":
			s.equal++
		default:
			taken[i+1] = m
		}
	}
	sound, alone, err := t.compileTogether(ctx, s.name, taken, text, &s.broken)
	if err != nil {
		return sum{}, err
	}
	var mu sync.Mutex
	var workers sync.WaitGroup
	next := make(chan int)
	for w := range t.workers {
		workers.Go(func() {
			for n := range next {
				var f fate
				if m := taken[n]; slices.Contains(alone, n) {
					f = t.tryAlone(ctx, sound, m, text[m.file], strconv.Itoa(w))
				} else {
					f = sound.try(ctx, t.quick, n)
				}
				mu.Lock()
				s.count(taken[n], f)
				if done := s.killed + s.hung + s.survived; f != broken && done%50 == 0 {
					fmt.Fprintf(os.Stderr, "%s: %d of %d, %d survived\n", s.name, done, len(taken), s.survived)
				}
				mu.Unlock()
			}
		})
	}
	for _, n := range slices.Sorted(maps.Keys(taken)) {
		if ctx.Err() == nil {
			next <- n
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
	killed             // a test fails
	hung               // a test did not end in time, and so noticed the mutant, unless the machine was busy
	survived
)

func (s *sum) count(m mutant, f fate) {
	switch f {
	case broken:
		s.broken++
	case killed:
		s.killed++
	case hung:
		s.hung++
		fmt.Fprintf(os.Stderr, "not ended in time: %s:%d %s\n", m.file, m.line, m.name)
	case survived:
		s.survived++
		fmt.Printf("%s:%d\n%s\n", m.file, m.line, m.name)
	}
}

// witnesses returns the packages whose tests check promises that a package keeps together with others.
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

// A suite is the tests of one package, compiled.
type suite struct {
	dir    string
	binary string
	flags  []string
	limit  time.Duration // for its quick tests
}

// suites are the tests that a mutant has to pass to survive: those of its package first, then those of its witnesses.
type suites []suite

// compileTogether compiles the tests with the mutants of their package in them. They must pass while no mutant is
// chosen. A witness that fails is left out. Mutants that do not compile are removed from taken. It returns the
// mutants that must be compiled alone as well.
func (t trial) compileTogether(
	ctx context.Context, pkg string, taken map[int]mutant, text map[string][]byte, broken *int,
) (all suites, alone []int, err error) {
	dirs := []string{t.dir}
	if also := witnesses(pkg); also != nil && !t.quick {
		more, err := goList(ctx, "{{.Dir}}", also...)
		if err != nil {
			return nil, nil, err
		}
		dirs = append(dirs, more...)
	}
	for i, dir := range dirs {
		s := suite{dir: dir, binary: filepath.Join(t.scratch, strconv.Itoa(i)+".test")}
		for {
			files, left := together(t.dir, pkg, taken, text)
			overlay, err := t.overlay("together", files)
			if err != nil {
				return nil, nil, err
			}
			out, err := s.compile(ctx, overlay, "-gcflags=-e") // all errors, not the first ten
			if err == nil {
				alone = left
				break
			}
			bad := mutantsNamed(out)
			if len(bad) == 0 {
				return nil, nil, fmt.Errorf("compile the tests of %s: %w\n%s", dir, err, out)
			}
			for _, n := range bad {
				delete(taken, n)
			}
			*broken += len(bad)
		}
		if err := s.sound(ctx, t.grace); err != nil && i == 0 {
			return nil, nil, err
		} else if err != nil {
			fmt.Fprintf(os.Stderr, "not asked as a witness: %v\n", err)
			continue
		}
		all = append(all, s)
	}
	return all, alone, nil
}

var mutantNamed = regexp.MustCompile(`mutant-(\d+):\d`)

// mutantsNamed returns the mutants in which the compiler finds errors.
func mutantsNamed(out []byte) []int {
	var all []int
	for _, found := range mutantNamed.FindAllSubmatch(out, -1) {
		n, _ := strconv.Atoi(string(found[1]))
		all = append(all, n)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// overlay writes files that the compiler uses in place of those of the repository, which are never changed.
func (t trial) overlay(name string, files map[string][]byte) (string, error) {
	replace, i := map[string]string{}, 0
	for path, text := range files {
		replace[path] = filepath.Join(t.scratch, fmt.Sprintf("%s-%d.go", name, i))
		if err := os.WriteFile(replace[path], text, 0o600); err != nil {
			return "", err
		}
		i++
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	path := filepath.Join(t.scratch, name+".json")
	return path, errors.Join(err, os.WriteFile(path, list, 0o600))
}

// sound runs the quick tests without a mutant, and sets the time limit for running them with one.
func (s *suite) sound(ctx context.Context, grace time.Duration) error {
	deps, err := goList(ctx, "{{.ImportPath}}", "-deps", "-test", s.dir)
	if err != nil {
		return err
	}
	s.flags = []string{"-test.failfast", "-test.paniconexit0"}
	if slices.Contains(deps, "pgregory.net/rapid") {
		// The same cases for every mutant, without searching for the shortest failing case or storing it in a file.
		s.flags = append(s.flags, "-rapid.seed=1", "-rapid.nofailfile", "-rapid.shrinktime=1ms")
	}
	began := time.Now()
	if out, err := s.pass(ctx, 0, time.Hour, "-test.short"); err != nil {
		return fmt.Errorf("test %s without a mutant: %w\n%s", s.dir, err, out)
	}
	s.limit = 10*time.Since(began) + grace
	return nil
}

var errHung = errors.New("not ended in time")

// try runs the tests of each suite on a mutant: first the quick ones, then all, which may need a browser or DynamoDB
// Local.
func (all suites) try(ctx context.Context, quick bool, number int) fate {
	for _, s := range all {
		if f := s.try(ctx, quick, number); f != survived {
			return f
		}
	}
	return survived
}

func (s suite) try(ctx context.Context, quick bool, number int) fate {
	const patience = 10 * time.Minute
	_, err := s.pass(ctx, number, s.limit, "-test.short")
	if err == nil && !quick {
		_, err = s.pass(ctx, number, patience)
	}
	switch {
	case errors.Is(err, errHung):
		return hung
	case err != nil:
		return killed
	}
	return survived
}

// tryAlone compiles a mutant alone, and tries it.
func (t trial) tryAlone(ctx context.Context, all suites, m mutant, src []byte, worker string) fate {
	overlay, err := t.overlay("alone-"+worker, map[string][]byte{m.file: m.source(src)})
	if err != nil {
		panic(err) // no room on the disk
	}
	for _, s := range all {
		s.binary = filepath.Join(t.scratch, "alone-"+worker+".test")
		if _, err := s.compile(ctx, overlay); err != nil {
			return broken
		}
		if f := s.try(ctx, t.quick, 0); f != survived {
			return f
		}
	}
	return survived
}

func (s suite) compile(ctx context.Context, overlay string, flags ...string) ([]byte, error) {
	args := []string{"test", "-c", "-vet=off", "-ldflags=-s -w", "-o", s.binary, "-overlay", overlay}
	return exec.CommandContext(ctx, "go", slices.Concat(args, flags, []string{s.dir})...).CombinedOutput()
}

func (s suite) pass(ctx context.Context, number int, limit time.Duration, flags ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	shell := `exec "$0" "$@"`
	if slices.Contains(flags, "-test.short") {
		// A limit in kilobytes, for a mutant that never ends. Browsers and Java, which the other tests start, reserve
		// more than they use.
		shell = "ulimit -v 8000000; " + shell
	}
	cmd := exec.CommandContext(ctx, "sh", slices.Concat([]string{"-c", shell, s.binary}, s.flags, flags)...)
	// These tests run so often that time matters more than memory.
	cmd.Dir, cmd.Env = s.dir, append(os.Environ(), fmt.Sprintf("%s=%d", mutantVariable, number), "GOGC=400")
	// Processes that the tests start are ended with them.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = errHung
	}
	return out, err
}
