package gate_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
)

// An answer must have reached the phone while it is one. A question may take an hour, and as long as somebody waits for
// it; where nobody does, not longer than the window is open; and never longer than its request is good for.
func TestWhenAnAnswerMustHaveArrived(t *testing.T) {
	// Noon is in Seattle, where the window closes at 20:00.
	at := func(h, m int) time.Time { return noon.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute) }
	hour := func(h int) time.Time { return at(h, 0) }
	for _, tc := range []struct {
		name string
		now  time.Time
		text gate.Text
		want time.Time
	}{
		{"an answer", hour(0), gate.Text{Kind: message.Reply, By: hour(1)}, hour(1)},
		{"an answer at night", hour(10), gate.Text{Kind: message.Reply, By: hour(11)}, hour(11)},
		{"a question at noon", hour(0), gate.Text{Kind: message.Confirmation, By: hour(24), Expected: hour(1)}, hour(1)},
		{"a question nobody waits for", hour(0), gate.Text{Kind: message.Confirmation, By: hour(24)}, hour(1)},
		{"a question nobody waits for, before the window closes", at(7, 30), gate.Text{Kind: message.Confirmation, By: hour(24)}, hour(8)},
		{"a question that was kept waiting", at(0, 30), gate.Text{Kind: message.Confirmation, By: hour(24), Expected: hour(1)}, at(1, 30)},
		{"a question whose request ends", hour(0), gate.Text{Kind: message.Confirmation, By: at(0, 10), Expected: hour(1)}, at(0, 10)},
		{"a question before the window closes", at(7, 30), gate.Text{Kind: message.Confirmation, By: hour(24), Expected: at(8, 30)}, at(8, 30)},
		{"a question at night", hour(10), gate.Text{Kind: message.Confirmation, By: hour(24), Expected: hour(11)}, hour(11)},
		{"a question at night that was kept waiting", at(10, 50), gate.Text{Kind: message.Confirmation, By: hour(24), Expected: hour(11)}, hour(11)},
		{"a campaign", hour(0), gate.Text{Kind: message.Promotional, Expires: hour(72)}, hour(8)},
		{"a campaign that ends before the window", hour(0), gate.Text{Kind: message.Promotional, Expires: hour(3)}, hour(3)},
		{"a transactional text", hour(0), gate.Text{Kind: message.Transactional, Expires: hour(72)}, hour(72)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newScene(t)
			switch tc.text.Kind {
			case message.Confirmation:
				s.pending("alerts")
			case message.Transactional:
				s.transactional()
			}
			tc.text.Program, tc.text.Topics, tc.text.Branded, tc.text.OptOut = s.text.Program, s.text.Topics, true, true
			s.text, s.now = tc.text, tc.now
			if d := s.decide(t); d.Verdict != gate.Allow || !d.Closes.Equal(tc.want) {
				t.Errorf("%s because of %s, must arrive by %s, want %s", d.Verdict, d.Rule, d.Closes, tc.want)
			}
		})
	}
}

// The hours of a question suit the places its person told of, and those told with the request.
func TestTheHoursOfAQuestion(t *testing.T) {
	s := newScene(t)
	night := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC) // midnight in Seattle
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }
	for _, tc := range []struct {
		name          string
		number        phone.Number
		own, told     phone.Told
		opens, closes time.Time
	}{
		{"nobody said where", "+12065550142", phone.Told{}, phone.Told{}, at(25, 17), at(26, 4)},
		{"the request says Florida", "+12065550142", phone.Told{}, phone.Told{State: "FL"}, at(25, 17), at(26, 1)},
		{"her YES stands behind Hawaii", "+12065550142", phone.Told{State: "HI"}, phone.Told{}, at(25, 19), at(26, 4)},
		{"both", "+12065550142", phone.Told{State: "HI"}, phone.Told{State: "FL"}, at(25, 19), at(26, 1)},
		{"both say the same", "+12065550142", phone.Told{State: "FL"}, phone.Told{State: "FL"}, at(25, 17), at(26, 1)},
		{"a toll-free number of Hawaii", "+18005550142", phone.Told{State: "HI"}, phone.Told{State: "HI"}, at(25, 19), at(26, 6)},
		{"a toll-free number that anybody may have", "+18005550142", phone.Told{}, phone.Told{State: "HI"}, at(25, 19), at(25, 23)},
	} {
		c := consent.Contact{Key: consent.Key{Brand: "example", Phone: tc.number}, Told: tc.own}
		c.Questions = []consent.Question{{Request: 1, Told: phone.Told{State: "NY"}}, {Request: 2, Told: tc.told}}
		p := s.gate.Asking(&c, c.ToldWith(consent.Ask{Kind: message.Confirmation, Request: 2}))
		if p.Hours == nil {
			t.Fatalf("%s: %s", tc.name, p.Unserved)
		}
		opens, err := p.Opening(night)
		if err != nil || !opens.Equal(tc.opens) || !p.Hours.ClosesAt(opens).Equal(tc.closes) {
			t.Errorf("%s: %s to %s (%v), want %s to %s", tc.name, opens, p.Hours.ClosesAt(opens), err, tc.opens, tc.closes)
		}
	}
}

