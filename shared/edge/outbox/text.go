package outbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox/internal/carrier"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/timeleft"
)

// text is one composed text with its claim.
type text struct {
	ask     consent.Ask // the change's request for it
	about   gate.Text   // what the gate was asked about
	claim   consent.Claim
	program *program.Program
	body    string
	record  string // the body as recorded
	vouched message.Vouched
	closes  time.Time // when it may no longer be sent; zero for never
	policy  string
}

// linkOnRecord replaces the link to a person's preference page in the record, so that a person who may read records
// cannot act for others.
const linkOnRecord = "[link]"

// batch is the texts that one change asks for: those to send, and those held back, as they are recorded.
type batch struct {
	texts    []text
	withheld []table.Sent
	kept     []TextResult // results of the texts held back, for good or until later
}

// compose writes the texts that a change asks for, asks the gate about each, and adds the claims of those that may be
// sent to the change. A reply or confirmation request that the gate refuses is not sent but recorded with the reason,
// unless it may be sent later. The change itself is made in any case.
func (o *Outbox) compose(ch *consent.Change, now time.Time) batch {
	var b batch
	brand, ok := o.Catalog.Brand(ch.Next.Brand)
	if !ok {
		return b
	}
	for _, ask := range ch.Ask {
		prog, ok := brand.Program(ask.Program)
		if !ok {
			continue
		}
		words := message.Wording{Language: ask.Language, Everything: ask.Everything}
		// The content is hashed without the link, which differs each time.
		body := message.Compose(brand, prog, ask.Answer, ask.Topics, words)
		if ask.Inbound == "" {
			ask.Inbound = ch.Inbound
		}
		t := text{ask: ask, program: prog, body: body, record: body, about: gate.Text{
			Kind:     ask.Kind,
			Program:  prog,
			Topics:   ask.Topics,
			Content:  message.ContentHash(body),
			OptOut:   message.HasOptOut(body),
			Invited:  ask.Invited,
			Change:   ask.Change,
			By:       ask.By,
			Expected: ask.Expected,
		}}
		d := o.Gate.Decide(o.Gate.Asking(&ch.Next, ch.Next.ToldWith(ask)), t.about, now)
		t.closes, t.policy = d.Closes, d.Policy
		t.claim = o.newClaim(t.about, now)
		why := d.Because
		if isOutdated(&ch.Next, ask) {
			why = "it is not true any more"
		}
		if why != "" {
			o.Metrics.Count("TextRefused", 1, "rule", d.Rule)
			b.kept = append(b.kept, TextResult{Ask: ask, Reason: why})
			if mayGoLater(ask, d) {
				ask.From = d.Until
				ch.Next = ch.Next.WithWaiting(ask)
				continue
			}
			b.withheld = append(b.withheld, table.Sent{Key: ch.Next.Key, Message: o.messageOf(t, consent.Withheld, why)})
			continue
		}
		if o.Links != nil && ask.Kind == message.Reply {
			words.Link = o.Links.Link(ch.Next.Key, now)
			t.body = message.Compose(brand, prog, ask.Answer, ask.Topics, words)
			words.Link = linkOnRecord
			t.record = message.Compose(brand, prog, ask.Answer, ask.Topics, words)
		}
		ch.Next = ch.Next.WithText(ask, t.claim, brand.LongestWindow())
		t.claim = ch.Next.Claims[len(ch.Next.Claims)-1] // with its number
		b.texts = append(b.texts, t)
	}
	return b
}

// lacksNeeded reports whether the gate held back a text without which the change must not be made.
func (b *batch) lacksNeeded() bool {
	return slices.ContainsFunc(b.kept, func(t TextResult) bool { return t.Needed })
}

// newTurn returns a function that waits, once, for a turn to send the texts that a change needs. No person waits for
// them, so they are paced like a campaign.
func (o *Outbox) newTurn() func(context.Context, *consent.Change) error {
	taken := o.Pacer == nil
	return func(ctx context.Context, ch *consent.Change) error {
		brand, ok := o.Catalog.Brand(ch.Next.Brand)
		for _, ask := range ch.Ask {
			if taken || !ok || !ask.Needed {
				continue
			}
			if prog, ok := brand.Program(ask.Program); ok {
				body := message.Compose(brand, prog, ask.Answer, ask.Topics, message.Wording{Language: ask.Language})
				if err := o.Pacer.Wait(ctx, prog, message.Segments(body).Parts); err != nil {
					return fmt.Errorf("wait for a turn to send: %w", err)
				}
				taken = true
			}
		}
		return nil
	}
}

