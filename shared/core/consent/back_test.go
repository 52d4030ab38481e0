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

// START and a YES after a STOP ask for a new YES, for what was confirmed before.
func TestBackAfterStop(t *testing.T) {
	for name, said := range map[string]keyword.Intent{"START": saidStart, "YES": saidYes} {
		t.Run(name, func(t *testing.T) {
			s := begin(t)
			s.request(noon, alerts.Topics[0])
			s.hear("1", saidYes, noon.Add(time.Minute))
			s.hear("2", saidStop, noon.Add(2*time.Minute))
			ch := s.hear("3", said, noon.Add(3*time.Minute))
			s.answers(ch, message.AskConfirmation)
			s.want("alerts", consent.Pending)
			s.want("news", "")
			if ch.Lift != "alerts" {
				t.Error("the number stays on the AWS opt-out list")
			}
			s.answers(s.hear("4", saidYes, noon.Add(4*time.Minute)), message.AnswerWelcome)
			s.want("alerts", consent.Subscribed)
		})
	}
}

// A program may take the START itself for the new YES, and then only for what was confirmed before.
func TestBackInOneStep(t *testing.T) {
	oneStep := *alerts
	oneStep.OneStep = true
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidYes, noon.Add(time.Minute))
	s.hear("2", saidStop, noon.Add(2*time.Minute))
	in := inbound("3", saidStart, noon.Add(3*time.Minute))
	in.Program = &oneStep
	ch := s.commit(s.contact.Hear(in))
	s.answers(ch, message.AnswerWelcome)
	s.want("alerts", consent.Subscribed)
	s.want("news", "")
	if ch.Lift != "alerts" || ch.Events[0].Type != consent.Restarted {
		t.Errorf("lifts %q, event %s", ch.Lift, ch.Events[0].Type)
	}
}

// A START in one step brings back what ended, begins the count of chances anew, and asks for nothing that goes on; one
// said before the STOP does nothing and is on record.
func TestWhatAStartInOneStepBringsBack(t *testing.T) {
	oneStep := *alerts
	oneStep.OneStep = true
	start := func(s *story, id string, at time.Time) consent.Change {
		in := inbound(id, saidStart, at)
		in.Program = &oneStep
		return s.commit(s.contact.Hear(in))
	}
	s := reader(t)
	s.chance("a", noon.Add(aDay))
	s.hear("1", saidStop, noon.Add(2*aDay))
	if ch := start(s, "2", noon.Add(2*aDay-time.Minute)); len(ch.Events) != 1 || ch.Events[0].Type != consent.Received || len(ch.Ask) > 0 {
		t.Errorf("a START of before: %+v", ch)
	}
	s.want("alerts", consent.Unsubscribed)
	ch := start(s, "3", noon.Add(3*aDay))
	s.chances(0)
	if !slices.Equal(ch.Joined, []string{"alerts", "news"}) {
		t.Errorf("joined %q", ch.Joined)
	}

	s = reader(t)
	s.chance("a", noon.Add(aDay))
	s.chance("b", noon.Add(2*aDay))
	s.reviewed(11, consent.Digest)
	s.hear("1", saidStop, noon.Add(12*aDay))
	start(s, "2", noon.Add(13*aDay))
	if b := s.contact.Subs["alerts"]; b.TierNow() != consent.Regular {
		t.Errorf("back in the tier %s", b.TierNow())
	}

	s = reader(t)
	s.hear("1", stopNews, noon.Add(aDay))
	ch = start(s, "2", noon.Add(2*aDay))
	if len(ch.Events) != 1 || !slices.Equal(ch.Events[0].Topics, []string{"news"}) {
		t.Errorf("brings back %+v", ch.Events)
	}
}

// What is asked for by text is asked about in the person's own language, once they have told it.
func TestTheLanguageOfAJoin(t *testing.T) {
	s := begin(t)
	s.tells(phone.Told{}, "es")
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidYes, noon.Add(time.Minute))
	ch := s.hear("2", keyword.Intent{Kind: keyword.OptIn, Confidence: 1, Topic: "news"}, noon.Add(time.Hour))
	s.answers(ch, message.AskConfirmation)
	if ch.Ask[0].Language != "es" {
		t.Errorf("asks in %q", ch.Ask[0].Language)
	}
}

func TestStartFromSomebodyNeverConfirmedStillNeedsYes(t *testing.T) {
	s := begin(t)
	s.hear("1", saidStop, noon)
	s.answers(s.hear("2", saidStart, noon.Add(time.Minute)), message.AskConfirmation)
	s.want("alerts", consent.Pending)
	s.want("news", consent.Pending)
}

// JOIN alone asks for all topics of the number; that of another number's topic asks for nothing, for the YES would not
// reach that number.
func TestJoinWithoutATopic(t *testing.T) {
	s := begin(t)
	s.answers(s.hear("1", keyword.Intent{Kind: keyword.OptIn, Confidence: 1, Topic: "orders"}, noon))
	s.want("orders", "")
	s.answers(s.hear("2", keyword.Intent{Kind: keyword.OptIn, Confidence: 1}, noon.Add(time.Minute)), message.AskConfirmation)
	s.want("alerts", consent.Pending)
	s.want("news", consent.Pending)
}

func TestJoinByKeyword(t *testing.T) {
	s := begin(t)
	s.answers(s.hear("1", saidJoin, noon), message.AskConfirmation)
	s.want("alerts", consent.Pending)
	if _, ok := s.contact.Subs["news"]; ok {
		t.Error("JOIN for one topic signed up for another (practice: independent lists)")
	}
}
