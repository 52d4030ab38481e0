package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/timeleft"
)

// An audit looks at everybody in parts: each segment of the table, and AWS's opt-out lists. A part saves what it found
// before anything is done about it, and how far it has come with it. So wherever its function ends, the job that comes
// again goes on there, counts nobody twice and leaves nothing undone.
const (
	segmentPart = "segment-"
	listsPart   = "lists"

	// behindAll is where a part goes on that has looked at all it has.
	behindAll = "end"

	// saveEvery is how many pages without a task a part reads before it saves how far it has come.
	saveEvery = 8
)

// parts names what an audit consists of.
func parts() []string {
	names := []string{listsPart}
	for n := range table.Segments {
		names = append(names, segmentPart+strconv.Itoa(n))
	}
	return names
}

// pages is what a part goes through.
type pages interface {
	// page looks at the next people of a part: it adds what it finds to the figures and to what is to be done, and says
	// where to go on.
	page(ctx context.Context, p *inspect.Part) (found, error)
	// act does what is to be done about a person. It may be repeated.
	act(ctx context.Context, task inspect.Task) error
}

// found is what a page found, by kind, and how many people it met.
type found struct {
	people int
	kinds  map[report.Kind]int
}

// add counts what was found about a person, and notes who has to be looked at again.
func (f *found) add(p *inspect.Part, key consent.Key, all []inspect.Finding) {
	if f.kinds == nil {
		f.kinds = map[report.Kind]int{}
	}
	for _, x := range all {
		f.kinds[x.Kind]++
		p.Figures.Found(x.Kind, report.CaseOf(key, x.Topic, x.Since, x.Why), x.Mended())
	}
}

// part does one part of a run, or what a job that ended before left of it.
func (h *Handler) part(ctx context.Context, j job) error {
	var work pages
	segment, err := strconv.Atoi(strings.TrimPrefix(j.Part, segmentPart))
	switch {
	case j.Part == listsPart:
		work = &lists{Handler: h, run: j.run}
	case err == nil && segment >= 0 && segment < table.Segments && slices.Contains(parts(), j.Part):
		work = &everybody{Handler: h, segment: segment}
	default:
		return errors.New("the job names no part of a run")
	}
	switch err := h.goThrough(ctx, j, work); {
	case errors.Is(err, table.ErrConflict):
		return nil // another job does the same part, and goes on
	case errors.Is(err, timeleft.ErrShort):
		return h.handOn(ctx, j)
	case err != nil:
		return fmt.Errorf("%s of audit: %w", j.Part, err)
	}
	return h.finish(ctx, report.ID(j.Since))
}

func (h *Handler) handOn(ctx context.Context, j job) error {
	if err := h.Queue.Put(ctx, j); err != nil {
		return fmt.Errorf("hand on %s of audit: %w", j.Part, err)
	}
	return nil
}

// goThrough goes on with a part until it is done.
func (h *Handler) goThrough(ctx context.Context, j job, work pages) error {
	p, err := h.Table.AuditPart(ctx, report.ID(j.Since), j.Part)
	if err != nil {
		return err
	}
	var since found // the last save
	save := func() (err error) {
		if p, err = h.Table.SaveAuditPart(ctx, p, h.Now()); err == nil {
			h.count(ctx, j.Part, since)
			since = found{}
		}
		return err
	}
	for unsaved := 0; !p.Done; {
		for ; len(p.Todo) > 0 && !timeleft.Short(ctx); p.Todo = p.Todo[1:] {
			if err := work.act(ctx, p.Todo[0]); err != nil {
				return err
			}
		}
		if p.Next == behindAll && len(p.Todo) == 0 {
			p.Done = true
			return save()
		}
		if timeleft.Short(ctx) {
			return cmp.Or(save(), timeleft.ErrShort)
		}
		f, err := work.page(ctx, &p)
		if err != nil {
			return err
		}
		since = since.plus(f)
		if unsaved++; len(p.Todo) > 0 || unsaved == saveEvery {
			if err := save(); err != nil {
				return err
			}
			unsaved = 0
		}
	}
	return nil
}

func (f found) plus(o found) found {
	sum := found{f.people + o.people, map[report.Kind]int{}}
	for _, kinds := range []map[report.Kind]int{f.kinds, o.kinds} {
		for k, n := range kinds {
			sum.kinds[k] += n
		}
	}
	return sum
}

// count tells what was found since the last save: a log line, and the figures that alarms and dashboards read.
func (h *Handler) count(ctx context.Context, part string, f found) {
	if f.people == 0 && len(f.kinds) == 0 {
		return
	}
	h.Log.InfoContext(ctx, "audited", "part", part, "people", f.people, "found", f.kinds)
	checked := f.people
	h.Metrics.Count("AuditChecked", checked)
	altered, unreadable := f.kinds[report.Altered], f.kinds[report.CannotBeRead]
	unproven, noTexts, onlyAtAWS := f.kinds[report.Unproven], f.kinds[report.NoTexts], f.kinds[report.OnlyAtAWS]
	unread := f.kinds[report.ListUnread]
	h.Metrics.Count("AuditSuspended", unproven)
	h.Metrics.Count("AuditTakesNoTexts", noTexts)
	if altered > 0 {
		h.Metrics.Count("LedgerFault", altered)
	}
	if unreadable > 0 {
		h.Metrics.Count("PoisonedContact", unreadable)
	}
	if onlyAtAWS > 0 {
		h.Metrics.Count("OptedOutAtAWS", onlyAtAWS)
	}
	if unread > 0 {
		h.Metrics.Count("OptOutListUnread", unread)
	}
}

// finish hands on the figures of a run once all its parts are done. Of several jobs that find them done, one does it.
func (h *Handler) finish(ctx context.Context, id string) error {
	run, parts, err := h.Table.Audit(ctx, id)
	if err != nil {
		return err
	}
	done := slices.DeleteFunc(parts, func(p inspect.Part) bool { return !p.Done })
	if len(done) < len(run.Parts) || !run.Closed.IsZero() {
		return nil
	}
	if mine, err := h.Table.TakeAudit(ctx, id, h.Now()); err != nil || !mine {
		return err
	}
	var figures report.Figures
	for _, p := range done {
		figures = figures.Plus(p.Figures)
	}
	if err := h.publish(ctx, run.Since, figures); err != nil {
		return fmt.Errorf("report audit %s: %w", id, err)
	}
	h.Log.InfoContext(ctx, "audit finished", "run", id, "people", figures.People, "took", h.Now().Sub(run.Since).Round(time.Second))
	h.Metrics.Count("AuditFinished", 1)
	return h.Table.CloseAudit(ctx, id, h.Now())
}
