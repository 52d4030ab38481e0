package consent_test

import (
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// A YES is for the question asked last before it was said, in whatever order the two are heard, and never for one asked
// after.
func TestWhichQuestionAYesMeans(t *testing.T) {
	const second = 30 * time.Minute
	for _, tc := range []struct {
		name         string
		said         time.Duration
		alerts, news consent.State
	}{
		{"before either", -time.Millisecond, consent.Pending, consent.Pending},
		{"at the first", 0, consent.Subscribed, consent.Pending},
		{"just before the second", second - time.Millisecond, consent.Subscribed, consent.Pending},
		{"at the second", second, consent.Pending, consent.Subscribed},
		{"at the end of the first", 24 * time.Hour, consent.Pending, consent.Subscribed},
		{"at the end of the second", second + 24*time.Hour, consent.Expired, consent.Subscribed},
		{"after both", second + 24*time.Hour + time.Millisecond, consent.Expired, consent.Expired},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := begin(t)
			s.request(noon, alerts.Topics[0])
			s.request(noon.Add(second), alerts.Topics[1])
			s.hear("1", saidYes, noon.Add(tc.said))
			s.want("alerts", tc.alerts)
			s.want("news", tc.news)
		})
	}
}

// The question counts from when it was claimed, not from when it was requested.
func TestAQuestionThatWaitedCountsFromWhenItWentOut(t *testing.T) {
	s := begin(t)
	s.now = noon.Add(10 * time.Minute)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidYes, noon.Add(10*time.Minute-time.Millisecond))
	s.want("alerts", consent.Pending)
	s.hear("2", saidYes, noon.Add(10*time.Minute))
	s.want("alerts", consent.Subscribed)
}

// A YES to an older question that is heard after a newer one was answered still counts, if it was said before the newer
// went out. Said after it, it was an answer to the newer.
func TestYesToAnOlderQuestionOnItsWay(t *testing.T) {
	for said, want := range map[time.Duration]consent.State{
		29 * time.Minute: consent.Subscribed, 30*time.Minute - time.Millisecond: consent.Subscribed, 30 * time.Minute: consent.Pending, time.Hour: consent.Pending,
	} {
		s := begin(t)
		s.request(noon, alerts.Topics[1])
		s.request(noon.Add(30*time.Minute), alerts.Topics[0])
		s.hear("1", saidYes, noon.Add(31*time.Minute))
		s.hear("2", saidYes, noon.Add(said))
		if got := s.state("news"); got != want {
			t.Errorf("YES said after %s: news is %s, want %s", said, got, want)
		}
		s.want("alerts", consent.Subscribed)
	}
}

// A question that is over without a YES was still the last one on the phone's screen: what is said after it is no
// answer to an older.
func TestAQuestionThatWasWithdrawnHidesTheOlder(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.request(noon.Add(30*time.Minute), alerts.Topics[1])
	s.hear("1", stopNews, noon.Add(31*time.Minute))
	s.answers(s.hear("2", saidYes, noon.Add(32*time.Minute)), message.AskConfirmation)
	s.want("alerts", consent.Pending)
	s.hear("3", saidYes, noon.Add(33*time.Minute))
	s.want("alerts", consent.Subscribed)
	s.want("news", consent.Unsubscribed)
}

// Of two questions about the same topic a YES to the first, which is on its way when the second goes out, confirms it
// with what was told with the first. The second has nothing left to ask.
func TestYesToTheFirstOfTwoQuestionsAboutATopic(t *testing.T) {
	s := begin(t)
	s.tells(phone.Told{State: "FL"}, "")
	s.request(noon, alerts.Topics[0])
	s.tells(phone.Told{State: "HI"}, "")
	s.request(noon.Add(20*time.Minute), alerts.Topics[0], alerts.Topics[1])
	s.answers(s.hear("1", saidYes, noon.Add(19*time.Minute)), message.AnswerWelcome)
	if sub := s.contact.Subs["alerts"]; sub.State != consent.Subscribed || sub.Request != 1 || s.contact.Told.State != "FL" {
		t.Errorf("%+v, told %+v", sub, s.contact.Told)
	}
	s.want("news", consent.Pending)
	ch := s.hear("2", saidYes, noon.Add(21*time.Minute))
	if !slices.Equal(ch.Joined, []string{"news"}) || s.contact.Subs["alerts"].Request != 1 {
		t.Errorf("joined %v, alerts by request %d", ch.Joined, s.contact.Subs["alerts"].Request)
	}
}

