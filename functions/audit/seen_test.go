package audit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/world"
)

// An audit says that it finished, of how many, and what is open, as dashboards and alarms read it.
func TestAnAuditIsSeen(t *testing.T) {
	w := newWorld(t)
	w.person("+12125550142", two.Add(-48*time.Hour), func(c *consent.Contact) { c.Health.NoTexts = two.Add(-time.Hour) })
	w.person("+12125550143", two.Add(-48*time.Hour), func(c *consent.Contact) {
		c.Claims = append(c.Claims, consent.Claim{
			ID: "01KB0000000000000000000001", At: two.Add(-time.Hour), Kind: message.Promotional, Program: "alerts",
			Topics: []string{"alerts"}, Campaign: "01KB3M8Y5T0QF2Z9W6R7C4X1VN",
		})
	})
	w.wake(`{"audit":"start"}`)
	w.RunOut()
	all := w.reported()
	if len(all) != 1 || all[0].People != 2 || all[0].Done[report.Verified] != 2 || all[0].Open() != 1 {
		t.Fatalf("reported %+v", all)
	}
	for metric, want := range map[string]int{"AuditFinished": 1, "AuditChecked": 2, "AuditFindings": all[0].Open(), "LedgerFault": 0} {
		if got := w.Count(metric); got != want {
			t.Errorf("%s: counted %d, want %d", metric, got, want)
		}
	}
	log := w.Logged.String()
	for _, line := range []string{"msg=audited", "msg=reported", `msg="audit finished"`, "people=2"} {
		if !strings.Contains(log, line) {
			t.Errorf("the log lacks %q: %s", line, log)
		}
	}
}

// A list that AWS does not let us read is logged by its name, and reported with its brand.
func TestAListThatCannotBeRead(t *testing.T) {
	w := newWorld(t)
	w.Carrier.NoList = map[string]error{alertsList: outbox.ErrNoList}
	w.wake(`{"audit":"start"}`)
	if log := w.Logged.String(); !strings.Contains(log, "an opt-out list of AWS cannot be read") || !strings.Contains(log, "list="+alertsList) {
		t.Errorf("%s", log)
	}
	unread := w.reported()[0].Findings[report.ListUnread]
	if diff := cmp.Diff([]report.Case{{Brand: "example", Detail: alertsList}}, unread.Cases); diff != "" {
		t.Errorf("reported (-want +got):\n%s", diff)
	}
}

// A round of reminding says in the log how many of a topic were reminded, and how many wait. Whom the gate refuses is
// neither.
func TestARoundIsSeen(t *testing.T) {
	w := newWorld(t)
	for i, change := range []func(*consent.Contact){
		nil,
		func(c *consent.Contact) { c.Paused = two.Add(day) },
		func(c *consent.Contact) { c.Stopped = map[string]time.Time{consent.Everything: two} },
	} {
		w.person(world.Numbers("212", 0, 3)[i], two.Add(-80*day), change)
	}
	w.wake(`{"audit":"remind"}`)
	if log := w.Logged.String(); !strings.Contains(log, "msg=reminded brand=example topic=alerts reminded=1 deferred=1") || w.Count("AuditReminded") != 1 {
		t.Errorf("counted %d: %s", w.Count("AuditReminded"), log)
	}
}

// A round of reminding looks up its own reminders only: what a campaign has claimed is for the audit of everybody.
func TestARoundLooksUpNoOtherTexts(t *testing.T) {
	w := newWorld(t)
	n := phone.Number("+12125550142")
	w.person(n, two.Add(-day), func(c *consent.Contact) {
		c.Claims = append(c.Claims, consent.Claim{
			ID: "01KB0000000000000000000001", At: two.Add(time.Minute), Kind: message.Promotional, Program: "alerts",
			Topics: []string{"alerts"}, Campaign: "01KB3M8Y5T0QF2Z9W6R7C4X1VN",
		})
	})
	w.SetClock(two.Add(3 * time.Hour))
	if !w.Deliver(t.Context(), job("alerts", audience.ShardOf(n))) {
		t.Fatal(&w.Logged)
	}
	if all := w.Record(n).Messages; len(all) > 0 {
		t.Errorf("on record is %+v", all)
	}
}

// A reminder of this very round that is not on record is looked up, from the instant at which the round began.
func TestARoundLooksUpItsOwnReminders(t *testing.T) {
	n := phone.Number("+12125550142")
	for before, want := range map[time.Duration]int{0: 1, time.Millisecond: 0} {
		w := newWorld(t)
		w.person(n, two.Add(-day), remindedAt(two.Add(-before)))
		w.SetClock(two.Add(outbox.LostAfter))
		if !w.Deliver(t.Context(), job("alerts", audience.ShardOf(n))) || len(w.Record(n).Messages) != want {
			t.Errorf("%s before: on record is %+v: %s", before, w.Record(n).Messages, &w.Logged)
		}
	}
}

// remindedAt claims a reminder, of which nothing is on record.
func remindedAt(at time.Time) func(*consent.Contact) {
	return func(c *consent.Contact) {
		c.Claims = append(c.Claims, consent.Claim{
			ID: "01KB0000000000000000000001", At: at, Kind: message.Reminder, Program: "alerts", Topics: []string{"alerts"}, OptOut: true,
		})
	}
}

// A round begins at its millisecond, be it odd or even, by which its jobs are told from those of another.
func TestTheInstantARoundBegins(t *testing.T) {
	for _, ms := range []int{1, 2} {
		w := newWorld(t)
		w.StandStill()
		w.SetClock(two.Add(time.Duration(ms) * time.Millisecond))
		w.Wake(`{"audit":"remind"}`)
		if want := fmt.Sprintf(`"since":"2027-01-12T14:00:00.00%dZ"`, ms); !strings.Contains(w.Queue.Jobs[0], want) {
			t.Errorf("%s, want %s", w.Queue.Jobs[0], want)
		}
	}
}
