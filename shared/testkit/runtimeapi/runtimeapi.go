// Package runtimeapi runs a function's bootstrap the way Lambda does: as a process that gets its events from a Lambda
// Runtime API, and posts its answers there.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
package runtimeapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Failure is the error that a function reports for an event, or for its start.
type Failure string

func (f Failure) Error() string { return string(f) }

// errEnded is why nothing is answered any more.
var errEnded = errors.New("the function ended")

// Function is a running bootstrap. It serves one event at a time.
type Function struct {
	Init time.Duration // from the start of the process until it first asked for an event
	Used time.Duration // total CPU time; set by Stop

	server *http.Server
	cancel context.CancelFunc
	events chan event
	said   chan answer
	asked  chan struct{} // receives each time the function asks for an event
	ended  chan struct{} // closed when the process has ended
	output lines
	next   int
}

type event struct {
	id      string
	payload []byte
	ends    time.Time
}

type answer struct {
	body []byte
	err  error
}

// lines is the output of a process. It may be read while the process writes.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// Start runs the bootstrap with the environment env and nothing else, and returns when it asks for its first event.
// Where the bootstrap ends before that, the error has its output.
func Start(ctx context.Context, bootstrap string, env map[string]string) (*Function, error) {
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	f := &Function{
		cancel: cancel, events: make(chan event), said: make(chan answer, 1),
		asked: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", f.hand)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", f.take(nil))
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", f.take(errEnded))
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", f.take(errEnded))
	// aws-lambda-go registers as an extension, so that it gets SIGTERM.
	mux.HandleFunc("POST /2020-01-01/extension/register", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Lambda-Extension-Identifier", "extension")
	})
	mux.HandleFunc("GET /2020-01-01/extension/event/next", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	f.server = &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() { _ = f.server.Serve(listener) }() // ends when Stop closes the server

	process := exec.CommandContext(ctx, bootstrap)
	process.Stdout, process.Stderr = &f.output, &f.output
	process.Env = []string{"AWS_LAMBDA_RUNTIME_API=" + listener.Addr().String()}
	for name, value := range env {
		process.Env = append(process.Env, name+"="+value)
	}
	began := time.Now()
	if err := process.Start(); err != nil {
		close(f.ended)
		f.Stop()
		return nil, fmt.Errorf("start %s: %w", bootstrap, err)
	}
	go func() {
		_ = process.Wait() // the output says how it ended
		f.Used = process.ProcessState.UserTime() + process.ProcessState.SystemTime()
		close(f.ended)
	}()
	select {
	case <-f.asked:
		f.Init = time.Since(began)
		return f, nil
	case <-f.ended:
		f.Stop()
		return nil, fmt.Errorf("%s ended before its first event:\n%s", bootstrap, f.Output())
	}
}

// hand answers the function's request for its next event when there is one.
func (f *Function) hand(w http.ResponseWriter, r *http.Request) {
	select {
	case f.asked <- struct{}{}:
	default:
	}
	select {
	case e := <-f.events:
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", e.id)
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(e.ends.UnixMilli(), 10))
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:smsconsent:live")
		_, _ = w.Write(e.payload) // Invoke notices when the function has ended
	case <-r.Context().Done():
	}
}

// take receives the function's answer or error.
func (f *Function) take(failed error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if failed != nil {
			err = Failure(body)
		}
		w.WriteHeader(http.StatusAccepted)
		f.said <- answer{body, err}
	}
}

// Invoke hands the function an event, with a time limit, and returns its answer. The error is a Failure where the
// function reports one.
func (f *Function) Invoke(ctx context.Context, payload []byte, within time.Duration) ([]byte, error) {
	f.next++
	e := event{id: fmt.Sprintf("%08d-0000-4000-8000-000000000000", f.next), payload: payload, ends: time.Now().Add(within)}
	select {
	case f.events <- e:
	case <-f.ended:
		return nil, errEnded
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case a := <-f.said:
		return a.body, a.err
	case <-f.ended:
		return nil, fmt.Errorf("%w:\n%s", errEnded, f.Output())
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Output returns what the function has written: its log and its metrics.
func (f *Function) Output() string { return strings.TrimSpace(f.output.String()) }

// Stop ends the function, and returns when its process has ended.
func (f *Function) Stop() {
	f.cancel()
	_ = f.server.Close()
	<-f.ended
}
