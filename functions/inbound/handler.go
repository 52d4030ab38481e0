// Package inbound is the function behind the two-way SMS topic: it hears what a person texted, changes what they
// agreed to, and sends the one answer that calls for (practice: respond appropriately).
package inbound

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/consent"
	"smsconsent/shared/jurisdiction"
	"smsconsent/shared/keyword"
	"smsconsent/shared/phone"
	"smsconsent/shared/program"
)

// longest is the most a text can hold: AWS joins the parts of an inbound message up to this length.
const longest = 1600

// Outbox is what the handler needs of the outbox.
type Outbox interface {
	Change(ctx context.Context, key consent.Key, decide func(consent.Contact) consent.Change) (consent.Change, error)
}

// Handler answers inbound messages.
type Handler struct {
	Catalog *program.Catalog
	Outbox  Outbox
}

// message is AWS's two-way SMS payload (docs.aws.amazon.com, "Two-way SMS message payload").
type message struct {
	From string `json:"originationNumber"`
	To   string `json:"destinationNumber"`
	Body string `json:"messageBody"`
	ID   string `json:"inboundMessageId"`
}

// Handle hears every record of the event. One that fails does not keep the others from being heard; the event then
// fails as a whole and comes again, which is harmless to those that succeeded.
func (h *Handler) Handle(ctx context.Context, e events.SNSEvent) error {
	var failed error
	for i, r := range e.Records {
		if err := h.hear(ctx, r.SNS); err != nil {
			failed = errors.Join(failed, fmt.Errorf("record %d of %d (SNS message %s): %w", i+1, len(e.Records), r.SNS.MessageID, err))
		}
	}
	return failed
}

func (h *Handler) hear(ctx context.Context, sns events.SNSEntity) error {
	key, in, err := h.decode(sns)
	if err != nil {
		return err
	}
	_, err = h.Outbox.Change(ctx, key, func(c consent.Contact) consent.Change { return c.Hear(in) })
	return err
}

// decode reads the payload. The order of things is SNS's timestamp, because AWS does not promise the order of delivery
// and the payload itself has no time.
func (h *Handler) decode(sns events.SNSEntity) (consent.Key, consent.Inbound, error) {
	var m message
	if err := json.Unmarshal([]byte(sns.Message), &m); err != nil {
		return consent.Key{}, consent.Inbound{}, errors.New("the SNS message is not a two-way SMS payload")
	}
	from, err := phone.Parse(m.From)
	if err != nil {
		return consent.Key{}, consent.Inbound{}, fmt.Errorf("originationNumber: %w", err)
	}
	if m.ID == "" || sns.Timestamp.IsZero() {
		return consent.Key{}, consent.Inbound{}, errors.New("inboundMessageId and the SNS timestamp must be there: they tell a repeat and the order")
	}
	brand, prog, ok := h.Catalog.ByDestination(m.To)
	if !ok {
		return consent.Key{}, consent.Inbound{}, errors.New("destinationNumber is no origination identity of programs.yaml")
	}
	// What is understood is the whole message; only what is kept is cut.
	intent, word := keyword.Classify(m.Body, keywords(prog))
	return consent.Key{Brand: brand.ID, Phone: from}, consent.Inbound{
		ID: m.ID, At: sns.Timestamp.UTC().Truncate(time.Millisecond), Program: prog, Intent: intent, Keyword: word, Body: cut(m.Body), To: m.To,
		StopAll: stopsAll(from, sns.Timestamp),
	}, nil
}

// stopsAll reports whether a STOP sent at that instant reaches every program of the brand by the law of the sender's
// country. The earliest midnight on Earth counts: a day early stops too much, an hour late too little.
func stopsAll(from phone.Number, at time.Time) bool {
	day, ok := jurisdiction.RevokeAllFrom(from.Country())
	return ok && !at.Before(day.Midnight(time.UTC).Add(-14*time.Hour))
}

func keywords(p *program.Program) []string {
	words := make([]string, 0, len(p.Topics))
	for _, t := range p.Topics {
		if t.Keyword != "" {
			words = append(words, t.Keyword)
		}
	}
	return words
}

func cut(body string) string {
	if r := []rune(body); len(r) > longest {
		return string(r[:longest])
	}
	return body
}