// mayGoLater reports whether a text that the gate holds back may still be useful later. A confirmation request beyond
// the limit of requests waits too; a reply would come after the conversation is over.
func mayGoLater(ask consent.Ask, d gate.Decision) bool {
	waits := d.Verdict == gate.Defer || ask.Kind == message.Confirmation
	return waits && !d.Until.IsZero() && d.Until.Before(ask.By)
}

func (o *Outbox) newClaim(t gate.Text, now time.Time) consent.Claim {
	return consent.Claim{
		ID: o.id(now), At: now.UTC().Truncate(time.Millisecond), Kind: t.Kind, Program: t.Program.ID,
		Topics: t.Topics, Campaign: t.Campaign, Ref: t.Ref, Content: t.Content, OptOut: t.OptOut, Change: t.Change,
		Digest: t.Digest,
	}
}

func (o *Outbox) id(now time.Time) string {
	source := o.Random
	if source == nil {
		source = rand.Reader
	}
	return ulid.MustNew(ulid.Timestamp(now), source).String()
}

// delivered is the result of a batch.
type delivered struct {
	contact consent.Contact // as stored afterwards
	texts   []TextResult
	waits   waitsError // why a reply waits for the carrier; empty where none does
}

// deliver sends the claimed texts of a batch, records all its texts, and returns the results. c is the contact with
// the claims.
func (o *Outbox) deliver(ctx context.Context, c consent.Contact, b batch) (out delivered, all error) {
	out = delivered{contact: c, texts: b.kept}
	for i := range b.texts {
		t := b.texts[i]
		m, r := o.offerPatiently(ctx, c.Key, t)
		result := TextResult{Ask: t.ask, Status: m.Status}
		if r == nil {
			all = errors.Join(all, o.Record(ctx, table.Sent{Key: c.Key, Message: m}))
		} else {
			var waits bool
			var err error
			out.contact, waits, err = o.handleRejection(ctx, out.contact, t, m, r)
			all = errors.Join(all, err)
			result.Reason, result.OptedOut, result.Waits = r.Reason, r.OptedOut && !waits, waits
			if waits && (t.ask.Kind == message.Reply || t.ask.Invited) {
				out.waits = waitsError(r.Reason)
			}
		}
		out.texts = append(out.texts, result)
	}
	return out, errors.Join(all, o.Record(ctx, b.withheld...))
}

// retryDelays returns how long to wait before each new try of a text that the carrier had no capacity for. Campaigns
// leave a part of the rate free (SharedRate), so there is capacity within seconds.
func retryDelays() []time.Duration {
	return []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}
}

// offerPatiently sends a text, and tries again where the carrier had no capacity, as long as the function has time.
func (o *Outbox) offerPatiently(ctx context.Context, key consent.Key, t text) (consent.Message, *Rejection) {
	m, r := o.offer(ctx, key, t)
	for _, d := range retryDelays() {
		late := !t.closes.IsZero() && !t.closes.After(o.Now().Add(d))
		if r == nil || !r.Throttled || late || timeleft.Short(ctx) {
			break
		}
		if err := o.pause(ctx, d); err != nil || !o.mayStillAsk(ctx, key, t) {
			break
		}
		m, r = o.offer(ctx, key, t)
	}
	return m, r
}

func (o *Outbox) pause(ctx context.Context, d time.Duration) error {
	if o.Pause != nil {
		return o.Pause(ctx, d)
	}
	return timeleft.Pause(ctx, d)
}

// mayStillAsk reports whether a confirmation request may still be sent after waiting for capacity: the person may
// have said STOP meanwhile. A reply answers what was said, whatever came since.
func (o *Outbox) mayStillAsk(ctx context.Context, key consent.Key, t text) bool {
	if t.ask.Kind == message.Reply {
		return true
	}
	c, err := o.Store.Contact(ctx, key)
	if err != nil {
		return false
	}
	c = c.WithoutClaim(t.claim.ID)
	return o.Gate.Decide(o.Gate.Asking(&c, c.ToldWith(t.ask)), t.about, o.Now()).Verdict == gate.Allow
}

