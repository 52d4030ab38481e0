package consent_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
)

// subscribed is a person who confirmed both topics of alerts and the one of orders.
func subscribed(t fataler) *story {
	s := begin(t)
	s.request(noon, alerts.Topics[0], alerts.Topics[1], orders.Topics[0])
	s.hear("y1", saidYes, noon.Add(time.Minute))
	in := inbound("y2", saidYes, noon.Add(time.Minute))
	in.Program = orders
	s.commit(s.contact.Hear(in))
	for _, topic := range []string{"alerts", "news", "orders"} {
		s.want(topic, consent.Subscribed)
	}
	return s
}

// What each scope of an opt-out ends, and whose AWS opt-out list the number goes on.
func TestScopesOfAnOptOut(t *testing.T) {
	const on, off = consent.Subscribed, consent.Unsubscribed
	for _, tc := range []struct {
		name                 string
		said                 keyword.Intent
		alerts, news, orders consent.State
		block                []string
		about                string // topics the answer names
		event                consent.EventType
	}{
		{"STOP", saidStop, off, off, on, []string{"alerts"}, "alerts news", consent.OptedOut},
		{"STOP NEWS", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "news"}, on, off, on, nil, "news", consent.OptedOut},
		{"STOP ORDERS, to the other number", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "orders"}, on, on, off, nil, "orders", consent.OptedOut},
		{"STOP and a topic nobody has", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "gone"}, off, off, on, []string{"alerts"}, "alerts news", consent.OptedOut},
		{"STOP ALL", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything}, off, off, off, []string{"alerts", "orders"}, "alerts news orders", consent.OptedOut},
		{"wrong number", keyword.Intent{Kind: keyword.WrongNumber}, off, off, off, []string{"alerts", "orders"}, "alerts news orders", consent.Voided},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := subscribed(t)
			ch := s.hear("1", tc.said, noon.Add(time.Hour))
			s.answers(ch, message.AnswerStop)
			s.want("alerts", tc.alerts)
			s.want("news", tc.news)
			s.want("orders", tc.orders)
			if !slices.Equal(ch.Block, tc.block) || strings.Join(ch.Ask[0].Topics, " ") != tc.about || ch.Events[0].Type != tc.event {
				t.Errorf("blocks %v, answers about %v, event %s", ch.Block, ch.Ask[0].Topics, ch.Events[0].Type)
			}
			if wide := len(tc.block) == 2; ch.Ask[0].Everything != wide {
				t.Errorf("the answer speaks of everything: %t", ch.Ask[0].Everything)
			}
			// The same once more gets no second answer (47 CFR 64.1200(a)(12)).
			s.answers(s.hear("2", tc.said, noon.Add(2*time.Hour)))
		})
	}
}

// A STOP to a topic is answered with its name, by whomever it was said, and once.
func TestAStopOfNobodyNamesItsTopic(t *testing.T) {
	s := begin(t)
	ch := s.hear("1", stopNews, noon)
	s.answers(ch, message.AnswerStop)
	if ask := ch.Ask[0]; !slices.Equal(ask.Topics, []string{"news"}) || ask.Everything || !ask.Change {
		t.Errorf("%+v", ask)
	}
	again := s.hear("2", stopNews, noon.Add(time.Minute))
	s.answers(again)
	if e := again.Events[0]; e.Type != consent.Received || len(e.Topics) > 0 {
		t.Errorf("the second on record: %+v", e)
	}
}

// The only topic of a program is the program: STOP and its name must reach AWS's list too.
func TestStopToTheOnlyTopicStopsTheProgram(t *testing.T) {
	s := subscribed(t)
	in := inbound("1", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "orders"}, noon.Add(time.Hour))
	in.Program = orders
	ch := s.commit(s.contact.Hear(in))
	if _, stopped := s.contact.StoppedAt("orders"); !stopped || !slices.Equal(ch.Block, []string{"orders"}) {
		t.Errorf("stopped %v, blocks %v", s.contact.Stopped, ch.Block)
	}
}

