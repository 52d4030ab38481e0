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
	// page is how many people are looked up at once: one Query, and a BatchGetItem for each hundred of them.
	page = 500

	// unrecorded is how many reminders go out before they are put on record: what one BatchWriteItem takes.
	unrecorded = 25

	// remindAfter is how long a subscribed person may go without a text that says how to opt out.
	remindAfter = 30 * 24 * time.Hour
)

// visit is what one job does with each person, and what it found.
type visit struct {
	*Handler
	job     job
	brand   *program.Brand
	program *program.Program
	topic   *program.Topic
	remind  outbox.Text

	// later is when the areas open that the job did not enter.
	later map[time.Time]bool

	reminded, deferred int
}

// newVisit begins a job that has found nothing yet.
func (h *Handler) newVisit(j job, b *program.Brand, p *program.Program, t *program.Topic) *visit {
	return &visit{Handler: h, job: j, brand: b, program: p, topic: t, later: map[time.Time]bool{}, remind: outbox.Text{
		Kind:    message.Reminder,
		Program: p,
		Topic:   t.ID,
		Body:    message.Compose(b, p, message.RemindOfTopics, []string{t.ID}, message.Wording{}),
		Due:     func(c *consent.Contact) bool { return reminderDue(c, p.ID, t.ID, h.Now()) },
	}}
}

// Enter lets the areas be walked that the job is meant for. It notes the openings of the others, which only the first
// job of a run, the one that began at Since, has to arrange.
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

// remindedBefore returns those of the people whom this run has reminded already: by a job that may have been ended
// before it put that on record. Whatever else is not on record the audit of everybody finds.
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

// some looks at people whose reminders are put on record together, and returns how many of them it is done with.
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
	// Where the record fails nothing else matters (I3), and the job must not pass for one that handed on its work.
	if recorded := v.Outbox.Record(ctx, sent...); recorded != nil {
		return 0, recorded
	}
	return done, err
}

// person reminds one person of the list where that is due. It returns the reminder that went out, which the caller puts
// on record; nil for none. Whoever puts an older contact back could have it sent, so the whole record is verified
// first; but not day after day of somebody whom no text reaches.
func (v *visit) person(ctx context.Context, c consent.Contact) (*table.Sent, error) {
	reached := !c.Suspect && !c.Health.Undeliverable && c.Subs[v.topic.ID].State == consent.Subscribed
	if !reached || !v.remind.Due(&c) {
		return nil, nil
	}
	if err := v.Outbox.Reconcile(ctx, c); err != nil { // or the record would not verify for want of a lost text
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

// reminds reports whether the people of a topic are reminded of how to opt out.
func reminds(t *program.Topic) bool { return t.Class == program.Promotional }

// reminder tells the person in their language how to opt out, and returns what went out.
func (v *visit) reminder(ctx context.Context, c consent.Contact) (*table.Sent, error) {
	remind := v.remind
	if c.Locale != "" {
		words := message.Wording{Language: c.Locale}
		remind.Body = message.Compose(v.brand, v.program, message.RemindOfTopics, []string{v.topic.ID}, words)
	}
	out, err := v.Outbox.Send(ctx, c, remind)
	switch {
	case out.Texted():
		v.reminded++
	case out.Decision.Verdict == gate.Defer:
		v.deferred++
	}
	return out.Sent, err
}

// reminderDue reports whether the person was last told how to opt out, by a reminder, an answer or a campaign, longer
// ago than remindAfter.
func reminderDue(c *consent.Contact, programID, topic string, now time.Time) bool {
	told := c.Subs[topic].Since
	for _, cl := range c.Claims {
		if cl.OptOut && cl.Program == programID && cl.At.After(told) {
			told = cl.At
		}
	}
	return now.Sub(told) >= remindAfter
}

// report tells what the job did: one log line, and the figure the dashboards read.
func (v *visit) report(ctx context.Context) {
	v.Log.InfoContext(ctx, "reminded", "brand", v.brand.ID, "topic", v.topic.ID,
		"reminded", v.reminded, "deferred", v.deferred)
	v.Metrics.Count("AuditReminded", v.reminded)
}
