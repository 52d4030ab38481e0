package audit_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"smsconsent/functions/audit"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/world"
)

// begin begins an audit at two o'clock, and returns its job of that part; the others are taken away.
func (w *fixture) begin(part string) string {
	w.T.Helper()
	w.Wake(`{"audit":"start","since":"` + two.Format(time.RFC3339) + `"}`)
	jobs := w.Queue.Jobs
	w.Queue.Jobs = nil
	for _, job := range jobs {
		if strings.Contains(job, `"`+part+`"`) {
			return job
		}
	}
	w.T.Fatalf("no audit has a part %s", part)
	return ""
}

// empty is a table whose segments have so many pages, with nobody on them.
type empty struct {
	audit.Table
	pages int
}

func (e empty) ScanRecords(
	_ context.Context, _ int, after table.Position, _ time.Time,
) ([]inspect.Subject, table.Position, error) {
	behind, _ := strconv.Atoi(after.SK)
	if behind+1 == e.pages {
		return nil, table.Position{}, nil
	}
	return nil, table.Position{PK: "CONTACT", SK: strconv.Itoa(behind + 1)}, nil
}

// Where a part without findings goes on is written at every eighth page, and that it is done at its end. Of a part with
// nobody in it nothing is told.
func TestHowOftenAPartIsKept(t *testing.T) {
	for pages, want := range map[int]int{1: 1, 7: 1, 8: 2, 15: 2, 16: 3, 23: 3, 24: 4} {
		w := newWorld(t)
		job := w.begin("segment-0")
		w.handler.Table = empty{w.handler.Table, pages}
		if !w.Deliver(t.Context(), job) || w.Table.Done("SaveAuditPart") != want {
			t.Errorf("%d pages: kept %d times, want %d: %s", pages, w.Table.Done("SaveAuditPart"), want, &w.Logged)
		}
		if strings.Contains(w.Logged.String(), "msg=audited") || w.Counted.Len() > 0 {
			t.Errorf("%d pages with nobody: counted %s, log %s", pages, &w.Counted, &w.Logged)
		}
	}
}

// taken is a table in which another job has kept the part meanwhile.
type taken struct{ audit.Table }

func (taken) SaveAuditPart(_ context.Context, p inspect.Part, _ time.Time) (inspect.Part, error) {
	return p, table.ErrConflict
}

// A part on which another job works is left to it, and nothing of it counted twice.
func TestAPartOfAnotherJob(t *testing.T) {
	w := newWorld(t)
	for _, n := range everywhere(2 * table.Segments) {
		w.person(n, two.Add(-day), nil)
	}
	w.Wake(`{"audit":"start"}`)
	w.handler.Table = taken{w.handler.Table}
	w.Settle()
	if w.Count("AuditChecked") != 0 || len(w.reported()) != 0 {
		t.Errorf("counted %d: %s", w.Count("AuditChecked"), &w.Logged)
	}
}

// A job whose time runs out between two people puts right what it has begun, and leaves the other to the next.
func TestShortOfTimeBetweenTwoPeople(t *testing.T) {
	w := newWorld(t)
	p := inspect.Part{Name: "segment-0", Next: "end"}
	for _, n := range everywhere(2) {
		p.Todo = append(p.Todo, inspect.Task{Key: w.person(n, two.Add(-day), texted(time.Hour))})
	}
	job := w.begin(p.Name)
	p.Run = report.ID(w.begun(job))
	if _, err := w.Table.SaveAuditPart(t.Context(), p, two); err != nil {
		t.Fatal(err)
	}
	again := &examined{Table: w.handler.Table}
	w.handler.Table = again
	if !w.Deliver(world.Shrinking(t.Context(), func() bool { return again.n > 0 }), job) {
		t.Fatal(&w.Logged)
	}
	left, err := w.Table.AuditPart(t.Context(), p.Run, p.Name)
	if err != nil || len(left.Todo) != 1 || left.Done || again.n != 1 || len(w.Queue.Jobs) != 1 {
		t.Errorf("%d put right, jobs %v, kept %+v, %v", again.n, w.Queue.Jobs, left, err)
	}
	w.Settle()
	for _, n := range everywhere(2) {
		if on := len(w.Record(n).Messages); on != 1 || again.n != 2 {
			t.Errorf("%d texts on record, %d put right", on, again.n)
		}
	}
}

// The log says how long an audit took, to the second.
func TestHowLongAnAuditTook(t *testing.T) {
	w := newWorld(t)
	w.StandStill()
	w.Wake(`{"audit":"start"}`)
	w.SetClock(two.Add(3 * time.Second))
	w.Settle()
	if log := w.Logged.String(); !strings.Contains(log, `msg="audit finished"`) || !strings.Contains(log, "took=3s") {
		t.Errorf("%s", log)
	}
}

// A job that comes again after its audit is done changes nothing, however late: the audit has finished once.
func TestAJobOfAnAuditThatIsDone(t *testing.T) {
	w := newWorld(t)
	w.person("+12125550142", two.Add(-day), nil)
	w.Wake(`{"audit":"start"}`)
	jobs := slices.Clone(w.Queue.Jobs)
	w.Settle()
	for _, later := range []time.Duration{time.Minute, day} {
		w.GoTo(two.Add(later))
		for _, job := range jobs {
			if !w.Deliver(t.Context(), job) {
				t.Error(&w.Logged)
			}
		}
	}
	if n := w.Count("AuditFinished"); n != 1 || len(w.reports.told) != 1 || w.Count("AuditChecked") != 1 {
		t.Errorf("finished %d times, told %d times, checked %d people", n, len(w.reports.told), w.Count("AuditChecked"))
	}
}

// others is a table in which another job is about to report each audit.
type others struct{ audit.Table }

func (others) TakeAudit(context.Context, string, time.Time) (mine bool, err error) { return false, nil }

// An audit whose report another job makes is left to it.
func TestAReportOfAnotherJob(t *testing.T) {
	w := newWorld(t)
	w.handler.Table = others{w.handler.Table}
	w.wake(`{"audit":"start"}`)
	if n := w.Count("AuditFinished"); n != 0 || len(w.reported()) != 0 || w.Table.Done("CloseAudit") != 0 {
		t.Errorf("finished %d times, %d reports: %s", n, len(w.reported()), &w.Logged)
	}
}
