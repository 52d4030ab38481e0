package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"smsconsent/shared/consent"
	"smsconsent/shared/message"
	"smsconsent/shared/program"
	"smsconsent/shared/table"
)

// A claim is settled once no function that could still record it can be running (Lambda's longest run is 15 minutes),
// and was looked at often enough after two days of daily audits.
const (
	settled    = 15 * time.Minute
	remembered = 48 * time.Hour
)

// Reconcile puts on record, as unconfirmed, the contact's claims of the last days that have no message: a function was
// ended between sending and recording. Claims young enough to be on their way are left alone.
func (o *Outbox) Reconcile(ctx context.Context, c consent.Contact) error {
	now := o.Now()
	return o.reconcile(ctx, c, func(cl consent.Claim) bool {
		age := now.Sub(cl.At)
		return age > settled && age < remembered
	})
}

// mend finishes what an earlier run of the same event may have left: the AWS list, and a record of texts that were claimed
// and perhaps sent.
func (o *Outbox) mend(ctx context.Context, c consent.Contact, ch consent.Change) error {
	if !ch.Repeated {
		return nil
	}
	all := o.reconcile(ctx, c, func(cl consent.Claim) bool { return cl.Campaign == "" })
	ch.Block = slices.DeleteFunc(ch.Block, func(prog string) bool {
		_, stopped := c.StoppedAt(prog)
		return !stopped
	})
	return errors.Join(all, o.block(ctx, c.Key, ch))
}

func (o *Outbox) reconcile(ctx context.Context, c consent.Contact, which func(consent.Claim) bool) error {
	var all error
	for _, cl := range c.Claims {
		if !which(cl) {
			continue
		}
		body, err := o.wording(ctx, c.Brand, cl)
		if err == nil {
			err = o.unconfirmed(ctx, c.Key, cl, body)
		}
		all = errors.Join(all, err)
	}
	return all
}

// wording finds again what a claimed text said: the campaign's text, or the one of our own texts whose content the claim names.
// Empty where the programs or texts have changed since; a record says nothing rather than something else.
func (o *Outbox) wording(ctx context.Context, brandID string, cl consent.Claim) (string, error) {
	brand, ok := o.Catalog.Brand(brandID)
	if !ok {
		return "", nil
	}
	if cl.Campaign != "" {
		c, err := o.Store.Campaign(ctx, cl.Campaign)
		if errors.Is(err, table.ErrNotFound) {
			return "", nil
		}
		if err != nil {
			return "", fmt.Errorf("campaign %s: %w", cl.Campaign, err)
		}
		return claimedBody(brand, c.Text, cl), nil
	}
	prog, ok := brand.Program(cl.Program)
	if !ok {
		return "", nil
	}
	return ownText(brand, prog, cl), nil
}

// ownText is the text of ours, in whichever language, whose content the claim names. A link it had is left out, for nobody knows
// which one it was.
func ownText(b *program.Brand, p *program.Program, cl consent.Claim) string {
	for _, language := range message.Languages(b) {
		for _, a := range message.Answers() {
			for _, everything := range []bool{false, true} {
				body := message.Compose(b, p, a, cl.Topics, message.Wording{Language: language, Everything: everything})
				if message.ContentHash(body) == cl.Content {
					return body
				}
			}
		}
	}
	return ""
}

// unconfirmed records a claimed text whose outcome nobody knows, unless it is on record.
func (o *Outbox) unconfirmed(ctx context.Context, key consent.Key, cl consent.Claim, body string) error {
	m := cl.Message()
	m.Body, m.Policy, m.Status = body, o.Gate.Policy(), consent.Unconfirmed
	m.History = []consent.StatusChange{{
		At: o.Now().UTC().Truncate(time.Millisecond), Status: consent.Unconfirmed, Detail: "claimed, and no record of what followed",
	}}
	if brand, ok := o.Catalog.Brand(key.Brand); ok {
		if prog, ok := brand.Program(cl.Program); ok {
			m.Identity = prog.Identity.String()
		}
	}
	if err := o.Store.RecordUnconfirmed(ctx, key, m); err != nil {
		return fmt.Errorf("record claim %s as unconfirmed: %w", cl.ID, err)
	}
	return nil
}
