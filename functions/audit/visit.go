package audit

import (
	"context"
	"errors"
	"time"

	"smsconsent/shared/consent"
	"smsconsent/shared/gate"
	"smsconsent/shared/message"
	"smsconsent/shared/outbox"
	"smsconsent/shared/program"
	"smsconsent/shared/table"
)

const (
	// page is how many contacts are read at once: what one BatchWriteItem can record.
	page = 25

	// remindAfter is how long a subscribed person may go without a text that says how to opt out.
	remindAfter = 30 * 24 * time.Hour
)

// visit is what one job does with each person, and what it found.
type visit struct {
	*Handler
	brand   *program.Brand
	program *program.Program
	topic   *program.Topic

	checked, reminded, deferred, suspended int
}

func (v *visit) people(ctx context.Context, keys []consent.Key) error {
	contacts, err := v.Table.Contacts(ctx, keys)
	if err != nil {
		return err
	}
	var sent []table.Sent
	for _, c := range contacts {
		var s *table.Sent
		if s, err = v.person(ctx, c); s != nil {
			sent = append(sent, *s)
		}
		if err != nil {
			break
		}
	}
	return errors.Join(v.Outbox.Record(ctx, sent...), err)
}

func (v *visit) person(ctx context.Context, c consent.Contact) (*table.Sent, error) {
	v.checked++
	if err := v.Outbox.Reconcile(ctx, c); err != nil {
		return nil, err
	}
	sub := c.Subs[v.topic.ID]
	if sub.State != consent.Subscribed {
		return nil, nil
	}
	if sub.Request == 0 || sub.Proof == 0 {
		v.suspended++
		_, err := v.Outbox.Change(ctx, c.Key, func(c consent.Contact) consent.Change {
			return c.Suspend(v.topic.ID, v.Now(), "no request and confirmation on record")
		})
		return nil, err
	}
	if v.topic.Class != program.Promotional || !reminderDue(&c, v.program.ID, v.topic.ID, v.Now()) {
		return nil, nil
	}
	out, err := v.Outbox.Send(ctx, c, outbox.Text{
		Kind: message.Reminder, Program: v.program, Topic: v.topic.ID,
		Body: message.Compose(v.brand, v.program, message.RemindOfTopics, []string{v.topic.ID}),
	})
	switch {
	case out.Texted():
		v.reminded++
	case out.Decision.Verdict == gate.Defer:
		v.deferred++
	}
	return out.Sent, err
}

// reminderDue reports whether the person was last told how to opt out, by a reminder, an answer or a campaign, longer ago than
// remindAfter.
func reminderDue(c *consent.Contact, programID, topic string, now time.Time) bool {
	told := c.Subs[topic].Since
	for _, cl := range c.Claims {
		if cl.OptOut && !cl.Failed && cl.Program == programID && cl.At.After(told) {
			told = cl.At
		}
	}
	return now.Sub(told) >= remindAfter
}

// report says what the job found: one log line, and the figures the alarms and dashboards read.
func (v *visit) report(ctx context.Context) {
	v.Log.InfoContext(ctx, "audited", "brand", v.brand.ID, "topic", v.topic.ID, "checked", v.checked, "reminded", v.reminded, "deferred", v.deferred, "suspended", v.suspended)
	v.Metrics.Count("AuditChecked", v.checked)
	v.Metrics.Count("AuditReminded", v.reminded)
	v.Metrics.Count("AuditSuspended", v.suspended)
}
