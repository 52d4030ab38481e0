// Package outbox is the one door out: nothing else hands a text to the carrier.
//
// It always takes three steps in this order: claim (a conditional write of the contact), send, record. A crash
// between send and record leaves a claim without a message. The next job or audit that finds it records the message as
// unconfirmed, and it is never sent again (I2, I3).
//
// A function may be ended at any moment. For everything it may leave undone the contact has a date at which the audit
// checks it: the follow-up.
//
// To begin, read Change (what a person said or asked for), Send (campaigns, reminders and single texts) and FollowUp.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
)

// MaxTries is how often a decision on a contact is made again because the contact changed before the write. Two
// writers at once are rare; eight conflicts in a row are a fault.
const MaxTries = 8

// listReserve is how much time is reserved for putting a number on AWS's list when the table does not answer.
const listReserve = 5 * time.Second

// Store is the part of the consent table that the outbox uses. A write is durable when its method returns nil. After
// an error that is not named here it is unknown whether the write happened.
type Store interface {
	// Contact reads a contact in its newest version. A contact that is not stored comes as a new one
	// with version 0.
	Contact(ctx context.Context, key consent.Key) (consent.Contact, error)

	// Commit writes a change, its events, its audience entries and its inbound message in one transaction, all or nothing
	// (I4). It returns table.ErrConflict where the contact is not in the version of ch.Next any more, and table.ErrHeard
	// where the inbound message was committed before; then nothing is written. It may be repeated.
	Commit(ctx context.Context, ch consent.Change, now time.Time) (consent.Contact, error)

	// Heard reports whether a change that the inbound message caused was committed.
	Heard(ctx context.Context, key consent.Key, inbound string) (bool, error)

	// Claim adds a claim to the contact in one conditional write, and returns the contact as stored. It returns
	// table.ErrConflict where the contact is not in the version of before any more (I1). A claim has an ID of its own,
	// so a retry after a lost answer finds its own claim and is no conflict; the contact may then be newer.
	Claim(ctx context.Context, before consent.Contact, claim consent.Claim, keep time.Duration) (consent.Contact, error)

	// UpdateBookkeeping changes fields that need no event (consent.Contact.TakeBookkeeping) in one conditional write,
	// and returns the contact as stored. Where the contact has changed it reads it and calls change again, so
	// change may be called several times. It writes nothing where nothing changes.
	UpdateBookkeeping(
		ctx context.Context,
		c consent.Contact,
		change func(consent.Contact) consent.Contact,
	) (consent.Contact, error)

	// Record stores texts, each in a write of its own: after an error some may be stored. It may be repeated, and
	// replaces what RecordUnconfirmed stored (I3).
	Record(ctx context.Context, sent ...table.Sent) error

	// RecordUnconfirmed stores a text with an unknown outcome, unless it is on record: one conditional write,
	// which may be repeated.
	RecordUnconfirmed(ctx context.Context, key consent.Key, m consent.Message) error

	// Statuses returns the recorded status of the texts. A text that is not on record is left out, and so may be one
	// that was recorded within the last second.
	Statuses(ctx context.Context, texts ...table.Text) (map[table.Text]consent.Status, error)

	// Campaign reads a campaign, or returns table.ErrNotFound.
	Campaign(ctx context.Context, id string) (campaign.Campaign, error)

	// Attributes reads the values for the fields in a person's texts; none where there are none.
	Attributes(ctx context.Context, key consent.Key) (map[string]string, error)
}

// Pacer keeps an origination identity within its message parts per second (AWS, "Message Parts per Second limits").
// Wait returns queue.ErrShortOfTime at once where ctx would end before the turn.
type Pacer interface {
	Wait(ctx context.Context, p *program.Program, parts int) error
}

// Links makes the address of a person's preference page, which is valid for a limited time.
type Links interface {
	Link(key consent.Key, now time.Time) string
}

// ShortLinks makes the address that replaces a link in a campaign's text for one person. Equal arguments give the
// same address. place is the position of the link in the text, from 0.
type ShortLinks interface {
	Short(key consent.Key, campaign string, place int) (string, error)
}

