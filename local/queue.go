package local

import (
	"cmp"
	"context"
	"crypto/md5" //nolint:gosec // SQS answers with the MD5 of the body and SDKs compare it; it protects nothing here.
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

const (
	// visibility is AWS's advice for a queue that feeds a function: six times the function's time-out.
	visibility = 6 * 30 * time.Second
	// maxReceives is how often a message is tried before it goes to the dead-letter queue, as in template.yaml.
	maxReceives = 5
)

// queue is one SQS standard queue.
type queue struct {
	name     string
	function string // "" where no function takes from it
	batch    int    // messages a function gets at once
	dead     *queue // nil for a dead-letter queue itself

	delivering sync.Mutex // held while a function works on its messages
	messages   []*queued  // guarded by queues.mu; in the order they were sent
}

// queued is one message in a queue.
type queued struct {
	id         string
	body       string
	attributes map[string]queuedAttribute
	sent       time.Time
	visible    time.Time // hidden until then
	first      time.Time // first received
	receives   int
	handle     string // changes with every receive
}

// queuedAttribute is a message attribute as SQS's JSON has it.
type queuedAttribute struct {
	StringValue *string `json:",omitempty"`
	BinaryValue []byte  `json:",omitempty"`
	DataType    string
}

// queues are the queues of template.yaml. Time-outs and delays count in the stack's time.
type queues struct {
	now     func() time.Time
	changed func()

	jobs, audit, receipts *queue
	events                *queue // dead letters of events that no queue brought

	mu  sync.Mutex
	all []*queue
}

func newQueues(now func() time.Time, changed func()) *queues {
	q := &queues{now: now, changed: changed, events: &queue{name: "events-dead"}}
	add := func(name, function string, batch int) *queue {
		dead := &queue{name: name + "-dead"}
		fed := &queue{name: name, function: function, batch: batch, dead: dead}
		q.all = append(q.all, fed, dead)
		return fed
	}
	q.jobs = add("jobs", "sendcheck", 1)
	q.audit = add("audit", "audit", 1)
	q.receipts = add("receipts", "receipts", 10)
	q.all = append(q.all, q.events)
	return q
}

func (q *queues) delivered() []*queue { return []*queue{q.receipts, q.jobs, q.audit} }

func (q *queues) named(name string) *queue {
	for _, one := range q.all {
		if one.name == name {
			return one
		}
	}
	return nil
}

// QueueURL is the URL of one of the stack's queues: "jobs", "audit" or "receipts", or one of those with "-dead".
func QueueURL(name string) string { return "http://localhost/" + Account + "/" + name }

func queueARN(name string) string { return "arn:aws:sqs:" + Region + ":" + Account + ":" + name }

func (q *queues) send(to *queue, body string, attributes map[string]queuedAttribute, delay time.Duration) *queued {
	now := q.now()
	m := &queued{id: newID(), body: body, attributes: attributes, sent: now, visible: now.Add(delay)}
	q.mu.Lock()
	to.messages = append(to.messages, m)
	q.mu.Unlock()
	q.changed()
	return m
}

// bury keeps an event no attempt could handle.
func (q *queues) bury(dead *queue, payload []byte) { q.send(dead, string(payload), nil, 0) }

// receive hides and returns up to limit visible messages, first come, first served. Those that were tried often enough
// move to the dead-letter queue instead and are only counted.
func (q *queues) receive(from *queue, limit int, hide time.Duration) (got []queued, buried int) {
	now := q.now()
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
		m.visible, m.handle = now.Add(hide), newID()
		if m.first.IsZero() {
			m.first = now
		}
		got = append(got, *m)
		return false
	})
	return got, buried
}

// delete removes the message that was received under the handle; a stale handle removes nothing, as with SQS.
func (q *queues) delete(from *queue, handle string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	from.messages = slices.DeleteFunc(from.messages, func(m *queued) bool { return m.handle != "" && m.handle == handle })
}

// nextVisible is when the queue next has something to give.
func (q *queues) nextVisible(from *queue) (time.Time, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(from.messages) == 0 {
		return time.Time{}, false
	}
	return slices.MinFunc(from.messages, func(a, b *queued) int { return a.visible.Compare(b.visible) }).visible, true
}

