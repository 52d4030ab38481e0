package texts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/placeholder"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

// Status is what became of a request.
type Status string

// What may become of it.
const (
	Sent      Status = "sent"      // it was handed to the carrier
	Deferred  Status = "deferred"  // it goes by itself when the gate lets it, before it expires
	Refused   Status = "refused"   // it does not go, and nobody was texted
	Duplicate Status = "duplicate" // a text of that ID was asked for before, and now stands as First says
	Withdrawn Status = "withdrawn" // it waited, and was taken back, or the person's consent ended
)

// Answer says what became of a request, and why.
type Answer struct {
	Status   Status         `json:"status"`
	ID       string         `json:"id"`
	Until    *time.Time     `json:"until"`              // when a deferred text is looked at again, or a limit has room; UTC
	Rule     string         `json:"rule"`               // that decided; empty where it went
	Because  string         `json:"because"`            // in words a person can check; empty where it went
	Citation string         `json:"citation,omitempty"` // of the rule
	First    Status         `json:"first,omitempty"`    // of a duplicate: how that text stands now
	Message  string         `json:"message,omitempty"`  // the text's ID on record, of one that went
	Delivery consent.Status `json:"delivery,omitempty"` // as what it went on record, of one that went
}

// carrierRule stands in for a rule where it is the carrier that does not take the text.
const carrierRule = "carrier"

// send sends one text, or keeps it until it may go. An error beside an answer is of the record: the text is gone.
func (h *Handler) send(ctx context.Context, o order) (Answer, error) {
	c, kept, err := h.Table.ContactAndDeferred(ctx, o.key, o.id)
	if err != nil {
		return Answer{}, err
	}
	if kept.Turn > 0 {
		return h.asBefore(ctx, &c, &kept)
	}
	if err := h.word(ctx, &o, c.Locale); err != nil {
		return Answer{}, err
	}
	if c, err = h.tell(ctx, c, &o); err != nil {
		return Answer{}, err
	}
	a, err := h.try(ctx, c, &o, h.Now())
	switch a.Status {
	case Deferred:
		return h.keep(ctx, &o, a, c.Subs[o.topic].Proof)
	case Duplicate:
		return h.withDelivery(ctx, o.key, a)
	default:
		return a, err
	}
}

// word has the text speak to the person it is for. What is kept of them is read only where the text has a field its
// sender gives no value for.
func (h *Handler) word(ctx context.Context, o *order, locale string) error {
	brand, _, topic, err := h.topic(o.key.Brand, o.topic)
	if err != nil {
		return err
	}
	written, err := o.words.written(topic, locale)
	var kept map[string]string
	if err == nil && placeholder.Lacks(written, o.words.fields) {
		kept, err = h.Table.Attributes(ctx, o.key)
	}
	if err != nil {
		return err
	}
	body, err := placeholder.Fill(written, o.words.fields, kept)
	if err != nil {
		return err
	}
	return o.say(brand, body)
}

// try offers a text that was asked for at since, and answers what became of it.
func (h *Handler) try(ctx context.Context, c consent.Contact, o *order, since time.Time) (Answer, error) {
	out, err := h.Outbox.SendOne(ctx, c, o.text())
	if err != nil && out.Sent == nil {
		return Answer{}, fmt.Errorf("send: %w", err)
	}
	return answer(o, &out, since, h.Now()), err
}

// answer says what became of a text.
func answer(o *order, out *outbox.Outcome, since, now time.Time) Answer {
	d := out.Decision
	a := Answer{ID: o.id, Message: out.Claim.ID, Rule: d.Rule, Because: d.Because, Citation: gate.Citation(d.Rule)}
	until, waits := d.Until, d.Verdict == gate.Defer
	switch r := out.Rejection; {
	case out.Sent != nil:
		a.Status, a.Delivery = Sent, out.Sent.Message.Status
		return a
	case o.lost != "":
		return Answer{Status: Withdrawn, ID: o.id, Rule: o.lost, Because: o.because, Citation: gate.Citation(o.lost)}
	case out.Already:
		return Answer{Status: Duplicate, ID: o.id, First: Sent, Message: out.Claim.ID}
	case r != nil:
		a.Rule, a.Because = carrierRule, r.Reason
		if r.Means != "" {
			a.Because += ": " + r.Means
		}
		if waits = r.Throttled; waits {
			until = now.Add(afterThrottling(now.Sub(since)))
		}
	}
	if !until.IsZero() {
		a.Until = &until
	}
	a.Status = Refused
	switch {
	case !waits:
	case !until.Before(o.expires):
		a.Because += "; the text expires before it may go"
	case until.Add(shortest).After(o.expires): // the gate would not let it go then
		a.Because += "; the text expires before it could arrive, less than a minute after it may go"
	default:
		a.Status = Deferred
	}
	return a
}

