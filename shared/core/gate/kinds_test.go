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
			" campaign-window campaign-once single-limit promised-frequency legal-cap least-gap engagement-tier cross-channel brand-name opt-out-instruction permitted-hours",
		message.Transactional: everybody + " " + unlessAnswered + " " + nobodyAskedFor + " campaign-window campaign-once single-limit",
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
