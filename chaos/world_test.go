package chaos_test

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/cryptotest"
	"time"

	"smsconsent/functions"
	"smsconsent/local/s3"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

//go:embed testdata/programs.yaml
var testdata embed.FS

// beginning is when histories begin: a Tuesday, at nine in the morning on the west coast and noon on the east coast.
var beginning = time.Date(2026, 12, 1, 17, 0, 0, 0, time.UTC)

// world is one account of AWS with everything in it, on a clock of its own. It lives within a bubble of
// testing/synctest: where every run of a function waits, the clock moves to when the first of them goes on. So one goes
// on at a time, and which one the seed decides.
type world struct {
	t       *testing.T
	store   *store
	offset  time.Duration // of the world's clock from the bubble's
	model   *model
	catalog *program.Catalog
	names   map[string]string // of the account's resources, by the variables that hold them
	free    bool              // calls wait for nothing, and runs of functions are truly parallel

	mu        sync.Mutex
	order     int64 // counts what had effect
	calls     int
	runs      int
	running   int
	target    time.Time // to which time passes
	events    []*event
	seq       int64
	changed   chan struct{}
	trouble   *trouble          // of what nobody else's trouble is
	troubles  []*trouble        // of all steps so far
	followed  []time.Time       // when the audit ran by the clock
	seed      uint64            // of the step, for the pace of calls
	paces     map[uint64]uint64 // runs by seed
	skies     map[sky]time.Time
	lists     map[string]map[string]time.Time // AWS's opt-out lists, by name and number
	removed   map[string]time.Time            // when a number was last taken off a list
	listOf    map[string]string               // opt-out list by origination identity
	schedules map[string]bool
	bucket    *s3.Bucket
	texts     []*text // that the carrier took
	dead      []*event
	idle      map[string][]function
	logs      bytes.Buffer
	logging   sync.Mutex
	told      []string
	settled   bool // everything has had its time
	metrics   bytes.Buffer
	spoilt    []string // phones whose contact cannot be read
	faulty    []string // what is wrong with the harness itself
}

// function is a Lambda function as the runtime calls it.
type function func(ctx context.Context, payload []byte) ([]byte, error)

