package audit_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"smsconsent/functions/audit"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/phone"
)

// overtaken is a table whose people change just after they were examined to be put right.
type overtaken struct {
	audit.Table
	then func()
}

func (o overtaken) Examine(ctx context.Context, key consent.Key, now time.Time) (inspect.Subject, error) {
	s, err := o.Table.Examine(ctx, key, now)
	o.then()
	return s, err
}

// A topic found unproven is suspended by the proof it was found with: not where other proof came at the last moment,
// nor where the record turned out not to verify, for then nothing unasked is sent anyway. The other topics stay.
func TestOnlyWhatIsStillUnprovenIsSuspended(t *testing.T) {
	const n = phone.Number("+12125550142")
	proof := func(p int64) func(*consent.Contact) {
		return func(c *consent.Contact) {
			s := c.Subs["alerts"]
			s.Proof = p
			c.Subs["alerts"] = s
		}
	}
	for name, tc := range map[string]struct {
		then func(*consent.Contact)
		want consent.State
	}{
		"nothing happened":      {func(*consent.Contact) {}, consent.Suspended},
		"proof came":            {proof(2), consent.Subscribed},
		"newer proof came":      {proof(3), consent.Subscribed},
		"it no longer verifies": {func(c *consent.Contact) { c.Suspect = true }, consent.Subscribed},
	} {
		w := newWorld(t)
		w.person(n, two.Add(-day), proof(0))
		w.handler.Table = overtaken{w.handler.Table, func() { w.Alter(n, tc.then) }}
		w.wake(`{"audit":"start"}`)
		if got := w.Contact(n).Subs["alerts"].State; got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

// A part that no audit has does nothing in one that is under way, and is not kept beside its parts, of which the report
// is the sum.
func TestAPartThatNoAuditHas(t *testing.T) {
	w := newWorld(t)
	w.person("+12125550142", two.Add(-day), nil)
	w.Wake(`{"audit":"start"}`)
	for _, name := range []string{"segment-00", "segment--1", "segment-8", "segment-", "0", "list"} {
		if w.Deliver(t.Context(), strings.Replace(w.Queue.Jobs[0], `"lists"`, `"`+name+`"`, 1)) {
			t.Errorf("%s passes for done", name)
		}
	}
	if n := w.Table.Done("SaveAuditPart"); n > 0 {
		t.Errorf("%d parts are kept", n)
	}
}

// A topic that programs.yaml no longer has keeps nobody from being audited, and its people are due for no reminder.
func TestATopicThatIsGone(t *testing.T) {
	w := newWorld(t)
	w.person("+12125550142", two.Add(-80*day), func(c *consent.Contact) {
		c.Subs = map[string]consent.Subscription{"gone": c.Subs["alerts"]}
	})
	w.wake(`{"audit":"start"}`)
	if all := w.reported(); len(all) != 1 || all[0].People != 1 || len(all[0].Findings) > 0 {
		t.Errorf("reported %+v: %s", all, &w.Logged)
	}
}
