package audit

import (
	"context"
	"fmt"
	"slices"
	"time"

	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/reportpage"
)

// Reports is where reports are stored, as reports.Store does. Keep may be repeated.
type Reports interface {
	Keep(ctx context.Context, r report.Report, html []byte) (first bool, err error)
	Report(ctx context.Context, run string) (report.Report, error)
	Runs(ctx context.Context) ([]string, error)
	Where(run string) string
}

// Desk tells people that an audit is done. A repeated call tells them again.
type Desk interface {
	Tell(ctx context.Context, subject, text string) error
}

// publish makes the report of the run that began at that time from the figures of its parts, stores it and announces
// it. Where it is stored already, it is not announced again. An announcement that fails is not repeated, because the
// report can be read anyway.
func (h *Handler) publish(ctx context.Context, began time.Time, figures report.Figures) error {
	before, found, err := h.compared(ctx, report.ID(began))
	if err != nil {
		return err
	}
	r := report.New(h.Catalog, began, h.Now(), figures, nil)
	if found {
		r = report.New(h.Catalog, began, h.Now(), figures, &before)
	}
	html, err := reportpage.Render(r)
	if err != nil {
		return err
	}
	first, err := h.Reports.Keep(ctx, r, html)
	if err != nil || !first {
		return err
	}
	h.Log.InfoContext(ctx, "reported", "run", r.Run, "people", r.Figures.People, "open", r.Figures.Open())
	h.Metrics.Count("AuditFindings", r.Figures.Open())
	if r.Figures.Receipts.None() {
		h.Metrics.Count("ReceiptsMissing", 1)
	}
	subject, text := r.Announcement(h.Reports.Where(r.Run))
	if err := h.Desk.Tell(ctx, subject, text); err != nil {
		h.Log.ErrorContext(ctx, "a report could not be announced; it is kept", "run", r.Run, "error", err)
	}
	return nil
}

// compared returns the newest report of a run before the named one, and false where there is none.
func (h *Handler) compared(ctx context.Context, run string) (before report.Report, found bool, err error) {
	runs, err := h.Reports.Runs(ctx)
	if err != nil {
		return report.Report{}, false, err
	}
	runs = slices.DeleteFunc(runs, func(other string) bool { return other >= run })
	if len(runs) == 0 {
		return report.Report{}, false, nil
	}
	before, err = h.Reports.Report(ctx, slices.Max(runs))
	if err != nil {
		return report.Report{}, false, fmt.Errorf("compare with the run before: %w", err)
	}
	return before, true, nil
}
