package gate_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
)

// How many single texts a person gets in a day, and when there is room for the next. Campaigns and answers do not
// count.
func TestSingleTextsOfADay(t *testing.T) {
	for _, c := range []struct {
		count int
		ago   time.Duration // of each
		ref   string
		rule  string
	}{
		{49, time.Hour, "order-1", ""},
		{50, time.Hour, "order-1", "single-limit"},
		{50, time.Hour, "", ""},
		{50, 24*time.Hour - time.Millisecond, "order-1", "single-limit"},
		{50, 24 * time.Hour, "order-1", ""},
	} {
		s := newScene(t)
		s.transactional()
		s.text.Campaign, s.text.Ref = "", c.ref
		for n := range c.count {
			s.texted(c.ago, message.Transactional, "")
			s.contact.Claims[n].Ref = fmt.Sprintf("order-0-%d", n)
		}
		s.texted(0, message.Reply, "")
		d := s.decide(t)
		if d.Rule != c.rule || c.rule != "" && (d.Verdict != gate.Refuse || !d.Until.Equal(s.now.Add(24*time.Hour-c.ago))) {
			t.Errorf("%d %s ago: %s by %q until %s", c.count, c.ago, d.Verdict, d.Rule, d.Until)
		}
	}
}

// What waits for the carrier counts as if it had been sent when it was last tried; what waits of others' requests does
// not.
func TestAnswersThatWaitCount(t *testing.T) {
	for _, c := range []struct {
		waiting consent.Ask
		rule    string
	}{
		{consent.Ask{Kind: message.Reply}, "reply-limit"},
		{consent.Ask{Kind: message.Confirmation, Invited: true}, "reply-limit"},
		{consent.Ask{Kind: message.Confirmation}, ""},
		{consent.Ask{Kind: message.Reply, Change: true}, ""},
	} {
		s := newScene(t)
		s.text = gate.Text{Kind: message.Reply, Program: s.text.Program}
		for range 5 {
			s.texted(time.Minute, message.Reply, "")
		}
		c.waiting.From = s.now
		s.contact.Waiting = []consent.Ask{c.waiting}
		if d := s.decide(t); d.Rule != c.rule || c.rule != "" && !d.Until.Equal(s.now.Add(59*time.Minute)) {
			t.Errorf("%+v: %s by %q until %s", c.waiting, d.Verdict, d.Rule, d.Until)
		}
		s.contact.Claims = nil
		s.contact.Waiting = slices.Repeat([]consent.Ask{c.waiting}, 6)
		if d := s.decide(t); d.Rule != c.rule || c.rule != "" && !d.Until.Equal(s.now.Add(time.Hour)) {
			t.Errorf("six of %+v: %s by %q until %s", c.waiting, d.Verdict, d.Rule, d.Until)
		}
	}
}
