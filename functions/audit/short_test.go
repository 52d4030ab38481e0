package audit_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/functions/audit"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/world"
)

// Wherever time runs short, what was found is put right by the job that goes on, and not left.
func TestTimeThatRunsShortLeavesNothing(t *testing.T) {
	for looks := range 10 {
		w := livedIn(t)
		trouble(w)
		w.Wake(`{"audit":"start"}`)
		for turn := 0; len(w.Queue.Jobs) > 0; turn++ {
			job, _ := w.Queue.Take(0)
			n := 0
			short := func() bool { n++; return turn < 9 && n > looks }
			if turn > 100 || !w.Deliver(world.Shrinking(t.Context(), short), job) {
				t.Fatalf("turn %d: %s", turn, &w.Logged)
			}
		}
		w.Pass(time.Minute)
		w.wake(`{"audit":"start"}`)
		all := w.reported()
		want := map[report.Kind]int{report.Altered: 1, report.CannotBeRead: 1, report.ReminderDue: 1}
		if len(all) != 2 {
			t.Fatalf("short after %d looks: %d runs are reported", looks, len(all))
		}
		if diff := cmp.Diff(want, counts(all[1])); diff != "" {
			t.Errorf("short after %d looks, the next run finds (-want +got):\n%s", looks, diff)
		}
	}
}

// An audit whose report cannot be kept has not finished, and comes again.
func TestAnAuditWithoutItsReportComesAgain(t *testing.T) {
	w := newWorld(t)
	w.person("+12125550142", two.Add(-48*time.Hour), nil)
	w.Wake(`{"audit":"start"}`)
	w.reports.fault = errBroken
	failed := 0
	jobs := w.Queue.Jobs
	w.Queue.Jobs = nil
	for _, job := range jobs {
		if !w.Deliver(t.Context(), job) {
			failed++
		}
	}
	if failed != 1 || w.Count("AuditFinished") != 0 || len(w.reported()) != 0 {
		t.Errorf("%d jobs failed, %d finished", failed, w.Count("AuditFinished"))
	}
	w.reports.fault = nil
	w.GoTo(two.Add(time.Hour)) // until then the audit is somebody's who may yet be at it
	for _, job := range jobs {
		if !w.Deliver(t.Context(), job) {
			t.Errorf("%s: %s", job, &w.Logged)
		}
	}
	if w.Count("AuditFinished") != 1 || len(w.reported()) != 1 {
		t.Errorf("%d finished", w.Count("AuditFinished"))
	}
}

// Of what was not found nothing is counted: an alarm goes off by what is.
func TestNothingFoundIsNothingCounted(t *testing.T) {
	w := newWorld(t)
	w.person("+12125550142", two.Add(-48*time.Hour), nil)
	w.wake(`{"audit":"start"}`)
	for _, metric := range []string{"LedgerFault", "PoisonedContact", "OptedOutAtAWS", "OptOutListUnread"} {
		if strings.Contains(w.Counted.String(), `"`+metric+`"`) {
			t.Errorf("%s is counted: %s", metric, &w.Counted)
		}
	}
}

// Who was reminded by an earlier run is reminded again when that is due; their texts of then are not looked up again.
func TestAReminderOfAnEarlierRun(t *testing.T) {
	w := newWorld(t)
	n := phone.Number("+12125550142")
	earlier := consent.Claim{
		ID: "01KA0000000000000000000001", At: two.Add(-40 * 24 * time.Hour), Kind: message.Reminder, Program: "alerts",
		Topics: []string{"alerts"}, OptOut: true,
	}
	w.person(n, two.Add(-80*24*time.Hour), func(c *consent.Contact) { c.Claims = append(c.Claims, earlier) })
	w.wake(`{"audit":"remind"}`)
	if len(w.Carrier.Sent) != 1 || w.Count("AuditReminded") != 1 {
		t.Errorf("%d texts, counted %d", len(w.Carrier.Sent), w.Count("AuditReminded"))
	}
}

// signs is a table whose people give a sign while their records are verified.
type signs struct {
	audit.Table
	sign func()
}

func (s signs) Verify(ctx context.Context, key consent.Key, now time.Time) (fault, err error) {
	s.sign()
	return s.Table.Verify(ctx, key, now)
}

// Who gives a sign at the last moment is not moved, and not counted as moved.
func TestASignAtTheLastMoment(t *testing.T) {
	w := newWorld(t)
	n := phone.Number("+12125550142")
	w.silent(n, consent.Regular, 200, 20)
	w.handler.Table = signs{w.handler.Table, func() {
		w.Change(n, func(c consent.Contact) consent.Change {
			return c.Engage(consent.Signal{At: w.Clock(), Kind: consent.SignalClick, Topic: "alerts", Source: consent.SourceLink})
		})
	}}
	w.wake(`{"audit":"remind"}`)
	if got := w.tier(n); got != consent.Regular || w.Count("AuditMoved") != 0 {
		t.Errorf("moved to %s, counted %d", got, w.Count("AuditMoved"))
	}
}

