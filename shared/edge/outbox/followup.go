package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/table"
)

// withFollowUp returns the changed contact with the date of its follow-up, which finishes what a function that is
// ended suddenly leaves undone: AWS's list may not match a STOP or START yet, and a text claimed a moment ago may not
// be on record. A person who leaves a topic gets a follow-up after any claim, because the topic's campaigns do not meet
// them again and the next audit may be a day away.
func withFollowUp(ch *consent.Change, now time.Time) consent.Contact {
	next := ch.Next
	last := lastClaimAt(&next)
	switch {
	case len(ch.Block) > 0:
		return next.FollowUpBy(now.Add(listDelay))
	case ch.Lift != "", last.Add(LostAfter).After(now), len(ch.Left) > 0 && !last.IsZero():
		return next.FollowUpBy(now.Add(LostAfter))
	default:
		return next
	}
}

// lastClaimAt returns when the last text was claimed, zero for never.
func lastClaimAt(c *consent.Contact) time.Time {
	if len(c.Claims) == 0 {
		return time.Time{}
	}
	return slices.MaxFunc(c.Claims, func(a, b consent.Claim) int { return a.At.Compare(b.At) }).At
}

// FollowUp finishes what is left to do about a contact: it records texts that were not recorded, sends waiting texts
// that may still be sent, and makes AWS's lists match the contact. Until all of it is done the follow-up stays due.
// It may be repeated.
func (o *Outbox) FollowUp(ctx context.Context, c consent.Contact) error {
	if !isDue(&c, o.Now()) {
		return nil
	}
	brand, ok := o.Catalog.Brand(c.Brand)
	if !ok {
		return fmt.Errorf("follow up: brand %q is not in programs.yaml", c.Brand)
	}
	var programs []string
	for i := range brand.Programs {
		programs = append(programs, brand.Programs[i].ID)
	}
	err := o.Reconcile(ctx, c)
	out, failed := o.sendWaiting(ctx, c, func(consent.Ask) bool { return true })
	c = out.contact
	at := o.Now()
	if err := errors.Join(err, failed, o.syncLists(ctx, c, programs, at)); err != nil {
		return err
	}
	_, err = o.Store.UpdateBookkeeping(ctx, c, func(now consent.Contact) consent.Contact {
		if isDue(&now, at) && sameLists(&c, &now) {
			now.FollowUp = nextLook(&now, programs, at)
		}
		return now
	})
	if err != nil {
		return fmt.Errorf("follow up: %w", err)
	}
	return nil
}

func isDue(c *consent.Contact, now time.Time) bool {
	return !c.FollowUp.IsZero() && !c.FollowUp.After(now)
}

// finishEarlierRun finishes what an earlier run for the same event may have left: records of texts that were claimed
// and perhaps sent, its own reply that the carrier had no capacity for, and the AWS lists.
func (o *Outbox) finishEarlierRun(ctx context.Context, c consent.Contact, ch consent.Change) error {
	if !ch.Repeated {
		return nil
	}
	ours := func(cl consent.Claim) bool { return cl.Campaign == "" && cl.Ref == "" }
	_, err := o.reconcile(ctx, []consent.Contact{c}, ours, o.campaignText)
	answers := func(ask consent.Ask) bool { return ask.Inbound != "" && ask.Inbound == ch.Inbound }
	out, failed := o.sendWaiting(ctx, c, answers)
	if out.waits != "" {
		failed = errors.Join(failed, out.waits)
	}
	return errors.Join(err, failed, o.syncLists(ctx, out.contact, ch.Block, o.Now()))
}

// sendWaiting sends the waiting texts of the contact that which selects and whose time has come. Before that, where
// the person came back, it removes our own entry from AWS's list, because AWS may have refused the text for it.
func (o *Outbox) sendWaiting(ctx context.Context, c consent.Contact, which func(consent.Ask) bool) (delivered, error) {
	if !slices.ContainsFunc(c.Waiting, which) {
		return delivered{contact: c}, nil
	}
	var lists error
	for _, ask := range c.Waiting {
		if which(ask) && cameBack(&c, ask.Program) { // AWS may have refused it because of our own entry
			lists = errors.Join(lists, o.removeOwnEntry(ctx, c, ask.Program))
		}
	}
	var b batch
	stored, err := o.Store.UpdateBookkeeping(ctx, c, func(now consent.Contact) consent.Contact {
		at := o.Now()
		ready, next := now.TakeReady(at)
		ch := consent.Change{Next: next}
		for _, ask := range ready {
			if which(ask) {
				ch.Ask = append(ch.Ask, ask)
			} else {
				ch.Next.Waiting = append(ch.Next.Waiting, ask)
			}
		}
		b = o.compose(&ch, at)
		return withFollowUp(&ch, at)
	})
	if err != nil {
		return delivered{contact: c}, errors.Join(lists, fmt.Errorf("hand on what waits: %w", err))
	}
	out, err := o.deliver(ctx, stored, b)
	return out, errors.Join(lists, err)
}

// isOutdated reports whether a waiting reply is no longer true.
func isOutdated(c *consent.Contact, ask consent.Ask) bool {
	is := func(state consent.State) bool {
		return !slices.ContainsFunc(ask.Topics, func(topic string) bool { return c.Subs[topic].State != state })
	}
	switch ask.Answer {
	case message.AnswerWelcome:
		return !is(consent.Subscribed)
	case message.AnswerExpired:
		return !is(consent.Expired)
	case message.AskStillWanted:
		return slices.ContainsFunc(ask.Topics, func(topic string) bool { return c.Subs[topic].TierNow() != consent.Asked })
	case message.AnswerStop:
		_, stopped := c.StoppedAt(ask.Program)
		return !stopped && (len(ask.Topics) == 0 || !is(consent.Unsubscribed))
	default:
		return false
	}
}

// nextLook returns when the contact must be looked at next: when a waiting text may be sent, when a text counts as
// lost, or when a STOP to one of the programs goes on AWS's list.
func nextLook(c *consent.Contact, programs []string, now time.Time) time.Time {
	var next consent.Contact
	for _, ask := range c.Waiting {
		next = next.FollowUpBy(ask.From)
	}
	if settles := lastClaimAt(c).Add(LostAfter); settles.After(now) {
		next = next.FollowUpBy(settles)
	}
	for _, id := range programs {
		if at, stopped := c.StoppedAt(id); stopped && at.Add(listDelay).After(now) {
			next = next.FollowUpBy(at.Add(listDelay))
		}
	}
	return next.FollowUp
}

// sameLists reports whether two states of a contact require the same entries on AWS's lists.
func sameLists(a, b *consent.Contact) bool {
	same := func(x, y map[string]time.Time) bool {
		if len(x) != len(y) {
			return false
		}
		for k, at := range x {
			if !y[k].Equal(at) {
				return false
			}
		}
		return true
	}
	return same(a.Stopped, b.Stopped) && same(a.Undone, b.Undone)
}

var _ Store = (*table.Table)(nil)
