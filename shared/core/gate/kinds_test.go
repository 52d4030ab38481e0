package gate_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// The kinds of text differ in which rules they meet, and in nothing else. Whoever adds a rule says here whom it is for.
func TestWhichRulesAKindMeets(t *testing.T) {
	everybody := "origination-identity"
	unlessAnswered := "opted-out deliverable place-served"
	nobodyAskedFor := "topic-consent evidence paused"
	for kind, want := range map[message.Kind]string{
		message.Promotional: everybody + " " + unlessAnswered + " " + nobodyAskedFor +
			" campaign-window campaign-once promised-frequency legal-cap least-gap engagement-tier cross-channel brand-name opt-out-instruction permitted-hours",
		message.Transactional: everybody + " " + unlessAnswered + " " + nobodyAskedFor + " campaign-window campaign-once",
		message.Reminder:      everybody + " " + unlessAnswered + " " + nobodyAskedFor + " promised-frequency legal-cap permitted-hours",
		message.Renewal:       everybody + " " + unlessAnswered + " " + nobodyAskedFor + " promised-frequency legal-cap permitted-hours",
		message.Confirmation:  everybody + " " + unlessAnswered + " topic-consent permitted-hours answer-in-time reply-limit confirmation-limit",
		message.Reply:         everybody + " answer-in-time reply-limit change-limit",
	} {
		s := newScene(t)
		s.text.Kind = kind
		d := s.decide(t)
		var got []string
		for _, e := range d.Explain(kind) {
			if e.Applies {
				got = append(got, e.Rule.Name)
			}
			if e.Rule.Citation == "" || e.Rule.Tier == "" || e.Rule.Certainty == "" {
				t.Errorf("%s: nobody knows whose rule it is: %+v", e.Rule.Name, e.Rule)
			}
		}
		wanted := strings.Fields(want)
		slices.Sort(got)
		slices.Sort(wanted)
		if !slices.Equal(got, wanted) {
			t.Errorf("%s meets %v, want %v", kind, got, wanted)
		}
	}
	// What nobody knows meets what the strictest kind meets.
	s := newScene(t)
	s.text.Kind = "rumour"
	s.now = s.now.Add(10 * time.Hour)
	if d := s.decide(t); d.Verdict != gate.Defer || d.Rule != gate.PermittedHours {
		t.Errorf("an unknown kind: %s by %q", d.Verdict, d.Rule)
	}
}

// I7: who was promised so many texts, or has a law behind them, counts reminders like all others.
func TestARemindersTurnToo(t *testing.T) {
	for _, c := range []struct {
		name, rule string
		change     func(*scene)
	}{
		{"the third of two a month", "promised-frequency", func(s *scene) {
			s.texted(48*time.Hour, message.Promotional, "alerts")
			s.texted(47*time.Hour, message.Promotional, "alerts")
		}},
		{"the fourth within 24 hours", "legal-cap", func(s *scene) {
			s.text.Topics = []string{"hourly"}
			for range 3 {
				s.texted(time.Hour, message.Reminder, "hourly")
			}
		}},
	} {
		s := newScene(t)
		s.text.Kind = message.Reminder
		c.change(s)
		if d := s.decide(t); d.Verdict != gate.Defer || d.Rule != c.rule {
			t.Errorf("%s: %s by %q", c.name, d.Verdict, d.Rule)
		}
	}
}

