package chaos_test

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/cryptotest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"

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
			"SENDCHECK_ARN": arn("sendcheck"), "AUDIT_ARN": arn("audit"), "SCHEDULER_ROLE_ARN": "arn:aws:iam::" + account + ":role/scheduler",
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

// invocation is one run of a function.
type invocation struct {
	n         int
	function  string
	label     string
	event     *event
	trouble   *trouble
	calm      bool
	over      bool
	cancel    context.CancelFunc
	pace      *rand.Rand
	down      []service
	calls     int
	hurt      bool  // a call of it met a mishap
	wrote     int64 // the last of its calls that had effect
	changed   int64 // the first of its transactions that had effect
	changedAt time.Time
	looked    map[string]int64     // by phone: its last call of the table that was answered
	claimed   map[string]time.Time // by phone: its last write that had effect
}

type invocationKey struct{}

func (i *invocation) ended() bool { return i.over }

func (i *invocation) String() string { return i.label }

// end ends a run in the middle. Call it with mu held.
func (w *world) end(i *invocation, where string) error {
	w.tell("  %s is ended %s", i, where)
	i.over = true
	i.cancel()
	return errEnded
}

// wait is how long a call is under way.
func (w *world) wait(ctx context.Context, i *invocation) error {
	if w.free || i.calm {
		return ctx.Err()
	}
	w.mu.Lock()
	d := time.Duration(1+i.pace.IntN(12)) * time.Millisecond
	if i.pace.IntN(40) == 0 {
		d = time.Duration(i.pace.IntN(2000)) * time.Millisecond
	}
	d += time.Duration(i.pace.IntN(1_000_000))
	w.mu.Unlock()
	return w.sleep(ctx, d)
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

// launch invokes the event's function. Call it with mu held.
func (w *world) launch(e *event) {
	w.running++
	w.runs++
	trouble, seed := e.trouble, e.seed
	if trouble == nil {
		trouble, seed = w.trouble, w.seed
	}
	e.tries++
	i := &invocation{
		n: w.runs, function: e.function, label: e.label, event: e, trouble: trouble, calm: e.calm, looked: map[string]int64{}, claimed: map[string]time.Time{},
		pace: rand.New(rand.NewPCG(seed, w.paces[seed])),
	}
	w.paces[seed]++
	if i.label == "" {
		i.label = e.function
	}
	if e.calm {
		i.trouble = nil
	}
	if e.source == fromSchedule && e.cron == 0 {
		delete(w.schedules, e.name)
	}
	if e.cron > 0 {
		w.push(&event{due: w.nextRun(e), function: e.function, payload: e.payload, source: e.source, name: e.name, cron: e.cron, label: e.label})
	}
	go func() {
		if !w.free && !e.calm {
			time.Sleep(time.Duration(i.n%1000)*time.Microsecond + time.Duration(i.n))
		}
		out, err := w.invoke(i)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ended(i, out, err)
		w.running--
		w.signal()
	}()
}

// ended is what follows the end of a run. Call it with mu held.
func (w *world) ended(i *invocation, out []byte, err error) {
	e := i.event
	if err == nil && e.source == fromQueue {
		var answer events.SQSEventResponse
		if json.Unmarshal(out, &answer) == nil && len(answer.BatchItemFailures) > 0 {
			err = fmt.Errorf("the function reports that the message failed")
		}
	}
	w.model.ended(i, out, err)
	if err != nil && e.source != fromAPI {
		w.tell("  %s fails: %v", i, err)
	}
	if e.done != nil {
		e.done(out, err)
	}
	if err == nil && e.deleted != nil {
		*e.deleted = true
	}
	if err == nil || (e.deleted != nil && *e.deleted) {
		return
	}
	again := *e
	again.trouble, again.seed, again.done = nil, 0, nil
	switch {
	case e.cron > 0 || e.source == fromAPI:
		return
	case e.source == fromQueue && e.tries < 5:
		again.due = w.now().Add(visibility(e.function))
	case e.source != fromQueue && e.tries < 3:
		again.due = w.now().Add(time.Duration(e.tries) * time.Minute)
	default:
		w.tell("  %s has failed for good; its event is kept", i)
		again.tries = 0
		w.dead = append(w.dead, &again)
		return
	}
	w.push(&again)
}

// invoke runs a function once, as Lambda does.
func (w *world) invoke(i *invocation) (out []byte, err error) {
	ctx := context.WithValue(context.Background(), invocationKey{}, i)
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: fmt.Sprintf("run-%d", i.n), InvokedFunctionArn: "arn:aws:lambda:us-east-1:" + account + ":function:smsconsent-" + i.function})
	ctx, cancel := context.WithTimeout(ctx, limit(i.function))
	defer cancel()
	w.mu.Lock()
	i.cancel = cancel
	f := w.instance(i.function)
	w.mu.Unlock()
	type result struct {
		out []byte
		err error
	}
	done := make(chan result, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- result{nil, fmt.Errorf("the function panicked: %v", p)}
			}
		}()
		out, err := f(ctx, i.event.payloadFor())
		done <- result{bytes.Clone(out), err} // the runtime keeps answers in a buffer that its next one goes to
	}()
	var r result
	select {
	case r = <-done:
	case <-ctx.Done():
		w.mu.Lock()
		if !i.over {
			i.over = true
			w.tell("  %s runs out of time and is ended", i)
		}
		w.mu.Unlock()
		r = <-done
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if i.over {
		return nil, errEnded
	}
	w.idle[i.function] = append(w.idle[i.function], f)
	return r.out, r.err
}

// payloadFor is the event as the function gets it.
func (e *event) payloadFor() []byte {
	if e.source != fromQueue {
		return e.payload
	}
	payload, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{
		MessageId: e.id, ReceiptHandle: fmt.Sprintf("%s/%d", e.id, e.tries), Body: e.body, EventSource: "aws:sqs", AWSRegion: "us-east-1",
		Attributes: map[string]string{"ApproximateReceiveCount": fmt.Sprint(e.tries)},
	}}})
	if err != nil {
		panic(err)
	}
	return payload
}

// instance is a process of the function that serves nobody at the moment. Call it with mu held.
func (w *world) instance(name string) function {
	if idle := w.idle[name]; len(idle) > 0 {
		w.idle[name] = idle[:len(idle)-1]
		return idle[len(idle)-1]
	}
	return w.deploy(name)
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
	d.Log, d.Metrics = telemetry.NewLogger(logs{w}), telemetry.New(metrics{w}, w.now)
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
