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

// Status is the outcome of a request.
type Status string

// The outcomes.
const (
	Sent      Status = "sent"      // it was handed to the carrier
	Deferred  Status = "deferred"  // it goes by itself when the gate lets it, before it expires
	Refused   Status = "refused"   // it does not go, and nobody was texted
	Duplicate Status = "duplicate" // a text of that ID was asked for before, and now stands as First says
	Withdrawn Status = "withdrawn" // it waited, and was taken back, or the person's consent ended
)

// Answer is the outcome of a request, and why.
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

// carrierRule is the name in place of a rule where the carrier refused the text.
const carrierRule = "carrier"

// send sends one text, or stores it until it may be sent. An error together with an answer means that recording
// failed: the text was sent.
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

// word fills in the text for its person. Their stored values are read only where the text has a field without a value
// from its sender.
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

// try sends a text that was requested at since, and returns the outcome.
func (h *Handler) try(ctx context.Context, c consent.Contact, o *order, since time.Time) (Answer, error) {
	out, err := h.Outbox.SendOne(ctx, c, o.text())
	if err != nil && out.Sent == nil {
		return Answer{}, fmt.Errorf("send: %w", err)
	}
	return answer(o, &out, since, h.Now()), err
}

// answer returns the outcome of a text.
func answer(o *order, out *outbox.Outcome, since, now time.Time) Answer {
	d := out.Decision
	a := Answer{ID: o.id, Message: out.Claim.ID, Rule: d.Rule, Because: d.Because, Citation: gate.Citation(d.Rule)}
	until, waits := d.Until, d.Verdict == gate.Defer
	switch r := out.Rejection; {
	case out.Sent != nil:
		a.Status, a.Delivery = Sent, out.Sent.Message.Status
		return a
	case o.lost != "": // at its hour, when nobody waits for the answer
		return Answer{Status: Withdrawn, Rule: o.lost, Because: o.because}
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
	case until.Add(shortest).After(o.expires): // the gate would refuse it then
		a.Because += "; the text expires before it could arrive, less than a minute after it may go"
	default:
		a.Status = Deferred
	}
	return a
}

// afterThrottling returns how long a text waits for which the carrier had no capacity, by how long it has been tried.
// Each try is recorded, so they become rarer.
func afterThrottling(tried time.Duration) time.Duration { return max(time.Minute, tried/2) }

// asBefore answers a request with the ID of a deferred text: how that one stands now, whether it was looked at again
// or not.
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

// withDelivery adds what is on record about a text that was sent.
func (h *Handler) withDelivery(ctx context.Context, key consent.Key, a Answer) (Answer, error) {
	text := table.Text{Key: key, ID: a.Message}
	statuses, err := h.Table.Statuses(ctx, text)
	if err != nil {
		return Answer{}, err
	}
	a.Delivery = statuses[text]
	return a, nil
}

// keep stores a text that may not be sent yet, with the proof of the consent it was requested under. Of several
// requests with one ID the first is stored, and the others get its outcome.
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

// note logs and counts the outcome of a request. The log has who asked, but not whom to text or what to say (I10).
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
