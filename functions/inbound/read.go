package inbound

import (
	"context"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/desk"
	"smsconsent/shared/edge/outbox"
)

// Desk puts replies before a person.
type Desk interface {
	Put(ctx context.Context, r desk.Reply) error
}

// putToRead puts before a person what was said and got no answer that helps. An opt-out is never among it. Where the
// desk fails the event fails and comes again, so that a reply may be read twice and is never lost.
func (h *Handler) putToRead(
	ctx context.Context,
	m message,
	brand *program.Brand,
	prog *program.Program,
	intent keyword.Intent,
	done outbox.Changed,
) error {
	if prog == nil {
		return nil
	}
	why := unanswered(intent, prog.ID, done)
	if why == "" {
		return nil
	}
	h.Metrics.Count("ToRead", 1)
	return h.Desk.Put(ctx, desk.Reply{
		Brand: brand.ID, BrandName: brand.Name, Program: prog.ID, From: m.from, At: m.at, Body: cut(m.Body), Why: why,
	})
}

// unanswered is why a person should read what was said; empty where nobody need.
func unanswered(intent keyword.Intent, prog string, done outbox.Changed) string {
	switch {
	case intent.Kind == keyword.OptIn && len(done.Texts) == 0 && stopped(done, prog):
		return "they said STOP before, and may want to come back; only START, UNSTOP or a topic's keyword does that"
	case intent.Kind == keyword.Help && refused(done):
		return "they said STOP before, so AWS lets no text reach them, and ask for help"
	case intent.Kind != keyword.Other || intent.Wordless || intent.Nearly && len(done.Texts) > 0:
		return ""
	case intent.Unclear:
		return "it may be an opt-out"
	default:
		return "no rule understands it"
	}
}

// stopped reports whether the person has opted out of the program.
func stopped(done outbox.Changed, prog string) bool {
	_, stopped := done.Next.StoppedAt(prog)
	return stopped
}

// refused reports whether AWS refused the answer because the number is on its opt-out list.
func refused(done outbox.Changed) bool {
	for i := range done.Texts {
		if done.Texts[i].Status == consent.Rejected && done.Texts[i].OptedOut {
			return true
		}
	}
	return false
}
