package inbound_test

import (
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
)

// What is heard late counts, and is answered only while an answer is expected: nobody is texted at one at night about a
// STOP of the afternoon before.
func TestWhatIsHeardLateStaysSilent(t *testing.T) {
	for _, tc := range []struct {
		body   string
		late   time.Duration
		answer string // begins with
		state  consent.State
	}{
		{"STOP", 5*time.Minute - time.Second, "STOP: You're unsubscribed", consent.Unsubscribed},
		{"STOP", 5 * time.Minute, "", consent.Unsubscribed},
		{"STOP", 11 * time.Hour, "", consent.Unsubscribed},
		{"HELP", time.Hour - time.Second, "HELP:", consent.Subscribed},
		{"HELP", time.Hour, "", consent.Subscribed},
		{"PREFS", 11 * time.Hour, "", consent.Subscribed},
	} {
		w := newWorld(t)
		w.says(her, alerts, "JOIN")
		w.says(her, alerts, "YES")
		w.Carrier.Sent = nil
		said := w.Clock().Add(2 * time.Hour)
		w.SetClock(said.Add(tc.late))
		if err := w.handler.Handle(t.Context(), sns(said, payload(string(her), alerts, tc.body, "late"))); err != nil {
			t.Fatal(err)
		}
		answers := 0
		for _, text := range w.Carrier.Sent {
			if tc.answer != "" && strings.HasPrefix(text.Body, tc.answer) {
				answers++
			}
			if left := said.Add(time.Hour).Sub(w.Clock()); text.TimeToLive > left {
				t.Errorf("%s heard %s late: the answer lives for %s", tc.body, tc.late, text.TimeToLive)
			}
		}
		r := w.Proof(her)
		if len(w.Carrier.Sent) != answers || (answers == 1) != (tc.answer != "") || r.Contact.Subs["alerts"].State != tc.state || len(r.Events) != 3 {
			t.Errorf("%s heard %s late: %d texts, %s, %d events", tc.body, tc.late, len(w.Carrier.Sent), r.Contact.Subs["alerts"].State, len(r.Events))
		}
	}
}

// Whoever says YES or STOP is told what that did, whatever else was answered within the hour.
func TestAChangeIsAnsweredWhateverElseWas(t *testing.T) {
	w := newWorld(t)
	w.says(her, alerts, "JOIN")
	if back := w.says(her, alerts, "YES"); len(back) != 1 || !strings.HasPrefix(back[0], "You're subscribed") {
		t.Errorf("YES was answered %q", back)
	}
	for range 7 {
		w.says(her, alerts, "HELP")
	}
	if len(w.Carrier.Sent) != 7 {
		t.Errorf("%d texts, want the 6 of an hour and the welcome", len(w.Carrier.Sent))
	}
	if back := w.says(her, alerts, "STOP"); len(back) != 1 || !strings.HasPrefix(back[0], "STOP: You're unsubscribed") {
		t.Errorf("STOP was answered %q", back)
	}
}