// What a kind may come from: the program of its class, and of its topics; an answer to a STOP may name topics of them
// all.
func TestOriginationIdentity(t *testing.T) {
	for _, c := range []struct {
		name    string
		kind    message.Kind
		program int // of the brand
		topics  []string
		rule    string
	}{
		{"promotional from the promotional number", message.Promotional, 0, []string{"alerts"}, ""},
		{"transactional from the promotional number", message.Transactional, 0, []string{"alerts"}, "origination-identity"},
		{"transactional from the transactional number", message.Transactional, 1, []string{"orders"}, ""},
		{"promotional from the transactional number", message.Promotional, 1, []string{"orders"}, "origination-identity"},
		{"a reminder of the transactional number", message.Reminder, 1, []string{"orders"}, ""},
		{"a reminder from another number than the topic's", message.Reminder, 0, []string{"alerts", "orders"}, "topic-consent"},
		{"an answer about topics of both numbers", message.Reply, 0, []string{"alerts", "orders"}, ""},
	} {
		s := newScene(t)
		s.text.Kind, s.text.Program, s.text.Topics = c.kind, &s.catalog.Brands[0].Programs[c.program], c.topics
		if d := s.decide(t); d.Rule != c.rule {
			t.Errorf("%s: %s by %q, want %q", c.name, d.Verdict, d.Rule, c.rule)
		}
	}
	// Both have the same class: then it is the topic's number that counts.
	s := newScene(t)
	s.catalog.Brands[0].Programs[1].Class = program.Promotional
	s.sub("orders", func(b *consent.Subscription) { b.Class = program.Promotional })
	s.text.Topics = []string{"orders"}
	if d := s.decide(t); d.Rule != "origination-identity" {
		t.Errorf("a topic from another number: %s by %q", d.Verdict, d.Rule)
	}
}

// Consent says from when it counts: from that very instant on.
func TestConsentCountsFromItsInstant(t *testing.T) {
	for since, rule := range map[time.Duration]string{-time.Millisecond: "", 0: "", time.Millisecond: "evidence"} {
		s := newScene(t)
		s.sub("alerts", func(b *consent.Subscription) { b.Since = s.now.Add(since) })
		if d := s.decide(t); d.Rule != rule {
			t.Errorf("since %s after now: %s by %q", since, d.Verdict, d.Rule)
		}
	}
}

// A campaign texts a person once; texts without a campaign know nothing of each other.
func TestTextsWithoutACampaign(t *testing.T) {
	s := newScene(t)
	s.text.Campaign = ""
	s.texted(26*time.Hour, message.Promotional, "alerts")
	s.contact.Claims[0].Campaign = ""
	if d := s.decide(t); d.Verdict != gate.Allow {
		t.Errorf("%s by %q", d.Verdict, d.Rule)
	}
}

// A campaign begins at its instant, and a text can go as long as a minute is left.
func TestTheEdgesOfACampaign(t *testing.T) {
	for _, c := range []struct {
		opens, expires time.Duration // from now
		verdict        gate.Verdict
	}{
		{0, time.Hour, gate.Allow},
		{time.Millisecond, time.Hour, gate.Defer},
		{-time.Hour, time.Minute, gate.Allow},
		{-time.Hour, time.Minute - time.Millisecond, gate.Refuse},
		{time.Hour, 0, gate.Refuse}, // it will have ended before it begins
	} {
		s := newScene(t)
		s.text.Opens, s.text.Expires = s.now.Add(c.opens), s.now.Add(c.expires)
		if d := s.decide(t); d.Verdict != c.verdict || d.Verdict != gate.Allow && d.Rule != gate.CampaignWindow {
			t.Errorf("opens in %s, ends in %s: %s by %q", c.opens, c.expires, d.Verdict, d.Rule)
		}
	}
}

