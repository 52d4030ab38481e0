package inspect_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
)

// What AWS's list says becomes an opt-out where it is news, and never undoes a newer START (I8).
func TestOnlyAtAWS(t *testing.T) {
	second := now.Truncate(time.Second)
	stopped := map[string]time.Time{"alerts": now.Add(-day)}
	joined := func(at time.Time) map[string]consent.Subscription {
		return map[string]consent.Subscription{
			"alerts": {State: consent.Subscribed, Program: "alerts", Since: at},
			"orders": {State: consent.Subscribed, Program: "orders", Since: now.Add(day)},
		}
	}
	for _, tc := range []struct {
		name     string
		contact  consent.Contact
		since    time.Time
		byPerson bool
		news     bool
		left     bool
	}{
		{"nobody we know", consent.Contact{}, now, false, true, false},
		{"stopped here too", consent.Contact{Stopped: stopped}, now, true, false, false},
		{"stopped everything here", consent.Contact{Stopped: map[string]time.Time{consent.Everything: now}}, now, true, false, false},
		{"subscribed since, by the time the page comes", consent.Contact{Subs: joined(now)}, now.Add(-time.Second), false, false, false},
		{"subscribed before", consent.Contact{Subs: joined(now.Add(-day))}, now, false, true, false},
		{"a STOP in the second of a START", consent.Contact{Subs: joined(second.Add(400 * time.Millisecond))}, second, true, true, false},
		{"put there by a call in that second", consent.Contact{Subs: joined(second.Add(400 * time.Millisecond))}, second, false, false, false},
		{"our own, of a STOP since undone", consent.Contact{Undone: stopped, Subs: joined(now.Add(-2 * day))}, now.Add(-23 * time.Hour), false, false, true},
		{"long after a STOP since undone", consent.Contact{Undone: stopped, Subs: joined(now.Add(-2 * day))}, now.Add(time.Minute), false, true, false},
		{"said to AWS after coming back", consent.Contact{Undone: stopped, Subs: joined(now.Add(-time.Hour))}, now, true, true, false},
		{"said to AWS before coming back", consent.Contact{Undone: stopped}, now.Add(-day - time.Hour), true, false, false},
	} {
		e := inspect.Listed{Program: "alerts", Since: tc.since, ByPerson: tc.byPerson}
		if got := inspect.OnlyAtAWS(&tc.contact, &e); got != tc.news {
			t.Errorf("%s: an opt-out %t, want %t", tc.name, got, tc.news)
		}
		if got := inspect.LeftAtAWS(&tc.contact, &e); got != tc.left {
			t.Errorf("%s: left by us %t, want %t", tc.name, got, tc.left)
		}
	}
}
