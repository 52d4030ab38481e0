// Package local runs everything on one machine: the real functions in process, the AWS calls they make, a simulated
// phone for every number and a clock that can be moved forward.
//
// It is for development, demonstrations and tests. What it answers in AWS's name was taken from the service models of
// the SDKs, and it keeps its data in memory unless it is given a DynamoDB that does not.
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

// Options is what a Stack is made of. Only Catalog is needed.
type Options struct {
	Catalog  *program.Catalog
	DynamoDB http.Handler     // the DynamoDB API; nil keeps the table in this process
	Log      *slog.Logger     // nil is slog.Default()
	Real     func() time.Time // the machine's clock; nil is time.Now
	Deadline time.Duration    // real time a function has for one invocation; 0 is 30 seconds
	Keep     string           // file for what the stack keeps between runs beside its table; empty keeps nothing
	Hosts    []string         // names the HTTP port may be called by, besides localhost and loopback addresses
	URL      string           // where a browser reaches the HTTP port; empty is http://localhost:8080
	Carried  func(sms.Text)   // is told each text the carrier takes; nil tells nobody

	// Called is told each call of AWS that a function makes, by the function's name, the service as AWS's SDK calls it
	// and the operation. It is called at once from several goroutines. Nil tells nobody.
	Called func(function, service, operation string)

	// Campaigns gives the page what makes and moves campaigns; nil leaves it without.
	Campaigns func(*wiring.Deployment) pages.Campaigns
}

// Stack is one machine's AWS. It is safe for use by several goroutines.
type Stack struct {
	catalog   atomic.Pointer[program.Catalog] // in force, as far as is known
	called    func(function, service, operation string)
	log       *slog.Logger
	keep      string
	url       string
	saved     int64 // version of changes that save last wrote; only Serve touches it
	clock     *clock
	dynamo    http.Handler
	direct    memory.Calls // answers the calls of this process; nil where DynamoDB is another
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

	moving chan struct{} // holds one token while somebody settles or moves the clock
	wake   chan struct{} // asks Run to look again before its next tick
	closed chan struct{} // closed when the stack stops serving
	close  func()
}

// New makes the AWS side of the stack with the consent table in it. Functions built on AWS() are then set to work by
// Attach.
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
		moving:  make(chan struct{}, 1),
		wake:    make(chan struct{}, 1),
		closed:  make(chan struct{}),
	}
	if o.DynamoDB == nil {
		s.direct = s.followed(memory.New())
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
	s.learn(ctx)
	return s, nil
}

// parts makes the services and the phones, and ties each to those it causes something at.
func (s *Stack) parts(o Options) error {
	s.lambda = lambda.New(lambda.Options{
		Deadline: o.Deadline, Log: s.log, Now: s.Now, Faults: s.faults,
		Bury: func(payload []byte) { s.queues.Bury(payload) },
		Own:  func(function string) *slog.Logger { return s.logs.Own(function, s.Now) },
	})
	s.queues = sqs.New(sqs.Options{Now: s.Now, Changed: s.changed, Log: s.log, Invoke: s.lambda.Invoke})
	s.handsets = handset.New(handset.Options{
		Catalog: s.catalog.Load, Now: s.Now, Changed: s.changed,
		Deliver: func(ctx context.Context, event []byte) error {
			defer s.follow(ctx)
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
			defer s.follow(ctx)
			return s.lambda.InvokeEvent(ctx, function, payload)
		},
	})
	folder := "" // reports lie beside what the stack keeps
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

// Attach sets the functions to work.
func (s *Stack) Attach(f lambda.Functions) {
	s.lambda.Attach(f)
	s.changed()
}

// follow does what follows at once from what a function did: the receipts of its texts, and what others hear of it.
func (s *Stack) follow(ctx context.Context) {
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

// ServeHTTP answers AWS's calls and the stack's own.
func (s *Stack) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// changed tells the background loop and the watchers that something is different.
func (s *Stack) changed() {
	s.changes.Bump()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
