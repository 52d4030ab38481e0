package local

import "sync"

// changes counts what happened, so that watchers know when to look again.
type changes struct {
	mu       sync.Mutex
	version  int64
	watchers map[chan struct{}]struct{}
}

func newChanges() *changes { return &changes{watchers: map[chan struct{}]struct{}{}} }

// bump never waits: a watcher that has not yet looked at the last change need not be told of the next.
func (c *changes) bump() {
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

func (c *changes) now() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.version
}

// watch returns a channel that is readable after a change, and what ends the watching.
func (c *changes) watch() (<-chan struct{}, func()) {
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
