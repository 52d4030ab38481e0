package s3_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/local/s3"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/reports"
)

var noon = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// open opens the store of reports over a bucket, by Amazon's own SDK.
func open(t *testing.T, dir string, changed func()) *reports.Store {
	t.Helper()
	bucket, err := s3.New("reports", dir, changed)
	if err != nil {
		t.Fatal(err)
	}
	cfg := account.AWS("http://localhost")
	cfg.HTTPClient = awsjson.Client{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s3.IsCall(r) {
			t.Errorf("%s %s is not known for a call of S3's", r.Method, r.URL)
		}
		bucket.ServeHTTP(w, r)
	})}
	return reports.New(reports.Client(cfg), "reports")
}

func at(d time.Duration) report.Report {
	return report.New(&program.Catalog{}, noon.Add(d), noon.Add(d), report.Figures{People: 7, Unreachable: 1}, nil)
}

// What Amazon's own SDK keeps is read and listed as it was, oldest first; what is kept once stays as it is; and the
// next run of the stack has it too.
func TestReportsAreKept(t *testing.T) {
	for name, dir := range map[string]string{"in memory": "", "in a folder": filepath.Join(t.TempDir(), "new", "folder")} {
		changes := 0
		store := open(t, dir, func() { changes++ })
		if runs, err := store.Runs(t.Context()); err != nil || len(runs) != 0 {
			t.Fatalf("%s: at first %v, %v", name, runs, err)
		}
		for _, d := range []time.Duration{time.Hour, 0} {
			if first, err := store.Keep(t.Context(), at(d), []byte("<p>“page” & more")); err != nil || !first {
				t.Fatalf("%s: %t, %v", name, first, err)
			}
		}
		other := at(0)
		other.Figures.People = 8
		if first, err := store.Keep(t.Context(), other, []byte("<p>other")); err != nil || first || changes != 4 {
			t.Errorf("%s: kept again: %t, %v, %d changes", name, first, err, changes)
		}
		if dir != "" {
			store = open(t, dir, func() {})
		}
		runs, err := store.Runs(t.Context())
		if err != nil || !slices.Equal(runs, []string{report.ID(noon), report.ID(noon.Add(time.Hour))}) {
			t.Errorf("%s: %v, %v", name, runs, err)
		}
		got, err := store.Report(t.Context(), report.ID(noon))
		if d := cmp.Diff(at(0), got, cmpopts.EquateEmpty()); d != "" || err != nil {
			t.Errorf("%s: %v, %s", name, err, d)
		}
		if html, err := store.Page(t.Context(), report.ID(noon)); err != nil || !bytes.Equal(html, []byte("<p>“page” & more")) {
			t.Errorf("%s: %q, %v", name, html, err)
		}
		for _, run := range []string{report.ID(noon.Add(time.Minute)), "../secret", ""} {
			if _, err := store.Report(t.Context(), run); !errors.Is(err, reports.ErrNone) {
				t.Errorf("%s: run %q: %v", name, run, err)
			}
		}
	}
}

// More than one answer of S3's holds are all listed.
func TestManyReportsAreListed(t *testing.T) {
	store := open(t, "", func() {})
	const many = 501 // of which each is two objects
	for i := range many {
		if _, err := store.Keep(t.Context(), at(time.Duration(i)*time.Minute), nil); err != nil {
			t.Fatal(err)
		}
	}
	if runs, err := store.Runs(t.Context()); err != nil || len(runs) != many || !slices.IsSorted(runs) {
		t.Errorf("%d runs, %v", len(runs), err)
	}
}

// Nothing is written outside the folder, and other calls are refused.
func TestWhatABucketRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bucket")
	bucket, err := s3.New("reports", dir, func() {})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{http.MethodPut, "/reports/../outside", http.StatusNotImplemented},
		{http.MethodPut, "/reports/", http.StatusNotImplemented},
		{http.MethodPut, "/other/key", http.StatusNotFound},
		{http.MethodDelete, "/reports/key", http.StatusNotImplemented},
		{http.MethodGet, "/reports/none", http.StatusNotFound},
		{http.MethodGet, "/reports", http.StatusNotImplemented},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), c.method, "http://localhost/", nil)
		r.URL.Path = c.path
		bucket.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, w.Code, c.status)
		}
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(dir), "outside")); err == nil {
		t.Error("something was written outside")
	}
	if store := open(t, "", func() {}); store.Where("X") != fmt.Sprintf("s3://%s/audits/X.html", "reports") {
		t.Errorf("it is at %s", store.Where("X"))
	}
}
