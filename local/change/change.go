// Package change tells watchers of the local stack that something has changed.
package change

import "sync"

// Count counts changes, so that watchers know when to look again. It is safe for concurrent use.
type Count struct {
	mu       sync.Mutex
	version  int64
	watchers map[chan struct{}]struct{}
}

// New returns a count without watchers.
func New() *Count { return &Count{watchers: map[chan struct{}]struct{}{}} }

// Bump counts a change. It never blocks: a watcher that has not yet looked at the last change need not hear of this
// one.
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

// Now returns how many changes there were.
func (c *Count) Now() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.version
}

// Watch returns a channel that is readable after a change, and a function that ends the watching.
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
