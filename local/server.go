package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"
)

// tick is how often Run looks for something due. Amazon's Scheduler is precise to a minute, but people watch this
// one.
const tick = 250 * time.Millisecond

// Listen opens the port. It is separate from Serve so that a caller learns that the port is taken before anything
// else starts.
func Listen(host, port string) (net.Listener, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %s is in use; stop what uses it or choose another with PORT or --port", port)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s port %s: %w", host, port, err)
	}
	return l, nil
}

// Serve answers on the listener and does what falls due, until ctx ends. Running calls and functions then have up to
// ten seconds to finish.
func (s *Stack) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	running, stop := context.WithCancel(ctx)
	defer stop()
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		s.Run(running, ticker.C)
	}()
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	s.close()
	patience, done := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer done()
	err := server.Shutdown(patience)
	select {
	case <-ran:
		s.saveChanges()
	case <-patience.Done():
	}
	if err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}
