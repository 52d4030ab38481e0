package outbox

import (
	"context"
	"errors"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
)

// maxListDelay is how long after a STOP its number may still come on AWS's list: Lambda keeps an event for six hours
// (AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation"), the follow-up
// comes an hour later, and somebody may run either again by hand.
const maxListDelay = 24 * time.Hour

// listDelay is how long after a STOP was said its number goes on AWS's opt-out list, the second lock behind our own.
// The first one holds from the commit on: where opt-outs are self-managed, who was opted out is for the sender to know
// (AWS End User Messaging SMS User Guide, "Self-managed opt-outs"). AWS refuses every text to a listed number, so
// within the hour HELP and STOP ALL get their answers. And it takes a number off once in 30 days, which whoever comes
// back within the hour does not use up.
const listDelay = time.Hour

// listPace is how long a page of an opt-out list waits behind the one before: AWS takes one call a second (AWS End User
// Messaging SMS User Guide, "Quotas", DescribeOptedOutNumbers), and looks for a single number count too.
const listPace = time.Second

// heardTimeout is how long the table, which has just failed, may take to say whether it has heard a STOP before. The
// list must not wait for it.
const heardTimeout = time.Second

// takeOffList takes the number off the AWS list that the change lifts. It comes before the change is written: should
// anything fail in between, our own table still says stopped, and that is what counts. The error is ErrStaysOptedOut
// where AWS will not do it yet, for it does so once in 30 days.
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

// putOnListsUnwritten puts the number on the AWS lists of a STOP that the table failed. A STOP that was handled before
// and comes again is left alone: she may have come back since, and AWS takes a number off its list once in 30 days.
// Where that cannot be told, it is a STOP.
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

// syncLists makes AWS's lists of programs say what the contact says: a STOP goes on them when its time has come, and
// where it was undone they must not hold what it left there.
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

// removeOwnEntry takes the number of somebody who came back off AWS's list, if it was us who left it there. Where it
// was put there by a STOP that AWS itself heard, or long after any STOP we heard, the person has opted out since.
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

// ListedNumbers reads a page of the program's AWS opt-out list, and the token of the next page: empty for the first,
// and where there is none. Pages behind the first wait a second each, where texts are paced too.
func (o *Outbox) ListedNumbers(ctx context.Context, p *program.Program, token string) ([]OnList, string, error) {
	if token != "" && o.Pacer != nil {
		if err := o.pause(ctx, listPace); err != nil {
			return nil, "", err
		}
	}
	return o.carrier.List(ctx, p.OptOutList, token)
}

// SyncLists makes AWS's lists say what the contact says, as a follow-up that is due does: should the contact change
// meanwhile, the follow-up stays due.
func (o *Outbox) SyncLists(ctx context.Context, c consent.Contact) error {
	c, err := o.Store.UpdateBookkeeping(ctx, c, func(now consent.Contact) consent.Contact {
		return now.FollowUpBy(o.Now())
	})
	if err != nil {
		return err
	}
	return o.FollowUp(ctx, c)
}

// cameBack reports whether the person stopped the program once and undid it. Only then may AWS's list hold an entry of
// ours by mistake.
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
