package inbound_test

import (
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
)

// What each keyword does in each state: the state it leaves, the event it leaves as evidence, and how the one answer
// begins.
func TestKeywords(t *testing.T) {
	const (
		asks, reminds, welcomes, stops, helps, ranOut, silent = "Text YES to join Example Corp. alerts.", "To get Example Corp. alerts, reply only YES.", "You're subscribed to", "STOP: You're unsubscribed", "HELP: Example Corp. alerts:", "Your request to join", ""

		none      = consent.State("")
		pending   = consent.Pending
		on        = consent.Subscribed
		off       = consent.Unsubscribed
		expired   = consent.Expired
		suspended = consent.Suspended
	)
	type outcome struct {
		state  consent.State
		event  consent.EventType
		answer string
	}
	for _, from := range []struct {
		name  string
		words []string
		then  func(*fixture)
		want  map[string]outcome
	}{
		{"a stranger", nil, nil, map[string]outcome{
			"YES":   {none, consent.Received, silent}, // I5: nothing was asked, so nothing is confirmed
			"STOP":  {none, consent.OptedOut, stops},
			"HELP":  {none, consent.Received, helps},
			"START": {pending, consent.Requested, asks},
			"JOIN":  {pending, consent.Requested, asks},
			"hello": {none, consent.Received, silent},
		}},
		{"asked", []string{"JOIN"}, nil, map[string]outcome{
			"YES":   {on, consent.Confirmed, welcomes},
			"STOP":  {off, consent.OptedOut, stops},
			"HELP":  {pending, consent.Received, helps},
			"START": {pending, consent.Received, reminds},
			"JOIN":  {pending, consent.Received, reminds}, // asked once is enough
			"hello": {pending, consent.Received, silent},
		}},
		{"subscribed", []string{"JOIN", "YES"}, nil, map[string]outcome{
			"YES":   {on, consent.Received, silent},
			"STOP":  {off, consent.OptedOut, stops},
			"HELP":  {on, consent.Received, helps},
			"START": {on, consent.Received, silent},
			"JOIN":  {on, consent.Received, silent},
			"hello": {on, consent.Received, silent},
		}},
		{"stopped", []string{"JOIN", "YES", "STOP"}, nil, map[string]outcome{
			"YES":   {pending, consent.Requested, asks},
			"STOP":  {off, consent.Received, silent}, // 47 CFR 64.1200(a)(12): one confirmation
			"HELP":  {off, consent.Received, helps},
			"START": {pending, consent.Requested, asks},
			"JOIN":  {pending, consent.Requested, asks},
			"hello": {off, consent.Received, silent},
		}},
		{"stopped before YES", []string{"JOIN", "STOP"}, nil, map[string]outcome{
			"YES":   {pending, consent.Requested, asks},
			"STOP":  {off, consent.Received, silent},
			"HELP":  {off, consent.Received, helps},
			"START": {pending, consent.Requested, asks},
			"JOIN":  {pending, consent.Requested, asks},
			"hello": {off, consent.Received, silent},
		}},
		{"asked and not confirmed in time", []string{"JOIN"}, func(w *fixture) { w.Pass(24 * time.Hour) }, map[string]outcome{
			"YES":   {expired, consent.Received, ranOut},
			"STOP":  {off, consent.OptedOut, stops},
			"HELP":  {expired, consent.Received, helps},
			"START": {pending, consent.Requested, asks},
			"JOIN":  {pending, consent.Requested, asks},
			"hello": {expired, consent.Received, silent},
		}},
		{"suspended", []string{"JOIN", "YES"}, suspend, map[string]outcome{
			"YES":   {suspended, consent.Received, silent},
			"STOP":  {off, consent.OptedOut, stops},
			"HELP":  {suspended, consent.Received, helps},
			"START": {pending, consent.Requested, asks},
			"JOIN":  {pending, consent.Requested, asks},
			"hello": {suspended, consent.Received, silent},
		}},
	} {
		for word, want := range from.want {
			t.Run(from.name+" says "+word, func(t *testing.T) {
				w := newWorld(t)
				for _, said := range from.words {
					w.says(her, alerts, said)
				}
				if from.then != nil {
					from.then(w)
				}
				before := w.Proof(her)
				back := w.says(her, alerts, strings.ToLower(word)+".")
				after := w.Proof(her)
				if state := after.Contact.Subs["alerts"].State; state != want.state {
					t.Errorf("the topic is %q, want %q", state, want.state)
				}
				fresh := after.Events[len(before.Events):]
				if len(fresh) == 2 && fresh[0].Type == consent.Lapsed {
					fresh = fresh[1:]
				}
				if len(fresh) != 1 || fresh[0].Type != want.event {
					t.Errorf("events %+v, want one %s", fresh, want.event)
				}
				if len(back) > 1 || (want.answer == silent) != (len(back) == 0) || (len(back) == 1 && !strings.HasPrefix(back[0], want.answer)) {
					t.Errorf("answered %q, want %q", back, want.answer)
				}
			})
		}
	}
}

func suspend(w *fixture) {
	w.T.Helper()
	key := consent.Key{Brand: "example", Phone: her}
	if _, err := w.Outbox.Change(w.T.Context(), key, func(c consent.Contact) consent.Change {
		return c.Suspend("alerts", w.Clock().Add(time.Second), "test")
	}); err != nil {
		w.T.Fatal(err)
	}
}

// A keyword belongs to the number it was texted to.
func TestTopicKeywords(t *testing.T) {
	for _, c := range []struct{ to, body, topic string }{
		{alerts, "join", "alerts"},
		{alerts, "ＪＯＩＮ", "alerts"},
		{orders, "Orders!", "orders"},
		{alerts, "ORDERS", ""},
		{orders, "JOIN", "orders"}, // by itself it means what the number sends
		{alerts, "JOIN ORDERS", ""},
		{"+12065550110", "CAFE", ""}, // of another brand, so nothing of this one
	} {
		w := newWorld(t)
		back := w.says(her, c.to, c.body)
		p := w.Proof(her).Contact
		if c.topic == "" {
			if len(p.Subs) > 0 {
				t.Errorf("%s to %s: %+v, want nothing", c.body, c.to, p.Subs)
			}
			continue
		}
		if p.Subs[c.topic].State != consent.Pending || len(p.Subs) != 1 || len(back) != 1 {
			t.Errorf("%s to %s: %+v and %d answers, want %s pending", c.body, c.to, p.Subs, len(back), c.topic)
		}
	}
}
