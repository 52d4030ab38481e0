package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/reports"
)

// newest is the run in an address that stands for the latest one.
const newest = "latest"

// auditRoutes adds the list of audit reports, and each report as a page or, with ".json" at the end, as JSON.
func (c *Console) auditRoutes(mux *http.ServeMux) {
	list := func(r *http.Request) (any, error) { return c.audits(r.Context()) }
	mux.HandleFunc("GET /audits", answer(c, operatorPolicy, list))
	mux.HandleFunc("GET /audits/{run}", func(w http.ResponseWriter, r *http.Request) {
		run, document := strings.CutSuffix(r.PathValue("run"), ".json")
		if run == newest {
			runs, err := c.audits(r.Context())
			if err == nil && len(runs) == 0 {
				err = reports.ErrNone
			}
			if err != nil {
				c.refuse(r.Context(), noAudit(err), operatorPolicy).Write(w)
				return
			}
			run = runs[0]
		}
		if document {
			found, err := c.kept.Report(r.Context(), run)
			if err != nil {
				c.refuse(r.Context(), noAudit(err), operatorPolicy).Write(w)
				return
			}
			gateway.WriteJSON(w, http.StatusOK, found)
			return
		}
		page, err := c.kept.Page(r.Context(), run)
		if errors.Is(err, reports.ErrNone) {
			c.refuse(r.Context(), noAudit(err), operatorPolicy).Write(w)
			return
		}
		c.writePage(w, r, page, err, operatorPolicy)
	})
}

// audits returns the runs with a report, newest first.
func (c *Console) audits(ctx context.Context) ([]string, error) {
	runs, err := c.kept.Runs(ctx)
	slices.Reverse(runs)
	return append([]string{}, runs...), err
}

// noAudit turns reports.ErrNone into an answer for the page.
func noAudit(err error) error {
	if !errors.Is(err, reports.ErrNone) {
		return err
	}
	return &gateway.Refusal{
		Status: http.StatusNotFound, Field: "run",
		Message: "there is no report of this audit; GET /audits lists those there are",
	}
}
