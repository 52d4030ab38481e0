package gate_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
)

// A pause holds back all that is not an answer, to the instant it ends and no longer.
func TestPaused(t *testing.T) {
	for _, tc := range []struct {
		name    string
		change  func(*scene)
		pause   time.Duration // after now
		verdict gate.Verdict
	}{
		{"no pause", func(s *scene) { s.contact.Paused = time.Time{} }, 0, gate.Allow},
		{"a campaign", func(*scene) {}, time.Hour, gate.Defer},
		{"the last instant", func(*scene) {}, time.Millisecond, gate.Defer},
		{"the end", func(*scene) {}, 0, gate.Allow},
		{"over", func(*scene) {}, -time.Hour, gate.Allow},
		{"a transactional text", (*scene).transactional, time.Hour, gate.Defer},
		{"a reminder", func(s *scene) { s.text.Kind = message.Reminder }, time.Hour, gate.Defer},
		{"an answer", func(s *scene) { s.text = gate.Text{Kind: message.Reply, Program: s.text.Program} }, time.Hour, gate.Allow},
		{"the question for a YES that the person just asked for", func(s *scene) {
			s.text.Kind = message.Confirmation
			s.sub("alerts", func(b *consent.Subscription) { b.State, b.Until = consent.Pending, s.now.Add(time.Hour) })
		}, time.Hour, gate.Allow},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newScene(t)
			s.catalog.AnswersAnHour, s.catalog.SignUp.PerPhoneADay = 6, 2
			s.contact.Paused = s.now.Add(tc.pause)
			tc.change(s)
			d := s.decide(t)
			if d.Verdict != tc.verdict {
				t.Fatalf("%s by %s, want %s", d.Verdict, d.Rule, tc.verdict)
			}
			if d.Verdict == gate.Defer && (d.Rule != "paused" || !d.Until.Equal(s.contact.Paused)) {
				t.Errorf("deferred by %s until %s, want by the pause until %s", d.Rule, d.Until, s.contact.Paused)
			}
		})
	}
}

// A STOP is stronger than a pause: the text is not kept for later.
func TestAStopIsStrongerThanAPause(t *testing.T) {
	s := newScene(t)
	s.contact.Paused = s.now.Add(time.Hour)
	s.contact.Stopped = map[string]time.Time{consent.Everything: s.now.Add(-time.Hour)}
	if d := s.decide(t); d.Verdict != gate.Refuse || d.Rule != "opted-out" {
		t.Errorf("%s by %s", d.Verdict, d.Rule)
	}
}
