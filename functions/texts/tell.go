package texts

import (
	"context"
	"fmt"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/signup"
)

// telling reads the evidence that the person was told of a topic that needs no YES, by the rules of POST /requests,
// and records who vouches for it. ToldAt is zero without evidence.
func (h *Handler) telling(in *request, topic *program.Topic, caller string) (consent.Request, error) {
	if in.Evidence == nil {
		return consent.Request{}, nil
	}
	if !topic.Told {
		return consent.Request{}, wrong(
			"evidence", "topic %s does not begin with a telling (consent: told); have the phone asked for its YES by POST /requests", topic.ID,
		)
	}
	q, err := signup.Request{
		Brand: in.Brand, Topics: []string{in.Topic}, Phone: in.Phone, Evidence: in.Evidence,
	}.Check(h.Catalog, h.Gate, h.Now().UTC().Truncate(time.Millisecond))
	if err != nil {
		return consent.Request{}, err
	}
	q.Evidence["caller"] = caller
	return q.Request, nil
}

// tell records that the person was told, and so subscribes them where nothing is against it (I5, I8). It returns the
// contact afterwards. The gate still decides about the text.
func (h *Handler) tell(ctx context.Context, c consent.Contact, o *order) (consent.Contact, error) {
	_, went := c.SingleClaim(o.id)
	if went || o.telling.ToldAt.IsZero() || c.Subs[o.topic].State == consent.Subscribed {
		return c, nil
	}
	ch, err := h.Outbox.Change(ctx, o.key, func(c consent.Contact) consent.Change { return c.Request(o.telling) })
	if err != nil {
		return c, fmt.Errorf("put on record that the person was told: %w", err)
	}
	return ch.Next, nil
}
