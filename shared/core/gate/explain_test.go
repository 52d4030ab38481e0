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
		{"the night", gate.PermittedHours, func(s *scene) { s.now = s.now.Add(9 * time.Hour) }},
		{"the night, and longer the promise", gate.PromisedFrequency, func(s *scene) {
			s.now = s.now.Add(9 * time.Hour)
			for range 2 {
				s.texted(25*24*time.Hour, message.Promotional, "alerts")
			}
		}},
		{"the promise, and longer the night", gate.PermittedHours, func(s *scene) {
			s.now = s.now.Add(9 * time.Hour)
			for range 2 {
				s.texted(31*24*time.Hour-time.Minute, message.Promotional, "alerts")
			}
		}},
	} {
		s := newScene(t)
		c.change(s)
		s.text.Expires = s.now
		d := s.decide(t)
		if got := d.Waited().Rule; got != c.waited {
			t.Errorf("%s: %s, want %s", c.name, got, c.waited)
		}
	}
}

// Whoever counts a campaign's people after its end, however late, finds the rule they waited for at its last time: not
// one that only came later, nor one that is over by then, nor a text of later.
func TestAnEndedCampaignIsCountedByItsLastTime(t *testing.T) {
	for _, c := range []struct {
		name, waited string
		last         time.Duration // the campaign's last time, after noon
		change       func(*scene)
	}{
		{"the gap was over by then", gate.CampaignWindow, 4 * time.Hour, func(s *scene) { s.texted(0, message.Promotional, "alerts") }},
		{"the gap is over since", gate.LeastGap, 4*time.Hour - time.Second, func(s *scene) { s.texted(0, message.Promotional, "alerts") }},
		{"the night came later", gate.CampaignWindow, 5 * time.Hour, func(*scene) {}},
		{"another text came later", gate.CampaignWindow, 5 * time.Hour, func(s *scene) { s.texted(-6*time.Hour, message.Promotional, "alerts") }},
	} {
		s := newScene(t)
		s.catalog.LeastGap = 4 * time.Hour
		c.change(s)
		s.text.Expires = s.now.Add(c.last + time.Minute)
		for _, late := range []time.Duration{time.Second, time.Hour + time.Minute, 5 * time.Hour} {
			at := *s
			at.now = s.now.Add(c.last + late)
			if d := at.decide(t); d.Verdict != gate.Refuse || d.Waited().Rule != c.waited {
				t.Errorf("%s, %s late: %s, %s; want %s", c.name, late, d.Verdict, d.Waited().Rule, c.waited)
			}
		}
	}
}

// A phone whose clocks never show a campaign's time together is in no line: nobody waits, and the answer says why.
func TestATimeThatNeverComes(t *testing.T) {
	for name, c := range map[string]struct {
		number phone.Number
		opens  time.Duration // the campaign's beginning, after now
		says   string
	}{
		"on clocks too far apart":  {"+18005550142", -24 * time.Hour, "never this campaign's time on all clocks"},
		"made after it had passed": {"+12065550142", 3 * time.Hour, "over before it began"},
	} {
		s := newScene(t)
		s.contact.Phone = c.number
		s.text.Local, s.text.Opens = localFrom(s.now.Add(time.Hour), 2), s.now.Add(c.opens)
		for _, after := range []time.Duration{-12 * time.Hour, 0, 12 * time.Hour, 48 * time.Hour} {
			d := s.gate.Decide(s.gate.Person(&s.contact), s.text, s.now.Add(after))
			if said := d.Waited(); d.Verdict != gate.Refuse || said.Rule != gate.CampaignWindow || !said.Until.IsZero() || !strings.Contains(said.Because, c.says) {
				t.Errorf("%s, after %s: %s until %s by %s: %s", name, after, said.Verdict, said.Until, said.Rule, said.Because)
			}
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
