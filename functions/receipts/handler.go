// Package receipts is the function behind the delivery events: it records the outcome of each text and the clicks on
// its links, notices phones that cannot be reached, and pauses campaigns above the limits of their topic.
package receipts

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/link"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/queue"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/tally"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// Table is the part of the consent table that the handler uses. Package table says for each method which errors it
// returns and whether it may be repeated.
type Table interface {
	Contact(ctx context.Context, key consent.Key) (consent.Contact, error)
	Person(ctx context.Context, key consent.Key) (consent.Record, error)
	MessageStatus(ctx context.Context, key consent.Key, id string, step consent.StatusChange) (isNew bool, err error)
	Commit(ctx context.Context, ch consent.Change, now time.Time) (consent.Contact, error)
	Click(ctx context.Context, key consent.Key, campaignID string, step consent.StatusChange) (first bool, err error)
	tally.Store
}

// Outbox records lost texts and changes contacts. It cannot send.
type Outbox interface {
	// Recover records a text that its sender did not record. It fails while the sender may still do so; SQS
	// delivers the event again for longer than that. It may be repeated.
	Recover(ctx context.Context, c consent.Contact, claimID, awsID string) error

	// Change changes a contact. The changes here ask for no texts.
	Change(ctx context.Context, key consent.Key, decide func(consent.Contact) consent.Change) (outbox.Changed, error)
}

// Config is what a Handler works with.
type Config struct {
	Catalog *program.Catalog
	Table   Table
	Outbox  Outbox
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *telemetry.Metrics `wiring:"optional"`
}

// Handler handles delivery events.
type Handler struct {
	Config
	tally *tally.Tally
}

// New makes a Handler, and returns an error where the Config lacks anything.
func New(c Config) (*Handler, error) {
	if err := wiring.Complete(c); err != nil {
		return nil, err
	}
	count := &tally.Tally{Catalog: c.Catalog, Store: c.Table, Log: c.Log, Metrics: c.Metrics}
	return &Handler{Config: c, tally: count}, nil
}

// Handle handles every record of the batch. Records that fail are delivered again by SQS and end in its dead-letter
// queue. None is dropped, not even one that cannot be understood, because it may be about a text that somebody sues
// over.
func (h *Handler) Handle(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
	heard := map[tally.Campaign]campaign.Fates{}
	failed := queue.EachBody(ctx, h.Log, e.Records, func(ctx context.Context, body string) error {
		err := h.receive(ctx, body, heard)
		if err != nil {
			h.Metrics.Count("ReceiptFailed", 1)
		}
		return err
	})
	h.count(ctx, heard)
	return *failed, nil
}

// count adds a batch to the outcomes of each campaign, in one write per campaign. A count that fails is lost: the
// outcome of each text is on record, and repeated events are not counted.
func (h *Handler) count(ctx context.Context, heard map[tally.Campaign]campaign.Fates) {
	for of, fates := range heard {
		if err := h.tally.Count(ctx, of, fates); err != nil {
			h.Metrics.Count("ReceiptFailed", 1)
			h.Log.ErrorContext(ctx, "the fates of a campaign's texts were not counted", "campaign", of.ID, "error", err)
		}
	}
}

// receive handles one event by its kind, and adds to heard what it means for the text's campaign. It may be repeated.
func (h *Handler) receive(ctx context.Context, body string, heard map[tally.Campaign]campaign.Fates) error {
	if c, ok := link.ReadClick(body); ok {
		return h.click(ctx, c)
	}
	if o, ok := tally.ReadOptOut(body); ok {
		if err := h.tally.CountOptOut(ctx, o, h.Now()); err != nil {
			return fmt.Errorf("count an opt-out: %w", err)
		}
		h.Metrics.Count("OptOutAnswered", 1)
		return nil
	}
	r, err := decode(body)
	if err != nil {
		return err
	}
	if r.fate.Spam {
		h.Metrics.Count("SpamReported", 1)
	}
	if r.fate.Status == "" || !r.final {
		return nil
	}
	c, err := h.Table.Contact(ctx, r.key)
	if err != nil {
		return fmt.Errorf("read contact: %w", err)
	}
	isNew, err := h.record(ctx, &c, r)
	if err != nil {
		return err
	}
	if cl, ok := c.Claimed(r.Message); ok && isNew && cl.Campaign != "" && len(cl.Topics) > 0 {
		of := tally.Campaign{Brand: r.key.Brand, Topic: cl.Topics[0], ID: cl.Campaign}
		heard[of] = heard[of].Add(campaign.FatesOf(r.fate))
	}
	if r.fate.Status == consent.Delivered && c.Health.Failures == 0 && !c.Health.Undeliverable {
		return nil
	}
	return h.health(ctx, r)
}

// record adds the outcome to the text's record, and reports whether it is new.
func (h *Handler) record(ctx context.Context, c *consent.Contact, r receipt) (isNew bool, err error) {
	step := consent.StatusChange{At: r.At, Status: r.fate.Status, Detail: r.Event}
	isNew, err = h.Table.MessageStatus(ctx, r.key, r.Message, step)
	if errors.Is(err, table.ErrNoMessage) {
		if err := h.Outbox.Recover(ctx, *c, r.Message, r.awsID); err != nil {
			return false, err
		}
		isNew, err = h.Table.MessageStatus(ctx, r.key, r.Message, step)
	}
	if err != nil {
		return false, fmt.Errorf("record status of text %s: %w", r.Message, err)
	}
	h.Metrics.Count("Receipt", 1, "event", r.Event)
	if r.fate.Strange && isNew {
		h.Log.WarnContext(ctx, "an event of a kind nobody foresaw", "text", r.Message, "event", r.Event)
		h.Metrics.Count("CarrierCodeUnknown", 1)
	}
	return isNew, nil
}

// health stores in the contact whether texts reach it. It decides on the texts on record, which it reads after the
// contact: if the contact has not changed when it is written, no receipt was missed. Outbox.Change cannot do this,
// because it decides on the contact alone.
func (h *Handler) health(ctx context.Context, r receipt) error {
	for range outbox.MaxTries {
		person, err := h.Table.Person(ctx, r.key)
		if err != nil {
			return fmt.Errorf("read record: %w", err)
		}
		ch := person.Contact.Receipt(r.Receipt, person.Messages)
		if ch.Empty() {
			return nil
		}
		_, err = h.Table.Commit(ctx, ch, h.Now())
		if errors.Is(err, table.ErrConflict) {
			continue
		}
		if err != nil {
			return fmt.Errorf("commit change: %w", err)
		}
		if ch.Next.Health.Undeliverable {
			h.Metrics.Count("Undeliverable", 1)
		}
		return nil
	}
	return fmt.Errorf("commit change: gave up after %d conflicts", outbox.MaxTries)
}
