package inbound

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/edge/wiring/desks"
	"smsconsent/shared/edge/wiring/queues"
)

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, d *wiring.Deployment) (*Handler, error) {
	t, g, err := d.TableAndGate(ctx)
	if err != nil {
		return nil, err
	}
	answers := d.Outbox(t, g)
	if d.Getenv("PREFERENCES_URL") != "" {
		links, err := d.Links(ctx)
		if err == nil {
			answers.Links = links
		} else {
			// A STOP must not wait for the key of a page: until this is mended, answers go out without the link.
			d.Log.ErrorContext(ctx, "no links to the preference page", "error", err)
			d.Metrics.Count("LinksMissing", 1)
		}
	}
	return New(Config{
		Catalog:     d.Catalog,
		Outbox:      answers,
		Records:     t,
		DeadLetters: queues.DeadLetters(d),
		Desk:        desks.Replies(d),
		Newer:       d.Newer,
		Log:         d.Log,
		Metrics:     d.Metrics,
	})
}

// Stops reports whether a record of an event is an opt-out.
func (h *Handler) Stops(payload []byte) bool {
	var e events.SNSEvent
	if json.Unmarshal(payload, &e) != nil {
		return false
	}
	return slices.ContainsFunc(e.Records, func(r events.SNSEventRecord) bool {
		m, err := decode(r.SNS)
		if err != nil {
			return false
		}
		brand, prog, ok := h.Catalog.ByDestination(m.To)
		if !ok {
			brand, prog = &program.Brand{}, &program.Program{}
		}
		return stops(meaning(brand, prog, m))
	})
}

// Invoke serves one event as Lambda's runtime delivers it.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return wiring.Invoke(ctx, h.Handle, payload)
}
