// Package outbox is the one door out: nothing else hands a text to the carrier.
//
// It always does three things in this order: claim (a conditional write of the contact), send, record. A crash
// between send and record leaves a claim without a message; whoever meets it next records the message as unconfirmed,
// and it is never sent again (I2, I3).
package outbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"smsconsent/shared/campaign"
	"smsconsent/shared/carrier"
	"smsconsent/shared/consent"
	"smsconsent/shared/gate"
	"smsconsent/shared/message"
	"smsconsent/shared/phone"
	"smsconsent/shared/program"
	"smsconsent/shared/table"
	"smsconsent/shared/telemetry"
)

// tries is how often a decision is made anew because the contact changed under it. Two writers at once are rare; eight in a row
// is a fault worth failing for.
const tries = 8

// Store is what the outbox needs of the consent table.
type Store interface {
	Contact(ctx context.Context, key consent.Key) (consent.Contact, error)
	Commit(ctx context.Context, ch consent.Change, now time.Time) (consent.Contact, error)
	Claim(ctx context.Context, before consent.Contact, claim consent.Claim, keep time.Duration) (consent.Contact, error)
	Tend(ctx context.Context, c consent.Contact, change func(consent.Contact) consent.Contact) (consent.Contact, error)
	Record(ctx context.Context, sent ...table.Sent) error
	RecordUnconfirmed(ctx context.Context, key consent.Key, m consent.Message) error
	Campaign(ctx context.Context, id string) (campaign.Campaign, error)
}

// Carrier is what the outbox needs of the carrier.
type Carrier interface {
	Send(ctx context.Context, t carrier.Text) (string, error)
	OptOut(ctx context.Context, list string, n phone.Number) error
	OptIn(ctx context.Context, list string, n phone.Number) error
}

// Pacer keeps an origination identity within its message parts a second (AWS, "Message Parts per Second limits"). Wait
// returns ErrShortOfTime where the turn would come too late.
type Pacer interface {
	Wait(ctx context.Context, p *program.Program, parts int) error
}

// Links makes the address of a person's preference page, for them alone and good for some time.
type Links interface {
	Link(key consent.Key, now time.Time) string
}

// Outbox claims, sends and records. It is safe for concurrent use.
type Outbox struct {
	Catalog *program.Catalog
	Gate    *gate.Gate
	Store   Store
	Carrier Carrier
	Now     func() time.Time // the clock that decides: read at the moment of each claim
	Random  io.Reader        // for message IDs; nil means crypto/rand
	Links   Links            // for answers that name the preference page; nil where there is none
	Pacer   Pacer            // for campaigns and reminders; nil means as fast as AWS takes them
	Log     *slog.Logger
	Metrics *telemetry.Metrics
}

// Change reads a contact, lets decide change it, and writes the change together with the claims of the texts it calls
// for; then it sends and records those. Where somebody else changed the contact meanwhile, it decides again on what is
// there now. It returns the change that was written, with what became of its texts; an empty one wrote nothing.
func (o *Outbox) Change(ctx context.Context, key consent.Key, decide func(consent.Contact) consent.Change) (consent.Change, error) {
	lifted := ""
	for range tries {
		before, err := o.Store.Contact(ctx, key)
		if err != nil {
			return consent.Change{}, fmt.Errorf("read contact: %w", err)
		}
		o.tell(ctx, &before)
		ch := decide(before)
		if _, stopped := ch.Next.StoppedAt(lifted); stopped && lifted != "" {
			// A newer STOP came between: what was lifted for the change that failed belongs on the list.
			ch.Block = append(ch.Block, lifted)
		}
		if ch.Empty() {
			return ch, o.mend(ctx, before, ch)
		}
		switch err := o.lift(ctx, key, ch); {
		case errors.Is(err, carrier.ErrStaysOptedOut):
			o.Metrics.Count("StaysOptedOut", 1)
			ch = before.KeptOut(ch)
		case err != nil:
			return consent.Change{}, err
		}
		lifted = ch.Lift
		now := o.Now()
		texts := o.claim(&ch, now)
		stored, err := o.Store.Commit(ctx, ch, now)
		switch {
		case errors.Is(err, table.ErrConflict):
			continue
		case errors.Is(err, table.ErrHeard):
			return o.heardBefore(ctx, key, ch)
		case err != nil:
			return consent.Change{}, fmt.Errorf("commit change: %w", err)
		}
		ch.Next = stored
		handed, err := o.deliver(ctx, stored, texts)
		ch.Handovers = append(ch.Handovers, handed...)
		// What an ended function left off the record is put on it now, for the audit meets only those still subscribed.
		return ch, errors.Join(err, o.block(ctx, key, ch), o.Reconcile(ctx, before))
	}
	return consent.Change{}, fmt.Errorf("commit change: gave up after %d conflicts", tries)
}