// Whoever shows no sign of reading gets one digest of the topic a calendar month, and none within a fortnight of the
// last, whatever the topic promised; neither others' topics nor regular texts count.
func TestTheDigest(t *testing.T) {
	for _, c := range []struct {
		name   string
		tier   consent.Tier
		now    time.Time
		ago    time.Duration
		topic  string
		digest bool
		rule   string
		until  time.Duration
	}{
		{"yesterday, last month", consent.Digest, noon, 24 * time.Hour, "hourly", true, "engagement-tier", 13 * 24 * time.Hour},
		{"a fortnight ago, last month", consent.Digest, noon, 14 * 24 * time.Hour, "hourly", true, "", 0},
		{
			"a fortnight ago, this month", consent.Digest, noon.Add(20 * 24 * time.Hour), 15 * 24 * time.Hour, "hourly", true,
			"engagement-tier", 10*24*time.Hour + 4*time.Hour,
		},
		{"the regular text of yesterday", consent.Digest, noon, 25 * time.Hour, "hourly", false, "", 0},
		{"another topic's", consent.Digest, noon, 25 * time.Hour, "alerts", true, "", 0},
		{"regular", consent.Regular, noon, 25 * time.Hour, "hourly", true, "", 0},
		{"no tier", "", noon, 25 * time.Hour, "hourly", true, "", 0},
	} {
		s := newScene(t)
		s.now = c.now
		s.text.Topics, s.text.Digest = []string{"hourly"}, true
		s.sub("hourly", func(b *consent.Subscription) { b.Tier = c.tier })
		s.texted(c.ago, message.Promotional, c.topic)
		s.contact.Claims[0].Digest = c.digest
		d := s.decide(t)
		if d.Rule != c.rule || c.rule != "" && !d.Until.Equal(s.now.Add(c.until)) {
			t.Errorf("%s: %s by %q until %s", c.name, d.Verdict, d.Rule, d.Until)
		}
	}
}

// A monthly digest on the first of each month always goes, at whatever hour of the day it went the month before.
func TestADigestOnTheFirstOfEachMonth(t *testing.T) {
	for month := range 24 {
		for _, hour := range []int{17, 23} { // in Seattle 9 or 10 in the morning, 15 or 16 in the afternoon
			s := newScene(t)
			s.now = time.Date(2027, time.February+time.Month(month), 1, 17, 0, 0, 0, time.UTC)
			last := time.Date(2027, time.January+time.Month(month), 1, hour, 0, 0, 0, time.UTC)
			s.text.Topics, s.text.Digest = []string{"hourly"}, true
			s.sub("hourly", func(b *consent.Subscription) { b.Tier = consent.Digest })
			s.texted(s.now.Sub(last), message.Promotional, "hourly")
			s.contact.Claims[0].Digest = true
			if d := s.decide(t); d.Rule == "engagement-tier" {
				t.Errorf("%s after %s: %s until %s", s.now, last, d.Verdict, d.Until)
			}
		}
	}
}

// What another channel said need not be said again for a day. What has no content is like nothing else.
func TestCrossChannel(t *testing.T) {
	for _, c := range []struct {
		name           string
		ago            time.Duration
		content, texts string
		rule           string
	}{
		{"a moment ago", 0, "c", "c", "cross-channel"},
		{"almost a day ago", 24*time.Hour - time.Millisecond, "c", "c", "cross-channel"},
		{"a day ago", 24 * time.Hour, "c", "c", ""},
		{"something else", time.Hour, "d", "c", ""},
		{"nobody knows what, and nothing", time.Hour, "", "", ""},
	} {
		s := newScene(t)
		s.text.Content = c.texts
		s.contact.Touches = []consent.Touch{{At: s.now.Add(-c.ago), Channel: "email", Content: c.content}}
		d := s.decide(t)
		if d.Rule != c.rule || c.rule != "" && (d.Verdict != gate.Defer || !d.Until.Equal(s.now.Add(24*time.Hour-c.ago)) || !strings.Contains(d.Because, "email")) {
			t.Errorf("%s: %s by %q until %s because %s", c.name, d.Verdict, d.Rule, d.Until, d.Because)
		}
	}
}

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

