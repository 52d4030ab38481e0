package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"smsconsent/local/account"
	"smsconsent/local/redact"
	"smsconsent/local/reply"
	"smsconsent/local/sns"
	"smsconsent/shared/edge/reports"
)

// newest is the name under which the newest report of an audit is shown.
const newest = "latest"

// auditRoutes adds the reports of audits: their list, and of each the page and, with ".json" behind it, the document.
func (c *Console) auditRoutes(mux *http.ServeMux) {
	kept := reports.New(reports.Client(c.AWS), account.ReportsBucket)
	mux.HandleFunc("GET /audits", func(w http.ResponseWriter, r *http.Request) {
		runs, err := audits(r.Context(), kept)
		c.answer(w, r, runs, err, "list of audits")
	})
	mux.HandleFunc("GET /audits/{run}", func(w http.ResponseWriter, r *http.Request) {
		run, document := strings.CutSuffix(r.PathValue("run"), ".json")
		if run == newest {
			runs, err := audits(r.Context(), kept)
			if err != nil || len(runs) == 0 {
				c.noAudit(w, err)
				return
			}
			run = runs[0]
		}
		if document {
			found, err := kept.Report(r.Context(), run)
			if err != nil {
				c.noAudit(w, err)
				return
			}
			reply.JSON(w, http.StatusOK, found)
			return
		}
		page, err := kept.Page(r.Context(), run)
		if err != nil {
			c.noAudit(w, err)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(page) //nolint:gosec // the page is ours, made by html/template, and its policy allows no script
	})
}

// audits returns the runs of which there is a report, the newest first.
func audits(ctx context.Context, kept *reports.Store) ([]string, error) {
	runs, err := kept.Runs(ctx)
	slices.Reverse(runs)
	return append([]string{}, runs...), err
}

// noAudit tells why there is no report to show.
func (c *Console) noAudit(w http.ResponseWriter, err error) {
	if err == nil || errors.Is(err, reports.ErrNone) {
		why := "there is no report of this audit; GET /audits lists those there are"
		(&reply.Problem{Status: http.StatusNotFound, Field: "run", Message: why}).Write(w)
		return
	}
	c.Log.Error("read a report", "error", redact.Error(err))
	(&reply.Problem{Status: http.StatusInternalServerError, Message: "the report could not be read; the log says why"}).Write(w)
}

// toRead returns the replies among what was published: that an audit is done is told by its link.
func toRead(letters []sns.Letter) []sns.Letter {
	return slices.DeleteFunc(letters, func(l sns.Letter) bool { return l.Topic != account.TopicARN("to-read") })
}
