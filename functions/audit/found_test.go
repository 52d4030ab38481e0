package audit_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/functions/audit"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/world"
)

// texted claims a promotional text that age ago, of which nothing is on record.
func texted(age time.Duration) func(*consent.Contact) {
	return func(c *consent.Contact) {
		c.Claims = append(c.Claims, consent.Claim{
			ID: "01KB0000000000000000000001", At: two.Add(-age), Kind: message.Promotional, Program: "alerts",
			Topics: []string{"alerts"}, Campaign: "01KB3M8Y5T0QF2Z9W6R7C4X1VN",
		})
	}
}

// unproven takes somebody's proof away.
func unproven(c *consent.Contact) {
	s := c.Subs["alerts"]
	s.Proof = 0
	c.Subs["alerts"] = s
}

// onOrders has somebody subscribed to orders instead, which are transactional.
func onOrders(c *consent.Contact) {
	c.Subs = map[string]consent.Subscription{"orders": {
		State: consent.Subscribed, Program: "orders", Class: program.Transactional, Since: c.Subs["alerts"].Since, Request: 1, Proof: 2,
	}}
}

// goneBrand makes up somebody subscribed to alerts of a brand that programs.yaml does not have.
func (w *fixture) goneBrand(since time.Time) {
	w.T.Helper()
	p, _ := w.Topic("alerts")
	c := consent.Contact{Key: consent.Key{Brand: "gone", Phone: "+12125550142"}, Subs: map[string]consent.Subscription{
		"alerts": {State: consent.Subscribed, Program: p.ID, Class: p.Class, Since: since, Request: 1, Proof: 2},
	}}
	ch := consent.Change{Next: c, Events: []consent.Event{{Seq: 1, Type: consent.Confirmed, At: since, Source: "sms"}}, Joined: []string{"alerts"}}
	if _, err := w.Table.Commit(w.T.Context(), ch, since); err != nil {
		w.T.Fatal(err)
	}
}