// A request that tells nothing of the place leaves that to what the person told.
func TestAQuestionThatTellsNothingOfThePlace(t *testing.T) {
	s := newScene(t)
	c := consent.Contact{Key: consent.Key{Brand: "example", Phone: "+18005550142"}, Told: phone.Told{State: "HI"}}
	evening := time.Date(2026, 11, 26, 5, 30, 0, 0, time.UTC) // 19:30 in Honolulu, the day before Thanksgiving
	if p := s.gate.Asking(&c, phone.Told{}); !p.Hours.Permitted(evening) {
		t.Error("the hours are those of everywhere")
	}
}

// Where either place has no hours, nobody is asked.
func TestAQuestionFromAnUnknownPlace(t *testing.T) {
	s := newScene(t)
	for name, tc := range map[string]struct {
		brand     string
		number    phone.Number
		own, told phone.Told
	}{
		"the number":       {"example", "+999123456789", phone.Told{}, phone.Told{State: "WA"}},
		"what she told":    {"example", "+12065550142", phone.Told{Zone: "Moon/Tranquility"}, phone.Told{State: "WA"}},
		"what was told":    {"example", "+12065550142", phone.Told{}, phone.Told{Zone: "Moon/Tranquility"}},
		"an unknown brand": {"gone", "+12065550142", phone.Told{}, phone.Told{State: "FL"}},
	} {
		c := consent.Contact{Key: consent.Key{Brand: tc.brand, Phone: tc.number}, Told: tc.own}
		if p := s.gate.Asking(&c, tc.told); p.Hours != nil || p.Unserved == "" || p.Contact != &c {
			t.Errorf("%s: %+v", name, p)
		}
		if p, own := s.gate.Asking(&c, tc.told), s.gate.Person(&c); own.Hours == nil && p.Unserved != own.Unserved {
			t.Errorf("%s: what is wrong with her own place is told as %q", name, p.Unserved)
		}
	}
	// The place that is told is known, and nobody lists hours for its country.
	c := consent.Contact{Key: consent.Key{Brand: "example", Phone: "+12065550142"}}
	if p := s.gate.Asking(&c, phone.Told{Zone: "Africa/Kigali"}); p.Hours != nil || p.Unserved == "" || p.Contact != &c {
		t.Errorf("a country without hours: %+v", p)
	}
}

// What a change is answered with stands outside the limits of answers, within one of its own.
func TestWhatTellsOfAChange(t *testing.T) {
	answered := func(s *scene, ago time.Duration, change bool) {
		s.texted(ago, message.Reply, "")
		s.contact.Claims[len(s.contact.Claims)-1].Change = change
	}
	for _, tc := range []struct {
		name             string
		changes, answers int
		ago              time.Duration
		change           bool
		rule             string
	}{
		{"a change after the answers of the hour", 0, 6, time.Minute, true, ""},
		{"a change after the answers of the day", 0, 12, 12 * time.Hour, true, ""},
		{"an answer after five changes", 5, 5, time.Minute, false, ""},
		{"an answer after the changes of the day", 6, 5, time.Minute, false, ""},
		{"an answer after the answers of the hour", 3, 6, time.Minute, false, "reply-limit"},
		{"an answer after the answers of the day", 3, 12, 2 * time.Hour, false, "reply-limit"},
		{"the sixth change", 5, 12, 23 * time.Hour, true, ""},
		{"the seventh change", 6, 0, 24*time.Hour - time.Millisecond, true, "change-limit"},
		{"the seventh change in a little more than a day", 6, 0, 24 * time.Hour, true, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newScene(t)
			s.text = gate.Text{Kind: message.Reply, Program: s.text.Program, Change: tc.change}
			for range tc.changes {
				answered(s, tc.ago, true)
			}
			for range tc.answers {
				answered(s, tc.ago, false)
			}
			if d := s.decide(t); d.Rule != tc.rule {
				t.Errorf("%s because of %q, want %q", d.Verdict, d.Rule, tc.rule)
			}
		})
	}
}

