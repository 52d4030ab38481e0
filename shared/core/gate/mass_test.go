package gate_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
)

// An order of one person's is told at any hour. What goes to everybody on its topic waits for the permitted hours, and
// ends with them, unless somebody answers for its being urgent.
func TestAMassOfTransactionalTextsWaits(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*scene)
		waits  bool
	}{
		{"one person's", func(s *scene) { s.text.Ref, s.text.Campaign = "order-4711", "" }, false},
		{"everybody's", func(s *scene) { s.text.Campaign = "01KB0000000000000000000001" }, true},
		{"everybody's, and urgent", func(s *scene) { s.text.Campaign, s.text.Urgent = "01KB0000000000000000000001", true }, false},
	} {
		s := newScene(t)
		s.transactional()
		c.change(s)
		day := s.decide(t)
		if day.Verdict != gate.Allow || (day.Closes != time.Time{}) != c.waits || s.text.ObeysHours() != c.waits {
			t.Errorf("%s by day: %s by %q, closes %s", c.name, day.Verdict, day.Rule, day.Closes)
		}
		s.now = s.now.Add(10 * time.Hour)
		d := s.decide(t)
		if want := map[bool]gate.Verdict{true: gate.Defer, false: gate.Allow}[c.waits]; d.Verdict != want {
			t.Errorf("%s at night: %s by %q, want %s", c.name, d.Verdict, d.Rule, want)
		}
		if c.waits {
			if d.Rule != gate.PermittedHours || d.Until.Before(s.now) {
				t.Errorf("%s at night: until %s by %q", c.name, d.Until, d.Rule)
			}
			for _, e := range d.Explain(message.Transactional) {
				if e.Rule.Name == gate.PermittedHours && !e.Applies {
					t.Errorf("%s: nobody is told that the hours kept it", c.name)
				}
			}
		}
	}
}

// I6: that a text is urgent changes nothing for any but a transactional one, at any hour; and whatever its kind, it is
// never kept back more for being urgent.
func TestUrgentIsForTransactionalTextsOnly(t *testing.T) {
	s := newScene(t)
	start := s.now
	rapid.Check(t, func(r *rapid.T) {
		s.text.Kind = rapid.SampledFrom([]message.Kind{
			message.Promotional, message.Reminder, message.Renewal, message.Confirmation, message.Reply, message.Transactional, "rumour", "",
		}).Draw(r, "kind")
		s.text.Campaign = rapid.SampledFrom([]string{"", "01KB0000000000000000000001"}).Draw(r, "campaign")
		s.now = start.Add(time.Duration(rapid.IntRange(0, 14*24*60).Draw(r, "minutes")) * time.Minute)
		s.text.Urgent = false
		calm := s.decide(t)
		s.text.Urgent = true
		urgent := s.decide(t)
		if s.text.Kind != message.Transactional && (urgent.Verdict != calm.Verdict || urgent.Rule != calm.Rule ||
			!urgent.Until.Equal(calm.Until) || !urgent.Closes.Equal(calm.Closes)) {
			r.Fatalf("%q: urgent %s by %q, otherwise %s by %q", s.text.Kind, urgent.Verdict, urgent.Rule, calm.Verdict, calm.Rule)
		}
		if urgent.Verdict > calm.Verdict {
			r.Fatalf("%q: kept back for being urgent: %s by %q", s.text.Kind, urgent.Verdict, urgent.Rule)
		}
	})
}
