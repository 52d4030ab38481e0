// Package local runs everything on one machine: the real functions in process, the AWS calls they make, a simulated
// phone for every number and a clock that can be moved forward.
//
// It is for development, demonstrations and tests. Its answers in AWS's name follow the service models of the SDKs. It
// keeps its data in memory, unless it is given a DynamoDB that stores it.
package local

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/local/change"
	"smsconsent/local/console"
	"smsconsent/local/eventbridge"
	"smsconsent/local/faults"
	"smsconsent/local/handset"
	"smsconsent/local/lambda"
	"smsconsent/local/logs"
	"smsconsent/local/s3"
	"smsconsent/local/scheduler"
	"smsconsent/local/sms"
	"smsconsent/local/sns"
	"smsconsent/local/sqs"
	"smsconsent/local/stream"
	"smsconsent/shared/core/program"
	pages "smsconsent/shared/edge/console"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/testkit/memory"
)

// Options configures a Stack. Only Catalog is required.
type Options struct {
	Catalog  *program.Catalog
	DynamoDB http.Handler     // the DynamoDB API; nil keeps the table in this process
	Log      *slog.Logger     // nil is slog.Default()
	Real     func() time.Time // the machine's clock; nil is time.Now
	Deadline time.Duration    // real time a function has for one invocation; 0 is 30 seconds
	Keep     string           // file for what the stack keeps between runs beside its table; empty keeps nothing
	Hosts    []string         // host names that callers may use, besides localhost and loopback addresses
	URL      string           // where a browser reaches the HTTP port; empty is http://localhost:8080
	Carried  func(sms.Text)   // is called with each text that the carrier accepts; may be nil

	// Called is called for each call of AWS that a function makes, with the function's name, the service as the SDK
	// names it, and the operation. Several goroutines call it at once. It may be nil.
	Called func(function, service, operation string)

	// Campaigns returns what the console does with campaigns. With nil the console has no campaigns.
	Campaigns func(*wiring.Deployment) pages.Campaigns
}

// Stack imitates an AWS account on one machine. It is safe for concurrent use.
type Stack struct {
	catalog   atomic.Pointer[program.Catalog] // the programs in force
	called    func(function, service, operation string)
	log       *slog.Logger
	keep      string
	url       string
	saved     int64 // version of changes that save last wrote; only Serve uses it
	clock     *clock
	dynamo    http.Handler
	direct    memory.Calls // answers DynamoDB calls from this process; nil where Options.DynamoDB is set
	lambda    *lambda.Lambda
	queues    *sqs.Queues
	schedules *scheduler.Schedules
	sms       *sms.SMS
	topics    *sns.Topics
	stream    *stream.Stream
	buses     *eventbridge.Buses
	reports   *s3.Bucket
	handsets  *handset.Handsets
	faults    *faults.Account
	logs      *logs.Logs
	people    console.People
	changes   *change.Count
	page      *pages.Console
	handler   http.Handler

	busy   chan struct{} // a mutex that can be given up on: holds one token while somebody settles or moves the clock
	wake   chan struct{} // asks Run to look again before its next tick
	closed chan struct{} // closed when the stack stops serving
	close  func()
}