// A topic somebody stopped comes back by its keyword and a YES, and not by a form.
func TestBackToOneTopic(t *testing.T) {
	s := subscribed(t)
	s.hear("1", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "news"}, noon.Add(time.Hour))
	if ch := s.request(noon.Add(2*time.Hour), alerts.Topics[1]); !ch.Empty() {
		t.Errorf("a form undid the STOP to a topic: %+v", ch)
	}
	news := keyword.Intent{Kind: keyword.OptIn, Confidence: 1, Topic: "news"}
	s.answers(s.hear("2", news, noon.Add(59*time.Minute)))
	ch := s.hear("3", news, noon.Add(3*time.Hour))
	s.answers(ch, message.AskConfirmation)
	s.want("news", consent.Pending)
	if ch.Lift != "" {
		t.Errorf("lifts %q from AWS's list, on which it never was", ch.Lift)
	}
	s.hear("4", saidYes, noon.Add(4*time.Hour))
	s.want("news", consent.Subscribed)
}

// I8: what was said before a STOP, or with it, brings nothing back, also where that STOP was undone before it is heard.
func TestAnOptInOlderThanAnUndoneStop(t *testing.T) {
	everything := keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything}
	for name, stop := range map[string]keyword.Intent{"STOP": saidStop, "STOP NEWS": stopNews, "STOP ALL": everything} {
		for after, want := range map[time.Duration]consent.State{-time.Minute: "", 0: "", time.Millisecond: consent.Pending} {
			s := begin(t)
			s.request(noon.Add(-time.Minute), alerts.Topics[0])
			s.hear("1", saidYes, noon)
			said := noon.Add(time.Hour)
			s.hear("2", stop, said)
			s.hear("3", keyword.Intent{Kind: keyword.OptIn, Confidence: 1, Topic: "alerts"}, said.Add(time.Minute))
			if name == "STOP NEWS" { // a JOIN to the other topic leaves that one stopped
				s.odd = true
				delete(s.contact.Stopped, consent.OneTopic("news"))
				s.contact.Undone = map[string]time.Time{consent.OneTopic("news"): said}
			}
			s.hear("4", keyword.Intent{Kind: keyword.OptIn, Confidence: 1, Topic: "news"}, said.Add(after))
			if got := s.state("news"); got != want {
				t.Errorf("%s undone, NEWS said %s after it: news is %q, want %q", name, after, got, want)
			}
		}
	}
}

// I8: nor does what was said at the very time of a STOP that stands.
func TestAnOptInAsOldAsTheStop(t *testing.T) {
	for after, want := range map[time.Duration]consent.State{
		-1: consent.Unsubscribed, 0: consent.Unsubscribed, time.Millisecond: consent.Pending,
	} {
		s := subscribed(t)
		s.hear("1", saidStop, noon.Add(time.Hour))
		s.hear("2", saidStart, noon.Add(time.Hour+after))
		s.want("alerts", want)
	}
}

// Whoever comes back to one program after a STOP to everything stays away from the others.
func TestBackToOneProgramOfAll(t *testing.T) {
	s := subscribed(t)
	s.hear("1", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything}, noon.Add(time.Hour))
	s.answers(s.hear("2", saidStart, noon.Add(2*time.Hour)), message.AskConfirmation)
	if _, stopped := s.contact.StoppedAt("alerts"); stopped {
		t.Error("alerts is still stopped")
	}
	if at, stopped := s.contact.StoppedAt("orders"); !stopped || !at.Equal(noon.Add(time.Hour)) {
		t.Error("START to alerts brought orders back")
	}
	if ch := s.request(noon.Add(3*time.Hour), orders.Topics[0]); !ch.Empty() {
		t.Errorf("a form brought orders back: %+v", ch)
	}
}

// The consent belonged to somebody else, so nothing of it is left, also where a START brings topics back in one step.
func TestWrongNumberVoidsTheConsent(t *testing.T) {
	oneStep := *alerts
	oneStep.OneStep = true
	s := subscribed(t)
	s.contact.Locale, s.contact.Told.State = "es-US", "HI"
	s.hear("1", keyword.Intent{Kind: keyword.WrongNumber}, noon.Add(time.Hour))
	for topic, sub := range s.contact.Subs {
		if sub.Proof != 0 {
			t.Errorf("topic %s keeps proof %d", topic, sub.Proof)
		}
	}
	if s.contact.Locale != "" || s.contact.Told.State != "" {
		t.Errorf("what the other person told is kept: %q, %+v", s.contact.Locale, s.contact.Told)
	}
	in := inbound("2", saidStart, noon.Add(2*time.Hour))
	in.Program = &oneStep
	s.answers(s.commit(s.contact.Hear(in)), message.AskConfirmation)
	s.want("alerts", consent.Pending)
}

