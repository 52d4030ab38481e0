package gate_test

import (
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
)

// A text goes to one person as somebody wrote it, but for the opt-out notice whoever needs it gets.
func TestWord(t *testing.T) {
	const body = "Example Corp.: open today."
	for _, tc := range []struct {
		name, body      string
		change          func(*scene)
		branded, optOut bool
		adds, notice    string
	}{
		{"told long ago", body, nil, true, true, "STOP", ""},
		{"told lately", body, func(s *scene) {
			s.text.Topics = []string{"hourly"} // of which more are to come, who may tell her again in time
			s.texted(time.Hour, message.Reply, "hourly")
			s.contact.Claims[0].OptOut = true
		}, true, false, "", ""},
		{"says it itself", body + " Reply STOP to cancel.", nil, true, true, "", ""},
		{"in her language", body, func(s *scene) { s.contact.Locale = "es" }, true, true, "STOP", "es"},
		{"in the topic's language, where nobody knows hers", body, func(s *scene) {
			s.text.Program.Topics[0].Locale = "fr"
		}, true, true, "STOP", "fr"},
		{"in her language rather than the topic's", body, func(s *scene) {
			s.contact.Locale, s.text.Program.Topics[0].Locale = "es", "fr"
		}, true, true, "STOP", "es"},
		{"about a topic of no program", body, func(s *scene) { s.text.Topics = []string{"gone"} }, true, true, "STOP", ""},
		{"without the name", "Open today.", nil, false, true, "STOP", ""},
		{"of another brand", body, func(s *scene) { s.contact.Brand = "nobody" }, false, false, "", ""},
		{"transactional", "Your order has shipped.", (*scene).transactional, false, false, "", ""},
	} {
		s := newScene(t)
		if tc.change != nil {
			tc.change(s)
		}
		w := s.gate.Word(gate.Person{Contact: &s.contact}, s.text, tc.body, s.now)
		added, asWritten := strings.CutPrefix(w.Body, tc.body)
		if !asWritten || (tc.adds == "") != (added == "") || !strings.Contains(added, tc.adds) {
			t.Errorf("%s: %q goes as %q", tc.name, tc.body, w.Body)
		}
		if w.Branded != tc.branded || w.OptOut != tc.optOut || w.Notice != tc.notice || w.Content != message.ContentHash(tc.body) {
			t.Errorf("%s: branded %t, opt-out %t, in %q, content %s", tc.name, w.Branded, w.OptOut, w.Notice, w.Content)
		}
	}
}

// Of a text nobody has written yet the gate takes for granted what whoever sends it sees to; of one that is written it
// looks.
func TestWould(t *testing.T) {
	for body, rule := range map[string]string{
		"": "", "Example Corp.: open today.": "", "Open today.": "brand-name",
	} {
		s := newScene(t)
		p, d := s.gate.Would(&s.contact, s.text, body, s.now)
		if d.Rule != rule || p.Contact != &s.contact || p.Hours == nil {
			t.Errorf("%q: %s by %q", body, d.Verdict, d.Rule)
		}
	}
}
