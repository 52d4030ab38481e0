package gate_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
)

// How to opt out is told again after 31 days, by the number that texts; where a law asks for it, each time.
func TestToldHowToOptOut(t *testing.T) {
	france := phone.Place{Country: "FR", Zones: []string{"Europe/Paris"}}
	for _, c := range []struct {
		name    string
		ago     time.Duration
		optOut  bool
		program string
		place   phone.Place
		needs   bool
	}{
		{"never", 0, false, "alerts", seattle, true},
		{"just now", 0, true, "alerts", seattle, false},
		{"almost 31 days ago", 31*24*time.Hour - time.Millisecond, true, "alerts", seattle, false},
		{"31 days ago", 31 * 24 * time.Hour, true, "alerts", seattle, true},
		{"by another number", time.Hour, true, "orders", seattle, true},
		{"just now, in France", 0, true, "alerts", france, true},
	} {
		s := newScene(t)
		s.place, s.text.OptOut = c.place, false
		s.texted(c.ago, message.Reply, "alerts")
		s.contact.Claims[0].OptOut, s.contact.Claims[0].Program = c.optOut, c.program
		if d := s.decide(t); (d.Rule == "opt-out-instruction") != c.needs || c.needs != (d.Verdict == gate.Refuse) {
			t.Errorf("%s: %s by %q", c.name, d.Verdict, d.Rule)
		}
		for _, says := range []bool{false, true} { // whether or not the text has it already
			s.text.OptOut = says
			p := person(t, c.place)
			p.Contact = &s.contact
			if got := s.gate.NeedsOptOut(p, s.text, s.now); got != c.needs {
				t.Errorf("%s, the text says it %t: needs it %t", c.name, says, got)
			}
		}
	}
	// Nobody knows the law of no place, but the month counts there too.
	s := newScene(t)
	s.text.OptOut = false
	if !s.gate.NeedsOptOut(gate.Person{Contact: &s.contact}, s.text, s.now) {
		t.Error("a person of no known place, never told, needs no opt-out")
	}
	s.texted(time.Hour, message.Reply, "alerts")
	s.contact.Claims[0].OptOut = true
	if s.gate.NeedsOptOut(gate.Person{Contact: &s.contact}, s.text, s.now) {
		t.Error("a person of no known place, told an hour ago, needs it again")
	}
}

// A text that uses up the promise says how to opt out where no other, not even a reminder, may go before the month is
// over.
func TestTheLastTextForLongSaysHowToOptOut(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		name        string
		told, first time.Duration // ago; no first text where zero
		needs       bool
	}{
		{"the first of two", 13 * day, 0, false},
		{"the second, and room comes after the month", 12 * day, 12 * day, true},
		{"the second, and room comes in time", 12*day - time.Millisecond, 12 * day, false},
		{"the second, and room comes soon", 29 * day, 30 * day, false},
	} {
		s := newScene(t)
		s.text.OptOut = false
		if c.first > 0 {
			s.texted(c.first, message.Promotional, "alerts")
		}
		s.texted(c.told, message.Reply, "alerts")
		s.contact.Claims[len(s.contact.Claims)-1].OptOut = true
		p := person(t, s.place)
		p.Contact = &s.contact
		if got := s.gate.NeedsOptOut(p, s.text, s.now); got != c.needs {
			t.Errorf("%s: needs it %t", c.name, got)
		}
	}
}

// What counts as told: the latest time, in whatever order the texts are kept, by the same program. Only a law of the
// place asks it of each text, and of no transactional one. Of a topic the program does not have nothing is promised.
func TestWhoWasToldHowToOptOut(t *testing.T) {
	const day = 24 * time.Hour
	told := func(s *scene, ago time.Duration, program string) {
		s.texted(ago, message.Reply, "alerts")
		cl := &s.contact.Claims[len(s.contact.Claims)-1]
		cl.OptOut, cl.Program = true, program
	}
	france := phone.Place{Country: "FR", Zones: []string{"Europe/Paris"}}
	for _, c := range []struct {
		name   string
		change func(*scene)
		needs  bool
	}{
		{"the later telling is kept first", func(s *scene) {
			s.texted(12*day, message.Promotional, "alerts")
			told(s, 11*day, "alerts")
			told(s, 12*day, "alerts")
		}, false},
		{"a later telling of another program", func(s *scene) {
			s.texted(12*day, message.Promotional, "alerts")
			told(s, 12*day, "alerts")
			told(s, 11*day, "orders")
		}, true},
		{"a later text that does not tell", func(s *scene) {
			s.texted(13*day, message.Promotional, "alerts")
			told(s, 15*day, "alerts")
			s.texted(day, message.Reply, "alerts")
		}, true},
		{"the only text that was promised for a month", func(s *scene) {
			s.text.Program.Topics[0].Frequency.Count = 1
			told(s, day, "alerts")
		}, true},
		{"a transactional text to France", func(s *scene) {
			s.place = france
			s.transactional()
			told(s, day, "orders")
		}, false},
		{"a topic of no program", func(s *scene) {
			s.text.Topics = []string{"gone"}
			told(s, day, "alerts")
		}, false},
	} {
		s := newScene(t)
		s.text.OptOut = false
		c.change(s)
		p := person(t, s.place)
		p.Contact = &s.contact
		if got := s.gate.NeedsOptOut(p, s.text, s.now); got != c.needs {
			t.Errorf("%s: needs it %t", c.name, got)
		}
	}
}
