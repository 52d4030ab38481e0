// Package outbox is the one door out: nothing else hands a text to the carrier.
//
// It always does three things in this order: claim (a conditional write of the contact), send, record. A crash
// between send and record leaves a claim without a message; whoever meets it next records the message as unconfirmed,
// and it is never sent again (I2, I3).
//
// Whatever may be left undone by a function that ends on the spot has a date on the contact, at which it is looked at
// again: the contact's follow-up.
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

// MaxTries is how often a decision on a contact is made before its writer gives up, because the contact changed each
// time before it was written. Two writers at once are rare; eight conflicts in a row are a fault worth failing for.
const MaxTries = 8

// listReserve is how much time is kept from the table, where it does not answer, to put a number on AWS's list all the
// same.
const listReserve = 5 * time.Second

// Store is what the outbox needs of the consent table. Every write is durable when its method returns without an error;
// after any error but those named here nobody knows whether it was done.
type Store interface {
	// Contact reads a contact as it is now, with every write that returned before. One that is not stored is a new one
	// of version 0, and no error.
	Contact(ctx context.Context, key consent.Key) (consent.Contact, error)

	// Commit writes a change, its events, its audience entries and its inbound message in one transaction, all or nothing
	// (I4). It returns table.ErrConflict where the contact is not in the version of ch.Next any more, and table.ErrHeard
	// where the inbound message was committed before; then nothing is written. So it is safe to repeat.
	Commit(ctx context.Context, ch consent.Change, now time.Time) (consent.Contact, error)

	// Heard reports whether a change that the inbound message caused was committed.
	Heard(ctx context.Context, key consent.Key, inbound string) (bool, error)

	// Claim adds a claim to the contact in one conditional write, and returns the contact as stored. It returns
	// table.ErrConflict where the contact is not in the version of before any more (I1). A claim has an ID of its own,
	// so a repetition after a lost answer finds its own claim and is no conflict; the contact may then be newer.
	Claim(ctx context.Context, before consent.Contact, claim consent.Claim, keep time.Duration) (consent.Contact, error)

	// UpdateBookkeeping changes what no event has to prove (consent.Contact.TakeBookkeeping) in one conditional write,
	// and returns the contact as stored. Where the contact is another by now it reads it and calls change again, so
	// change must be safe to repeat. It writes nothing where nothing changes.
	UpdateBookkeeping(
		ctx context.Context,
		c consent.Contact,
		change func(consent.Contact) consent.Contact,
	) (consent.Contact, error)

	// Record puts texts on record, each by itself: after an error some may be there. It is safe to repeat, and takes the
	// place of what RecordUnconfirmed wrote (I3).
	Record(ctx context.Context, sent ...table.Sent) error

	// RecordUnconfirmed puts a text on record whose outcome nobody knows, unless it is on record: one conditional write,
	// safe to repeat.
	RecordUnconfirmed(ctx context.Context, key consent.Key, m consent.Message) error

	// Statuses reads what those texts are on record as. One that is not on record is left out, and so may be one that was
	// recorded within the last second.
	Statuses(ctx context.Context, texts ...table.Text) (map[table.Text]consent.Status, error)

	// Campaign reads a campaign. It returns table.ErrNotFound where there is none of that ID.
	Campaign(ctx context.Context, id string) (campaign.Campaign, error)

	// Attributes reads the values of the fields in a person's texts; none where there are none.
	Attributes(ctx context.Context, key consent.Key) (map[string]string, error)
}

// Pacer keeps an origination identity within its message parts a second (AWS, "Message Parts per Second limits"). Wait
// returns timeleft.ErrShort where the turn would come too late.
type Pacer interface {
	Wait(ctx context.Context, p *program.Program, parts int) error
}

// Links makes the address of a person's preference page, for them alone and good for some time.
type Links interface {
	Link(key consent.Key, now time.Time) string
}

