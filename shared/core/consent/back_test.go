package consent_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
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
