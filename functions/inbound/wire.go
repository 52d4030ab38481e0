package inbound

import (
	"context"

	"smsconsent/shared/edge/wiring"
)

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, d *wiring.Deployment) (*Handler, error) {
	d.AnswersFirst()
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
		DeadLetters: d.DeadLetters(),
		Desk:        d.Desk(),
		Newer:       d.Newer,
		Log:         d.Log,
		Metrics:     d.Metrics,
	})
}

// Invoke serves one event as Lambda's runtime delivers it.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return wiring.Invoke(ctx, h.Handle, payload)
}