// Where a form is filled in twice and asks once, nobody can know whose words the YES stands behind: where the two told
// different things, neither counts, and the ledger says so once.
func TestTwoRequestsWithOneQuestionThatToldDifferentThings(t *testing.T) {
	hawaii := phone.Told{State: "HI", Zone: "Pacific/Honolulu"}
	for _, tc := range []struct {
		name           string
		told           phone.Told
		locale         string
		after          time.Duration
		waits, limited bool
		counts         bool // what the first told
	}{
		{name: "the same", told: hawaii, locale: "es-US", after: time.Minute, counts: true},
		{name: "another place", told: phone.Told{State: "FL"}, locale: "es-US", after: time.Minute},
		{name: "another language", told: hawaii, locale: "en-US", after: time.Minute},
		{name: "nothing", after: time.Minute},
		{name: "another place while the question waits", told: phone.Told{State: "FL"}, after: time.Hour, waits: true},
		{name: "another place and no question left for today", told: phone.Told{State: "FL"}, after: time.Hour, limited: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := begin(t)
			if tc.limited {
				s.request(noon.Add(-time.Hour), orders.Topics[0])
			}
			s.tells(hawaii, "es-US")
			s.stuck = tc.waits
			first := s.request(noon, alerts.Topics...)
			if tc.waits {
				s.contact = s.contact.WithWaiting(first.Ask[0])
			}
			s.tells(tc.told, tc.locale)
			at := noon.Add(tc.after)
			second := s.request(at, alerts.Topics...)
			if third := s.request(at.Add(time.Second), alerts.Topics...); len(second.Ask) != 0 || !third.Empty() {
				t.Errorf("asks again %+v, or notes again %+v", second.Ask, third.Events)
			}
			if tc.counts != second.Empty() {
				t.Fatalf("events %+v", second.Events)
			}
			if !tc.counts {
				e := second.Events[0]
				if len(second.Events) != 1 || e.Type != consent.Noted || e.Source != consent.SourceForm || !slices.Equal(e.Topics, []string{"alerts", "news"}) ||
					e.Evidence["ip"] != "192.0.2.1" || e.Evidence["told"] == "" {
					t.Errorf("events %+v", second.Events)
				}
			}
			if tc.waits {
				s.contact = s.claim(s.contact, first.Ask[0], consent.Claim{ID: "c", At: at.Add(2 * time.Second), Kind: message.Confirmation, Program: "alerts"})
			}
			s.hear("1", saidYes, at.Add(time.Minute))
			s.want("alerts", consent.Subscribed)
			if counts := s.contact.Told == hawaii && s.contact.Locale == "es-US"; counts != tc.counts || !counts && (s.contact.Told != (phone.Told{}) || s.contact.Locale != "") {
				t.Errorf("with the YES %+v and %q became hers", s.contact.Told, s.contact.Locale)
			}
			if replayed, err := consent.Replay(s.events); err != nil || replayed.Told != s.contact.Told || replayed.Locale != s.contact.Locale {
				t.Errorf("replayed: %+v, %v", replayed, err)
			}
			if !tc.waits {
				if err := s.ledger.Verify(s.record(), at.Add(time.Minute)); err != nil {
					t.Errorf("I4: %v", err)
				}
			}
		})
	}
}

// Two requests are in doubt for the topics they have in common and are asked about once, and for no others.
func TestWhichQuestionsAreInDoubt(t *testing.T) {
	s := begin(t)
	s.tells(phone.Told{State: "HI"}, "")
	s.request(noon, alerts.Topics[0])
	s.tells(phone.Told{State: "FL"}, "")
	at := noon.Add(time.Minute)
	ch := s.request(at, alerts.Topics[0], orders.Topics[0])
	if len(ch.Ask) != 1 || ch.Ask[0].Program != "orders" {
		t.Fatalf("asks %+v", ch.Ask)
	}
	if e := ch.Events[0]; e.Type != consent.Noted || !slices.Equal(e.Topics, []string{"alerts"}) || !e.At.Equal(at) {
		t.Errorf("event %+v", e)
	}
	s.hear("1", saidYes, at.Add(time.Minute))
	if s.contact.Told != (phone.Told{}) {
		t.Errorf("with the YES %+v became hers", s.contact.Told)
	}

	s = begin(t)
	s.tells(phone.Told{State: "HI"}, "")
	s.request(noon, alerts.Topics[1])
	s.tells(phone.Told{State: "FL"}, "")
	s.request(noon, alerts.Topics[0])
	if ch := s.request(at, alerts.Topics[0]); !ch.Empty() {
		t.Errorf("another topic's question is in doubt: %+v", ch.Events)
	}
}

// A language is something told as well, also where nothing else was.
func TestTwoRequestsWithOneQuestionThatToldDifferentLanguages(t *testing.T) {
	s := begin(t)
	s.tells(phone.Told{}, "es-US")
	s.request(noon, alerts.Topics[0])
	s.tells(phone.Told{}, "fr-CA")
	if ch := s.request(noon.Add(time.Minute), alerts.Topics[0]); len(ch.Events) != 1 || ch.Events[0].Type != consent.Noted {
		t.Errorf("events %+v", ch.Events)
	}
	s.hear("1", saidYes, noon.Add(2*time.Minute))
	if s.contact.Locale != "" {
		t.Errorf("her language is %q", s.contact.Locale)
	}
}

// A YES subscribes to what the program still offers, and where that is nothing the person is told nothing.
func TestAYesToATopicThatIsGoneSubscribesNobody(t *testing.T) {
	for _, offered := range [][]program.Topic{alerts.Topics[1:], nil, alerts.Topics} {
		s := begin(t)
		s.request(noon, alerts.Topics...)
		in, now := inbound("yes", saidYes, noon.Add(time.Minute)), *alerts
		now.Topics = offered
		in.Program = &now
		if got := s.contact.AnswersUnknown(&in); got != (len(offered) < len(alerts.Topics)) {
			t.Errorf("%d topics: answers what is unknown %t", len(offered), got)
		}
		ch := s.commit(s.contact.Hear(in))
		if len(offered) == 0 && len(ch.Ask) != 0 {
			t.Errorf("answered %+v", ch.Ask)
		}
		for _, topic := range alerts.Topics {
			_, stays := now.Topic(topic.ID)
			if subscribed := s.state(topic.ID) == consent.Subscribed; subscribed != stays {
				t.Errorf("of %d topics: %s subscribed %t", len(offered), topic.ID, subscribed)
			}
		}
		s.verify(noon.Add(time.Hour))
	}
}