// I9: how many answers a phone gets, and when the limit gives way.
func TestAnswersToTheInstant(t *testing.T) {
	for _, c := range []struct {
		name   string
		count  int
		ago    time.Duration // of each
		change bool
		rule   string
		until  time.Duration // from now
	}{
		{"five in the hour", 5, time.Minute, false, "", 0},
		{"six in the hour", 6, time.Minute, false, "reply-limit", 59 * time.Minute},
		{"six almost an hour ago", 6, time.Hour - time.Millisecond, false, "reply-limit", time.Millisecond},
		{"six an hour ago", 6, time.Hour, false, "", 0},
		{"eleven in the day", 11, 2 * time.Hour, false, "", 0},
		{"twelve in the day", 12, 2 * time.Hour, false, "reply-limit", 22 * time.Hour},
		{"twelve a day ago", 12, 24 * time.Hour, false, "", 0},
		{"five changes in the day", 5, 2 * time.Hour, true, "", 0},
		{"six changes in the day", 6, 2 * time.Hour, true, "change-limit", 22 * time.Hour},
		{"six changes a day ago", 6, 24 * time.Hour, true, "", 0},
	} {
		s := newScene(t)
		s.text = gate.Text{Kind: message.Reply, Program: s.text.Program, Change: c.change}
		for range c.count {
			s.texted(c.ago, message.Reply, "")
			s.contact.Claims[len(s.contact.Claims)-1].Change = c.change
		}
		s.texted(0, message.Promotional, "alerts") // which answers nothing
		d := s.decide(t)
		if d.Rule != c.rule || c.rule != "" && (d.Verdict != gate.Refuse || !d.Until.Equal(s.now.Add(c.until))) {
			t.Errorf("%s: %s by %q until %s", c.name, d.Verdict, d.Rule, d.Until)
		}
	}
}

// An allowed text has to arrive before the first of what ends it, and where nothing does, whenever it likes.
func TestAnAllowedTextWithoutAnEnd(t *testing.T) {
	s := newScene(t)
	s.transactional()
	s.text.Campaign = ""
	if d := s.decide(t); d.Verdict != gate.Allow || !d.Closes.IsZero() || !d.Until.IsZero() || d.Rule != "" || d.Because != "" {
		t.Errorf("%+v", d)
	}
	s.text.Kind, s.text.By = message.Reply, s.now.Add(time.Hour)
	if d := s.decide(t); !d.Closes.Equal(s.now.Add(time.Hour)) {
		t.Errorf("an answer closes %s", d.Closes)
	}
	s.text.By = time.Time{}
	if d := s.decide(t); !d.Closes.IsZero() {
		t.Errorf("an answer nobody set an end closes %s", d.Closes)
	}
}

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

// Of two refusals the first stands, though the second would end later.
func TestOfTwoRefusalsTheFirstStands(t *testing.T) {
	s := newScene(t)
	s.text = gate.Text{Kind: message.Reply, Program: s.text.Program, By: s.now}
	for range 6 {
		s.texted(time.Minute, message.Reply, "")
	}
	if d := s.decide(t); d.Rule != "answer-in-time" || !d.Until.IsZero() {
		t.Errorf("%s by %q until %s", d.Verdict, d.Rule, d.Until)
	}
}

// A limit of answers has room again when the oldest of those it counts leaves its window.
func TestWhenALimitOfAnswersHasRoomAgain(t *testing.T) {
	s := newScene(t)
	s.text = gate.Text{Kind: message.Reply, Program: s.text.Program}
	for i := range 6 {
		s.texted(time.Duration(50-i)*time.Minute, message.Reply, "")
	}
	if d := s.decide(t); d.Rule != "reply-limit" || !d.Until.Equal(s.now.Add(10*time.Minute)) {
		t.Errorf("%s by %q until %s", d.Verdict, d.Rule, d.Until)
	}
}