// Config is what an Outbox works with.
type Config struct {
	Catalog *program.Catalog
	Gate    *gate.Gate
	Store   Store
	Now     func() time.Time // the clock; it is read at the moment of each claim
	Random  io.Reader        // for message IDs; nil means crypto/rand
	Links   Links            // for replies with a link to the preference page; nil without such pages
	Short   ShortLinks       // for campaigns with links; nil without campaigns
	Pacer   Pacer            // for campaigns and reminders; nil for as fast as AWS accepts them
	Log     *slog.Logger
	Metrics *telemetry.Metrics

	// Pause waits before a text for which the carrier had no capacity is offered again; nil waits by the real clock.
	Pause func(ctx context.Context, d time.Duration) error
}

// Outbox claims, sends and records. It is safe for concurrent use.
//
// Its carrier goes in when it is made and never comes out, so that nothing can be sent past the claim.
type Outbox struct {
	Config
	carrier Carrier
	idle    func() // drops the carrier's unused connections; nil where it keeps none of its own
}

// New makes an Outbox with the caller's carrier, such as one that texts nobody.
func New(c Config, carrier Carrier) *Outbox { return &Outbox{Config: c, carrier: carrier} }

// waitsError makes an event come again whose reply the carrier did not take now, for the reason it gave. The event then
// finds the reply waiting.
type waitsError string

// Error names the carrier's reason code.
func (reason waitsError) Error() string {
	return "the carrier refused an answer (" + string(reason) + "), which waits; the event has to come again"
}

// Changed is a change that was written, and the results of its texts.
type Changed struct {
	consent.Change
	Texts []TextResult // those that the gate held back come first
}

// TextResult is the result of one text that a change asked for.
type TextResult struct {
	consent.Ask
	Status   consent.Status // Sent, Unconfirmed or Rejected; empty where the gate held the text back
	Reason   string         // why it was not sent: the gate's words or the carrier's code; empty where it may have been
	OptedOut bool           // rejected because the number is on AWS's opt-out list; it now counts as opted out
	Waits    bool           // rejected for a reason that is not about this phone; the text waits and may be sent later
}

// Change reads a contact, lets decide change it, and writes the change together with the claims of the texts it asks
// for. Then it sends and records those texts. Where another caller changed the contact meanwhile, it calls decide
// again with the new one, up to MaxTries times. It returns the change that was written. An empty change writes
// nothing. Nothing is written either where one of the texts is needed and may not be sent now; Texts then says why.
func (o *Outbox) Change(
	ctx context.Context,
	key consent.Key,
	decide func(consent.Contact) consent.Change,
) (Changed, error) {
	lifted := ""        // over all tries
	turn := o.newTurn() // the same
	for range MaxTries {
		before, err := o.read(ctx, key)
		if err != nil {
			// On which list a STOP puts a number does not depend on what is stored.
			return Changed{}, errors.Join(err, o.putOnListsUnwritten(ctx, key, decide(consent.Contact{Key: key})))
		}
		o.warnIfSuspect(ctx, &before)
		ch := decide(before)
		if _, stopped := ch.Next.StoppedAt(lifted); stopped && lifted != "" {
			// A newer STOP came in between, so the number goes back on the list it was taken off.
			ch.Block = append(ch.Block, lifted)
		}
		if ch.Empty() {
			return Changed{Change: ch}, o.finishEarlierRun(ctx, before, ch)
		}
		if len(ch.Events) == 0 {
			ch, err := o.keep(ctx, before, decide)
			if errors.Is(err, table.ErrConflict) {
				continue
			}
			return Changed{Change: ch}, err
		}
		switch err := o.takeOffList(ctx, key, ch); {
		case errors.Is(err, ErrStaysOptedOut):
			o.Metrics.Count("StaysOptedOut", 1)
			ch = before.KeptOut(ch)
		case err != nil:
			return Changed{}, err
		case ch.Lift != "":
			lifted = ch.Lift
		}
		if err := turn(ctx, &ch); err != nil {
			return Changed{}, err
		}
		now := o.Now()
		batch := o.compose(&ch, now)
		if batch.lacksNeeded() {
			return Changed{consent.Change{Next: before}, batch.kept}, nil
		}
		ch.Next = withFollowUp(&ch, now)
		stored, err := o.commit(ctx, ch, now)
		switch {
		case errors.Is(err, table.ErrConflict):
			continue
		case errors.Is(err, table.ErrHeard):
			return o.finishRepeated(ctx, key, ch.Inbound, append(ch.Block, lifted))
		case err != nil:
			return Changed{}, errors.Join(err, o.putOnListsUnwritten(ctx, key, ch))
		}
		out, err := o.deliver(ctx, stored, batch)
		ch.Next = out.contact
		if out.waits != "" {
			err = errors.Join(err, out.waits)
		}
		return Changed{ch, out.texts}, err
	}
	return Changed{}, fmt.Errorf("commit change: gave up after %d conflicts", MaxTries)
}

