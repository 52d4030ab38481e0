package audit

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

// everybody is the part of an audit that looks at one segment of the table.
type everybody struct {
	*Handler
	segment int
}

// page looks at the complete records of the next people.
func (e *everybody) page(ctx context.Context, p *inspect.Part) (found, error) {
	people, err := e.next(ctx, p)
	if err != nil {
		return found{}, err
	}
	rules := e.rules()
	f := found{people: len(people)}
	for i := range people {
		s := &people[i]
		key := s.Record.Contact.Key
		if s.Unreadable {
			p.Figures.People++
			p.Figures.Unreadable++
		} else {
			p.Figures.Add(&s.Record, rules.Now)
			p.Figures.Did(report.Verified, 1)
		}
		all := rules.Look(s)
		f.add(p, key, all)
		for _, x := range all {
			if x.Mended() || x.Kind == report.Altered {
				p.Todo = append(p.Todo, inspect.Task{Key: key})
				break
			}
		}
	}
	return f, nil
}

// next reads the next people of the segment, and stores in the part where to go on.
func (e *everybody) next(ctx context.Context, p *inspect.Part) ([]inspect.Subject, error) {
	var at table.Position
	if p.Next != "" {
		if err := json.Unmarshal([]byte(p.Next), &at); err != nil {
			return nil, fmt.Errorf("where %s goes on: %w", p.Name, err)
		}
	}
	people, next, err := e.Table.ScanRecords(ctx, e.segment, at, e.Now())
	if err != nil {
		return nil, err
	}
	p.Next = behindAll
	if next != (table.Position{}) {
		raw, err := json.Marshal(next)
		if err != nil {
			return nil, fmt.Errorf("where %s goes on: %w", p.Name, err)
		}
		p.Next = string(raw)
	}
	return people, nil
}

// act repairs what the audit itself can, according to what is stored now.
func (e *everybody) act(ctx context.Context, task inspect.Task) error {
	s, err := e.Table.Examine(ctx, task.Key, e.Now())
	if err != nil {
		return err
	}
	rules := e.rules()
	for _, x := range rules.Look(&s) {
		var err error
		switch x.Kind {
		case report.Altered:
			err = e.suspect(ctx, task.Key)
		case report.Unproven:
			err = e.suspend(ctx, task.Key, x, s.Record.Contact.Subs[x.Topic].Proof)
		case report.OverdueAsk:
			_, err = e.followUpPerson(ctx, task.Key, rules.Now.UTC())
		case report.LeftClaim:
			err = e.Outbox.Reconcile(ctx, s.Record.Contact)
		case report.Stray, report.Unlisted:
			err = e.Table.RepairAudience(ctx, task.Key)
		default:
		}
		if err != nil {
			return fmt.Errorf("%s: %w", x.Kind, err)
		}
	}
	return nil
}

// suspect marks a person whose record does not verify, so that only replies are sent until somebody has looked.
// Suspending their topics would be too much: with a missing ledger key it would suspend everybody's.
func (h *Handler) suspect(ctx context.Context, key consent.Key) error {
	fault, err := h.Table.Verify(ctx, key, h.Now())
	if fault != nil {
		h.Log.ErrorContext(ctx, "a record does not verify; nothing unasked is sent to this person", "brand", key.Brand, "fault", fault)
	}
	return err
}

// suspend suspends the topic that was found unproven, unless it has other proof by now.
func (h *Handler) suspend(ctx context.Context, key consent.Key, found inspect.Finding, proof int64) error {
	_, err := h.Outbox.Change(ctx, key, func(c consent.Contact) consent.Change {
		if c.Subs[found.Topic].Proof != proof || c.Suspect {
			return consent.Change{Next: c}
		}
		return c.Suspend(found.Topic, h.Now(), found.Why)
	})
	return err
}

// rules returns the rules of the audit at this time.
func (h *Handler) rules() inspect.Rules {
	now := h.Now()
	return inspect.Rules{
		Now: now, LostAfter: outbox.LostAfter, Grace: grace, Unserved: h.unserved,
		Lives: lives,
		ReminderDue: func(c *consent.Contact, topic string) bool {
			brand, ok := h.Catalog.Brand(c.Brand)
			if !ok {
				return false
			}
			prog, t, ok := brand.Topic(topic)
			return ok && reminds(t) && reminderDue(c, prog.ID, topic, now)
		},
	}
}

// lives returns how long a consent lasts by the law of the phone's country, zero for ever.
func lives(c *consent.Contact) time.Duration {
	law, _ := jurisdiction.Lookup(c.Phone.Country())
	return time.Duration(law.ConsentYears) * 365 * 24 * time.Hour
}

// unserved returns why the person's place is not served, empty where it is.
func (h *Handler) unserved(c *consent.Contact) string {
	if _, ok := h.Catalog.Brand(c.Brand); !ok {
		return "programs.yaml no longer has the brand"
	}
	p := h.Gate.Person(c)
	return cmp.Or(p.Abroad, p.Unserved)
}