// depth is how many messages wait, hidden ones included.
func (q *queues) depth(of *queue) (waiting, hidden int) {
	now := q.now()
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

// deliver hands one batch to the queue's function and reports whether there was one. What the function does not
// report as failed is deleted; the rest shows again after its time-out.
func (s *Stack) deliver(ctx context.Context, from *queue) bool {
	from.delivering.Lock()
	defer from.delivering.Unlock()
	batch, buried := s.queues.receive(from, from.batch, visibility)
	if buried > 0 {
		s.log.Error("messages moved to the dead-letter queue", "queue", from.name, "messages", buried)
		s.changed()
	}
	if len(batch) == 0 {
		return buried > 0
	}
	failed := s.handOver(ctx, from, batch)
	for _, m := range batch {
		if !failed(m.id) {
			s.queues.delete(from, m.handle)
		}
	}
	s.changed()
	return true
}

// drain delivers until the queue has nothing visible.
func (s *Stack) drain(ctx context.Context, from *queue) {
	for s.deliver(ctx, from) {
	}
}

// handOver invokes the function with the batch and tells which messages it failed.
func (s *Stack) handOver(ctx context.Context, from *queue, batch []queued) (failed func(id string) bool) {
	all := func(string) bool { return true }
	payload, err := json.Marshal(sqsEvent(from, batch))
	if err != nil {
		s.log.Error("encode SQS event", "queue", from.name, "error", err)
		return all
	}
	out, err := s.invoke(ctx, from.function, payload)
	if err != nil {
		s.log.Error(
			"function failed; its messages will be redelivered",
			"function",
			from.function,
			"messages",
			len(batch),
			"attempt",
			batch[0].receives,
			"error",
			redact(err),
		)
		return all
	}
	var answer events.SQSEventResponse
	if len(out) == 0 || string(out) == "null" || string(out) == `""` {
		return func(string) bool { return false }
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		s.log.Error(
			"function answered what is no batch response; its messages will be redelivered",
			"function",
			from.function,
		)
		return all
	}
	ids := map[string]bool{}
	for _, f := range answer.BatchItemFailures {
		if !slices.ContainsFunc(batch, func(m queued) bool { return m.id == f.ItemIdentifier }) {
			// Lambda takes an identifier it does not know for the failure of the whole batch.
			s.log.Error(
				"function reported a message it was not given; the whole batch will be redelivered",
				"function",
				from.function,
			)
			return all
		}
		ids[f.ItemIdentifier] = true
	}
	if len(ids) > 0 {
		s.log.Warn(
			"function failed some messages; they will be redelivered",
			"function",
			from.function,
			"failed",
			len(ids),
			"messages",
			len(batch),
		)
	}
	return func(id string) bool { return ids[id] }
}

func sqsEvent(from *queue, batch []queued) events.SQSEvent {
	var e events.SQSEvent
	for _, m := range batch {
		attributes := map[string]events.SQSMessageAttribute{}
		for name, a := range m.attributes {
			attributes[name] = events.SQSMessageAttribute{
				StringValue: a.StringValue,
				BinaryValue: a.BinaryValue,
				DataType:    a.DataType,
			}
		}
		e.Records = append(e.Records, events.SQSMessage{
			MessageId: m.id, ReceiptHandle: m.handle, Body: m.body, Md5OfBody: bodyMD5(m.body),
			Attributes: m.systemAttributes(), MessageAttributes: attributes,
			EventSourceARN: queueARN(from.name), EventSource: "aws:sqs", AWSRegion: Region,
		})
	}
	return e
}

func (m *queued) systemAttributes() map[string]string {
	return map[string]string{
		"ApproximateReceiveCount":          strconv.Itoa(m.receives),
		"SentTimestamp":                    strconv.FormatInt(m.sent.UnixMilli(), 10),
		"SenderId":                         Account,
		"ApproximateFirstReceiveTimestamp": strconv.FormatInt(m.first.UnixMilli(), 10),
	}
}

func bodyMD5(body string) string {
	sum := md5.Sum([]byte(body)) //nolint:gosec // as above
	return hex.EncodeToString(sum[:])
}

// names lists the queues by name.
func (q *queues) names() []string {
	names := make([]string, 0, len(q.all))
	for _, one := range q.all {
		names = append(names, one.name)
	}
	slices.SortFunc(names, cmp.Compare[string])
	return names
}
