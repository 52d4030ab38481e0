package texts

import (
	"context"
	"fmt"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

// Status is what became of a request.
type Status string

// What may become of it.
const (
	Sent      Status = "sent"      // it was handed to the carrier
	Refused   Status = "refused"   // it does not go, and nobody was texted
	Duplicate Status = "duplicate" // a text of that ID went before
)

// Answer says what became of a request, and why.
type Answer struct {
	Status   Status         `json:"status"`
	ID       string         `json:"id"`
	Until    *time.Time     `json:"until"`              // when a limit that keeps it back will have room again; null for never
	Rule     string         `json:"rule"`               // that decided; empty where it went
	Because  string         `json:"because"`            // in words a person can check; empty where it went
	Citation string         `json:"citation,omitempty"` // of the rule
	First    Status         `json:"first,omitempty"`    // of a duplicate: what became of the first
	Message  string         `json:"message,omitempty"`  // the text's ID on record, of one that went
	Delivery consent.Status `json:"delivery,omitempty"` // what is known of it: sent, or unconfirmed
}

// carrierRule stands in for a rule where it is the carrier that does not take the text.
const carrierRule = "carrier"

// send sends one text. An error beside an answer is of the record: the text is gone.
func (h *Handler) send(ctx context.Context, o order) (Answer, error) {
	c, err := h.Table.Contact(ctx, o.key)
	if err != nil {
		return Answer{}, fmt.Errorf("read contact: %w", err)
	}
	out, err := h.Outbox.SendOne(ctx, c, o.text())
	if err != nil && out.Sent == nil {
		return Answer{}, fmt.Errorf("send: %w", err)
	}
	switch {
	case out.Sent != nil:
		return Answer{Status: Sent, ID: o.id, Message: out.Claim.ID, Delivery: out.Sent.Message.Status}, err
	case out.Already:
		return h.duplicate(ctx, o, out.Claim)
	case out.Rejection != nil:
		return Answer{Status: Refused, ID: o.id, Rule: carrierRule, Because: out.Rejection.Reason}, nil
	}
	return h.refused(o, out), nil
}

// duplicate says what became of the text of that ID that went before.
func (h *Handler) duplicate(ctx context.Context, o order, first consent.Claim) (Answer, error) {
	text := table.Text{Key: o.key, ID: first.ID}
	statuses, err := h.Table.Statuses(ctx, text)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Status: Duplicate, ID: o.id, First: Sent, Message: first.ID, Delivery: statuses[text]}, nil
}

// refused is the gate's answer.
func (h *Handler) refused(o order, out outbox.Outcome) Answer {
	d := out.Decision
	a := Answer{Status: Refused, ID: o.id, Rule: d.Rule, Because: d.Because, Citation: gate.Citation(d.Rule)}
	if !d.Until.IsZero() {
		a.Until = &d.Until
	}
	return a
}

// note logs and counts what became of a request. Who asked goes into the log, whom to text and what to say does not
// (I10).
func (h *Handler) note(ctx context.Context, caller string, o order, a Answer, err error) {
	result := string(a.Status)
	if result == "" {
		result = "failed"
	}
	h.Metrics.Count("SingleText", 1, "result", result)
	h.Log.InfoContext(ctx, "a single text",
		"caller", caller, "brand", o.key.Brand, "topic", o.topic, "result", result, "rule", a.Rule)
	if err != nil {
		h.Log.ErrorContext(ctx, "a single text", "brand", o.key.Brand, "result", result, "error", err)
	}
}
