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
		b := newBench(t)
		b.says(her, alerts, "JOIN")
		b.says(her, alerts, "YES")
		b.texts = nil
		said := b.now.Add(2 * time.Hour)
		b.now = said.Add(tc.late)
		if err := b.Handle(t.Context(), sns(said, payload(string(her), alerts, tc.body, "late"))); err != nil {
			t.Fatal(err)
		}
		answers := 0
		for _, text := range b.texts {
			if tc.answer != "" && strings.HasPrefix(text.Body, tc.answer) {
				answers++
			}
			if left := said.Add(time.Hour).Sub(b.now); text.TimeToLive > left {
				t.Errorf("%s heard %s late: the answer lives for %s", tc.body, tc.late, text.TimeToLive)
			}
		}
		r := b.record(her)
		if len(b.texts) != answers || (answers == 1) != (tc.answer != "") || r.Contact.Subs["alerts"].State != tc.state || len(r.Events) != 3 {
			t.Errorf("%s heard %s late: %d texts, %s, %d events", tc.body, tc.late, len(b.texts), r.Contact.Subs["alerts"].State, len(r.Events))
		}
	}
}

// Whoever says YES or STOP is told what that did, whatever else was answered within the hour.
func TestAChangeIsAnsweredWhateverElseWas(t *testing.T) {
	b := newBench(t)
	b.says(her, alerts, "JOIN")
	if back := b.says(her, alerts, "YES"); len(back) != 1 || !strings.HasPrefix(back[0], "You're subscribed") {
		t.Errorf("YES was answered %q", back)
	}
	for range 7 {
		b.says(her, alerts, "HELP")
	}
	if len(b.texts) != 7 {
		t.Errorf("%d texts, want the 6 of an hour and the welcome", len(b.texts))
	}
	if back := b.says(her, alerts, "STOP"); len(back) != 1 || !strings.HasPrefix(back[0], "STOP: You're unsubscribed") {
		t.Errorf("STOP was answered %q", back)
	}
}