// offer sends one claimed text, and returns the message to record.
func (o *Outbox) offer(ctx context.Context, key consent.Key, t text) (consent.Message, *Rejection) {
	life := carrier.MaxTimeToLive
	if !t.closes.IsZero() {
		life = t.closes.Sub(o.Now())
	}
	awsID, err := o.carrier.Send(ctx, SMS{
		To: key.Phone, From: t.program.Identity.String(), Body: t.body, Class: t.program.Class, TimeToLive: life,
		Context: map[string]string{ContextBrand: key.Brand, ContextMessage: t.claim.ID},
	})
	var m consent.Message
	r, refused := errors.AsType[*Rejection](err)
	switch {
	case err == nil:
		m = o.messageOf(t, consent.Sent, "")
		m.AWSID = awsID
	case refused:
		m = o.messageOf(t, consent.Rejected, r.Reason)
	default:
		m = o.messageOf(t, consent.Unconfirmed, "no answer from the carrier")
		o.Log.WarnContext(ctx, "outcome of a text unknown", "claim", m.ID, "error", err)
		o.Metrics.Count("Unconfirmed", 1)
	}
	o.Metrics.Count("Text", 1, "status", string(m.Status), "kind", string(m.Kind))
	if refused && r.Quota {
		o.Metrics.Count("AccountRefused", 1)
	}
	if refused && r.Strange {
		o.Log.WarnContext(ctx, "a text was refused for a reason nobody foresaw", "claim", m.ID, "reason", r.Reason)
		o.Metrics.Count("CarrierCodeUnknown", 1)
	}
	return m, r
}

// messageOf returns the message to record for a text.
func (o *Outbox) messageOf(t text, status consent.Status, detail string) consent.Message {
	m := t.claim.Message()
	m.Identity, m.Body, m.Policy, m.Status = t.program.Identity.String(), t.record, t.policy, status
	m.Vouched = t.vouched
	m.History = []consent.StatusChange{{At: o.Now().UTC().Truncate(time.Millisecond), Status: status, Detail: detail}}
	return m
}

// The keys of a text's Context, by which a delivery event finds the recorded message. AWS adds the phone number
// itself.
const (
	ContextBrand   = "brand"
	ContextMessage = "message"
)

// handleRejection deals with a text that the carrier certainly refused: the text is recorded as refused, and its
// claim is removed. A text of a change that may pass later waits; refused reports that. A text with an unknown
// outcome keeps its claim instead, so that it is never sent twice. c is the contact with the claim.
//
// A number on AWS's opt-out list has opted out where only AWS received it, so it becomes an opt-out here too. That is
// not done where the person came back since a STOP: the entry may be our own, and the follow-up finds out.
func (o *Outbox) handleRejection(
	ctx context.Context, c consent.Contact, t text, m consent.Message, r *Rejection,
) (stored consent.Contact, waits bool, err error) {
	// If the function is ended between the two writes, a claim is left whose text is on record as refused. In the other
	// order there might be no trace of the text (I3).
	if err := o.Record(ctx, table.Sent{Key: c.Key, Message: m}); err != nil {
		return c, false, err
	}
	asked, doubtful := t.ask.Kind != "", false
	stored, err = o.Store.UpdateBookkeeping(ctx, c, func(c consent.Contact) consent.Contact {
		now := o.Now()
		c = c.WithoutClaim(t.claim.ID)
		doubtful = r.OptedOut && cameBack(&c, t.program.ID)
		waits = asked && (r.Throttled || r.Quota || doubtful)
		if doubtful {
			c = c.FollowUpBy(now)
		}
		if waits {
			t.ask.From = now
			c = c.WithWaiting(t.ask)
		}
		return c
	})
	if err != nil {
		return c, false, fmt.Errorf("release claim %s: %w", t.claim.ID, err)
	}
	if r.Throttled && asked {
		o.Metrics.Count("TextThrottled", 1)
	}
	if !r.OptedOut || doubtful {
		return stored, waits, nil
	}
	_, err = o.Change(ctx, c.Key, func(c consent.Contact) consent.Change {
		if cameBack(&c, t.program.ID) {
			return consent.Change{Next: c}
		}
		return c.CarrierOptOut(t.program.ID, o.Now(), r.Reason)
	})
	return stored, false, err
}

// withdraw records a claimed text as never handed over, and removes its claim.
func (o *Outbox) withdraw(ctx context.Context, c consent.Contact, t text) (consent.Contact, error) {
	m := o.messageOf(t, consent.Withheld, "the claim was long in the making, and is decided on anew")
	if err := o.Record(ctx, table.Sent{Key: c.Key, Message: m}); err != nil {
		return c, err
	}
	return o.releaseClaims(ctx, c, t.claim.ID)
}

// releaseClaims removes the claims of texts that were not sent and are recorded as such.
func (o *Outbox) releaseClaims(ctx context.Context, c consent.Contact, claimIDs ...string) (consent.Contact, error) {
	c, err := o.Store.UpdateBookkeeping(ctx, c, func(c consent.Contact) consent.Contact {
		for _, id := range claimIDs {
			c = c.WithoutClaim(id)
		}
		return c
	})
	if err != nil {
		return c, fmt.Errorf("release claims %s: %w", strings.Join(claimIDs, ", "), err)
	}
	return c, nil
}
