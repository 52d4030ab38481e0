package inbound

import (
	"context"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/desk"
	"smsconsent/shared/edge/outbox"
)

// Desk sends replies to the people who read them. Put may send twice when it is repeated.
type Desk interface {
	Put(ctx context.Context, r desk.Reply) error
}

// putToRead sends a text to a person where no reply was sent that helps. why is the reason, empty for none. An
// opt-out is never sent there. Where the desk fails the event fails and comes again. So a person may read a text
// twice, but none is lost.
func (h *Handler) putToRead(
	ctx context.Context, m message, brand *program.Brand, prog *program.Program, intent keyword.Intent, why string,
	done outbox.Changed,
) error {
	if why == "" && intent.Kind == keyword.Help && refused(done) {
		why = "AWS's list of opt-outs, of which the record knew nothing, lets no text reach them, and they ask for help"
	}
	if prog == nil || why == "" {
		return nil
	}
	h.Metrics.Count("ToRead", 1)
	return h.Desk.Put(ctx, desk.Reply{
		Brand: brand.ID, BrandName: brand.Name, Program: prog.ID, From: m.from, At: m.at, Body: cut(m.Body), Why: why,
	})
}

// refused reports whether AWS refused the reply because the number is on its opt-out list.
func refused(done outbox.Changed) bool {
	for i := range done.Texts {
		if done.Texts[i].Status == consent.Rejected && done.Texts[i].OptedOut {
			return true
		}
	}
	return false
}