func loadPrograms(t *testing.T, edit func(string) string) *program.Catalog {
	t.Helper()
	yaml, err := testdata.ReadFile("testdata/programs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		yaml = []byte(edit(string(yaml)))
	}
	c, err := program.Load(yaml)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const account = "000000000000"

func newWorld(t *testing.T, s *store, catalog *program.Catalog, seed uint64) *world {
	t.Helper()
	cryptotest.SetGlobalRandom(t, seed)
	arn := func(name string) string {
		return "arn:aws:lambda:us-east-1:" + account + ":function:smsconsent-" + name
	}
	queue := func(name string) string { return "http://localhost/" + account + "/" + name }
	w := &world{
		t: t, store: s, offset: time.Until(beginning), catalog: catalog, changed: make(chan struct{}, 1), seed: seed,
		skies: map[sky]time.Time{}, paces: map[uint64]uint64{}, lists: map[string]map[string]time.Time{}, removed: map[string]time.Time{}, listOf: map[string]string{},
		schedules: map[string]bool{}, idle: map[string][]function{},
		names: map[string]string{
			"TABLE_NAME": s.name, "JOBS_QUEUE_URL": queue("jobs"), "AUDIT_QUEUE_URL": queue("audit"), "CONFIGURATION_SET": "smsconsent",
			"SENDCHECK_ARN": arn("sendcheck"), "AUDIT_ARN": arn("audit"), "TEXTS_ARN": arn("texts"), "SCHEDULER_ROLE_ARN": "arn:aws:iam::" + account + ":role/scheduler",
			"SCHEDULE_GROUP": "default", "FAILED_EVENTS_ARN": "arn:aws:sqs:us-east-1:" + account + ":failed", "FAILED_EVENTS_URL": queue("failed"),
			"LEDGER_KEY_PARAMETER": "ledger", "CAPTCHA_KEY_PARAMETER": "captcha", "LINK_KEY_PARAMETER": "link",
			"TO_READ_TOPIC_ARN": "arn:aws:sns:us-east-1:" + account + ":to-read",
			"REPORTS_BUCKET":    reportsBucket, "REPORT_TOPIC_ARN": "arn:aws:sns:us-east-1:" + account + ":reports",
			"PREFERENCES_URL": "https://text.example.com/preferences", "LINKS_URL": "https://text.example.com",
			"SHORT_LINK_KEY_PARAMETER": "short-link", "RECEIPTS_QUEUE_URL": queue("receipts"),
		},
	}
	var err error
	if w.bucket, err = s3.New(reportsBucket, "", func() {}); err != nil {
		t.Fatal(err)
	}
	w.model = newModel(w)
	w.use(catalog)
	w.cron()
	return w
}

// use makes the programs those in force.
func (w *world) use(catalog *program.Catalog) {
	w.catalog = catalog
	clear(w.listOf)
	for _, b := range catalog.Brands {
		for _, p := range b.Programs {
			w.listOf[p.Identity.String()] = p.OptOutList
			if w.lists[p.OptOutList] == nil {
				w.lists[p.OptOutList] = map[string]time.Time{}
			}
		}
	}
}

func (w *world) now() time.Time { return time.Now().Add(w.offset).UTC() }

// next counts something that had effect. Call it with mu held.
func (w *world) next() int64 { w.order++; return w.order }

// tell adds to the story. Call it with mu held.
func (w *world) tell(format string, args ...any) {
	w.told = append(w.told, w.now().Format("Mon 15:04:05.000 ")+fmt.Sprintf(format, args...))
}

// broken is a fault of the harness itself: it met what it was not made for. Call it with mu held.
func (w *world) broken(format string, args ...any) {
	w.faulty = append(w.faulty, fmt.Sprintf(format, args...))
}

// source is what invokes a function. It decides what follows when the function fails.
type source int

const (
	fromAPI      source = iota // nothing follows: whoever called is told
	fromEvent                  // it is invoked again after one and after two minutes, and then its event is kept
	fromQueue                  // the message shows again after its visibility time-out, five times, and then it is kept
	fromSchedule               // as fromEvent
)

// event is a function to be invoked.
type event struct {
	due      time.Time
	seq      int64
	function string
	payload  []byte
	source   source
	name     string   // of the schedule
	body     string   // of the queue's message
	id       string   // of the queue's message
	deleted  *bool    // whether the queue's message is: what was done once does not come again where its twin fails
	tries    int      // so far
	trouble  *trouble // nil for that of the world
	seed     uint64   // 0 for that of the world
	calm     bool     // no faults and no weather: the harness looks at something
	cause    any      // what the model wants to know of its invocation
	cron     time.Duration
	done     func(out []byte, err error)
	label    string // for the story
}

// push has the event's function invoked when it is due. Call it with mu held.
func (w *world) push(e *event) {
	w.seq++
	e.seq = w.seq
	w.events = append(w.events, e)
	w.signal()
}

func (w *world) signal() {
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// put puts a message on a queue. Call it with mu held.
func (w *world) put(queue, body string, delay time.Duration) string {
	id := fmt.Sprintf("sqs-%d", w.seq+1)
	name, ok := map[string]string{"jobs": "sendcheck", "audit": "audit", "receipts": "receipts", "failed": ""}[queue]
	switch {
	case !ok:
		w.broken("chaos: a message for queue %q", queue)
	case name == "":
		w.dead = append(w.dead, deadLetter(body))
		w.tell("  a text that cannot be handled is kept")
	default:
		deleted := false
		e := event{due: w.now().Add(delay), function: name, source: fromQueue, body: body, id: id, deleted: &deleted}
		w.push(&e)
		if w.now().Before(w.skies[echoing]) {
			twin := e
			w.push(&twin)
		}
	}
	return id
}

// deadLetter is the event that a function kept as one it cannot handle.
func deadLetter(body string) *event {
	var letter struct {
		Payload json.RawMessage `json:"requestPayload"`
	}
	_ = json.Unmarshal([]byte(body), &letter)
	return &event{function: "inbound", payload: letter.Payload, source: fromEvent, label: "run again: a text that could not be handled"}
}

// visibility is template.yaml's of the queues.
func visibility(function string) time.Duration {
	if function == "receipts" {
		return 180 * second
	}
	return 720 * second
}

// limit is template.yaml's time-out of the functions.
func limit(function string) time.Duration {
	switch function {
	case "sendcheck", "audit":
		return 120 * second
	case "inbound", "receipts":
		return 30 * second
	default:
		return 20 * second
	}
}

func (w *world) sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// until invokes what falls due until there is nothing more to wait for.
func (w *world) until(done func() bool, horizon time.Time) {
	for {
		w.mu.Lock()
		if done() {
			w.mu.Unlock()
			return
		}
		now := w.now()
		wake := horizon
		if len(w.events) > 0 {
			first := slices.MinFunc(w.events, func(a, b *event) int { return cmp.Or(a.due.Compare(b.due), cmp.Compare(a.seq, b.seq)) })
			if !first.due.After(now) {
				w.events = slices.DeleteFunc(w.events, func(e *event) bool { return e == first })
				w.launch(first)
				w.mu.Unlock()
				continue
			}
			if first.due.Before(wake) {
				wake = first.due
			}
		}
		w.mu.Unlock()
		timer := time.NewTimer(wake.Sub(now))
		select {
		case <-w.changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// advance lets time pass.
func (w *world) advance(d time.Duration) {
	target := w.now().Add(d)
	w.mu.Lock()
	w.target = target
	w.mu.Unlock()
	w.until(func() bool { return !w.now().Before(target) }, target)
}

// forever is longer than any history.
const forever = 10 * 365 * 24 * time.Hour

// join waits until no function runs.
func (w *world) join() {
	w.until(func() bool { return w.running == 0 && !w.due() }, w.now().Add(forever))
}

// due reports whether something is to be invoked now. Call it with mu held.
func (w *world) due() bool {
	now := w.now()
	return slices.ContainsFunc(w.events, func(e *event) bool { return !e.due.After(now) })
}

// redeploy has the functions started anew, with other programs.
func (w *world) redeploy(catalog *program.Catalog) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.use(catalog)
	w.idle = map[string][]function{}
}

// deploy starts a process of a function, wired as on Lambda.
func (w *world) deploy(name string) function {
	all := functions.All()
	i := slices.IndexFunc(all, func(f functions.Function) bool { return f.Name == name })
	if i < 0 {
		panic("there is no function " + name)
	}
	d := w.stack()
	d.Log, d.Metrics = telemetry.NewLogger(logs{w}), telemetry.New(metrics{w}, "smsconsent", w.now)
	handler, err := wiring.Open(context.Background(), d, all[i].Wire)
	if err != nil {
		panic(fmt.Sprintf("wire %s: %v", name, err))
	}
	return handler.Invoke
}

// secret stands in for Parameter Store.
func secret(_ context.Context, name string) ([]byte, error) {
	keys := map[string]string{
		"ledger":     "bG9jYWwgbGVkZ2VyIGtleSwgcHVibGljLCBvZiBubyB2YWx1ZSBhdCBhbGwu",
		"link":       "bG9jYWwgbGluayBrZXksIHB1YmxpYywgb2Ygbm8gdmFsdWUgYXQgYWxsLi4u",
		"short-link": "bG9jYWwgc2hvcnQgbGluayBrZXksIHB1YmxpYywgb2Ygbm8gdmFsdWUgYXQgYWw=",
		"captcha":    "bG9jYWwgY2FwdGNoYSBrZXksIHB1YmxpYywgb2Ygbm8gdmFsdWUgYXQgYWxs",
	}
	return []byte(keys[name]), nil
}

// logs keeps what the functions log.
type logs struct{ w *world }

func (l logs) Write(b []byte) (int, error) {
	l.w.logMu().Lock()
	defer l.w.logMu().Unlock()
	return l.w.logs.Write(b)
}

// metrics keeps what the functions count.
type metrics struct{ w *world }

func (m metrics) Write(b []byte) (int, error) {
	m.w.logMu().Lock()
	defer m.w.logMu().Unlock()
	return m.w.metrics.Write(b)
}

// who is a phone as the story tells it.
func who(phone string) string { return "…" + strings.TrimPrefix(phone[max(0, len(phone)-4):], "+") }
