// Package sqs imitates Amazon SQS, and the event source mappings that bring messages to Lambda functions.
package sqs

import (
	"cmp"
	"context"
	"crypto/md5" //nolint:gosec // SQS answers with the MD5 of the body and SDKs compare it; it protects nothing here.
	"encoding/hex"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
)

const (
	// Visibility is the visibility timeout. AWS advises six times the function's timeout.
	Visibility = 6 * 30 * time.Second
	// maxReceives is how often a message is tried before it goes to the dead-letter queue. It is as in template.yaml.
	maxReceives = 5
)

// queue is an SQS standard queue.
type queue struct {
	name     string
	function string // empty where no function takes from it
	batch    int    // messages a function gets at once
	dead     *queue // nil for a dead-letter queue itself

	delivering sync.Mutex // held while a function works on its messages
	messages   []*queued  // guarded by Queues.mu; in the order they were sent
	stopped    bool       // guarded by Queues.mu; the event source mapping is disabled
}

// queued is a message in a queue.
type queued struct {
	id         string
	body       string
	attributes map[string]Attribute
	sent       time.Time
	visible    time.Time // hidden until then
	first      time.Time // first received
	receives   int
	handle     string // changes with every receive
}

// Attribute is a message attribute in SQS's JSON.
type Attribute struct {
	StringValue *string `json:",omitempty"`
	BinaryValue []byte  `json:",omitempty"`
	DataType    string
}

// Queues are the queues of template.yaml. Timeouts and delays count in the stack's time. They are safe for concurrent
// use.
type Queues struct {
	Options
	events *queue // failed events that came by no queue

	mu  sync.Mutex
	all []*queue
}

// Options configures Queues.
type Options struct {
	Now     func() time.Time
	Changed func() // called after each change
	Log     *slog.Logger

	// Invoke runs a function by name, as Lambda does.
	Invoke func(ctx context.Context, function string, payload []byte) ([]byte, error)
}

// New returns empty queues.
func New(o Options) *Queues {
	q := &Queues{Options: o, events: &queue{name: "failed-events"}}
	add := func(name, function string, batch int) {
		dead := &queue{name: name + "-dead-letters"}
		q.all = append(q.all, &queue{name: name, function: function, batch: batch, dead: dead}, dead)
	}
	// Receipts come before jobs, because a spam complaint must pause a campaign before its next page.
	add("receipts", "receipts", 10)
	add("jobs", "sendcheck", 1)
	add("audit", "audit", 1)
	add("texts", "texts", 10)
	q.all = append(q.all, q.events)
	return q
}

func (q *Queues) named(name string) *queue {
	for _, one := range q.all {
		if one.name == name {
			return one
		}
	}
	return nil
}

func queueARN(name string) string { return account.ARN("sqs", name) }

func (q *Queues) send(to *queue, body string, attributes map[string]Attribute, delay time.Duration) *queued {
	now := q.Now()
	m := &queued{id: awsjson.NewID(), body: body, attributes: attributes, sent: now, visible: now.Add(delay)}
	q.mu.Lock()
	to.messages = append(to.messages, m)
	q.mu.Unlock()
	q.Changed()
	return m
}

// Send puts a message in the queue with a name, which must exist.
func (q *Queues) Send(name, body string) { q.send(q.named(name), body, nil, 0) }

// Bury keeps an event that no attempt could handle, in the queue of failed events.
func (q *Queues) Bury(payload []byte) { q.send(q.events, string(payload), nil, 0) }

// receive hides and returns up to limit visible messages, in order. Messages that were tried maxReceives times are
// moved to the dead-letter queue instead, and are only counted.
func (q *Queues) receive(from *queue, limit int, hide time.Duration) (got []queued, buried int) {
	now := q.Now()
	q.mu.Lock()
	defer q.mu.Unlock()
	from.messages = slices.DeleteFunc(from.messages, func(m *queued) bool {
		if len(got) == limit || m.visible.After(now) {
			return false
		}
		if from.dead != nil && m.receives >= maxReceives {
			from.dead.messages = append(
				from.dead.messages,
				&queued{id: m.id, body: m.body, attributes: m.attributes, sent: m.sent, visible: now},
			)
			buried++
			return true
		}
		m.receives++
		m.visible, m.handle = now.Add(hide), awsjson.NewID()
		if m.first.IsZero() {
			m.first = now
		}
		got = append(got, *m)
		return false
	})
	return got, buried
}

// delete removes the message that was received under a handle. As with SQS, an old handle removes nothing.
func (q *Queues) delete(from *queue, handle string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	from.messages = slices.DeleteFunc(from.messages, func(m *queued) bool { return m.handle != "" && m.handle == handle })
}

// NextVisible returns when a message for a function next becomes visible; false where there is none.
func (q *Queues) NextVisible() (time.Time, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var next time.Time
	found := false
	for _, one := range q.all {
		for _, m := range one.messages {
			if one.function != "" && !one.stopped && (!found || m.visible.Before(next)) {
				next, found = m.visible, true
			}
		}
	}
	return next, found
}

// Depth is how many messages a queue holds.
type Depth struct {
	Name            string
	Consumed        bool // a function takes from it
	Waiting, Hidden int
}

// Depths returns the depth of each queue.
func (q *Queues) Depths() []Depth {
	all := make([]Depth, len(q.all))
	for i, one := range q.all {
		all[i] = Depth{Name: one.name, Consumed: one.function != ""}
		all[i].Waiting, all[i].Hidden = q.depth(one)
	}
	return all
}

// depth counts the visible and the hidden messages of a queue.
func (q *Queues) depth(of *queue) (waiting, hidden int) {
	now := q.Now()
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range of.messages {
		if m.visible.After(now) {
			hidden++
		} else {
			waiting++
		}
	}
	return waiting, hidden
}

func (m *queued) systemAttributes() map[string]string {
	return map[string]string{
		"ApproximateReceiveCount":          strconv.Itoa(m.receives),
		"SentTimestamp":                    strconv.FormatInt(m.sent.UnixMilli(), 10),
		"SenderId":                         account.Account,
		"ApproximateFirstReceiveTimestamp": strconv.FormatInt(m.first.UnixMilli(), 10),
	}
}

func bodyMD5(body string) string {
	sum := md5.Sum([]byte(body)) //nolint:gosec // as above
	return hex.EncodeToString(sum[:])
}

// names returns the names of the queues.
func (q *Queues) names() []string {
	names := make([]string, 0, len(q.all))
	for _, one := range q.all {
		names = append(names, one.name)
	}
	slices.SortFunc(names, cmp.Compare[string])
	return names
}
