package gate_test

import (
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
)

// Why a text waits can be read, rule by rule: each line says whose rule it is and how sure that is, what it answers,
// until when in UTC and why. Behind the rule about hours stand those of the place, and its caps.
func TestLines(t *testing.T) {
	s := newScene(t)
	s.now = noon.Add(-3*time.Hour - 30*time.Minute) // 8:30 in Seattle: late enough for the state, not for the country
	p := person(t, seattle)
	p.Contact = &s.contact
	d := s.gate.Decide(p, s.text, s.now)
	opens := s.now.Add(30 * time.Minute)
	lines := d.Lines(p, s.text.Kind, s.now)
	var rules, places []gate.Line
	notes := 0
	for i, l := range lines {
		if l.Name == "" || l.Citation == "" || l.Tier == "" || l.Certainty == "" {
			t.Errorf("whose rule is it? %+v", l)
		}
		if (l.Answer == "allow") == (l.Because != "") && !l.Place {
			t.Errorf("%s: %s because of %q", l.Name, l.Answer, l.Because)
		}
		if !l.Place {
			rules = append(rules, l)
			continue
		}
		if l.Because == "" {
			t.Errorf("%s says nothing of the place", l.Name)
		}
		if l.Note != "" {
			notes++
		}
		if places = append(places, l); len(places) == 1 && lines[i-1].Name != gate.PermittedHours {
			t.Errorf("the place's lines stand behind %s", lines[i-1].Name)
		}
	}
	for _, l := range rules {
		switch l.Name {
		case gate.PermittedHours:
			if l.Answer != "defer" || l.Until == nil || !l.Until.Equal(opens) || l.Until.Location() != time.UTC {
				t.Errorf("%+v", l)
			}
		case "change-limit", "reply-limit":
			t.Errorf("%s is none of a campaign's rules", l.Name)
		default:
			if l.Answer != "allow" || l.Until != nil {
				t.Errorf("%+v", l)
			}
		}
	}
	deferred, caps := 0, 0
	for _, l := range places {
		switch {
		case strings.HasPrefix(l.Name, "cap "):
			caps++
			if l.Answer != "allow" || l.Until != nil || l.Because != "at most 3 promotional texts in any 24 hours" {
				t.Errorf("%+v", l)
			}
		case l.Answer == "defer":
			if deferred++; l.Until == nil || !l.Until.After(s.now) {
				t.Errorf("%+v", l)
			}
		case l.Answer != "allow":
			t.Errorf("%+v", l)
		}
	}
	if caps == 0 || deferred == 0 || deferred+caps == len(places) || notes == 0 {
		t.Errorf("%d caps and %d closed of %d lines, %d with a note: %+v", caps, deferred, len(places), notes, places)
	}

	d = s.gate.Decide(gate.Person{Contact: &s.contact, Unserved: "nobody knows"}, s.text, s.now)
	for _, l := range d.Lines(gate.Person{Contact: &s.contact}, message.Promotional, s.now) {
		if l.Place {
			t.Errorf("a line of a place nobody knows: %+v", l)
		}
	}
}

// Instants are told in UTC, whatever clock they were read from.
func TestLinesTellUTC(t *testing.T) {
	s := newScene(t)
	s.contact.Paused = s.now.Add(time.Hour).In(time.FixedZone("west", -8*3600))
	p := person(t, seattle)
	p.Contact = &s.contact
	d := s.gate.Decide(p, s.text, s.now)
	for _, l := range d.Lines(p, s.text.Kind, s.now) {
		if l.Until != nil && (l.Until.Location() != time.UTC || l.Name == "paused" && !l.Until.Equal(s.contact.Paused)) {
			t.Errorf("%+v", l)
		}
	}
}

// What is doubtful about a cap stands beside it.
func TestTheNotesOfCaps(t *testing.T) {
	told := false
	for _, state := range []string{"FL", "MD", "OK", "OR"} {
		hours := person(t, phone.Place{Country: "US", State: state, Zones: []string{"America/New_York"}}).Hours
		notes := map[string]string{}
		for _, c := range hours.Caps(noon) {
			notes["cap "+c.Place] = c.Note
		}
		for _, l := range gate.HourLines(hours, noon) {
			if note, isCap := notes[l.Name]; isCap {
				told = told || note != ""
				if l.Note != note {
					t.Errorf("%s: %q, want %q", l.Name, l.Note, note)
				}
			}
		}
	}
	if !told {
		t.Error("no cap has a note, so the test tells nothing")
	}
}
