package audit_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/functions/audit"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/reports"
)

var monday = time.Date(2026, time.November, 23, 14, 0, 0, 0, time.UTC)

// archive keeps reports and announcements in memory.
type archive struct {
	kept  map[string]report.Report
	pages map[string]string
	told  []string
	fault error
}

func (a *archive) Keep(_ context.Context, r report.Report, html []byte) (bool, error) {
	if _, there := a.kept[r.Run]; there || a.fault != nil {
		return false, a.fault
	}
	a.kept[r.Run], a.pages[r.Run] = r, string(html)
	return true, nil
}

func (a *archive) Report(_ context.Context, run string) (report.Report, error) {
	r, ok := a.kept[run]
	if !ok {
		return r, reports.ErrNone
	}
	return r, nil
}

func (a *archive) Runs(context.Context) ([]string, error) {
	return slices.Sorted(maps.Keys(a.kept)), a.fault
}

func (a *archive) Where(run string) string { return "s3://reports/" + run }

func (a *archive) Tell(_ context.Context, subject, text string) error {
	a.told = append(a.told, subject+"\n"+text)
	return a.fault
}

func figures(subscribed int) (f report.Figures) {
	key := consent.Key{Brand: "example", Phone: "+12065550142"}
	for range subscribed {
		f.Add(&consent.Record{Contact: consent.Contact{Key: key, Subs: map[string]consent.Subscription{"alerts": {State: consent.Subscribed}}}}, monday)
	}
	f.Found(report.Altered, report.CaseOf(key, "alerts", monday, "event 2"), false)
	return f
}

// A run's report is kept with its page, compared with the newest that began before it, and announced once without any
// number, whatever is delivered again and in whatever order.
func TestARunIsReportedOnce(t *testing.T) {
	w := newWorld(t)
	w.StandStill()
	kept := w.reports
	for i, c := range []struct {
		began      time.Time
		subscribed int
		before     string
	}{
		{monday, 3, ""}, {monday.AddDate(0, 0, 7), 5, report.ID(monday)}, {monday.AddDate(0, 0, 14), 4, report.ID(monday.AddDate(0, 0, 7))},
	} {
		now := c.began.Add(time.Minute)
		w.SetClock(now)
		for range 2 {
			if err := w.handler.Publish(t.Context(), c.began, figures(c.subscribed)); err != nil {
				t.Fatal(err)
			}
		}
		r := kept.kept[report.ID(c.began)]
		if before := r.Before; (before == nil) != (c.before == "") || before != nil && before.Run != c.before {
			t.Errorf("run %d is compared with %+v, want %q", i, before, c.before)
		}
		if r.Figures.Subscribed != c.subscribed || !r.Ended.Equal(now) || !strings.Contains(kept.pages[r.Run], "Audit of "+c.began.Format("2 January")) {
			t.Errorf("run %d: %d subscribed, ended %s", i, r.Figures.Subscribed, r.Ended)
		}
		if len(kept.told) != i+1 {
			t.Fatalf("after run %d there are %d announcements", i, len(kept.told))
		}
	}
	for _, want := range []string{"Audit of 23 November 2026: 1 finding to look at", "now: Records altered", "smsconsent audit report " + report.ID(monday), "s3://reports/"} {
		if !strings.Contains(kept.told[0], want) {
			t.Errorf("%q is not in %q", want, kept.told[0])
		}
	}
	if strings.Contains(kept.told[0], "0142") {
		t.Errorf("I10: %q", kept.told[0])
	}
	// A run before all others, delivered late, is compared with none.
	if err := w.handler.Publish(t.Context(), monday.AddDate(0, 0, -7), figures(1)); err != nil || kept.kept[report.ID(monday.AddDate(0, 0, -7))].Before != nil {
		t.Errorf("%v: compared with a later run", err)
	}
}

