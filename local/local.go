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
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"smsconsent/shared/core/program"
	"smsconsent/shared/testkit/memory"
)

// What the stack's AWS account looks like. The account number is not a real one.
const (
	Region           = "us-east-1"
	Account          = "000000000000"
	TableName        = "smsconsent"
	ConfigurationSet = "smsconsent"
	ScheduleGroup    = "default"
	SchedulerRole    = "arn:aws:iam::" + Account + ":role/smsconsent-scheduler"
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
}

// Stack is one machine's AWS. It is safe for use by several goroutines.
type Stack struct {
	catalog   *program.Catalog
	log       *slog.Logger
	deadline  time.Duration
	keep      string
	url       string
	saved     int64 // version of changes that save last wrote; only Serve touches it
	clock     *clock
	dynamo    http.Handler
	queues    *queues
	schedules *schedules
	sms       *sms
	handsets  *handsets
	changes   *changes
	functions atomic.Pointer[Functions]
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
	if o.DynamoDB == nil {
		o.DynamoDB = memory.New()
	}
	s := &Stack{
		catalog:  o.Catalog,
		log:      o.Log,
		deadline: o.Deadline,
		keep:     o.Keep,
		url:      o.URL,
		clock:    &clock{real: o.Real},
		dynamo:   o.DynamoDB,
		changes:  newChanges(),
		moving:   make(chan struct{}, 1),
		wake:     make(chan struct{}, 1),
		closed:   make(chan struct{}),
	}
	s.close = sync.OnceFunc(func() { close(s.closed) })
	s.queues = newQueues(s.Now, s.changed)
	s.schedules = newSchedules(s.Now, s.changed)
	s.handsets = newHandsets(s.changed)
	s.sms = newSMS(s)
	s.functions.Store(&Functions{})
	s.handler = s.routes(o.Hosts)
	if err := s.createTable(ctx); err != nil {
		return nil, err
	}
	for _, sc := range standingSchedules() {
		if err := s.schedules.create(sc); err != nil {
			return nil, err
		}
	}
	if err := s.load(); err != nil {
		return nil, err
	}
	return s, nil
}

// Attach sets the functions to work.
func (s *Stack) Attach(f Functions) {
	s.functions.Store(&f)
	s.changed()
}

// Now is the stack's time, in UTC.
func (s *Stack) Now() time.Time { return s.clock.now() }

// AWS is the configuration for SDK clients that call this stack. The calls stay in the process.
func (s *Stack) AWS() aws.Config {
	return aws.Config{
		Region:       Region,
		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
		HTTPClient:   inProcess{s.handler},
		BaseEndpoint: aws.String("http://localhost"),
	}
}

// ServeHTTP answers AWS's calls and the stack's own.
func (s *Stack) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// changed tells the background loop and the watchers that something is different.
func (s *Stack) changed() {
	s.changes.bump()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
