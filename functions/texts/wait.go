package texts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/oklog/ulid/v2"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
)

// due is the input of a schedule: a text that must be looked at again.
type due struct {
	Brand string `json:"brand"`
	Phone string `json:"phone"`
	Text  string `json:"text"` // the ID its caller gave it
}

func (h *Handler) newID() string {
	return ulid.MustNew(ulid.Timestamp(h.Now()), ulid.DefaultEntropy()).String()
}

// wait stores a text until a time at which a schedule has the function look at it again. Another schedule does so at
// the text's end, in case every try before fails. The schedules are made first: one without a text does nothing, and
// a text without one would never be sent.
func (h *Handler) wait(ctx context.Context, d consent.Deferred) error {
	input, err := json.Marshal(due{d.Brand, string(d.Phone), d.Ref})
	if err != nil {
		return err
	}
	for _, at := range []time.Time{d.Expires, d.Until} {
		// The name contains the time, because the name of a schedule that has fired stays taken for a while.
		sum := sha256.Sum256([]byte(d.Brand + "#" + string(d.Phone) + "#" + d.Ref + "#" + strconv.FormatInt(at.UnixMilli(), 10)))
		if err := h.Schedules.Once(ctx, "text-"+hex.EncodeToString(sum[:20]), at, string(input)); err != nil {
			return err
		}
	}
	_, err = h.Table.SaveDeferred(ctx, d)
	return err
}

// wake looks at a deferred text whose time has come, and asks the gate again: it is sent, waits on, or ends with its
// reason on record. It may be repeated, and must be after an error.
func (h *Handler) wake(ctx context.Context, at due) error {
	key, err := at.key()
	if err != nil {
		return err
	}
	c, d, err := h.Table.ContactAndDeferred(ctx, key, at.Text)
	if err != nil {
		return err
	}
	now := h.Now()
	over := !d.Expires.After(now)
	if !d.Open() || d.Until.After(now) {
		return nil // it has ended, or another schedule is for it
	}
	if over { // it was neither sent nor ended in time; its end is recorded below
		h.Metrics.Count("TextStuck", 1)
		h.Log.ErrorContext(ctx, "a text that waited was neither sent nor ended in time", "brand", d.Brand, "topic", d.Topic, "stage", d.State)
	}
	// From here on it cannot be withdrawn: a text that was reported as withdrawn must not be sent.
	if d, err = h.Table.SaveDeferred(ctx, d.Leaving()); err != nil {
		return err
	}
	o, ok := h.reorder(&d)
	if !ok {
		_, err := h.Table.SaveDeferred(ctx, d.Ended(consent.Refused, "topic", "programs.yaml no longer has its topic"))
		return err
	}
	since, err := ulid.ParseStrict(d.ID)
	if err != nil {
		return fmt.Errorf("deferred text: %w", err)
	}
	a, err := h.try(ctx, c, &o, ulid.Time(since.Time()))
	if err == nil { // else it comes again, and finds its claim
		err = h.settle(ctx, &o, d, a)
	}
	h.note(ctx, "schedule", &o, &a, err)
	return err
}

// settle stores the outcome of a deferred text. One that the gate refused, or that consent no longer covers, is
// recorded first; a refusal by the carrier is on record already.
func (h *Handler) settle(ctx context.Context, o *order, d consent.Deferred, a Answer) error {
	var err error
	switch a.Status {
	case Sent, Duplicate:
		_, err = h.Table.SaveDeferred(ctx, d.Gone(a.Message))
	case Deferred:
		return h.wait(ctx, d.Waiting(*a.Until, a.Rule, a.Because))
	default:
		as := consent.Refused
		if a.Status == Withdrawn {
			as = consent.Withdrawn
		}
		if a.Rule != carrierRule {
			err = h.Outbox.Withhold(ctx, o.key, o.text(), d.ID, a.Because)
		}
		if err == nil {
			_, err = h.Table.SaveDeferred(ctx, d.Ended(as, a.Rule, a.Because))
		}
	}
	return err
}

// reorder returns a deferred text as the order it was, and false where its topic is no longer in programs.yaml.
func (h *Handler) reorder(d *consent.Deferred) (order, bool) {
	brand, ok := h.Catalog.Brand(d.Brand)
	if !ok {
		return order{}, false
	}
	prog, _, ok := brand.Topic(d.Topic)
	return order{
		key: d.Key, program: prog, topic: d.Topic, id: d.Ref, body: d.Body, content: d.Shared, expires: d.Expires,
		waited: d, vouched: message.Vouched{NotMarketing: d.Vouched},
	}, ok
}
