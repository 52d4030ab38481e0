package sqs

import (
	"fmt"
	"time"
)

// Kept is a message as it is saved between two runs of the stack.
type Kept struct {
	ID, Body             string
	Attributes           map[string]Attribute
	Sent, Visible, First time.Time
	Receives             int
}

// Keep returns the messages of each queue.
func (q *Queues) Keep() map[string][]Kept {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := map[string][]Kept{}
	for _, one := range q.all {
		for _, m := range one.messages {
			all[one.name] = append(all[one.name], Kept{m.id, m.body, m.attributes, m.sent, m.visible, m.first, m.receives})
		}
	}
	return all
}

// Restore sets the messages that Keep returned in an earlier run.
func (q *Queues) Restore(all map[string][]Kept) error {
	for name, messages := range all {
		one := q.named(name)
		if one == nil {
			return fmt.Errorf("take up queue %s of the last run: there is no such queue any more", name)
		}
		for _, m := range messages {
			one.messages = append(one.messages, &queued{
				id: m.ID, body: m.Body, attributes: m.Attributes, sent: m.Sent, visible: m.Visible, first: m.First,
				receives: m.Receives,
			})
		}
	}
	return nil
}
