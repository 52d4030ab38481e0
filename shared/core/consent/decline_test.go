package consent_test

import (
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
)

var (
	saidNo    = keyword.Intent{Kind: keyword.Decline}
	nearlyYes = keyword.Intent{Kind: keyword.Other, Nearly: true}
)

// NO ends the request, on record and without a word, and no form has the phone asked again for whatever of the brand.
func TestNoEndsTheRequest(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	ch := s.hear("1", saidNo, noon.Add(time.Minute))
	s.answers(ch)
	s.want("alerts", consent.Unsubscribed)
	if e := ch.Events[0]; len(ch.Events) != 1 || e.Type != consent.Declined || !slices.Equal(e.Topics, []string{"alerts"}) {
		t.Errorf("events %+v", ch.Events)
	}
	for _, after := range []time.Duration{13 * time.Hour, 90 * 24 * time.Hour} {
		if ch := s.request(noon.Add(after), alerts.Topics[0], alerts.Topics[1], orders.Topics[0]); !ch.Empty() {
			t.Errorf("a form after %s: %+v", after, ch.Ask)
		}
	}
	if err := s.ledger.Verify(s.record(), noon.Add(time.Hour)); err != nil {
		t.Error(err)
	}
}

// What the phone asks for itself, by keyword, START or on its page, is asked as ever, and then forms count again.
func TestThePhoneItselfTakesBackItsNo(t *testing.T) {
	for name, ask := range map[string]func(*story) consent.Change{
		"JOIN":  func(s *story) consent.Change { return s.hear("2", saidJoin, noon.Add(48*time.Hour)) },
		"START": func(s *story) consent.Change { return s.hear("2", saidStart, noon.Add(48*time.Hour)) },
		"YES":   func(s *story) consent.Change { return s.hear("2", saidYes, noon.Add(time.Hour)) },
		"the page": func(s *story) consent.Change {
			return s.commit(s.contact.Choose(consent.Choice{At: noon.Add(48 * time.Hour), On: alerts.Topics[:1], Terms: terms}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t)
			s.request(noon, alerts.Topics[0])
			s.hear("1", saidNo, noon.Add(time.Minute))
			s.answers(ask(s), message.AskConfirmation)
			s.want("alerts", consent.Pending)
			s.answers(s.request(noon.Add(72*time.Hour), orders.Topics[0]), message.AskConfirmation)
			if err := s.ledger.Verify(s.record(), noon.Add(72*time.Hour)); err != nil {
				t.Error(err)
			}
		})
	}
}

// A YES long after the NO has nothing to do with it.
func TestAYesLongAfterANoAsksNothing(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidNo, noon.Add(time.Minute))
	s.answers(s.hear("2", saidYes, noon.Add(24*time.Hour+2*time.Minute)))
}

// A YES of the very instant of the NO takes nothing back.
func TestAYesAtTheInstantOfANo(t *testing.T) {
	for after, asks := range map[time.Duration][]message.Answer{-time.Millisecond: nil, 0: nil, time.Millisecond: {message.AskConfirmation}} {
		s := begin(t)
		s.request(noon, alerts.Topics[0])
		s.hear("1", saidNo, noon.Add(time.Minute))
		s.answers(s.hear("2", saidYes, noon.Add(time.Minute+after)), asks...)
	}
}

// A NO that no question can have caused is chat: before one went out, long after it, or where none is open.
func TestNoWithoutAQuestion(t *testing.T) {
	for name, tell := range map[string]func(*story) consent.Change{
		"nobody asked": func(s *story) consent.Change { return s.hear("1", saidNo, noon) },
		"before the question": func(s *story) consent.Change {
			s.request(noon, alerts.Topics[0])
			return s.hear("1", saidNo, noon.Add(-time.Minute))
		},
		"too late": func(s *story) consent.Change {
			s.request(noon, alerts.Topics[0])
			return s.hear("1", saidNo, noon.Add(24*time.Hour+time.Minute))
		},
		"a question that never went": func(s *story) consent.Change {
			s.stuck = true
			s.request(noon, alerts.Topics[0])
			s.stuck = false
			return s.hear("1", saidNo, noon.Add(time.Minute))
		},
	} {
		s := begin(t)
		ch := tell(s)
		s.answers(ch)
		if e := ch.Events[len(ch.Events)-1]; e.Type != consent.Received || len(e.Topics) > 0 {
			t.Errorf("%s: on record %+v", name, e)
		}
		if _, declined := s.contact.Stopped[consent.ToRequestsAt("alerts")]; declined {
			t.Errorf("%s: it counts as a NO", name)
		}
	}
}

