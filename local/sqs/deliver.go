package sqs

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/local/account"
	"smsconsent/local/redact"
)

// DeliverOne hands one batch to its function, of the first queue that has one. It reports whether there was any.
func (q *Queues) DeliverOne(ctx context.Context) bool {
	return slices.ContainsFunc(q.all, func(from *queue) bool { return q.deliver(ctx, from) })
}

// Drain delivers the messages of a queue until none is visible.
func (q *Queues) Drain(ctx context.Context, name string) {
	for from := q.named(name); q.deliver(ctx, from); {
	}
}

// deliver hands one batch to the queue's function, and reports whether there was one. Messages that the function does
// not report as failed are deleted. The others become visible again after their timeout.
func (q *Queues) deliver(ctx context.Context, from *queue) bool {
	from.delivering.Lock()
	defer from.delivering.Unlock()
	if !q.runs(from) {
		return false
	}
	batch, buried := q.receive(from, from.batch, Visibility)
	if buried > 0 {
		q.Log.Error("messages moved to the dead-letter queue", "queue", from.name, "messages", buried)
		q.Changed()
	}
	if len(batch) == 0 {
		return buried > 0
	}
	failed := q.deliverBatch(ctx, from, batch)
	for _, m := range batch {
		if !failed(m.id) {
			q.delete(from, m.handle)
		}
	}
	q.Changed()
	return true
}

// deliverBatch invokes the function with a batch, and returns which messages it failed on.
func (q *Queues) deliverBatch(ctx context.Context, from *queue, batch []queued) (failed func(id string) bool) {
	all := func(string) bool { return true }
	payload, err := json.Marshal(event(from, batch))
	if err != nil {
		q.Log.Error("encode SQS event", "queue", from.name, "error", err)
		return all
	}
	out, err := q.Invoke(ctx, from.function, payload)
	if err != nil {
		q.Log.Error(
			"function failed; its messages will be redelivered",
			"function",
			from.function,
			"messages",
			len(batch),
			"attempt",
			batch[0].receives,
			"error",
			redact.Error(err),
		)
		return all
	}
	var answer events.SQSEventResponse
	if len(out) == 0 || string(out) == "null" || string(out) == `""` {
		return func(string) bool { return false }
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		q.Log.Error(
			"function answered what is no batch response; its messages will be redelivered",
			"function",
			from.function,
		)
		return all
	}
	ids := map[string]bool{}
	for _, f := range answer.BatchItemFailures {
		if !slices.ContainsFunc(batch, func(m queued) bool { return m.id == f.ItemIdentifier }) {
			// For Lambda, an unknown identifier means that the whole batch failed.
			q.Log.Error(
				"function reported a message it was not given; the whole batch will be redelivered",
				"function",
				from.function,
			)
			return all
		}
		ids[f.ItemIdentifier] = true
	}
	if len(ids) > 0 {
		q.Log.Warn(
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

func event(from *queue, batch []queued) events.SQSEvent {
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
			EventSourceARN: queueARN(from.name), EventSource: "aws:sqs", AWSRegion: account.Region,
		})
	}
	return e
}
