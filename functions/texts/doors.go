package texts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/fact"
	"smsconsent/shared/core/phone"
)

// sends is the type of the event by which others request a text on the bus.
const sends = "smsconsent.send"

// event is the part of an EventBridge event that is used.
type event struct {
	ID         string          `json:"id"`
	Source     string          `json:"source"`
	DetailType string          `json:"detail-type"`
	Time       time.Time       `json:"time"`
	Detail     json.RawMessage `json:"detail"`
}

// hear handles an event of the bus. Our own events request nothing.
func (h *Handler) hear(ctx context.Context, e event) error {
	if e.DetailType != sends || e.Source == fact.Source {
		h.Log.InfoContext(ctx, "an event that asks for nothing", "event", e.ID, "type", e.DetailType, "source", e.Source)
		return nil
	}
	return h.unattended(ctx, e.Detail, e.Source, e.ID, e.Time)
}

// take handles a message of the queue.
func (h *Handler) take(ctx context.Context, m *events.SQSMessage) error {
	at := h.Now()
	if ms, err := strconv.ParseInt(m.Attributes["SentTimestamp"], 10, 64); err == nil {
		at = time.UnixMilli(ms).UTC()
	}
	return h.unattended(ctx, []byte(m.Body), "queue", m.MessageId, at)
}

// unattended sends a text whose caller does not wait for the answer. After an error the message comes again. So a
// text without an ID gets the message's, and its day begins when it was requested. A refusal is recorded, and so
// reported on the bus. A request with a mistake fails, and is kept for a person to look at.
func (h *Handler) unattended(ctx context.Context, body []byte, caller, id string, asked time.Time) error {
	o, err := h.check(body, caller, id, asked)
	var a Answer
	if err == nil {
		a, err = h.send(ctx, o)
	}
	if err == nil && a.Status == Refused && a.Rule != carrierRule {
		err = h.Outbox.Withhold(ctx, o.key, o.text(), h.newID(), a.Because)
	}
	h.note(ctx, caller, &o, &a, err)
	if err != nil {
		return fmt.Errorf("text %s: %w", id, loggable(err))
	}
	return nil
}

// loggable returns an error without what a caller wrote, which may be words of the text (I10).
func loggable(err error) error {
	if wrong, ok := errors.AsType[*phone.FieldError](err); ok {
		return errors.New("field " + strconv.Quote(wrong.Field) + " of the request is wrong")
	}
	return err
}

// key returns whose text a schedule is about.
func (d due) key() (consent.Key, error) {
	number, err := phone.Parse(d.Phone)
	if err != nil {
		return consent.Key{}, errors.New("the schedule names no phone")
	}
	return consent.Key{Brand: d.Brand, Phone: number}, nil
}