// A NO to one question takes nothing from what the person has.
func TestNoLeavesSubscriptionsAlone(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidYes, noon.Add(time.Minute))
	s.request(noon.Add(time.Hour), alerts.Topics[1])
	ch := s.hear("2", saidNo, noon.Add(time.Hour+time.Minute))
	s.want("alerts", consent.Subscribed)
	s.want("news", consent.Unsubscribed)
	if len(ch.Left) != 0 || len(ch.Block) != 0 {
		t.Errorf("left %v, blocks %v", ch.Left, ch.Block)
	}
}

// What others requested of another program and is yet to be asked about, for want of capacity, is asked no more. What
// the phone requested there itself is.
func TestNoWithdrawsWhatWaits(t *testing.T) {
	for name, tc := range map[string]struct {
		invited bool
		want    consent.State
	}{"a form's": {false, consent.Unsubscribed}, "its own": {true, consent.Pending}} {
		s := begin(t)
		s.request(noon, alerts.Topics[0])
		s.stuck = true
		ch := s.request(noon.Add(time.Minute), orders.Topics[0])
		ask := ch.Ask[0]
		ask.Invited = tc.invited
		s.contact = s.contact.WithWaiting(ask)
		s.stuck = false
		s.hear("1", saidNo, noon.Add(2*time.Minute))
		if got := s.state("orders"); got != tc.want {
			t.Errorf("%s: orders is %q, want %q", name, got, tc.want)
		}
		if waits := len(s.contact.Waiting) > 0; waits != tc.invited {
			t.Errorf("%s: a question waits: %t", name, waits)
		}
	}
}

// What the phone asked of the number before it said NO to it, and is heard after, the NO took back.
func TestAStartOlderThanANoToTheSameNumber(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidNo, noon.Add(2*time.Minute))
	s.answers(s.hear("2", saidStart, noon.Add(time.Minute)))
	s.want("alerts", consent.Unsubscribed)
}

// What is nearly yes is answered once for each question, and confirms nothing.
func TestNearlyYesIsAnsweredOnce(t *testing.T) {
	s := begin(t)
	s.locale = "es-US"
	s.request(noon, alerts.Topics[0])
	ch := s.hear("1", nearlyYes, noon.Add(time.Minute))
	s.answers(ch, message.AnswerNearly)
	if ask := ch.Ask[0]; ask.Language != "es-US" || !slices.Equal(ask.Topics, []string{"alerts"}) {
		t.Errorf("asks %+v", ask)
	}
	s.want("alerts", consent.Pending)
	s.answers(s.hear("2", nearlyYes, noon.Add(2*time.Minute)))
	s.request(noon.Add(time.Hour), alerts.Topics[0])
	s.answers(s.hear("3", nearlyYes, noon.Add(time.Hour+time.Minute)), message.AnswerNearly)
	s.hear("4", saidYes, noon.Add(time.Hour+2*time.Minute))
	s.want("alerts", consent.Subscribed)
	s.answers(s.hear("5", nearlyYes, noon.Add(time.Hour+3*time.Minute)))
}

// A guess at what was meant texts nobody who said stop; the very words bring them back.
func TestAGuessBringsNobodyBack(t *testing.T) {
	for name, tc := range map[string]struct {
		said keyword.Intent
		want []message.Answer
	}{
		"Stars":  {keyword.Intent{Kind: keyword.OptIn, Restart: true, Confidence: 0.8}, nil},
		"Joined": {keyword.Intent{Kind: keyword.OptIn, Topic: "alerts", Confidence: 0.8}, nil},
		"alta":   {keyword.Intent{Kind: keyword.OptIn, Language: "es", Confidence: 1}, nil},
		"Sim":    {keyword.Intent{Kind: keyword.Confirm, Language: "pt", Confidence: 1}, nil},
		"Yez":    {keyword.Intent{Kind: keyword.Confirm, Language: "en", Confidence: 0.8}, nil},
		"YES":    {keyword.Intent{Kind: keyword.Confirm, Language: "en", Confidence: 1}, []message.Answer{message.AskConfirmation}},
		"START":  {saidStart, []message.Answer{message.AskConfirmation}},
		"JOIN":   {saidJoin, []message.Answer{message.AskConfirmation}},
	} {
		s := subscribed(t)
		s.hear("1", saidStop, noon.Add(time.Hour))
		ch := s.hear("2", tc.said, noon.Add(2*time.Hour))
		got := make([]message.Answer, 0, 1)
		for _, ask := range ch.Ask {
			got = append(got, ask.Answer)
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: answers %v, want %v", name, got, tc.want)
		}
	}
}

