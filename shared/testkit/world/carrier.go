package world

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox"
)

// Carrier stands in for AWS. It accepts texts, and keeps opt-out lists.
type Carrier struct {
	// Answer returns the error for the nth text, counted from 1. Nil accepts all.
	Answer func(n int, t outbox.SMS) error
	// Landed is called after each text that was sent. It may be nil.
	Landed func()
	// OnList returns the error for a change of an opt-out list; call is as in Lists. Nil allows all.
	OnList func(call string) error

	// NoList holds the errors for lists that cannot be read, by name.
	NoList map[string]error
	// ListPage is how many numbers a page of a list has. Zero means a hundred, as with AWS.
	ListPage int

	Calls int      // texts that were tried
	Sent  []Sent   // texts that may have reached a phone
	Lists []string // changes of lists: "+Default" for a number put on, "-Default" for one taken off
	Looks int      // how often a list was read

	now    func() time.Time
	asked  func(call string) error
	mu     sync.Mutex
	listed map[string]outbox.ListEntry
}

// Sent is a text that may have reached a phone.
type Sent struct {
	At time.Time
	outbox.SMS
}

// Send accepts a text.
func (c *Carrier) Send(_ context.Context, t outbox.SMS) (string, error) {
	c.mu.Lock()
	c.Calls++
	n := c.Calls
	c.mu.Unlock()
	var err error
	if c.Answer != nil {
		err = c.Answer(n, t)
	}
	if _, refused := errors.AsType[*outbox.Rejection](err); !refused {
		c.mu.Lock()
		c.Sent = append(c.Sent, Sent{c.now(), t})
		c.mu.Unlock()
		if c.Landed != nil {
			c.Landed()
		}
	}
	return fmt.Sprintf("aws-%d", n), err
}

// mark returns a point in what was sent. forget drops everything after it.
func (c *Carrier) mark() [3]int { return [3]int{c.Calls, len(c.Sent), len(c.Lists)} }

func (c *Carrier) forget(since [3]int) {
	c.Calls, c.Sent, c.Lists = since[0], c.Sent[:since[1]], c.Lists[:since[2]]
}

// OptOut puts a number on a list. As with AWS, a number that is on it keeps its time.
func (c *Carrier) OptOut(_ context.Context, list string, n phone.Number) error {
	return c.onList("+"+list, func(at time.Time) {
		if _, on := c.listed[list+string(n)]; !on {
			c.listed[list+string(n)] = outbox.ListEntry{Since: at}
		}
	})
}

// OptIn takes a number off a list.
func (c *Carrier) OptIn(_ context.Context, list string, n phone.Number) error {
	return c.onList("-"+list, func(time.Time) { delete(c.listed, list+string(n)) })
}

func (c *Carrier) onList(call string, do func(at time.Time)) error {
	if err := ask(c.asked, call); err != nil {
		return err
	}
	if c.OnList != nil {
		if err := c.OnList(call); err != nil {
			return err
		}
	}
	at := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listed == nil {
		c.listed = map[string]outbox.ListEntry{}
	}
	do(at)
	c.Lists = append(c.Lists, call)
	return nil
}

// Listed reports whether a number is on a list, and since when.
func (c *Carrier) Listed(_ context.Context, list string, n phone.Number) (outbox.ListEntry, bool, error) {
	if err := ask(c.asked, "Listed"); err != nil {
		return outbox.ListEntry{}, false, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Looks++
	e, on := c.listed[list+string(n)]
	return e, on, nil
}

// List returns a page of a list, in order. The token for the next page is its last number.
func (c *Carrier) List(_ context.Context, list, token string) ([]outbox.OnList, string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := cmp.Or(c.NoList[list], ask(c.asked, "List")); err != nil {
		return nil, "", err
	}
	var page []outbox.OnList
	for key, e := range c.listed {
		if n, on := strings.CutPrefix(key, list+"+"); on && "+"+n > token {
			page = append(page, outbox.OnList{Number: phone.Number("+" + n), ListEntry: e})
		}
	}
	slices.SortFunc(page, func(a, b outbox.OnList) int { return cmp.Compare(a.Number, b.Number) })
	if size := cmp.Or(c.ListPage, 100); len(page) > size {
		return page[:size], string(page[size-1].Number), nil
	}
	return page, "", nil
}

// PutOnList puts a number on a list from outside, with any time.
func (c *Carrier) PutOnList(list string, n phone.Number, e outbox.ListEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listed == nil {
		c.listed = map[string]outbox.ListEntry{}
	}
	c.listed[list+string(n)] = e
}

// TakeOffList takes a number off a list from outside.
func (c *Carrier) TakeOffList(list string, n phone.Number) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.listed, list+string(n))
}