// What is found about somebody, and nothing else is: what may yet come right by itself is left alone, and a topic or a
// brand that reminds nobody has nobody due.
func TestWhatIsFoundAboutSomebody(t *testing.T) {
	const n, korean = phone.Number("+12125550142"), phone.Number("+821012345678")
	for name, tc := range map[string]struct {
		ready func(*fixture)
		want  map[report.Kind]int
		says  string // about the place
	}{
		"all is well":               {func(w *fixture) { w.person(n, two.Add(-29*day), nil) }, nil, ""},
		"a reminder is due":         {func(w *fixture) { w.person(n, two.Add(-31*day), nil) }, map[report.Kind]int{report.ReminderDue: 1}, ""},
		"of orders nobody reminds":  {func(w *fixture) { w.person(n, two.Add(-31*day), onOrders) }, nil, ""},
		"a YES may be on its way":   {func(w *fixture) { w.ask(n, two.Add(-24*time.Hour-time.Minute)) }, nil, ""},
		"a text may be on its way":  {func(w *fixture) { w.person(n, two.Add(-day), texted(outbox.LostAfter-time.Second)) }, nil, ""},
		"a text was lost":           {func(w *fixture) { w.person(n, two.Add(-day), texted(outbox.LostAfter)) }, map[report.Kind]int{report.LeftClaim: 1}, ""},
		"a consent of two years":    {func(w *fixture) { w.person(korean, two.Add(-729*day), onOrders) }, map[report.Kind]int{report.NotServed: 1}, "does not serve KR"},
		"a consent the law ends":    {func(w *fixture) { w.person(korean, two.Add(-731*day), onOrders) }, map[report.Kind]int{report.NotServed: 1, report.TooOld: 1}, ""},
		"a brand that is gone":      {func(w *fixture) { w.goneBrand(two.Add(-80 * day)) }, map[report.Kind]int{report.NotServed: 1}, "programs.yaml no longer has the brand"},
		"a record that is altered":  {func(w *fixture) { w.person(n, two.Add(-80*day), func(c *consent.Contact) { c.Suspect = true }) }, map[report.Kind]int{report.Altered: 1}, ""},
		"a contact nobody can read": {func(w *fixture) { w.person(n, two.Add(-80*day), nil); w.Spoil(n) }, map[report.Kind]int{report.CannotBeRead: 1}, ""},
	} {
		w := newWorld(t)
		w.StandStill()
		tc.ready(w)
		w.wake(`{"audit":"start"}`)
		got := w.reported()[0]
		if diff := cmp.Diff(tc.want, counts(got), cmp.Transformer("", func(m map[report.Kind]int) string { return fmt.Sprint(m) })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if places := got.Findings[report.NotServed].Cases; tc.says != "" && (len(places) != 1 || !strings.Contains(places[0].Detail, tc.says)) {
			t.Errorf("%s: %+v", name, places)
		}
	}
}

// examined is a table that counts who is read again to be put right.
type examined struct {
	audit.Table
	n int
}

func (e *examined) Examine(ctx context.Context, key consent.Key, now time.Time) (inspect.Subject, error) {
	e.n++
	return e.Table.Examine(ctx, key, now)
}

// Whoever something is to be put right about is read again, once, however much it is. Nobody else is.
func TestWhoIsReadAgain(t *testing.T) {
	const n = phone.Number("+12125550142")
	for name, tc := range map[string]struct {
		ready func(*fixture)
		want  int
	}{
		"all is well":       {func(w *fixture) { w.person(n, two.Add(-day), nil) }, 0},
		"a reminder is due": {func(w *fixture) { w.person(n, two.Add(-80*day), nil) }, 0},
		"cannot be read":    {func(w *fixture) { w.person(n, two.Add(-day), nil); w.Spoil(n) }, 0},
		"a lost text":       {func(w *fixture) { w.person(n, two.Add(-day), texted(time.Hour)) }, 1},
		"two things": {func(w *fixture) {
			w.person(n, two.Add(-day), func(c *consent.Contact) { texted(time.Hour)(c); unproven(c) })
		}, 1},
		"altered": {func(w *fixture) { w.person(n, two.Add(-day), func(c *consent.Contact) { c.Suspect = true }) }, 1},
	} {
		w := newWorld(t)
		tc.ready(w)
		again := &examined{Table: w.handler.Table}
		w.handler.Table = again
		w.wake(`{"audit":"start"}`)
		if again.n != tc.want || len(w.reported()) != 1 {
			t.Errorf("%s: %d are read again, want %d: %s", name, again.n, tc.want, &w.Logged)
		}
	}
}

// Of many about whom the same is found each one counts, in the report and for the alarms. Whom only AWS's list knew is
// on record before the table is looked at.
func TestEachOfManyCounts(t *testing.T) {
	w := newWorld(t)
	many := everywhere(2*table.Segments + 1) // two in one segment at least
	for _, n := range many {
		w.person(n, two.Add(-day), func(c *consent.Contact) { unproven(c); c.Health.NoTexts = two.Add(-time.Hour) })
	}
	var atAWS []phone.Number
	for _, n := range world.Numbers("312", 0, 3) {
		atAWS = append(atAWS, n)
		w.Carrier.PutOnList(alertsList, n, outbox.ListEntry{Since: two.Add(-day)})
	}
	w.wake(`{"audit":"start"}`)
	for metric, want := range map[string]int{
		"AuditChecked": len(many) + len(atAWS), "AuditSuspended": len(many), "AuditTakesNoTexts": len(many), "OptedOutAtAWS": len(atAWS),
	} {
		if got := w.Count(metric); got != want {
			t.Errorf("%s: counted %d, want %d", metric, got, want)
		}
	}
	got := w.reported()[0]
	if found := counts(got); found[report.Unproven] != len(many) || found[report.OnlyAtAWS] != len(atAWS) || got.People != len(many)+len(atAWS) {
		t.Errorf("reported of %d people: %v", got.People, found)
	}
}

// recovered is a table whose records verify when they are looked at once more, or cannot be looked at then.
type recovered struct {
	audit.Table
	err error
}

func (r recovered) Verify(context.Context, consent.Key, time.Time) (fault, err error) {
	return nil, r.err
}

// Whoever's record verifies at the second look is not told of as altered. Where there is no second look, the audit is
// not done.
func TestTheSecondLookAtARecord(t *testing.T) {
	const n = phone.Number("+12125550142")
	for _, second := range []error{nil, errBroken} {
		w := newWorld(t)
		w.person(n, two.Add(-day), func(c *consent.Contact) { c.Suspect = true })
		w.handler.Table = recovered{w.handler.Table, second}
		w.Wake(`{"audit":"start"}`)
		failed := 0
		for job, more := w.Queue.Take(0); more; job, more = w.Queue.Take(0) {
			if !w.Deliver(t.Context(), job) {
				failed++
			}
		}
		if (failed > 0) != (second != nil) || strings.Contains(w.Logged.String(), "nothing unasked is sent to this person") {
			t.Errorf("%v: %d jobs failed: %s", second, failed, &w.Logged)
		}
	}
}
