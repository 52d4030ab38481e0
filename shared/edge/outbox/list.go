package outbox

import (
	"context"
	"errors"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
)

// maxListDelay is the longest time after a STOP until its number goes on AWS's list: Lambda keeps an event for six
// hours (AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation"), the
// follow-up comes an hour later, and a person may run either again.
const maxListDelay = 24 * time.Hour

// listDelay is how long after a STOP its number goes on AWS's opt-out list, which is a second lock after our own.
// Ours holds as soon as the change is committed: with self-managed opt-outs the sender has to know who opted out (AWS
// End User Messaging SMS User Guide, "Self-managed opt-outs").
//
// AWS refuses every text to a listed number, so within this hour HELP and STOP ALL can still be answered. And it
// takes a number off once in 30 days; a person who comes back within the hour does not need that.
const listDelay = time.Hour

// listPace is the wait between two pages of an opt-out list. AWS allows one call a second (AWS End User Messaging SMS
// User Guide, "Quotas", DescribeOptedOutNumbers), and lookups of single numbers count too.
const listPace = time.Second

// heardTimeout is how long a table that has just failed may take to say whether a STOP was handled before. Putting
// the number on the list must not wait longer.
const heardTimeout = time.Second

// takeOffList takes the number off the AWS list that the change lifts. It comes before the change is written: if
// anything fails in between, our own table still says stopped, which is what counts. It returns ErrStaysOptedOut
// where AWS refuses.
func (o *Outbox) takeOffList(ctx context.Context, key consent.Key, ch consent.Change) error {
	prog, ok := o.program(key.Brand, ch.Lift)
	if !ok {
		return nil
	}
	return o.carrier.OptIn(ctx, prog.OptOutList, key.Phone)
}

// putOnLists puts the number on the AWS lists of programs.
func (o *Outbox) putOnLists(ctx context.Context, key consent.Key, programs []string) error {
	var all error
	for _, id := range programs {
		if prog, ok := o.program(key.Brand, id); ok {
			all = errors.Join(all, o.carrier.OptOut(ctx, prog.OptOutList, key.Phone))
		}
	}
	return all
}

// putOnListsUnwritten puts the number on the AWS lists after a STOP that the table failed to store. It does nothing
// for a STOP that was handled before: the person may have come back since, and AWS takes a number off once in 30
// days. Where that is unknown, the STOP counts.
func (o *Outbox) putOnListsUnwritten(ctx context.Context, key consent.Key, ch consent.Change) error {
	if len(ch.Block) == 0 {
		return nil
	}
	if ch.Inbound != "" {
		ask, cancel := context.WithTimeout(ctx, heardTimeout)
		defer cancel()
		if heard, err := o.Store.Heard(ask, key, ch.Inbound); err == nil && heard {
			return nil
		}
	}
	return o.putOnLists(ctx, key, ch.Block)
}

// syncLists makes AWS's lists of programs match the contact: a STOP goes on them when its time has come, and an entry
// we made for a STOP that was undone comes off.
func (o *Outbox) syncLists(ctx context.Context, c consent.Contact, programs []string, now time.Time) error {
	var all error
	for _, id := range programs {
		at, stopped := c.StoppedAt(id)
		switch {
		case stopped && !now.Before(at.Add(listDelay)):
			all = errors.Join(all, o.putOnLists(ctx, c.Key, []string{id}))
		case cameBack(&c, id):
			all = errors.Join(all, o.removeOwnEntry(ctx, c, id))
		}
	}
	return all
}

// removeOwnEntry takes the number of a person who came back off AWS's list, where the entry is ours. An entry from a
// STOP that AWS itself received, or from long after any STOP we received, means that the person has opted out since.
func (o *Outbox) removeOwnEntry(ctx context.Context, c consent.Contact, programID string) error {
	prog, ok := o.program(c.Brand, programID)
	if !ok {
		return nil
	}
	entry, on, err := o.carrier.Listed(ctx, prog.OptOutList, c.Phone)
	if err != nil || !on {
		return err
	}
	undone, _ := c.UndoneAt(programID)
	if entry.ByPerson || entry.Since.After(undone.Add(maxListDelay)) {
		_, err := o.Change(ctx, c.Key, func(c consent.Contact) consent.Change {
			if !cameBack(&c, programID) {
				return consent.Change{Next: c}
			}
			return c.CarrierOptOut(programID, entry.Since, "on AWS's opt-out list")
		})
		return err
	}
	if err := o.carrier.OptIn(ctx, prog.OptOutList, c.Phone); !errors.Is(err, ErrStaysOptedOut) {
		return err
	}
	o.Metrics.Count("StaysOptedOut", 1)
	return nil
}

// ListedNumbers returns a page of the program's AWS opt-out list and the token of the next page. The token is empty
// for the first page, and after the last. Where texts are paced, pages after the first wait a second each.
func (o *Outbox) ListedNumbers(ctx context.Context, p *program.Program, token string) ([]OnList, string, error) {
	if token != "" && o.Pacer != nil {
		if err := o.pause(ctx, listPace); err != nil {
			return nil, "", err
		}
	}
	return o.carrier.List(ctx, p.OptOutList, token)
}

// SyncLists makes AWS's lists match the contact, as a due follow-up does. Where the contact changes meanwhile, the
// follow-up stays due. It may be repeated.
func (o *Outbox) SyncLists(ctx context.Context, c consent.Contact) error {
	c, err := o.Store.UpdateBookkeeping(ctx, c, func(now consent.Contact) consent.Contact {
		return now.FollowUpBy(o.Now())
	})
	if err != nil {
		return err
	}
	return o.FollowUp(ctx, c)
}

// cameBack reports whether the person stopped the program once and undid it. Only then may AWS's list have an
// outdated entry of ours.
func cameBack(c *consent.Contact, programID string) bool {
	_, stopped := c.StoppedAt(programID)
	_, undone := c.UndoneAt(programID)
	return undone && !stopped
}

func (o *Outbox) program(brandID, programID string) (*program.Program, bool) {
	brand, ok := o.Catalog.Brand(brandID)
	if !ok {
		return nil, false
	}
	return brand.Program(programID)
}