// heardBefore finishes what an earlier run may have left that handled the same message. Its change is not written again; a number it
// took off AWS's list goes back there if the person is stopped.
func (o *Outbox) heardBefore(ctx context.Context, key consent.Key, ch consent.Change) (consent.Change, error) {
	now, err := o.Store.Contact(ctx, key)
	if err != nil {
		return consent.Change{}, fmt.Errorf("read contact again: %w", err)
	}
	again := consent.Change{Next: now, Repeated: true, Block: append(slices.Clone(ch.Block), ch.Lift)}
	return again, o.mend(ctx, now, again)
}

// tell raises the alarm over a contact that somebody else has altered. What the person says is heard all the same; nothing unasked goes out.
func (o *Outbox) tell(ctx context.Context, c *consent.Contact) {
	if c.Suspect {
		o.Log.ErrorContext(ctx, "a contact was altered by somebody else; its record says more", "brand", c.Brand)
		o.Metrics.Count("LedgerFault", 1)
	}
}

// text is one composed text with the claim it goes out under.
type text struct {
	ask     consent.Ask // of a change
	claim   consent.Claim
	program *program.Program
	body    string
	link    string    // of the person's preference page, in the body; empty where it has none
	closes  time.Time // zero where nothing closes
	policy  string
}

// onRecord is the body as it goes on record. A link is left out: who may read what was sent must not be able to act for the person.
func (t *text) onRecord() string {
	if t.link == "" {
		return t.body
	}
	return strings.ReplaceAll(t.body, t.link, "[link]")
}

// claim composes the texts a change asks for, lets the gate see each, and adds the claims of those that may go to the change. A
// reply or confirmation request the gate refuses stays unsent; the change itself stands.
func (o *Outbox) claim(ch *consent.Change, now time.Time) []text {
	brand, ok := o.Catalog.Brand(ch.Next.Brand)
	if !ok {
		return nil
	}
	var texts []text
	for _, ask := range ch.Ask {
		prog, ok := brand.Program(ask.Program)
		if !ok {
			continue
		}
		words := message.Wording{Language: ask.Language, Everything: ask.Everything}
		// The content is hashed without the link, which is another one each time.
		body := message.Compose(brand, prog, ask.Answer, ask.Topics, words)
		gt := gate.Text{
			Kind: ask.Kind, Program: prog, Topics: ask.Topics, Content: message.ContentHash(body), OptOut: message.HasOptOut(body),
			Invited: ask.Invited, Change: ask.Change, By: ask.By, Expected: ask.Expected,
		}
		d := o.Gate.Decide(o.Gate.Asking(&ch.Next, ch.Next.ToldWith(ask)), gt, now)
		if d.Verdict != gate.Allow {
			o.Metrics.Count("TextRefused", 1, "rule", d.Rule)
			ch.Handovers = append(ch.Handovers, consent.Handover{Ask: ask, Reason: d.Because})
			continue
		}
		if o.Links != nil && ask.Kind == message.Reply {
			words.Link = o.Links.Link(ch.Next.Key, now)
			body = message.Compose(brand, prog, ask.Answer, ask.Topics, words)
		}
		ch.Next = ch.Next.WithText(ask, o.newClaim(gt, now), brand.LongestWindow())
		cl := ch.Next.Claims[len(ch.Next.Claims)-1]
		texts = append(texts, text{ask: ask, claim: cl, program: prog, body: body, link: words.Link, closes: d.Closes, policy: d.Policy})
	}
	return texts
}

func (o *Outbox) newClaim(t gate.Text, now time.Time) consent.Claim {
	return consent.Claim{
		ID: o.id(now), At: now.UTC().Truncate(time.Millisecond), Kind: t.Kind, Program: t.Program.ID,
		Topics: t.Topics, Campaign: t.Campaign, Content: t.Content, OptOut: t.OptOut, Change: t.Change,
	}
}

func (o *Outbox) id(now time.Time) string {
	source := o.Random
	if source == nil {
		source = rand.Reader
	}
	return ulid.MustNew(ulid.Timestamp(now), source).String()
}

// deliver sends claimed texts, records what became of them, and says it.
func (o *Outbox) deliver(ctx context.Context, c consent.Contact, texts []text) ([]consent.Handover, error) {
	var all error
	handed := make([]consent.Handover, len(texts))
	for i, t := range texts {
		sent, rejection, err := o.send(ctx, c, t)
		handed[i] = consent.Handover{Ask: t.ask, Status: sent.Message.Status}
		if rejection != nil {
			handed[i].Reason, handed[i].OptedOut, handed[i].Again = rejection.Reason, rejection.OptedOut, rejection.Throttled || rejection.Quota
		} else {
			err = errors.Join(err, o.Record(ctx, sent))
		}
		all = errors.Join(all, err)
	}
	return handed, all
}

