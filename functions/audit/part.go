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

// An audit has parts: each segment of the table, and AWS's opt-out lists. A part saves what it found
// before acting on it, together with its position. So wherever its function is ended, the repeated job
// goes on there, counts nobody twice and leaves nothing undone.
const (
	segmentPart = "segment-"
	listsPart   = "lists"

	// behindAll is the position of a part that has looked at everything.
	behindAll = "end"

	// saveEvery is how many pages without a task are read before the position is saved.
	saveEvery = 8
)

// parts returns the names of an audit's parts.
func parts() []string {
	names := []string{listsPart}
	for n := range table.Segments {
		names = append(names, segmentPart+strconv.Itoa(n))
	}
	return names
}

// pages is what a part goes through.
type pages interface {
	// page looks at the next people of a part. It adds its findings to the part's figures and tasks, and sets where
	// to go on.
	page(ctx context.Context, p *inspect.Part) (found, error)
	// act carries out a task about one person. It may be repeated.
	act(ctx context.Context, task inspect.Task) error
}

// found is the findings of a page by kind, and the number of people on it.
type found struct {
	people int
	kinds  map[report.Kind]int
}

// add counts findings about a person, and adds a task where something must be done.
func (f *found) add(p *inspect.Part, key consent.Key, all []inspect.Finding) {
	if f.kinds == nil {
		f.kinds = map[report.Kind]int{}
	}
	for _, x := range all {
		f.kinds[x.Kind]++
		p.Figures.Found(x.Kind, report.CaseOf(key, x.Topic, x.Since, x.Why), x.Mended())
	}
}

// part does one part of a run, or the rest of it that an earlier job left.
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
		return nil // another job works on the same part
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

// goThrough works on a part until it is done.
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

// count reports the findings since the last save: a log line, and the metrics for alarms and dashboards.
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

// finish makes the report once all parts of a run are done. Of several jobs that find them done, one makes it.
func (h *Handler) finish(ctx context.Context, id string) error {
	run, parts, err := h.Table.Audit(ctx, id)
	if err != nil {
		return err
	}
	done := slices.DeleteFunc(parts, func(p inspect.Part) bool { return !p.Done })
	if len(done) < len(run.Parts) {
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
