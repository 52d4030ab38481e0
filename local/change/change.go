// Package change tells watchers of the local stack that something has changed.
package change

import "sync"

// Count counts what happened, so that watchers know when to look again.
type Count struct {
	mu       sync.Mutex
	version  int64
	watchers map[chan struct{}]struct{}
}

// New returns a count that nobody watches.
func New() *Count { return &Count{watchers: map[chan struct{}]struct{}{}} }

// Bump counts one more. It never waits: a watcher that has not yet looked at the last change need not be told of the
// next.
func (c *Count) Bump() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.version++
	for w := range c.watchers {
		select {
		case w <- struct{}{}:
		default:
		}
	}
}

// Now returns how much happened.
func (c *Count) Now() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.version
}

// Watch returns a channel that is readable after a change, and what ends the watching.
func (c *Count) Watch() (<-chan struct{}, func()) {
	w := make(chan struct{}, 1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watchers[w] = struct{}{}
	return w, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.watchers, w)
	}
}
