package audit_test

import (
	"context"
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