// The event of a YES says what it confirmed, by whose request, and in which words.
func TestEvidenceOfAYes(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	ch := s.hear("in-7", saidYes, noon.Add(time.Minute))
	e := ch.Events[0]
	if e.Type != consent.Confirmed || !slices.Equal(e.Topics, []string{"alerts"}) || !e.At.Equal(noon.Add(time.Minute)) || e.Program != "alerts" {
		t.Errorf("event %+v", e)
	}
	for name, want := range map[string]string{
		"question": "00000000000000000000000001", "inbound": "in-7", "body": "as said", "from": "+12065550142", "to": "+12065550100", "understood": "confirm", "why": `keyword "yes"`,
	} {
		if e.Evidence[name] != want {
			t.Errorf("evidence %s is %q, want %q", name, e.Evidence[name], want)
		}
	}
}

// What is unclear gets one clarification a conversation, of a marketing program, and only for people who get its texts.
func TestClarification(t *testing.T) {
	unclear := keyword.Intent{Kind: keyword.Other, Unclear: true}
	clarifies := *alerts
	clarifies.Clarify = true
	say := func(s *story, id string, intent keyword.Intent, at time.Time) consent.Change {
		in := inbound(id, intent, at)
		in.Program = &clarifies
		return s.commit(s.contact.Hear(in))
	}
	s := begin(t)
	s.answers(say(s, "0", unclear, noon))

	s = subscribed(t)
	s.answers(say(s, "1", saidOther, noon.Add(time.Hour)))
	s.answers(s.hear("2", unclear, noon.Add(time.Hour))) // a program that does not clarify
	s.answers(say(s, "3", unclear, noon.Add(2*time.Hour)), message.AnswerClarify)
	s.answers(say(s, "4", unclear, noon.Add(25*time.Hour)))
	s.answers(say(s, "5", unclear, noon.Add(26*time.Hour)), message.AnswerClarify)
	s.want("alerts", consent.Subscribed)
	say(s, "6", saidStop, noon.Add(30*time.Hour))
	s.answers(say(s, "7", unclear, noon.Add(72*time.Hour)))
}

// Where AWS keeps the number on its list, nothing could reach the phone: it stays stopped, and the ledger says why.
func TestKeptOut(t *testing.T) {
	s := subscribed(t)
	s.hear("1", saidStop, noon.Add(time.Hour))
	before := s.contact
	tried := s.contact.Hear(inbound("2", saidStart, noon.Add(2*time.Hour)))
	ch := s.commit(before.KeptOut(tried))
	s.answers(ch)
	s.want("alerts", consent.Unsubscribed)
	if _, stopped := s.contact.StoppedAt("alerts"); !stopped {
		t.Error("the stop was lifted")
	}
	if e := ch.Events[0]; len(ch.Events) != 1 || e.Type != consent.KeptOut || e.Evidence["inbound"] != "2" || !strings.Contains(e.Evidence["list"], "30 days") {
		t.Errorf("events %+v", ch.Events)
	} else if !e.At.Equal(noon.Add(2*time.Hour)) || e.Source != consent.SourceSMS || e.Program != "alerts" {
		t.Errorf("%+v does not say when, how and to which program it was said", e)
	}
	if ch.Inbound != "2" {
		t.Error("a redelivery would be heard anew")
	}
	if tried.Events[0].Evidence["list"] != "" {
		t.Error("the change that was tried was altered")
	}
}

// Answers are in the language the person told us, else in that of the word they used.
func TestLanguageOfAnswers(t *testing.T) {
	baja := keyword.Intent{Kind: keyword.OptOut, Language: "es"}
	s := subscribed(t)
	if ch := s.contact.Hear(inbound("1", baja, noon.Add(time.Hour))); ch.Ask[0].Language != "es" {
		t.Errorf("answers in %q", ch.Ask[0].Language)
	}
	s.contact.Locale = "fr-CA"
	if ch := s.contact.Hear(inbound("1", baja, noon.Add(time.Hour))); ch.Ask[0].Language != "fr-CA" {
		t.Errorf("answers in %q", ch.Ask[0].Language)
	}
}
