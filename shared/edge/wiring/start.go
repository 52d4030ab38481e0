package wiring

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"smsconsent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/zoneinfo"
	"smsconsent/shared/edge/telemetry"
)

// Wire makes a function's handler from its deployment.
type Wire[H lambda.Handler] func(ctx context.Context, d *Deployment) (H, error)

// Start runs a Lambda function. It opens the deployment from the environment, calls wire to make the handler, and
// serves events until the runtime ends the process. It does not return.
func Start[H lambda.Handler](wire Wire[H]) {
	log := telemetry.NewLogger(os.Stdout)
	handler, err := start(context.Background(), wire)
	if err != nil {
		log.Error("cannot start", "error", err)
		os.Exit(1)
	}
	lambda.StartWithOptions(handler, lambda.WithEnableSIGTERM())
}

func start[H lambda.Handler](ctx context.Context, wire Wire[H]) (lambda.Handler, error) {
	d := New(nil, os.Getenv, AWSFrom(os.Getenv), time.Now)
	d.LooksForPrograms()
	d.Prefetch(ctx)
	var err error
	if d.Catalog, err = program.Load(smsconsent.Programs()); err != nil {
		return nil, fmt.Errorf("programs.yaml: %w", err)
	}
	d.Tell(os.Stdout)
	f, err := open(ctx, d, wire)
	if err != nil {
		return nil, err
	}
	under := f.now.Load().deployment.Catalog.Hash()
	d.Log.InfoContext(ctx, "started", "programs", under, "tables", jurisdiction.TablesHash(), "tz", zoneinfo.Release)
	return f, nil
}

// Open returns a function of the deployment as Lambda runs it. Before each event it drops idle connections for texts,
// which may be dead after a pause, and looks for newer programs. It fails where a variable that the function needs is
// not set.
func Open[H lambda.Handler](ctx context.Context, d *Deployment, wire Wire[H]) (lambda.Handler, error) {
	return open(ctx, d, wire)
}

func open[H lambda.Handler](ctx context.Context, d *Deployment, wire Wire[H]) (*function, error) {
	f := &function{open: func(ctx context.Context, d *Deployment) (*opened, error) {
		h, err := wire(ctx, d)
		if err != nil {
			return nil, err
		}
		return &opened{h, d}, d.Missing()
	}}
	first, err := f.open(ctx, d.newer(ctx))
	if err != nil {
		return nil, err
	}
	f.now.Store(first)
	f.looked = d.Now()
	return f, nil
}

// function serves events by the latest programs it has found.
type function struct {
	open func(ctx context.Context, d *Deployment) (*opened, error)
	now  atomic.Pointer[opened]

	looking sync.Mutex
	looked  time.Time
}

// opened is a function's handler and the deployment it was made from.
type opened struct {
	lambda.Handler
	deployment *Deployment
}

// Invoke handles one event.
func (f *function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if s, ok := f.now.Load().Handler.(Stopper); ok && s.Stops(payload) {
		defer f.look(ctx)
	} else {
		f.look(ctx)
	}
	o := f.now.Load()
	for _, b := range o.deployment.outboxes {
		b.CloseIdleConnections()
	}
	return o.Handler.Invoke(ctx, payload)
}

// look makes the handler again where newer programs are in force. It checks at most once a minute, and changes
// nothing where that fails.
func (f *function) look(ctx context.Context) {
	if !f.looking.TryLock() {
		return // another event is checking; only the local stack handles several at once
	}
	defer f.looking.Unlock()
	d := f.now.Load().deployment
	if d.published == nil || d.Now().Sub(f.looked) < lookEvery && !d.stale.Load() {
		return
	}
	f.looked = d.Now()
	d.stale.Store(false)
	newer := d.newer(ctx)
	if newer == d {
		return
	}
	next, err := f.open(ctx, newer)
	if err != nil {
		d.Log.ErrorContext(ctx, "cannot start anew under newer programs", "programs", newer.Catalog.Hash(), "error", err)
		d.Metrics.Count("ProgramsNotRead", 1)
		return
	}
	f.now.Store(next)
}

// Invoke runs a handler function with one event, in JSON, and returns its answer in JSON. Each call gets its own
// wrapper, because the wrapper keeps the answer in a buffer that the next call overwrites. On Lambda a process
// handles one event at a time; the local stack handles several at once.
func Invoke(ctx context.Context, handle any, payload []byte) ([]byte, error) {
	return lambda.NewHandler(handle).Invoke(ctx, payload)
}