// Whoever said stop two hours ago should be on AWS's list by now, which its follow-up keeps; whoever did a moment later
// is left alone. What AWS alone knew is on record with what it rests on.
func TestWhenAListIsHeldAgainstASTOP(t *testing.T) {
	for ago, want := range map[time.Duration]int{2 * time.Hour: 1, 2*time.Hour - time.Second: 0} {
		w := livedIn(t)
		n := phone.Number("+12125550142")
		w.Subscribe(n, two.Add(-72*time.Hour), "alerts")
		w.SetClock(two.Add(-ago))
		w.StandStill()
		w.Means(n, "alerts", keyword.Intent{Kind: keyword.OptOut})
		w.SetClock(two)
		w.Carrier.PutOnList(alertsList, "+12125550143", outbox.ListEntry{Since: two.Add(-24 * time.Hour)})
		w.wake(`{"audit":"start"}`)
		found := w.reported()[0].Findings[report.OnlyHere]
		if found.Count != want || want == 1 && !found.Cases[0].Since.Equal(two.Add(-ago)) {
			t.Errorf("%s ago: found %+v", ago, found)
		}
		events := w.Record("+12125550143").Events
		last := events[len(events)-1]
		if last.Evidence["reason"] != "on AWS's opt-out list" || last.Evidence["list"] != alertsList || last.Evidence["by"] != "a call of AWS's API" {
			t.Errorf("on record is %+v", last)
		}
	}
}

// unverifiable is a table that cannot say whether a record is whole.
type unverifiable struct{ audit.Table }

func (unverifiable) Verify(context.Context, consent.Key, time.Time) (fault, err error) {
	return nil, errBroken
}

// Who is due to be reminded or moved, and whose record cannot be looked at, keeps the job from passing for done.
func TestARecordThatCannotBeLookedAt(t *testing.T) {
	const n = phone.Number("+12125550142")
	for name, ready := range map[string]func(w *fixture){
		"reminding": func(w *fixture) { w.person(n, two.Add(-80*24*time.Hour), nil) },
		"moving":    func(w *fixture) { w.silent(n, consent.Regular, 200, 20) },
	} {
		w := newWorld(t)
		ready(w)
		w.handler.Table = unverifiable{w.handler.Table}
		if w.Deliver(t.Context(), job("alerts", audience.ShardOf(n))) || len(w.Carrier.Sent) > 0 {
			t.Errorf("%s passes for done, %d texts", name, len(w.Carrier.Sent))
		}
	}
}

// A YES may be five minutes on its way: until then its request is not ended.
func TestHowLongAYesMayBeOnItsWay(t *testing.T) {
	for late, want := range map[time.Duration]int{5*time.Minute + time.Second: 1, 5*time.Minute - time.Second: 0} {
		w := newWorld(t)
		w.StandStill()
		w.ask("+12125550142", two.Add(-w.Catalog.SignUp.ConfirmWithin-late))
		w.SetClock(two)
		w.Wake(`{"audit":"follow-up"}`)
		if got := w.Count("AuditExpired"); got != want {
			t.Errorf("%s late: %d are ended, want %d", late, got, want)
		}
	}
}

// altered is a table that finds each record altered.
type altered struct{ audit.Table }

func (altered) Verify(context.Context, consent.Key, time.Time) (fault, err error) {
	return errBroken, nil
}

// Whoever is due to be reminded or moved, and whose record turns out altered, gets nothing, and the log says so.
func TestWhoseRecordIsAlteredIsLeftAlone(t *testing.T) {
	const n = phone.Number("+12125550142")
	for said, ready := range map[string]func(w *fixture){
		"no reminder is sent to this person": func(w *fixture) { w.person(n, two.Add(-80*day), nil) },
		"nobody is moved for it":             func(w *fixture) { w.silent(n, consent.Regular, 200, 20) },
	} {
		w := newWorld(t)
		ready(w)
		w.handler.Table = altered{w.handler.Table}
		done, log := w.Deliver(t.Context(), job("alerts", audience.ShardOf(n))), w.Logged.String()
		if !done || len(w.Carrier.Sent) > 0 || w.tier(n) != consent.Regular || !strings.Contains(log, said) {
			t.Errorf("done %t, %d texts, %s: %s", done, len(w.Carrier.Sent), w.tier(n), log)
		}
	}
}
