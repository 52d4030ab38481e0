package operator

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smsconsent/local/account"
	audited "smsconsent/shared/core/report"
	"smsconsent/shared/edge/reportpage"
	"smsconsent/shared/edge/reports"
)

// keep puts the reports of two runs where the stack's audit puts them, and returns their names.
func (w *world) keep() (older, newer string) {
	w.t.Helper()
	cat, err := Catalog()
	if err != nil {
		w.t.Fatal(err)
	}
	kept := reports.New(reports.Client(account.AWS(w.url)), account.ReportsBucket)
	var before *audited.Report
	for i, subscribed := range []int{1200, 1250} {
		began := tuesday.AddDate(0, 0, -7*(1-i))
		f := audited.Figures{People: 2000, Subscribed: subscribed}
		f.Found(audited.TooOld, audited.Case{Brand: "example", Phone: "+1••••••0142"}, false)
		f.Found(audited.OnlyAtAWS, audited.Case{Brand: "example", Phone: "+1••••••0143"}, true)
		r := audited.New(cat, began, began.Add(time.Minute), f, before)
		html, err := reportpage.Render(r)
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := kept.Keep(w.t.Context(), r, html); err != nil {
			w.t.Fatal(err)
		}
		older, newer, before = newer, r.Run, &r
	}
	return older, newer
}

// Without a name it is the newest, with one that run; as text within 80 columns, as the document, and as the page.
func TestAuditReport(t *testing.T) {
	w := newWorld(t)
	older, newer := w.keep()
	out, _ := execute(t, 0, "audit", "report")
	for _, want := range []string{
		"Audit " + newer, "People on a list       1,250                    +50 since the last run", "1. now    Consent older than the law",
		"        1  Opt-outs that only AWS knew, 1 put right", "smsconsent audit report " + newer + " --html",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	for line := range strings.Lines(out) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	document, _ := execute(t, 0, "audit", "report", older[:8], "--json")
	if r := strictly[audited.Report](t, document); r.Run != older || r.Figures.Subscribed != 1200 || r.Before != nil {
		t.Errorf("the document is of run %s with %d subscribed", r.Run, r.Figures.Subscribed)
	}
	file := filepath.Join(t.TempDir(), "audit.html")
	if out, _ := execute(t, 0, "audit", "report", "--html", file); !strings.Contains(out, file) {
		t.Errorf("where the page is: %s", out)
	}
	page, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(page), "Run "+newer) {
		t.Errorf("the page: %v", err)
	}
	if out, _ := execute(t, 0, "audit", "report", older, "--html", "-"); !strings.Contains(out, "Run "+older) {
		t.Error("the page is not on standard output")
	}
}

// Whoever names a run that is not there is told which are, and a mistake exits 2.
func TestAuditReportNamesTheRunsThereAre(t *testing.T) {
	w := newWorld(t)
	if _, errs := execute(t, exitFailed, "audit", "report"); !strings.Contains(errs, "no audit has been reported yet") {
		t.Errorf("says %s", errs)
	}
	older, newer := w.keep()
	for _, name := range []string{"2025", "latest", "../" + newer} {
		if _, errs := execute(t, exitUsage, "audit", "report", name); !strings.Contains(errs, older) || !strings.Contains(errs, newer) {
			t.Errorf("%s: says %s", name, errs)
		}
	}
	if _, errs := execute(t, exitUsage, "audit", "report", "20"); !strings.Contains(errs, "more than one run begins") {
		t.Errorf("says %s", errs)
	}
	for _, args := range [][]string{{"audit", "report", older, newer}, {"audit", "report", "--json", "--html", "x"}, {"audit", "rapport"}, {"campaign", "creat"}} {
		execute(t, exitUsage, args...)
	}
	if _, errs := execute(t, exitUsage, "audit", "report", "--html", filepath.Join(t.TempDir(), "none", "x")); !strings.Contains(errs, "--html") {
		t.Errorf("says %s", errs)
	}
}

// The console shows the same page and document as the command, the newest under a name of its own, and lists them.
func TestTheStackShowsReports(t *testing.T) {
	w := newWorld(t)
	older, newer := w.keep()
	var runs []string
	w.call("GET", "/audits", nil, &runs)
	if strings.Join(runs, " ") != newer+" "+older {
		t.Errorf("lists %v", runs)
	}
	var r audited.Report
	for name, want := range map[string]string{older: older, "latest": newer} {
		if w.call("GET", "/audits/"+name+".json", nil, &r); r.Run != want {
			t.Errorf("%s is %s, want %s", name, r.Run, want)
		}
	}
}
