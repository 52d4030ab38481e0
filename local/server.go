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

// tick is how often Run looks whether something has fallen due. Scheduler promises a minute; this is a demonstration.
const tick = 250 * time.Millisecond

// Listen takes the port, so that a caller learns that it is taken before anything else happens.
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

// Serve answers on the listener and does what falls due, until ctx ends. It then lets running calls and functions
// finish for up to ten seconds.
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
