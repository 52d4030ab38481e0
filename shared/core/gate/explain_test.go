package gate_test

import (
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
)

// Of two rules that say the same the first is named, and of two delays the longer counts.
func TestWhichRuleIsNamed(t *testing.T) {
	s := newScene(t)
	s.contact.Paused = s.now.Add(2 * time.Hour)
	s.text.Opens, s.text.Expires = s.now.Add(2*time.Hour), s.now.Add(72*time.Hour)
	if d := s.decide(t); d.Verdict != gate.Defer || d.Rule != "paused" {
		t.Errorf("both until the same instant: %s by %q", d.Verdict, d.Rule)
	}
	s.text.Opens = s.text.Opens.Add(time.Second)
	if d := s.decide(t); d.Rule != gate.CampaignWindow || !d.Until.Equal(s.text.Opens) {
		t.Errorf("the campaign later: %s by %q until %s", d.Verdict, d.Rule, d.Until)
	}
	s.text.Branded = false
	if d := s.decide(t); d.Verdict != gate.Refuse || d.Rule != "brand-name" {
		t.Errorf("a refusal behind two delays: %s by %q", d.Verdict, d.Rule)
	}
}

// The decision keeps what every rule said, in the words of records.
func TestExplainTellsEveryAnswer(t *testing.T) {
	s := newScene(t)
	s.contact.Paused = s.now.Add(time.Hour)
	s.text.Branded = false
	d := s.decide(t)
	said := map[string]string{}
	for _, e := range d.Explain(message.Promotional) {
		if e.Answer.Verdict != gate.Allow {
			said[e.Rule.Name] = e.Answer.Verdict.String() + ": " + e.Answer.Because
		}
	}
	want := map[string]string{"paused": "defer: the person asked for a pause", "brand-name": "refuse: the text does not begin with the brand's name"}
	if len(said) != len(want) || said["paused"] != want["paused"] || said["brand-name"] != want["brand-name"] {
		t.Errorf("%v, want %v", said, want)
	}
	if gate.Allow.String() != "allow" || d.Policy != s.gate.Policy() || !strings.Contains(d.Policy, ".") || !strings.HasSuffix(d.Policy, "."+jurisdiction.TablesHash()) {
		t.Errorf("%s under %q", gate.Allow, d.Policy)
	}
}

// Of a campaign that ended before a person's turn the report says what had the text wait longest; the campaign itself
// where nothing did.
func TestWhatHadATextWaitUntilTheEnd(t *testing.T) {
	for _, c := range []struct {
		name, waited string
		change       func(*scene)
	}{
		{"nothing", gate.CampaignWindow, func(*scene) {}},
		{"a refusal", gate.CampaignWindow, func(s *scene) { s.text.Branded = false }},
		{"the night", gate.PermittedHours, func(s *scene) { s.now = s.now.Add(8 * time.Hour) }},
		{"the night, and longer the promise", gate.PromisedFrequency, func(s *scene) {
			s.now = s.now.Add(8 * time.Hour)
			for range 2 {
				s.texted(25*24*time.Hour, message.Promotional, "alerts")
			}
		}},
		{"the promise, and longer the night", gate.PermittedHours, func(s *scene) {
			s.now = s.now.Add(8 * time.Hour)
			for range 2 {
				s.texted(31*24*time.Hour-time.Minute, message.Promotional, "alerts")
			}
		}},
	} {
		s := newScene(t)
		c.change(s)
		s.text.Expires = s.now
		d := s.decide(t)
		if got := d.Waited(); got != c.waited {
			t.Errorf("%s: %s, want %s", c.name, got, c.waited)
		}
	}
}

// The end of a campaign hides no refusal by another rule, and stays the answer where none refuses.
func TestARefusalOutlastsTheCampaign(t *testing.T) {
	for branded, want := range map[bool]string{true: gate.CampaignWindow, false: "brand-name"} {
		s := newScene(t)
		s.text.Branded, s.text.Expires = branded, s.now
		d := s.decide(t)
		if got := d.Lasting(); d.Rule != gate.CampaignWindow || got.Verdict != gate.Refuse || got.Rule != want || got.Because == "" {
			t.Errorf("branded %t: %s by %s, want %s", branded, got.Verdict, got.Rule, want)
		}
	}
}

// Whoever asked for one text learns that its own time is over, not a campaign's.
func TestWhoseTimeIsOver(t *testing.T) {
	s := newScene(t)
	s.text.Expires = s.now
	if d := s.decide(t); !strings.Contains(d.Because, "campaign") {
		t.Errorf("a campaign: %s", d.Because)
	}
	s.text.Campaign, s.text.Ref = "", "order-4711"
	if d := s.decide(t); d.Because == "" || strings.Contains(d.Because, "campaign") {
		t.Errorf("a single text: %s", d.Because)
	}
}

// Who cannot be placed is not served, and the reason says what is missing.
func TestWhyNobodyIsServed(t *testing.T) {
	s := newScene(t)
	for _, c := range []struct {
		brand  string
		number phone.Number
		says   string
	}{
		{"example", "+999123456789", "nobody knows where"},
		{"example", "+250788123456", "lists no hours"},
		{"gone", "+12065550142", "are unknown"},
		{"example", "+12065550142", ""},
	} {
		contact := consent.Contact{Key: consent.Key{Brand: c.brand, Phone: c.number}}
		p := s.gate.Person(&contact)
		if !strings.Contains(p.Unserved, c.says) || (p.Hours == nil) != (c.says != "") || (p.Unserved == "") != (c.says == "") || p.Contact != &contact {
			t.Errorf("%s %s: %q, hours %v", c.brand, c.number, p.Unserved, p.Hours != nil)
		}
	}
	if hours, err := s.gate.Hours("gone", "US-WA#America/Los_Angeles"); err == nil || hours != nil {
		t.Errorf("hours of a brand nobody knows: %v, %v", hours, err)
	}
	if hours, err := s.gate.Hours("example", "nonsense"); err == nil || hours != nil {
		t.Errorf("hours of no area: %v, %v", hours, err)
	}
}
