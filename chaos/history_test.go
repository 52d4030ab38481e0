package chaos_test

import (
	"flag"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"smsconsent/shared/core/program"
	"smsconsent/shared/testkit/dynamotest"
)

var (
	stores dynamotest.Stores

	seedFlag  = flag.Uint64("chaos.seed", 0, "play one history again")
	countFlag = flag.Int("chaos.histories", 0, "how many histories are played; 0 for a few")
	tellFlag  = flag.Bool("chaos.tell", false, "tell the stories of histories that pass, too")
	storeFlag = flag.String("chaos.store", "memory", "what the histories are played on: memory or local")
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(stores.Run(m))
}

// newStore is an empty table.
func newStore(t *testing.T) *store {
	t.Helper()
	if *storeFlag == "local" {
		s := stores.Local(t)
		o := s.Client.Options()
		made := &store{name: s.Table, client: o.HTTPClient, endpoint: *o.BaseEndpoint, asked: make(chan *http.Request), answered: make(chan answered)}
		go made.serve()
		t.Cleanup(func() { close(made.asked) })
		return made
	}
	s := stores.Memory(t)
	return &store{name: s.Table, client: s.Client.Options().HTTPClient}
}

// result is what came of a history.
type result struct {
	broken []violation
	faulty []string
	spared []fault // that met no call
	story  []string
	texts  int
	calls  int
	runs   int
}

// kept reports whether all promises were kept.
func (r result) kept() bool { return len(r.broken) == 0 && len(r.faulty) == 0 }

func (r result) String() string {
	var b strings.Builder
	for _, line := range r.story {
		b.WriteString(line + "\n")
	}
	for _, line := range r.faulty {
		b.WriteString("the harness: " + line + "\n")
	}
	return b.String()
}

// run plays a history in a world of its own.
func run(t *testing.T, catalog *program.Catalog, history []step, seed uint64) result {
	t.Helper()
	return play(t, catalog, history, seed, false, nil)
}

func runScenario(t *testing.T, s scenario) result {
	t.Helper()
	return play(t, loadPrograms(t, s.programs), s.history, 1, false, s.check)
}

// play plays a history and then lets check look at what came of it. Where it is free, runs of functions wait for
// nothing.
func play(t *testing.T, catalog *program.Catalog, history []step, seed uint64, free bool, check func(*world)) result {
	t.Helper()
	s := newStore(t)
	var r result
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, s, catalog, seed)
		w.free = free
		w.play(history)
		w.settle()
		if check != nil {
			check(w)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		r = result{broken: w.model.broken, faulty: w.faulty, spared: w.spared(), story: w.told, texts: len(w.texts), calls: w.calls, runs: w.runs}
	})
	return r
}

// kinds is which promises were broken.
func (r result) kinds() []string {
	var kinds []string
	for _, v := range r.broken {
		if !slices.Contains(kinds, v.Promise) {
			kinds = append(kinds, v.Promise)
		}
	}
	if len(r.faulty) > 0 {
		kinds = append(kinds, "harness")
	}
	return kinds
}

// few is how many histories a test run plays.
const few = 10

// patience is how many histories are played to make a failing one short.
const patience = 300

// TestHistories plays what the seeds hold. Where no seed is given it begins with the first, so that a test run is the
// same each time.
func TestHistories(t *testing.T) {
	catalog := loadPrograms(t, nil)
	from, count := *seedFlag, *countFlag
	again := from != 0 && count == 0 // one history, told in any case
	switch {
	case again:
		count = 1
	case count == 0:
		count = few
	}
	var texts, calls, runs int
	for seed := from; seed < from+uint64(count); seed++ {
		h := draw(seed)
		r := run(t, catalog, h, seed)
		texts, calls, runs = texts+r.texts, calls+r.calls, runs+r.runs
		if again {
			t.Logf("seed %d:\n%s", seed, r)
		}
		if played := seed - from + 1; played%100 == 0 {
			t.Logf("%d histories played, to seed %d", played, seed)
		}
		if r.kept() {
			continue
		}
		kind := r.kinds()[0]
		h = shrink(h, func(c []step) bool { return slices.Contains(run(t, catalog, c, seed).kinds(), kind) }, patience)
		t.Fatalf("seed %d: %s\nplay it again with: make chaos SEED=%d\nthe shortest history that does it:\n%s", seed, kind, seed, run(t, catalog, h, seed))
	}
	t.Logf("%d histories from seed %d: %d runs of functions, %d calls of AWS, %d texts", count, from, runs, calls, texts)
	if count >= few && texts < 2*count {
		t.Errorf("%d texts in %d histories: too few to have proved anything", texts, count)
	}
}

// TestHistoriesInParallel plays histories in which nothing waits, so that runs of functions that begin together are
// truly parallel. No seed plays them again; the race detector looks at them.
func TestHistoriesInParallel(t *testing.T) {
	catalog := loadPrograms(t, nil)
	for seed := range uint64(few / 2) {
		r := play(t, catalog, draw(1<<32+seed), seed, true, nil)
		if !r.kept() {
			t.Fatalf("seed %d in parallel:\n%s", 1<<32+seed, r)
		}
	}
}