// keep writes the part of a change that needs no event. It returns table.ErrConflict where another caller changed the
// contact and now an event is needed.
func (o *Outbox) keep(
	ctx context.Context, before consent.Contact, decide func(consent.Contact) consent.Change,
) (ch consent.Change, err error) {
	stored, err := o.Store.UpdateBookkeeping(ctx, before, func(c consent.Contact) consent.Contact {
		if ch = decide(c); len(ch.Events) > 0 {
			return c
		}
		return ch.Next
	})
	switch {
	case err != nil:
		return consent.Change{}, fmt.Errorf("note: %w", err)
	case len(ch.Events) > 0:
		return consent.Change{}, table.ErrConflict
	}
	ch.Next = stored
	return ch, nil
}

// Note is Change for a function that sends no texts and has no carrier. The change may ask for no texts and lift no
// opt-out. AWS's opt-out lists are updated by the contact's follow-up. A change whose inbound message was handled
// before is Repeated.
func (o *Outbox) Note(
	ctx context.Context, key consent.Key, decide func(consent.Contact) consent.Change,
) (consent.Change, error) {
	for range MaxTries {
		before, err := o.read(ctx, key)
		if err != nil {
			return consent.Change{}, err
		}
		o.warnIfSuspect(ctx, &before)
		ch := decide(before)
		switch {
		case ch.Empty():
			return ch, nil
		case len(ch.Events) == 0:
			ch, err = o.keep(ctx, before, decide)
		default:
			now := o.Now()
			ch.Next = withFollowUp(&ch, now)
			ch.Next, err = o.commit(ctx, ch, now)
		}
		switch {
		case errors.Is(err, table.ErrConflict):
			continue
		case errors.Is(err, table.ErrHeard):
			return consent.Change{Next: before, Repeated: true}, nil
		}
		return ch, err
	}
	return consent.Change{}, fmt.Errorf("commit change: gave up after %d conflicts", MaxTries)
}

// finishRepeated finishes what an earlier run for the same message may have left. Its change is not written again;
// AWS's lists of those programs are compared with the contact.
func (o *Outbox) finishRepeated(
	ctx context.Context,
	key consent.Key,
	inbound string,
	programs []string,
) (Changed, error) {
	now, err := o.read(ctx, key)
	if err != nil {
		return Changed{}, err
	}
	repeated := consent.Change{Next: now, Repeated: true, Inbound: inbound, Block: programs}
	return Changed{Change: repeated}, o.finishEarlierRun(ctx, now, repeated)
}

// warnIfSuspect raises the alarm about a contact that somebody has altered. What the person says is still stored;
// only replies are sent.
func (o *Outbox) warnIfSuspect(ctx context.Context, c *consent.Contact) {
	if c.Suspect {
		o.Log.ErrorContext(ctx, "a contact was altered by somebody else; its record says more", "brand", c.Brand)
		o.Metrics.Count("LedgerFault", 1)
	}
}

func (o *Outbox) read(ctx context.Context, key consent.Key) (consent.Contact, error) {
	ctx, cancel := withEarlierDeadline(ctx, listReserve)
	defer cancel()
	c, err := o.Store.Contact(ctx, key)
	if err != nil {
		return c, fmt.Errorf("read contact: %w", err)
	}
	return c, nil
}

func (o *Outbox) commit(ctx context.Context, ch consent.Change, now time.Time) (consent.Contact, error) {
	ctx, cancel := withEarlierDeadline(ctx, listReserve)
	defer cancel()
	c, err := o.Store.Commit(ctx, ch, now)
	if err != nil {
		return c, fmt.Errorf("commit change: %w", err)
	}
	return c, nil
}

// withEarlierDeadline returns the context with a deadline d earlier; a context without a deadline stays as it is.
func withEarlierDeadline(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, deadline.Add(-d))
}

// Record stores sent texts. It continues after ctx is cancelled, because every sent text must be on record (I3).
func (o *Outbox) Record(ctx context.Context, sent ...table.Sent) error {
	if len(sent) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := o.Store.Record(ctx, sent...); err != nil {
		return fmt.Errorf("record %d texts: %w", len(sent), err)
	}
	return nil
}