// The language the person told makes its YES one.
func TestYesInThePersonsLanguageComesBack(t *testing.T) {
	s := subscribed(t)
	s.contact.Locale, s.odd = "pt-BR", true
	s.hear("1", saidStop, noon.Add(time.Hour))
	sim := keyword.Intent{Kind: keyword.Confirm, Language: "pt", Confidence: 1}
	s.answers(s.hear("2", sim, noon.Add(2*time.Hour)), message.AskConfirmation)
}

// STOP ALL after STOP reaches further, is confirmed once, and is the last word about it.
func TestStopAllAfterStop(t *testing.T) {
	s := subscribed(t)
	s.hear("1", saidStop, noon.Add(time.Hour))
	all := keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything}
	ch := s.hear("2", all, noon.Add(2*time.Hour))
	s.answers(ch, message.AnswerStop)
	if !ch.Ask[0].Everything {
		t.Errorf("the answer speaks of one program: %+v", ch.Ask[0])
	}
	s.want("orders", consent.Unsubscribed)
	s.answers(s.hear("3", all, noon.Add(3*time.Hour)))
	s.answers(s.hear("4", saidStop, noon.Add(4*time.Hour)))
}

// What the phone asked for before it said NO, and is heard after, is its own wish all the same. The NO stands.
func TestAStartOlderThanANo(t *testing.T) {
	s := begin(t)
	toOrders := func(id string, said keyword.Intent, at time.Time) consent.Change {
		in := inbound(id, said, at)
		in.Program = orders
		return s.commit(s.contact.Hear(in))
	}
	toOrders("1", saidStop, noon)
	s.request(noon.Add(time.Hour), alerts.Topics[0])
	s.hear("2", saidNo, noon.Add(time.Hour+2*time.Minute))
	s.answers(toOrders("3", saidStart, noon.Add(time.Hour+time.Minute)), message.AskConfirmation)
	if _, stopped := s.contact.StoppedAt("orders"); stopped || !s.contact.Uninvited() {
		t.Errorf("orders stopped: %t, the NO stands: %t", stopped, s.contact.Uninvited())
	}
	s.answers(toOrders("4", keyword.Intent{Kind: keyword.OptOut}, noon.Add(2*time.Hour)), message.AnswerStop)
	s.answers(toOrders("5", saidStart, noon.Add(3*time.Hour)), message.AskConfirmation)
	if s.contact.Uninvited() {
		t.Error("the NO stands although the phone asked for something after it")
	}
}

// A number that says it takes no texts is no sign that the phone works, and is remembered until a person texts.
func TestANoticeThatNoTextsAreTaken(t *testing.T) {
	s := subscribed(t)
	s.contact.Health = consent.Health{Undeliverable: true, Failures: 3, Heard: s.contact.Health.Heard}
	mailbox := keyword.Intent{Kind: keyword.Automatic, NoTexts: true}
	s.answers(s.hear("1", mailbox, noon.Add(time.Hour)))
	s.answers(s.hear("2", mailbox, noon.Add(2*time.Hour)))
	if h := s.contact.Health; !h.Undeliverable || !h.NoTexts.Equal(noon.Add(time.Hour)) {
		t.Errorf("after a mailbox's notice: %+v", h)
	}
	s.hear("3", saidOther, noon.Add(3*time.Hour))
	if h := s.contact.Health; h.Undeliverable || h.Failures != 0 || !h.NoTexts.IsZero() {
		t.Errorf("after a person's text: %+v", h)
	}
	s.hear("4", mailbox, noon.Add(2*time.Hour+time.Minute))
	if h := s.contact.Health; !h.NoTexts.IsZero() {
		t.Errorf("a notice older than a person's text counts: %+v", h)
	}
}