// Where no hour suits all places a phone may be in, nothing that obeys hours goes out (I6).
func TestNoHourSuitsEveryPlace(t *testing.T) {
	s := newScene(t)
	s.now = time.Date(2027, 7, 6, 20, 0, 0, 0, time.UTC)
	p := person(t, phone.Place{Country: "US", State: "RI", Zones: []string{"America/New_York"}},
		phone.Place{Country: "US", State: "GU", Zones: []string{"Pacific/Guam"}})
	p.Contact = &s.contact
	if d := s.gate.Decide(p, s.text, s.now); d.Verdict != gate.Refuse || d.Rule != gate.PermittedHours || d.Because == "" {
		t.Errorf("%s by %q", d.Verdict, d.Rule)
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

// The hours of a place are worked out once: a campaign asks for those of a hundred thousand people.
func TestHoursAreWorkedOutOnce(t *testing.T) {
	s := newScene(t)
	first := s.gate.Person(&s.contact)
	other := s.contact
	other.Phone = "+12065550143"
	if again := s.gate.Person(&other); first.Hours == nil || again.Hours != first.Hours {
		t.Error("the hours of a place were worked out twice")
	}
}

// Whoever never asked for a topic is told so, rather than that it is in a state without a name.
func TestATopicNobodyAskedFor(t *testing.T) {
	s := newScene(t)
	delete(s.contact.Subs, "alerts")
	if d := s.decide(t); !strings.Contains(d.Because, "never asked") {
		t.Errorf("%s", d.Because)
	}
}

// Of two digests the later counts, in whatever order they are kept.
func TestTheLaterOfTwoDigests(t *testing.T) {
	s := newScene(t)
	s.text.Digest = true
	s.sub("alerts", func(b *consent.Subscription) { b.Tier = consent.Digest })
	for _, days := range []int{1, 40} {
		s.texted(time.Duration(days)*24*time.Hour, message.Promotional, "alerts")
		s.contact.Claims[len(s.contact.Claims)-1].Digest = true
	}
	if d := s.decide(t); d.Rule != "engagement-tier" || !d.Until.Equal(s.now.Add(13*24*time.Hour)) {
		t.Errorf("%s by %q until %s", d.Verdict, d.Rule, d.Until)
	}
}

// A brand's own hours are its alone, and hours that mean nothing are nobody's.
func TestABrandsOwnHours(t *testing.T) {
	c := catalog()
	nine := jurisdiction.Window{From: 12 * 60, To: 13 * 60}
	c.Brands[1].Hours = &jurisdiction.Policy{Narrow: &jurisdiction.Week{Weekday: nine, Saturday: nine, Sunday: nine, Holiday: nine}}
	g, err := gate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	for brand, want := range map[string]time.Time{"example": noon.Add(8 * time.Hour), "cafe": noon.Add(time.Hour)} {
		p := g.Person(&consent.Contact{Key: consent.Key{Brand: brand, Phone: "+12065550142"}})
		if p.Hours == nil || !p.Hours.ClosesAt(noon).Equal(want) {
			t.Errorf("%s: closes at %v, want %s", brand, p, want)
		}
	}
	c.Brands[1].Hours = &jurisdiction.Policy{Mode: "whenever"}
	if _, err := gate.New(c); err == nil || !strings.Contains(err.Error(), "cafe") {
		t.Errorf("hours that mean nothing: %v", err)
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

// A text nobody asked for goes to no country that the brand does not serve; what a person is answered goes.
func TestACountryThatIsNotServedIsOnlyAnswered(t *testing.T) {
	s := newScene(t)
	s.catalog.Brands[0].Countries = []string{"CA"}
	p := s.gate.Person(&s.contact)
	for _, kind := range []message.Kind{
		message.Promotional, message.Transactional, message.Reminder, message.Renewal, message.Reply, message.Confirmation,
	} {
		s.text.Kind = kind
		d := s.gate.Decide(p, s.text, s.now)
		refused := false
		for _, e := range d.Explain(kind) {
			if e.Rule.Name == "place-served" && e.Answer.Verdict == gate.Refuse {
				refused = strings.Contains(e.Answer.Because, "does not serve US")
			}
		}
		if answer := kind == message.Reply || kind == message.Confirmation; refused == answer {
			t.Errorf("%s: refused %t", kind, refused)
		}
	}
	s.catalog.Brands[0].Countries = []string{"US"}
	if p := s.gate.Person(&s.contact); p.Abroad != "" {
		t.Errorf("at home: %s", p.Abroad)
	}
}
