package consent_test

import (
	"maps"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
)

// The first text of all is answered like any other.
func TestTheFirstTextIsAnswered(t *testing.T) {
	c := holder(consent.Subscribed)
	c.Claims = []consent.Claim{{ID: "a", At: noon, Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}, Campaign: "a"}}
	ch := c.CarrierOptOut("alerts", noon.Add(time.Hour), "")
	if len(ch.Events) != 1 || ch.Events[0].Answers["alerts"] != "a" || c.Claims[0].Answered || !ch.Next.Claims[0].Answered {
		t.Errorf("%+v", ch)
	}
}

// An opt-out's own event says which campaign's text was the last before it, for each topic it ends and each text once,
// whichever way the opt-out came. One that comes days later answers none.
func TestAnOptOutSaysWhichCampaignItAnswers(t *testing.T) {
	campaign := func(s *story, id, topic string, at time.Time) {
		s.text(consent.Claim{
			ID: id, At: at, Kind: message.Promotional, Program: "alerts", Topics: []string{topic}, Campaign: id,
		})
	}
	one := keyword.Intent{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "news"}
	for name, c := range map[string]struct {
		opts func(s *story) consent.Change
		want map[string]string
	}{
		"STOP": {
			func(s *story) consent.Change { return s.hear("stop", saidStop, noon.Add(3*aDay)) },
			map[string]string{"alerts": "b", "news": "c"},
		},
		"STOP to one": {
			func(s *story) consent.Change { return s.hear("stop", one, noon.Add(3*aDay)) }, map[string]string{"news": "c"},
		},
		"wrong number": {
			func(s *story) consent.Change {
				return s.hear("wrong", keyword.Intent{Kind: keyword.WrongNumber}, noon.Add(3*aDay))
			},
			map[string]string{"alerts": "b", "news": "c"},
		},
		"from elsewhere": {
			func(s *story) consent.Change {
				return s.commit(s.contact.Revoke(revocation("1", noon.Add(3*aDay))))
			},
			map[string]string{"alerts": "b", "news": "c"},
		},
		"heard by AWS alone": {
			func(s *story) consent.Change {
				return s.commit(s.contact.CarrierOptOut("alerts", noon.Add(3*aDay), ""))
			},
			map[string]string{"alerts": "b", "news": "c"},
		},
		"three days after the last": {
			func(s *story) consent.Change { return s.hear("stop", saidStop, noon.Add(5*aDay+time.Minute)) },
			map[string]string{"news": "c"},
		},
		"at the instant of the last": {
			func(s *story) consent.Change { return s.hear("stop", saidStop, noon.Add(2*aDay+time.Minute)) },
			map[string]string{"alerts": "b"},
		},
		"too late": {func(s *story) consent.Change { return s.hear("stop", saidStop, noon.Add(6*aDay)) }, nil},
		"the second": {
			func(s *story) consent.Change {
				s.hear("stop", saidStop, noon.Add(3*aDay))
				return s.hear("again", saidStop, noon.Add(3*aDay+time.Hour))
			},
			nil,
		},
		"of a text that was answered before": {
			func(s *story) consent.Change {
				s.hear("stop", saidStop, noon.Add(3*aDay))
				s.hear("start", saidStart, noon.Add(3*aDay+time.Minute))
				s.hear("yes", saidYes, noon.Add(3*aDay+2*time.Minute))
				return s.hear("again", saidStop, noon.Add(3*aDay+time.Hour))
			},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := reader(t)
			campaign(s, "a", "alerts", noon.Add(aDay))
			campaign(s, "b", "alerts", noon.Add(2*aDay))
			campaign(s, "c", "news", noon.Add(2*aDay+time.Minute))
			ch := c.opts(s)
			if len(ch.Events) != 1 || !maps.Equal(ch.Events[0].Answers, c.want) {
				t.Errorf("events %+v, want an answer to %v", ch.Events, c.want)
			}
			s.verify(noon.Add(7 * aDay))
		})
	}
}