// New makes the AWS side of the stack, with the consent table in it. Deploy or Attach then adds functions.
func New(ctx context.Context, o Options) (*Stack, error) {
	if o.Catalog == nil {
		return nil, errors.New("local stack: Options.Catalog is missing")
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Real == nil {
		o.Real = time.Now
	}
	if o.Deadline == 0 {
		o.Deadline = 30 * time.Second
	}
	if o.URL == "" {
		o.URL = "http://localhost:8080"
	}
	if o.Carried == nil {
		o.Carried = func(sms.Text) {}
	}
	s := &Stack{
		called:  o.Called,
		log:     o.Log,
		keep:    o.Keep,
		url:     o.URL,
		clock:   &clock{real: o.Real},
		dynamo:  o.DynamoDB,
		faults:  &faults.Account{},
		logs:    &logs.Logs{},
		changes: change.New(),
		busy:    make(chan struct{}, 1),
		wake:    make(chan struct{}, 1),
		closed:  make(chan struct{}),
	}
	if o.DynamoDB == nil {
		s.direct = s.observed(memory.New())
		s.dynamo = s.direct
	}
	s.catalog.Store(o.Catalog)
	s.close = sync.OnceFunc(func() { close(s.closed) })
	if err := s.parts(o); err != nil {
		return nil, err
	}
	if err := s.openPage(o); err != nil {
		return nil, err
	}
	s.handler = s.routes(o.Hosts)
	if err := s.createTable(ctx); err != nil {
		return nil, err
	}
	if err := s.load(); err != nil {
		return nil, err
	}
	s.loadPrograms(ctx)
	return s, nil
}

// parts makes the services and the phones, and connects each to the ones it acts on.
func (s *Stack) parts(o Options) error {
	s.lambda = lambda.New(lambda.Options{
		Deadline: o.Deadline, Log: s.log, Now: s.Now, Faults: s.faults,
		Bury:        func(payload []byte) { s.queues.Bury(payload) },
		FunctionLog: func(function string) *slog.Logger { return s.logs.Logger(function, s.Now) },
	})
	s.queues = sqs.New(sqs.Options{Now: s.Now, Changed: s.changed, Log: s.log, Invoke: s.lambda.Invoke})
	s.handsets = handset.New(handset.Options{
		Catalog: s.catalog.Load, Now: s.Now, Changed: s.changed,
		Deliver: func(ctx context.Context, event []byte) error {
			defer s.deliverEffects(ctx)
			return s.lambda.InvokeEvent(ctx, "inbound", event)
		},
	})
	s.sms = sms.New(sms.Options{
		Catalog: s.catalog.Load, Faults: s.faults, Now: s.Now, Changed: s.changed, Show: s.handsets.Show,
		Publish: func(event string) { s.queues.Send("receipts", event) }, Carried: o.Carried,
	})
	s.topics = sns.New(s.Now, s.changed)
	s.topics.Faults = s.faults
	s.stream = stream.New(stream.Options{
		Now: s.Now, Changed: s.changed, Log: s.log, Invoke: s.lambda.Invoke, Bury: s.queues.Bury,
	})
	s.buses = eventbridge.New(eventbridge.Options{
		Now: s.Now, Changed: s.changed, Settle: s.stream.Drain,
		Invoke: func(ctx context.Context, function string, payload []byte) error {
			defer s.deliverEffects(ctx)
			return s.lambda.InvokeEvent(ctx, function, payload)
		},
	})
	folder := "" // the audit reports are kept beside the stack's state
	if o.Keep != "" {
		folder = filepath.Join(filepath.Dir(o.Keep), account.ReportsBucket)
	}
	var err error
	if s.reports, err = s3.New(account.ReportsBucket, folder, s.changed); err != nil {
		return err
	}
	s.schedules, err = scheduler.New(scheduler.Options{
		Now: s.Now, Changed: s.changed, Log: s.log, Invoke: s.lambda.InvokeEvent, Bury: s.queues.Bury, Settle: s.Settle,
	})
	return err
}

// Attach sets the functions that the stack runs.
func (s *Stack) Attach(f lambda.Functions) {
	s.lambda.Attach(f)
	s.changed()
}

// deliverEffects delivers what a function caused: the receipts of its texts, and the events for other systems.
func (s *Stack) deliverEffects(ctx context.Context) {
	s.queues.Drain(ctx, "receipts")
	s.stream.Drain(ctx)
}

// Now returns the stack's time, in UTC.
func (s *Stack) Now() time.Time { return s.clock.now() }

// AWS returns the configuration for SDK clients that call this stack. The calls stay in the process.
func (s *Stack) AWS() aws.Config {
	cfg := account.AWS("http://localhost")
	cfg.HTTPClient = awsjson.Client{Handler: s}
	if s.direct != nil {
		cfg.APIOptions = append(cfg.APIOptions, s.direct.Direct)
	}
	return cfg
}

// ServeHTTP answers calls of AWS services, and the stack's own calls.
func (s *Stack) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// changed wakes Run, and tells the watchers to look again.
func (s *Stack) changed() {
	s.changes.Bump()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