// afterThrottling returns how long a text waits that the carrier had no room for, by how long it has been tried: each
// try is on record, so they become rarer.
func afterThrottling(tried time.Duration) time.Duration { return max(time.Minute, tried/2) }

// asBefore answers a request whose ID a deferred text has: how that one stands by now, whether or not anybody has
// looked at it since.
func (h *Handler) asBefore(ctx context.Context, c *consent.Contact, d *consent.Deferred) (Answer, error) {
	a := Answer{Status: Duplicate, ID: d.Ref, Rule: d.Rule, Because: d.Because}
	claim, left := c.SingleClaim(d.Ref)
	lost, because := d.Lost(c)
	switch {
	case d.State == consent.Went:
		a.First, a.Message = Sent, d.Claim
	case d.State == consent.Refused:
		a.First = Refused
	case d.State == consent.Withdrawn:
		a.First = Withdrawn
	case left:
		a.First, a.Message, a.Rule, a.Because = Sent, claim.ID, "", ""
	case lost != "":
		a.First, a.Rule, a.Because = Withdrawn, lost, because
	case !d.Expires.After(h.Now()):
		a.First, a.Because = Refused, a.Because+"; the time for this text is over"
	default:
		a.First, a.Until = Deferred, &d.Until
	}
	a.Citation = gate.Citation(a.Rule)
	if a.First == Sent {
		return h.withDelivery(ctx, d.Key, a)
	}
	return a, nil
}

// withDelivery adds what is on record of a text that went.
func (h *Handler) withDelivery(ctx context.Context, key consent.Key, a Answer) (Answer, error) {
	text := table.Text{Key: key, ID: a.Message}
	statuses, err := h.Table.Statuses(ctx, text)
	if err != nil {
		return Answer{}, err
	}
	a.Delivery = statuses[text]
	return a, nil
}

// keep keeps a text that may not go yet, with the proof of the consent it is asked for under. Of several requests with
// one ID the first is kept, and the others hear of that one.
func (h *Handler) keep(ctx context.Context, o *order, a Answer, proof int64) (Answer, error) {
	d := consent.Deferred{
		Key: o.key, Ref: o.id, ID: h.newID(), Topic: o.topic, Body: o.body, Vouched: o.vouched.NotMarketing,
		Shared: o.content, Expires: o.expires, Proof: proof,
	}
	err := h.wait(ctx, d.Waiting(*a.Until, a.Rule, a.Because))
	if errors.Is(err, table.ErrConflict) {
		c, kept, err := h.Table.ContactAndDeferred(ctx, o.key, o.id)
		if err != nil {
			return Answer{}, err
		}
		return h.asBefore(ctx, &c, &kept)
	}
	if err != nil {
		return Answer{}, err
	}
	return a, nil
}

// note logs and counts what became of a request. Who asked goes into the log, whom to text and what to say does not
// (I10).
func (h *Handler) note(ctx context.Context, caller string, o *order, a *Answer, err error) {
	result := string(a.Status)
	if result == "" {
		result = "failed"
	}
	h.Metrics.Count("SingleText", 1, "result", result)
	log := h.Log.With("caller", caller, "brand", o.key.Brand, "topic", o.topic, "result", result, "rule", a.Rule)
	if err != nil {
		log.WarnContext(ctx, "a single text", "error", loggable(err))
		return
	}
	log.InfoContext(ctx, "a single text")
}
