// Package receipts is the function behind the delivery events: it puts on record what became of each text, notices
// phones that texts do not reach, and stops a campaign that a carrier takes for spam.
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
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/queue"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// Table is what the handler needs of the consent table.
type Table interface {
	Contact(ctx context.Context, key consent.Key) (consent.Contact, error)
	Person(ctx context.Context, key consent.Key) (consent.Record, error)
	MessageStatus(ctx context.Context, key consent.Key, id string, step consent.StatusChange) error
	Commit(ctx context.Context, ch consent.Change, now time.Time) (consent.Contact, error)
	SetCampaignState(ctx context.Context, id string, from []campaign.State, to campaign.State, why string) error
}

// Outbox is what the handler needs of the outbox.
type Outbox interface {
	// Recover puts a text on record that its sender left off it. It fails as long as the sender may still be about to; SQS
	// offers the event again for longer than that.
	Recover(ctx context.Context, c consent.Contact, claimID, awsID string) error
}

// Config is what a Handler works with.
type Config struct {
	Table   Table
	Outbox  Outbox
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *telemetry.Metrics `wiring:"optional"`
}

// Handler takes delivery events.
type Handler struct {
	Config
}

// New makes a handler. It fails where the Config lacks anything.
func New(c Config) (*Handler, error) {
	if err := wiring.Complete(c); err != nil {
		return nil, err
	}
	return &Handler{Config: c}, nil
}

// Handle takes every record of the batch. Those that fail are offered again by SQS and end in its dead letters; none is
// dropped, not even one that cannot be understood, for it may be about a text somebody sues over.
func (h *Handler) Handle(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
	return *queue.EachBody(ctx, h.Log, e.Records, func(ctx context.Context, body string) error {
		err := h.receive(ctx, body)
		if err != nil {
			h.Metrics.Count("ReceiptFailed", 1)
		}
		return err
	}), nil
}

// receive does with one event what its kind calls for. Everything in it may be done twice.
func (h *Handler) receive(ctx context.Context, body string) error {
	r, err := decode(body)
	if err != nil {
		return err
	}
	underWay := r.fate.Status == "" || !r.final
	if underWay && !r.fate.Unwanted {
		return nil
	}
	c, err := h.Table.Contact(ctx, r.key)
	if err != nil {
		return fmt.Errorf("read contact: %w", err)
	}
	if r.fate.Unwanted {
		if err := h.pause(ctx, &c, r); err != nil {
			return err
		}
	}
	if underWay {
		return nil
	}
	if err := h.record(ctx, &c, r); err != nil {
		return err
	}
	if r.fate.Status == consent.Delivered && c.Health.Failures == 0 && !c.Health.Undeliverable {
		return nil
	}
	return h.health(ctx, r)
}

// record adds to the text's record what became of it.
func (h *Handler) record(ctx context.Context, c *consent.Contact, r receipt) error {
	step := consent.StatusChange{At: r.At, Status: r.fate.Status, Detail: r.Event}
	err := h.Table.MessageStatus(ctx, r.key, r.Message, step)
	if errors.Is(err, table.ErrNoMessage) {
		if err := h.Outbox.Recover(ctx, *c, r.Message, r.awsID); err != nil {
			return err
		}
		err = h.Table.MessageStatus(ctx, r.key, r.Message, step)
	}
	if err != nil {
		return fmt.Errorf("record status of text %s: %w", r.Message, err)
	}
	h.Metrics.Count("Receipt", 1, "event", r.Event)
	return nil
}

// health notes on the contact whether texts reach it. It decides on the texts as they are on record, which are read
// after the contact: where the contact is unchanged when it is written, no other receipt's step was missed.
// Outbox.Change does not serve here, because it decides on the contact alone.
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

// pause stops the campaign the text belongs to: a carrier that calls one text of it spam will soon block the number.
func (h *Handler) pause(ctx context.Context, c *consent.Contact, r receipt) error {
	h.Metrics.Count("SpamReported", 1)
	cl, _ := c.Claimed(r.Message)
	if cl.Campaign == "" {
		return nil
	}
	err := h.Table.SetCampaignState(
		ctx,
		cl.Campaign,
		[]campaign.State{campaign.Scheduled, campaign.Running},
		campaign.Paused,
		r.Event,
	)
	if errors.Is(err, table.ErrConflict) {
		return nil // it has ended or been paused
	}
	if err != nil {
		return fmt.Errorf("pause campaign %s: %w", cl.Campaign, err)
	}
	h.Log.WarnContext(ctx, "campaign paused", "campaign", cl.Campaign, "event", r.Event)
	h.Metrics.Count("CampaignPaused", 1)
	return nil
}
