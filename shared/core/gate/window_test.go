package gate_test

import (
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/gate"
)

// A campaign on each person's own clock goes within its span there, and within the campaign's own beginning and end:
// what begins later and what ends earlier counts. Where nobody knows the clock, the campaign's own count.
func TestTheWindowOfALocalCampaign(t *testing.T) {
	at := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
	for _, c := range []struct {
		name                         string
		opens, expires               time.Time // the campaign's
		wantFrom, wantUntil, unknown time.Time // the last: until when, of a place nobody knows
	}{
		{"within the campaign", at(-9), at(9), at(-2), at(3), at(9)},
		{"of a campaign that begins later", at(-1), at(9), at(-1), at(3), at(9)},
		{"of a campaign that ends before", at(-9), at(1), at(-2), at(1), at(1)},
		{"of a campaign without an end", time.Time{}, time.Time{}, at(-2), at(3), time.Time{}},
	} {
		text := gate.Text{Opens: c.opens, Expires: c.expires, Local: localFrom(at(-2), 5)}
		from, until := text.Window(person(t, seattle).Hours)
		if !from.Equal(c.wantFrom) || !until.Equal(c.wantUntil) {
			t.Errorf("%s: from %s until %s, want from %s until %s", c.name, from, until, c.wantFrom, c.wantUntil)
		}
		if from, until = text.Window(nil); !from.Equal(c.opens) || !until.Equal(c.unknown) {
			t.Errorf("%s, of a place nobody knows: from %s until %s", c.name, from, until)
		}
	}
}

// Whoever asks why a text waits for its hour learns whose clock it waits for.
func TestWhoseClockATextWaitsFor(t *testing.T) {
	for local, says := range map[bool]string{false: "has not begun", true: "clock"} {
		s := newScene(t)
		if s.text.Opens = s.now.Add(time.Hour); local {
			s.text.Local, s.text.Opens = localFrom(s.now.Add(time.Hour), 5), s.now.Add(-time.Hour)
		}
		if d := s.decide(t); d.Rule != gate.CampaignWindow || !strings.Contains(d.Because, says) {
			t.Errorf("local %t: %s by %s: %s", local, d.Verdict, d.Rule, d.Because)
		}
	}
}

// Each rule says where it comes from, by its name; what is no rule comes from nowhere.
func TestCitation(t *testing.T) {
	s := newScene(t)
	d := s.decide(t)
	for _, e := range d.Explain(s.text.Kind) {
		if got := gate.Citation(e.Rule.Name); got != e.Rule.Citation || got == "" {
			t.Errorf("%s: %q", e.Rule.Name, got)
		}
	}
	if got := gate.Citation("no rule"); got != "" {
		t.Errorf("no rule: %q", got)
	}
}