// Record writes sent texts to the record. It outlives a cancelled context, because what went out must be on record (I3).
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

// send hands one claimed text to the carrier. A certain no is put on record, which takes the place of the claim; an unknown outcome
// keeps the claim, so that the text is never sent twice. The caller records what was not refused. c is the contact as the claim left it.
func (o *Outbox) send(ctx context.Context, c consent.Contact, t text) (table.Sent, *carrier.Rejection, error) {
	life := carrier.MaxTimeToLive
	if !t.closes.IsZero() {
		life = t.closes.Sub(o.Now())
	}
	awsID, err := o.Carrier.Send(ctx, carrier.Text{
		To: c.Phone, From: t.program.Identity.String(), Body: t.body, Class: t.program.Class, TimeToLive: life,
		Context: map[string]string{ContextBrand: c.Brand, ContextMessage: t.claim.ID},
	})
	var m consent.Message
	rejection, rejected := errors.AsType[*carrier.Rejection](err)
	switch {
	case err == nil:
		m = o.outcome(t, consent.Sent, "")
		m.AWSID = awsID
	case rejected:
		m = o.outcome(t, consent.Rejected, rejection.Reason)
	default:
		m = o.outcome(t, consent.Unconfirmed, "no answer from the carrier")
		o.Log.WarnContext(ctx, "outcome of a text unknown", "claim", m.ID, "error", err)
		o.Metrics.Count("Unconfirmed", 1)
		err = nil
	}
	o.Metrics.Count("Text", 1, "status", string(m.Status), "kind", string(m.Kind))
	sent := table.Sent{Key: c.Key, Message: m}
	if rejected {
		// Should the function end between the two, a claim is left whose text is on record as refused; the other way round there would be
		// nothing to tell of it (I3).
		err = o.Record(ctx, sent)
		if err == nil {
			err = o.release(ctx, c, t, rejection)
		}
	}
	return sent, rejection, err
}

// outcome is the text as it goes on record.
func (o *Outbox) outcome(t text, status consent.Status, detail string) consent.Message {
	m := t.claim.Message()
	m.Identity, m.Body, m.Policy, m.Status = t.program.Identity.String(), t.onRecord(), t.policy, status
	m.History = []consent.StatusChange{{At: o.Now().UTC().Truncate(time.Millisecond), Status: status, Detail: detail}}
	return m
}

// The keys of a text's Context, by which a delivery event finds its message item again. AWS adds the phone number itself.
const (
	ContextBrand   = "brand"
	ContextMessage = "message"
)

// release frees the claim of a text that certainly did not go out. A number AWS holds on its opt-out list has opted
// out where only AWS heard it, so that becomes an opt-out on our side too, and is never retried.
func (o *Outbox) release(ctx context.Context, c consent.Contact, t text, r *carrier.Rejection) error {
	if _, err := o.free(ctx, c, t.claim.ID); err != nil || !r.OptedOut {
		return err
	}
	_, err := o.Change(ctx, c.Key, func(c consent.Contact) consent.Change {
		return c.CarrierOptOut(t.program.ID, o.Now(), r.Reason)
	})
	return err
}

// lift takes the number off the AWS list before the change is written: should anything fail in between, our own table still says
// stopped, and that is what counts. The error is carrier.ErrStaysOptedOut where AWS will not do it yet: it does once in 30 days.
func (o *Outbox) lift(ctx context.Context, key consent.Key, ch consent.Change) error {
	list, ok := o.list(key, ch.Lift)
	if !ok {
		return nil
	}
	return o.Carrier.OptIn(ctx, list, key.Phone)
}

// block puts the number on the AWS lists, the second lock behind our own. It comes after the reply, which AWS would refuse.
func (o *Outbox) block(ctx context.Context, key consent.Key, ch consent.Change) error {
	var all error
	for _, prog := range ch.Block {
		if list, ok := o.list(key, prog); ok {
			all = errors.Join(all, o.Carrier.OptOut(ctx, list, key.Phone))
		}
	}
	return all
}

func (o *Outbox) list(key consent.Key, programID string) (string, bool) {
	if programID == "" {
		return "", false
	}
	brand, ok := o.Catalog.Brand(key.Brand)
	if !ok {
		return "", false
	}
	prog, ok := brand.Program(programID)
	if !ok {
		return "", false
	}
	return prog.OptOutList, true
}
