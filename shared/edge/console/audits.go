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

// newest is the name under which the newest report of an audit is shown.
const newest = "latest"

// auditRoutes adds the reports of audits: their list, and of each the page and, with ".json" behind it, the document.
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

// audits returns the runs of which there is a report, the newest first.
func (c *Console) audits(ctx context.Context) ([]string, error) {
	runs, err := c.kept.Runs(ctx)
	slices.Reverse(runs)
	return append([]string{}, runs...), err
}

// noAudit tells that there is no report to show, where that is the error.
func noAudit(err error) error {
	if !errors.Is(err, reports.ErrNone) {
		return err
	}
	return &gateway.Refusal{
		Status: http.StatusNotFound, Field: "run",
		Message: "there is no report of this audit; GET /audits lists those there are",
	}
}