// Texts of which nothing is heard for a day, not of one of them, are told of: what became of them goes astray. One
// receipt is enough to know that they come, and texts of today may still be on their way.
func TestReceiptsThatDoNotComeAreTold(t *testing.T) {
	text := func(ago time.Duration, status consent.Status) consent.Message {
		return consent.Message{ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VP", At: monday.Add(-ago), Topics: []string{"alerts"}, Status: status}
	}
	const day = 24 * time.Hour
	for name, tc := range map[string]struct {
		texts []consent.Message
		told  bool
	}{
		"no texts":              {nil, false},
		"none for a day":        {[]consent.Message{text(day, consent.Sent), text(2*day, consent.Sent)}, true},
		"one came":              {[]consent.Message{text(day, consent.Sent), text(2*day, consent.Delivered)}, false},
		"one failed":            {[]consent.Message{text(day, consent.Sent), text(2*day, consent.Undelivered)}, false},
		"sent today":            {[]consent.Message{text(day-time.Second, consent.Sent)}, false},
		"sent four days ago":    {[]consent.Message{text(4*day, consent.Sent)}, false},
		"not taken by AWS":      {[]consent.Message{text(day, consent.Rejected)}, false},
		"perhaps taken by AWS":  {[]consent.Message{text(day, consent.Unconfirmed)}, false},
		"came before, not now":  {[]consent.Message{text(day, consent.Sent), text(5*day, consent.Delivered)}, true},
		"of today, before none": {[]consent.Message{text(day, consent.Sent), text(time.Hour, consent.Delivered)}, true},
	} {
		w := newWorld(t)
		w.StandStill()
		w.SetClock(monday)
		var f report.Figures
		f.Add(&consent.Record{Contact: consent.Contact{Key: consent.Key{Brand: "example", Phone: "+12065550142"}}, Messages: tc.texts}, monday)
		if err := w.handler.Publish(t.Context(), monday, f); err != nil {
			t.Fatal(err)
		}
		if told := strings.Contains(w.Counted.String(), `"ReceiptsMissing":1`); told != tc.told {
			t.Errorf("%s: told = %v, want %v", name, told, tc.told)
		}
	}
}

// Where nothing can be kept the run fails, to be tried again; where it cannot be announced it is kept all the same.
func TestAReportThatCannotBeKept(t *testing.T) {
	w := newWorld(t)
	kept := w.reports
	kept.fault = errors.New("no connection")
	if err := w.handler.Publish(t.Context(), monday, figures(1)); !errors.Is(err, kept.fault) || len(kept.told) != 0 {
		t.Errorf("%v, %d announcements", err, len(kept.told))
	}
	kept.fault = nil
	deaf := *kept
	deaf.fault = errors.New("no topic")
	for i, desk := range []*archive{kept, &deaf} {
		w.handler.Desk = desk
		began := monday.AddDate(0, 0, i)
		if err := w.handler.Publish(t.Context(), began, figures(1)); err != nil || len(kept.kept) != i+1 {
			t.Errorf("%v, %d kept", err, len(kept.kept))
		}
		if told := strings.Contains(w.Logged.String(), "a report could not be announced"); told != (desk == &deaf) {
			t.Errorf("the log tells of it: %t", told)
		}
	}
	// Nor is one kept whose run before cannot be told or read, which it is compared with.
	for _, torn := range []audit.Reports{torn{archive: kept, runs: reports.ErrNone}, torn{archive: kept, report: reports.ErrNone}} {
		w.handler.Reports = torn
		if err := w.handler.Publish(t.Context(), monday.AddDate(0, 0, 7), figures(1)); !errors.Is(err, reports.ErrNone) || len(kept.kept) != 2 {
			t.Errorf("%v, %d kept", err, len(kept.kept))
		}
	}
}

// torn is an archive that cannot be read.
type torn struct {
	*archive
	runs, report error
}

func (a torn) Runs(ctx context.Context) ([]string, error) {
	all, _ := a.archive.Runs(ctx)
	return all, a.runs
}

func (a torn) Report(ctx context.Context, run string) (report.Report, error) {
	r, _ := a.archive.Report(ctx, run)
	return r, a.report
}

func newArchive() *archive {
	return &archive{kept: map[string]report.Report{}, pages: map[string]string{}}
}