// ShortLinks makes the address in the place of a link in a campaign's text, for one person, the same each time.
type ShortLinks interface {
	Short(key consent.Key, campaign string, place int) (string, error)
}

// Config is what an outbox decides and writes by.
type Config struct {
	Catalog *program.Catalog
	Gate    *gate.Gate
	Store   Store
	Now     func() time.Time // the clock that decides: read at the moment of each claim
	Random  io.Reader        // for message IDs; nil means crypto/rand
	Links   Links            // for answers that name the preference page; nil where there is none
	Short   ShortLinks       // for campaigns with links; nil where none are sent
	Pacer   Pacer            // for campaigns and reminders; nil means as fast as AWS takes them
	Log     *slog.Logger
	Metrics *telemetry.Metrics

	// Pause lets time pass before a text the carrier had no room for is offered again; nil waits by the real clock.
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

// New makes an outbox over a carrier of the caller's, such as one that texts nobody.
func New(c Config, carrier Carrier) *Outbox { return &Outbox{Config: c, carrier: carrier} }

// errWaits keeps an event alive whose answer the carrier had no room for: it comes again, and finds the answer waiting.
var errWaits = errors.New("the carrier had no room for an answer, which waits; the event has to come again")

// Changed is a change that was written, with what became of the texts it asked for.
type Changed struct {
	consent.Change
	Texts []TextResult // those the gate kept back come first
}

// TextResult is what became of one text a change asked for.
type TextResult struct {
	consent.Ask
	Status   consent.Status // Sent, Unconfirmed or Rejected; empty where the gate kept the text back
	Reason   string         // why it did not go out: the gate's words or the carrier's code; empty where it may have gone
	OptedOut bool           // of a rejected one: the number is on AWS's opt-out list, so it counts as opted out now
	Waits    bool           // of a rejected one: it is not about this phone, so the text waits and may pass later
}

// Change reads a contact, lets decide change it, and writes the change together with the claims of the texts it calls
// for; then it sends and records those. Where somebody else changed the contact meanwhile, it decides again on what is
// there now. It returns the change that was written; an empty one wrote nothing. So does a change one of whose texts is
// needed and may not go now; Texts then says why.
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
			// Whom a STOP takes off which list does not depend on what is stored.
			return Changed{}, errors.Join(err, o.putOnListsUnwritten(ctx, key, decide(consent.Contact{Key: key})))
		}
		o.warnIfSuspect(ctx, &before)
		ch := decide(before)
		if _, stopped := ch.Next.StoppedAt(lifted); stopped && lifted != "" {
			// A newer STOP came between: what was lifted for the change that failed belongs on the list.
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
		ch.Next = withFollowUp(&before, &ch, now)
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
		if out.waits {
			err = errors.Join(err, errWaits)
		}
		return Changed{ch, out.texts}, err
	}
	return Changed{}, fmt.Errorf("commit change: gave up after %d conflicts", MaxTries)
}

// keep writes what no event has to prove of a change. It returns table.ErrConflict where somebody changed the contact
// meanwhile, and now it takes an event.
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

// Note is Change for a function that texts nobody and has no carrier. The change asks for no texts and lifts no
// opt-out; what of it concerns AWS's opt-out lists is for the contact's follow-up to do. One whose inbound message was
// handled before is Repeated.
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
			ch.Next = withFollowUp(&before, &ch, now)
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

// finishRepeated finishes what an earlier run may have left that handled the same message. Its change is not written
// again; what it did to AWS's lists of those programs is held against what the contact says.
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

// warnIfSuspect raises the alarm over a contact that somebody else has altered. What the person says is heard all the
// same; nothing unasked goes out.
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

// withEarlierDeadline returns the context with its end moved forward by d; one without an end stays as it is.
func withEarlierDeadline(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, deadline.Add(-d))
}

// Record writes sent texts to the record. It outlives a cancelled context, because what went out must be on record
// (I3).
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