// What a campaign or a reminder says is no answer.
func TestOnlyAnswersCountAsAnswers(t *testing.T) {
	s := newScene(t)
	s.text = gate.Text{Kind: message.Reply, Program: s.text.Program}
	for _, kind := range []message.Kind{message.Promotional, message.Reminder, message.Transactional} {
		for range 6 {
			s.texted(time.Minute, kind, "alerts")
		}
	}
	if d := s.decide(t); d.Verdict != gate.Allow {
		t.Errorf("%s because of %s", d.Verdict, d.Rule)
	}
}

// I9: a machine that answers everything with anything, for days, gets a bounded number of texts: six an hour and twelve
// a day in answer to what changes nothing, six a day that tell of a change.
func TestARobotGetsABoundedNumberOfTexts(t *testing.T) {
	c := catalog()
	g, err := gate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	brand := &c.Brands[0]
	phrases := []keyword.Intent{
		{Kind: keyword.Confirm, Confidence: 1},
		{Kind: keyword.OptOut},
		{Kind: keyword.OptOut, Scope: keyword.Everything},
		{Kind: keyword.WrongNumber},
		{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "hourly"},
		{Kind: keyword.OptIn, Confidence: 1, Restart: true},
		{Kind: keyword.OptIn, Confidence: 1, Topic: "alerts"},
		{Kind: keyword.OptIn, Confidence: 1, Topic: "hourly"},
		{Kind: keyword.OptIn, Confidence: 1},
		{Kind: keyword.Help},
		{Kind: keyword.Preferences},
		{Kind: keyword.Other, Unclear: true},
		{Kind: keyword.Other},
	}
	rapid.Check(t, func(t *rapid.T) {
		oneStep, clarify := rapid.Bool().Draw(t, "one step"), rapid.Bool().Draw(t, "clarify")
		var sent []consent.Claim
		contact := consent.Contact{Key: consent.Key{Brand: "example", Phone: "+12065550142"}}
		now := noon
		script := rapid.SliceOfN(rapid.IntRange(0, len(phrases)-1), 1, 6).Draw(t, "script")
		for n := range rapid.IntRange(20, 150).Draw(t, "messages") {
			now = now.Add(time.Duration(rapid.IntRange(1, 1200).Draw(t, "seconds")) * time.Second)
			prog := brand.Programs[rapid.IntRange(0, 1).Draw(t, "number")]
			prog.OneStep, prog.Clarify = oneStep, clarify
			intent := phrases[script[n%len(script)]]
			if rapid.IntRange(0, 3).Draw(t, "whim") == 0 {
				intent = rapid.SampledFrom(phrases).Draw(t, "phrase")
			}
			ch := contact.Hear(consent.Inbound{ID: "x", At: now, Brand: brand, Program: &prog, Terms: c.SignUp, Intent: intent})
			contact = ch.Next
			contact.Head.Seq += int64(len(ch.Events))
			if len(ch.Ask) > 1 {
				t.Fatalf("I9: %d answers to one message", len(ch.Ask))
			}
			for _, ask := range ch.Ask {
				d := g.Decide(g.Asking(&contact, contact.ToldWith(ask)), gate.Text{
					Kind: ask.Kind, Program: &prog, Topics: ask.Topics, Invited: ask.Invited, Change: ask.Change, By: ask.By, Expected: ask.Expected,
				}, now)
				if d.Verdict != gate.Allow {
					continue
				}
				cl := consent.Claim{ID: string(rune('a' + n)), At: now, Kind: ask.Kind, Program: ask.Program, Topics: ask.Topics, Change: ask.Change}
				contact = contact.WithText(ask, cl, 0)
				sent = append(sent, cl)
			}
			bounded(t, sent, now)
		}
	})
}

func bounded(t *rapid.T, sent []consent.Claim, now time.Time) {
	hour, day, changes := 0, 0, 0
	for _, cl := range sent {
		switch age := now.Sub(cl.At); {
		case age >= 24*time.Hour:
		case cl.Change:
			changes++
		default:
			day++
			if age < time.Hour {
				hour++
			}
		}
	}
	if hour > 6 || day > 12 || changes > 6 {
		t.Fatalf("I9: %d answers in an hour, %d in a day, and %d that tell of a change", hour, day, changes)
	}
}
