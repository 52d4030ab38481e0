package audit

import (
	"context"
	"slices"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience/walk"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

const (
	// page is how many people are read at once: one Query, and a BatchGetItem for each hundred of them.
	page = 500

	// unrecorded is how many reminders are sent before they are recorded: the most that one BatchWriteItem takes.
	unrecorded = 25

	// remindAfter is how long a subscribed person may go without a text that says how to opt out.
	remindAfter = 30 * 24 * time.Hour
)

// visit is one job's walk through people, and its results.
type visit struct {
	*Handler
	job     job
	brand   *program.Brand
	program *program.Program
	topic   *program.Topic
	remind  outbox.Text // but for its words, which depend on the person

	// later has the openings of the areas that the job did not enter.
	later map[time.Time]bool

	reminded, deferred int
}

// newVisit begins a walk.
func (h *Handler) newVisit(j job, b *program.Brand, p *program.Program, t *program.Topic) *visit {
	return &visit{Handler: h, job: j, brand: b, program: p, topic: t, later: map[time.Time]bool{}, remind: outbox.Text{
		Kind:    message.Reminder,
		Program: p,
		Topic:   t.ID,
		Due:     func(c *consent.Contact) bool { return reminderDue(c, p.ID, t.ID, h.Now()) },
	}}
}

// Enter reports whether the job is meant for an area. It notes the openings of the others, for which only the first
// job of a run makes schedules.
func (v *visit) Enter(_ context.Context, area phone.Area) (string, bool, error) {
	opening := walk.Opening(v.Gate, v.brand.ID, area, v.job.Since)
	if !opening.Equal(v.job.Opening) {
		if v.job.Opening.IsZero() {
			v.later[opening] = true
		}
		return "", false, nil
	}
	after, left := v.job.Cursor.Enter(area)
	return after, left, nil
}

// Visit looks at the people of a page.
func (v *visit) Visit(ctx context.Context, p walk.Page) (behind phone.Number, err error) {
	contacts, unreadable, err := v.Table.Contacts(ctx, p.People)
	if err != nil {
		return "", err
	}
	for _, u := range unreadable {
		v.Log.ErrorContext(ctx, "a contact cannot be read; nothing is sent to this person",
			"brand", u.Key.Brand, "topic", v.topic.ID, "error", u.Fault)
	}
	if err := v.Outbox.Reconcile(ctx, v.remindedBefore(contacts)...); err != nil {
		return "", err
	}
	for some := range slices.Chunk(contacts, unrecorded) {
		n, err := v.some(ctx, some)
		if n > 0 {
			behind = some[n-1].Phone
		}
		if err != nil {
			return behind, err
		}
	}
	return behind, nil
}

// remindedBefore returns the people whom this run has reminded already, by a job that may have been ended before it
// recorded that. Other missing records are found by the audit of everybody.
func (v *visit) remindedBefore(contacts []consent.Contact) (before []consent.Contact) {
	for _, c := range contacts {
		if slices.ContainsFunc(c.Claims, func(cl consent.Claim) bool {
			return cl.Kind == message.Reminder && !cl.At.Before(v.job.Since)
		}) {
			before = append(before, c)
		}
	}
	return before
}

// some looks at people whose reminders are recorded together, and returns how many of them are done.
func (v *visit) some(ctx context.Context, contacts []consent.Contact) (done int, err error) {
	var sent []table.Sent
	for _, c := range contacts {
		var s *table.Sent
		if s, err = v.person(ctx, c); s != nil {
			sent = append(sent, *s)
		}
		if err == nil {
			err = v.review(ctx, c)
		}
		if err != nil {
			break
		}
		done++
	}
	// An error in recording counts before any other (I3), because the job must then not pass as done.
	if recorded := v.Outbox.Record(ctx, sent...); recorded != nil {
		return 0, recorded
	}
	return done, err
}

// person reminds one person where that is due, and returns the reminder for the caller to record, nil for none. The
// complete record is verified first, because an attacker could restore an older contact to have it sent. It is not
// verified every day for a person whom no text reaches.
func (v *visit) person(ctx context.Context, c consent.Contact) (*table.Sent, error) {
	reached := !c.Suspect && !c.Health.Undeliverable && c.Subs[v.topic.ID].State == consent.Subscribed
	if !reached || !v.remind.Due(&c) {
		return nil, nil
	}
	if err := v.Outbox.Reconcile(ctx, c); err != nil { // a lost text must be recorded, or the record does not verify
		return nil, err
	}
	fault, err := v.Table.Verify(ctx, c.Key, v.Now())
	if err != nil {
		return nil, err
	}
	if fault != nil {
		v.Log.ErrorContext(ctx, "a record does not verify; no reminder is sent to this person", "brand", v.brand.ID, "fault", fault)
		return nil, nil
	}
	return v.reminder(ctx, c)
}

// reminds reports whether the people of a topic are reminded how to opt out.
func reminds(t *program.Topic) bool { return t.Class == program.Promotional }

// reminder sends the person a text in their language about how to opt out, and returns it.
func (v *visit) reminder(ctx context.Context, c consent.Contact) (*table.Sent, error) {
	remind, words := v.remind, message.Wording{Language: c.Locale}
	remind.Body = message.Compose(v.brand, v.program, message.RemindOfTopics, []string{v.topic.ID}, words)
	out, err := v.Outbox.Send(ctx, c, remind)
	switch {
	case out.Texted():
		v.reminded++
	case out.Decision.Verdict == gate.Defer:
		v.deferred++
	}
	return out.Sent, err
}

// reminderDue reports whether the person was last told how to opt out, by any text, longer than remindAfter ago.
func reminderDue(c *consent.Contact, programID, topic string, now time.Time) bool {
	told := c.Subs[topic].Since
	for _, cl := range c.Claims {
		if cl.OptOut && cl.Program == programID && cl.At.After(told) {
			told = cl.At
		}
	}
	return now.Sub(told) >= remindAfter
}

// report reports what the job did: one log line, and the metric for dashboards.
func (v *visit) report(ctx context.Context) {
	v.Log.InfoContext(ctx, "reminded", "brand", v.brand.ID, "topic", v.topic.ID,
		"reminded", v.reminded, "deferred", v.deferred)
	v.Metrics.Count("AuditReminded", v.reminded)
}
