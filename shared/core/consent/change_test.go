package consent_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
)

// What the audit sets aside leaves the audience, and is on record with why.
func TestWhatIsSetAsideLeaves(t *testing.T) {
	s := reader(t)
	ch := s.commit(s.contact.Suspend("alerts", noon.Add(time.Hour), "no proof"))
	s.want("alerts", consent.Suspended)
	if len(ch.Events) != 1 || ch.Events[0].Evidence["reason"] != "no proof" || ch.Events[0].Source != consent.SourceAudit || len(ch.Left) != 1 || ch.Left[0] != "alerts" {
		t.Errorf("left %q, %+v", ch.Left, ch.Events)
	}
	if again := s.contact.Suspend("alerts", noon.Add(2*time.Hour), "no proof"); !again.Empty() || len(again.Left) > 0 {
		t.Errorf("set aside twice: %+v", again)
	}
}

// A change is anything that writes or texts.
func TestWhatIsAChange(t *testing.T) {
	for name, ch := range map[string]consent.Change{
		"an event": {Events: []consent.Event{{Seq: 1}}}, "a text": {Ask: []consent.Ask{{Kind: message.Reply}}}, "bookkeeping": {Bookkeeping: true},
	} {
		if ch.Empty() {
			t.Errorf("%s is nothing", name)
		}
	}
	if !(consent.Change{}).Empty() {
		t.Error("nothing is something")
	}
}

// A request is on record with where it came from and what proves it.
func TestARequestIsOnRecord(t *testing.T) {
	ch := begin(t).request(noon, alerts.Topics[0])
	if e := ch.Events[0]; e.Source != consent.SourceForm || e.Evidence["ip"] != "192.0.2.1" || e.Program != "alerts" || !e.At.Equal(noon) {
		t.Errorf("event %+v", e)
	}
}

// What is told later takes the place of what was told before, answer by answer.
func TestLaterAnswersTakeThePlaceOfEarlier(t *testing.T) {
	s := begin(t)
	told := []phone.Told{{State: "WA", ZIP: "98101"}, {ZIP: "98102", Zone: "America/Los_Angeles"}, {State: "OR"}}
	for i, topic := range []string{"alerts", "news", "orders"} {
		at := noon.Add(time.Duration(i) * 25 * time.Hour)
		s.told = told[i]
		in := inbound("", saidYes, at.Add(time.Minute))
		in.ID, in.Program = topic, alerts
		if topic == "orders" {
			in.Program = orders
			s.request(at, orders.Topics[0])
		} else {
			s.request(at, alerts.Topics[i])
		}
		s.commit(s.contact.Hear(in))
	}
	if want := (phone.Told{State: "OR", ZIP: "98102", Zone: "America/Los_Angeles"}); s.contact.Told != want {
		t.Errorf("told %+v, want %+v", s.contact.Told, want)
	}
}

// Only a question holds others' requests back, and only about its own topics.
func TestWhatWaitsHoldsBackItsOwnTopicsOnly(t *testing.T) {
	s := begin(t)
	s.contact = s.contact.WithWaiting(consent.Ask{Kind: message.Confirmation, Program: "alerts", Topics: []string{"news"}})
	s.contact = s.contact.WithWaiting(consent.Ask{Kind: message.Reply, Program: "alerts", Topics: []string{"alerts"}})
	if ch := s.request(noon, alerts.Topics...); len(ch.Ask) != 1 || len(ch.Ask[0].Topics) != 1 || ch.Ask[0].Topics[0] != "alerts" {
		t.Errorf("asks %+v, want a question about alerts alone", ch.Ask)
	}
}

// I8: a STOP that is heard late is as old as the newest its phone sent to the same, whether that stands or was undone.
func TestALateStopIsAsOldAsTheNewest(t *testing.T) {
	everything := keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything}
	for name, tc := range map[string]struct {
		first, late keyword.Intent
		undo        bool
		scope       string
	}{
		"the newest stands":             {saidStop, saidStop, false, "alerts"},
		"it was undone":                 {saidStop, saidStop, true, "alerts"},
		"one to everything was undone":  {everything, saidStop, true, "alerts"},
		"one to everything stands":      {everything, everything, false, consent.Everything},
		"one to a topic, which stands":  {stopNews, stopNews, false, consent.OneTopic("news")},
		"one to a topic, which is gone": {stopNews, stopNews, true, consent.OneTopic("news")},
	} {
		s := subscribed(t)
		stop := noon.Add(time.Hour)
		s.hear("1", tc.first, stop)
		if tc.undo {
			s.hear("2", saidStart, stop.Add(time.Minute))
		}
		s.hear("3", tc.late, stop.Add(-time.Minute))
		if at := s.contact.Stopped[tc.scope]; !at.Equal(stop) {
			t.Errorf("%s: stopped at %s, want %s", name, at, stop)
		}
	}
}

