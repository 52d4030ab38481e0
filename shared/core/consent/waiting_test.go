package consent_test

import (
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
)

// An answer counts from when it was called for, whenever that is heard: five minutes for a STOP, an hour for all else.
// Those that tell of a change say so.
func TestByWhenAnswersMustHaveCome(t *testing.T) {
	oneStep := *alerts
	oneStep.OneStep, oneStep.Clarify = true, true
	late := noon.Add(10 * time.Hour) // by our clock
	for _, tc := range []struct {
		name   string
		begin  func(*story)
		said   keyword.Intent
		answer message.Answer
		by     time.Duration
		change bool
	}{
		{"STOP", func(*story) {}, saidStop, message.AnswerStop, 5 * time.Minute, true},
		{"wrong number", func(*story) {}, keyword.Intent{Kind: keyword.WrongNumber}, message.AnswerStop, 5 * time.Minute, true},
		{"STOP to a topic", func(*story) {}, stopNews, message.AnswerStop, 5 * time.Minute, true},
		{"YES", func(s *story) { s.request(noon.Add(-time.Minute), alerts.Topics[0]) }, saidYes, message.AnswerWelcome, time.Hour, true},
		{"START in one step", func(s *story) {
			s.request(noon.Add(-time.Hour), alerts.Topics[0])
			s.hear("y", saidYes, noon.Add(-time.Hour))
			s.hear("s", saidStop, noon.Add(-time.Minute))
		}, saidStart, message.AnswerWelcome, time.Hour, true},
		{"HELP", func(*story) {}, saidHelp, message.AnswerHelp, time.Hour, false},
		{"PREFS", func(*story) {}, keyword.Intent{Kind: keyword.Preferences}, message.AnswerPreferences, time.Hour, false},
		{"a late YES", func(s *story) { s.request(noon.Add(-25*time.Hour), alerts.Topics[0]) }, saidYes, message.AnswerExpired, time.Hour, false},
		{"something unclear", func(s *story) {
			s.request(noon.Add(-time.Hour), alerts.Topics[0])
			s.hear("y", saidYes, noon.Add(-time.Hour))
		}, keyword.Intent{Kind: keyword.Other, Unclear: true}, message.AnswerClarify, time.Hour, false},
		{"JOIN", func(*story) {}, saidJoin, message.AskConfirmation, terms.ConfirmWithin, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := begin(t)
			tc.begin(s)
			s.now = late
			in := inbound("1", tc.said, noon)
			in.Program = &oneStep
			ch := s.contact.Hear(in)
			if len(ch.Ask) != 1 || ch.Ask[0].Answer != tc.answer || !ch.Ask[0].By.Equal(noon.Add(tc.by)) || ch.Ask[0].Change != tc.change {
				t.Errorf("asks %+v, want %s by %s", ch.Ask, tc.answer, noon.Add(tc.by))
			}
		})
	}
}

// Somebody waits for a question for an hour from when they asked, and not at all where that was long ago. It may be put
// as long as its request is good for.
func TestHowLongAQuestionIsExpected(t *testing.T) {
	c := begin(t).contact
	ask := func(ch consent.Change) consent.Ask { return ch.Ask[0] }
	request := consent.Request{At: noon, Source: consent.SourceAPI, Topics: alerts.Topics[:1], Terms: terms}
	late := request
	late.Late = true
	for name, tc := range map[string]struct {
		ask      consent.Ask
		expected time.Time
	}{
		"a form":                    {ask(c.Request(request)), noon.Add(time.Hour)},
		"a sheet of paper":          {ask(c.Request(late)), time.Time{}},
		"the preference page":       {ask(c.Choose(consent.Choice{At: noon, On: alerts.Topics[:1], Terms: terms})), noon.Add(time.Hour)},
		"a text":                    {ask(c.Hear(inbound("1", saidJoin, noon))), noon.Add(time.Hour)},
		"a text that is heard late": {ask(c.Hear(inbound("1", saidJoin, noon.Add(-2*time.Hour)))), noon.Add(-time.Hour)},
	} {
		if !tc.ask.Expected.Equal(tc.expected) || tc.ask.Expected.IsZero() != tc.expected.IsZero() {
			t.Errorf("%s: expected until %s, want %s", name, tc.ask.Expected, tc.expected)
		}
		if until := c.Request(request).Next.Subs["alerts"].Until; name != "a text that is heard late" && !tc.ask.By.Equal(until) {
			t.Errorf("%s: by %s, want the end of the request, %s", name, tc.ask.By, until)
		}
	}
}

// What waits is taken when its time has come. What is too late is taken as well, so that it comes on record why it
// never went.
func TestReady(t *testing.T) {
	ask := func(from, by time.Duration) consent.Ask { return consent.Ask{From: noon.Add(from), By: noon.Add(by)} }
	due, later, over := ask(0, time.Hour), ask(time.Millisecond, time.Hour), ask(time.Hour, 0)
	c := begin(t).contact.WithWaiting(later).WithWaiting(over).WithWaiting(due)
	ready, left := c.TakeReady(noon)
	if !slices.Equal(instants(ready), instants([]consent.Ask{over, due})) || !slices.Equal(instants(left.Waiting), instants([]consent.Ask{later})) {
		t.Errorf("ready %+v, left %+v", ready, left.Waiting)
	}
	if len(c.Waiting) != 3 || !c.FollowUp.Equal(noon) {
		t.Errorf("%d wait, and are looked at %s", len(c.Waiting), c.FollowUp)
	}
}

func instants(asks []consent.Ask) (all []time.Time) {
	for _, a := range asks {
		all = append(all, a.From, a.By)
	}
	return all
}

// The earliest of several follow-ups counts.
func TestLookAgain(t *testing.T) {
	c := begin(t).contact.FollowUpBy(noon).FollowUpBy(noon.Add(time.Hour))
	if !c.FollowUp.Equal(noon) || !c.FollowUpBy(noon.Add(-time.Hour)).FollowUp.Equal(noon.Add(-time.Hour)) {
		t.Errorf("follow-up %s", c.FollowUp)
	}
}

// What was told with a question is where its text may go; what is told with nothing is not.
func TestToldWith(t *testing.T) {
	s := begin(t)
	s.contact.Told.State, s.odd = "WA", true
	s.request(noon, orders.Topics[0])
	s.told.State = "HI"
	ask := s.request(noon.Add(time.Hour), alerts.Topics[0]).Ask[0]
	if told := s.contact.ToldWith(ask); told.State != "HI" {
		t.Errorf("with the question: %+v", told)
	}
	first := consent.Contact{Questions: []consent.Question{{Request: 2, Told: phone.Told{State: "FL"}}}}
	if told := first.ToldWith(consent.Ask{Request: 2}); told.State != "FL" {
		t.Errorf("with the first question: %+v", told)
	}
	for name, other := range map[string]consent.Ask{"a question that told nothing": {Request: 1}, "an answer": {}, "a question that is gone": {Request: 9}} {
		if told := s.contact.ToldWith(other); told.State != "WA" {
			t.Errorf("%s: %+v", name, told)
		}
	}
}

// A question that waits for the carrier takes one of the phone's questions of the day: none is promised beyond them.
func TestAQuestionThatWaitsCounts(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.stuck = true
	ch := s.request(noon.Add(time.Minute), orders.Topics[0])
	s.contact = s.contact.WithWaiting(ch.Ask[0])
	s.stuck = false
	if ch := s.request(noon.Add(2*time.Minute), alerts.Topics[1]); !ch.Empty() {
		t.Errorf("a third question of the day is promised: %+v", ch.Ask)
	}
}