// A carrier's word for an opt-out is on record as such. It counts again where the person came back since, or where it
// ends more.
func TestACarriersOptOut(t *testing.T) {
	s := subscribed(t)
	at := noon.Add(time.Hour)
	ch := s.commit(s.contact.CarrierOptOut("alerts", at, "LISTED"))
	if e := ch.Events[0]; e.Type != consent.OptedOut || e.Source != consent.SourceCarrier || e.Program != "alerts" || !e.At.Equal(at) || e.Evidence["reason"] != "LISTED" || len(e.Topics) != 2 {
		t.Errorf("event %+v", e)
	}
	s.hear("1", saidStart, at.Add(time.Minute))
	if ch := s.contact.CarrierOptOut("alerts", at.Add(time.Hour), "LISTED"); len(ch.Events) != 1 {
		t.Errorf("after the person came back: %+v", ch)
	}
	if ch := begin(t).contact.CarrierOptOut("alerts", at, "LISTED"); len(ch.Events) != 1 {
		t.Errorf("of somebody who asked for nothing: %+v", ch)
	}
	stopped := begin(t).contact
	stopped.Stopped = map[string]time.Time{"alerts": noon}
	stopped.Subs = map[string]consent.Subscription{"alerts": {State: consent.Expired, Program: "alerts"}}
	if ch := stopped.CarrierOptOut("alerts", at, "LISTED"); len(ch.Events) != 1 || ch.Next.Subs["alerts"].State != consent.Unsubscribed {
		t.Errorf("of a topic that was left: %+v", ch)
	}
}

// A number that is nobody's any more may have sent anything, so an opt-out to it is one to everything, and there is
// nobody to answer. All else is only kept.
func TestWhatIsSaidToANumberThatWasGivenUp(t *testing.T) {
	for name, said := range map[string]keyword.Intent{"STOP": saidStop, "STOP NEWS": stopNews, "wrong number": {Kind: keyword.WrongNumber}} {
		s := subscribed(t)
		in := inbound("1", said, noon.Add(time.Hour))
		in.Program = nil
		ch := s.commit(s.contact.Hear(in))
		if _, all := s.contact.Stopped[consent.Everything]; !all || len(ch.Ask) != 0 || len(ch.Block) != 2 || len(ch.Events) != 1 || ch.Events[0].Program != "" {
			t.Errorf("%s: %+v", name, ch)
		}
	}
	for name, said := range map[string]keyword.Intent{"YES": saidYes, "START": saidStart, "JOIN": saidJoin, "HELP": saidHelp, "PREFS": {Kind: keyword.Preferences}, "chat": saidOther, "unclear": {Unclear: true}} {
		s := subscribed(t)
		before := s.contact
		in := inbound("1", said, noon.Add(time.Hour))
		in.Program = nil
		ch := s.commit(s.contact.Hear(in))
		if len(ch.Ask) != 0 || len(ch.Events) != 1 || ch.Events[0].Type != consent.Received || len(s.contact.Subs) != len(before.Subs) {
			t.Errorf("%s: %+v", name, ch)
		}
	}
}

// A phone that texts us works from then on. What it said before and is heard later tells nothing new.
func TestAnOlderMessageTellsNothingOfThePhone(t *testing.T) {
	s := begin(t)
	s.hear("1", saidHelp, noon)
	s.contact.Health.Failures, s.contact.Health.Undeliverable = 3, true
	for id, at := range map[string]time.Time{"2": noon.Add(-time.Minute), "3": noon} {
		s.hear(id, saidHelp, at)
	}
	if h := s.contact.Health; h.Failures != 3 || !h.Undeliverable || !h.Heard.Equal(noon) {
		t.Errorf("health %+v", h)
	}
	s.hear("4", saidHelp, noon.Add(time.Millisecond))
	if h := s.contact.Health; h.Failures != 0 || h.Undeliverable || !h.Heard.Equal(noon.Add(time.Millisecond)) {
		t.Errorf("health %+v", h)
	}
}
