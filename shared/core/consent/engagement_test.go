package consent_test

import (
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
)

const aDay = 24 * time.Hour

// reader is somebody subscribed at noon.
func reader(t *testing.T) *story {
	s := begin(t)
	s.request(noon, alerts.Topics...)
	s.hear("yes", saidYes, noon.Add(time.Minute))
	s.want("alerts", consent.Subscribed)
	return s
}

// chance is a campaign's text that invites an answer.
func (s *story) chance(id string, at time.Time) {
	s.text(consent.Claim{
		ID: id, At: at, Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}, Campaign: id, Chance: true,
	})
}

func (s *story) chances(want int) {
	s.t.Helper()
	if got := s.contact.Attention["alerts"].Chances; got != want {
		s.t.Fatalf("%d chances, want %d", got, want)
	}
}

// Texts that give a chance to show that they are read are counted with their claims, and no longer where they did not
// go out.
func TestChancesAreCountedWithTheClaim(t *testing.T) {
	s := reader(t)
	s.text(consent.Claim{ID: "plain", At: noon.Add(aDay), Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}})
	s.chances(0)
	s.chance("a", noon.Add(2*aDay))
	s.chance("b", noon.Add(3*aDay))
	s.chances(2)
	s.contact = s.contact.WithoutClaim("b")
	s.chances(1)
	s.contact = s.contact.WithoutClaim("unknown")
	s.chances(1)
	s.commit(s.contact.Engage(consent.Signal{At: noon.Add(4 * aDay), Kind: consent.SignalClick, Topic: "alerts"}))
	s.contact = s.contact.WithoutClaim("a")
	s.chances(0)
}

// A sign begins the count anew, without an event; one that is older, comes twice or is about another topic changes
// nothing, and a delivery says nothing of whether anybody reads.
func TestASignBeginsTheCountAnew(t *testing.T) {
	s := reader(t)
	s.chance("a", noon.Add(2*aDay))
	before := len(s.events)
	for _, sign := range []consent.Signal{
		{At: noon, Kind: consent.SignalClick},
		{At: noon.Add(3 * aDay), Kind: consent.SignalClick, Topic: "news"},
		{At: noon.Add(3 * aDay), Kind: consent.SignalDelivery},
	} {
		s.commit(s.contact.Engage(sign))
		s.chances(1)
	}
	if at := s.contact.Health.Delivered; !at.Equal(noon.Add(3 * aDay)) {
		t.Errorf("delivered at %s", at)
	}
	sign := consent.Signal{At: noon.Add(4 * aDay), Kind: consent.SignalEvent, Source: "shop"}
	if ch := s.commit(s.contact.Engage(sign)); ch.Empty() {
		t.Fatal("a sign changed nothing")
	}
	s.chances(0)
	if at := s.contact.Attention["alerts"].Sign; !at.Equal(sign.At) || len(s.events) != before {
		t.Errorf("last sign %s and %d events, want %s and %d", at, len(s.events), sign.At, before)
	}
	if ch := s.contact.Engage(sign); !ch.Empty() {
		t.Error("the same sign again changed something")
	}
	stranger := consent.Contact{Key: s.contact.Key}
	if ch := stranger.Engage(sign); !ch.Empty() {
		t.Error("something is kept of somebody who signed up for nothing")
	}
}

// What other channels sent is kept once for each content and channel, the latest of it, and not for ever.
func TestTouches(t *testing.T) {
	s := reader(t)
	touch := func(hour int, channel, content string) consent.Change {
		return s.commit(s.contact.Touch(consent.Touch{At: noon.Add(time.Duration(hour) * time.Hour), Channel: channel, Content: content}, 2*aDay))
	}
	if touch(1, "email", "sale").Empty() || !touch(1, "email", "sale").Empty() || !touch(0, "email", "sale").Empty() {
		t.Error("a touch that comes twice or late changes something, or the first nothing")
	}
	touch(2, "push", "sale")
	touch(3, "email", "sale")
	if got := s.contact.Touches; len(got) != 2 || got[1].Channel != "email" || !got[1].At.Equal(noon.Add(3*time.Hour)) {
		t.Errorf("touches %+v", got)
	}
	touch(49, "email", "other")
	for i := range 10 {
		touch(50+i, "email", string(rune('a'+i)))
	}
	if got := s.contact.Touches; len(got) != 6 || got[0].Content != "e" {
		t.Errorf("touches %+v, want the latest six", got)
	}
	if ch := (consent.Contact{Key: s.contact.Key}).Touch(consent.Touch{At: noon, Channel: "email", Content: "x"}, aDay); !ch.Empty() {
		t.Error("something is kept of somebody who signed up for nothing")
	}
}

// I8: an opt-out another system tells of ends what a STOP ends, once, with its source, and without a text.
func TestRevocationsFromElsewhere(t *testing.T) {
	for name, c := range map[string]struct {
		revocation consent.Revocation
		scope      string
		ends       []string
		lists      []string
	}{
		"everything":      {consent.Revocation{}, consent.Everything, []string{"alerts", "news"}, []string{"alerts", "orders"}},
		"a program":       {consent.Revocation{Program: "alerts"}, "alerts", []string{"alerts", "news"}, []string{"alerts"}},
		"a topic":         {consent.Revocation{Topic: "news"}, consent.OneTopic("news"), []string{"news"}, nil},
		"a lonely topic":  {consent.Revocation{Topic: "orders"}, "orders", nil, []string{"orders"}},
		"from AWS itself": {consent.Revocation{Program: "alerts", Source: consent.SourceCarrier}, "alerts", []string{"alerts", "news"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := reader(t)
			r := c.revocation
			r.At, r.ID, r.Brand, r.Evidence = noon.Add(aDay), "17", brand, map[string]string{"list": "newsletter"}
			if r.Source == "" {
				r.Source = "crm"
			}
			ch := s.commit(s.contact.Revoke(r))
			if !s.contact.Stopped[c.scope].Equal(r.At) || len(ch.Ask) != 0 || len(ch.Events) != 1 || ch.Inbound == "" {
				t.Fatalf("stopped %v, %d texts, events %+v", s.contact.Stopped, len(ch.Ask), ch.Events)
			}
			e := ch.Events[0]
			if e.Type != consent.OptedOut || e.Source != r.Source || e.Evidence["list"] == "" {
				t.Errorf("event %+v", e)
			}
			if !slices.Equal(ch.Left, c.ends) || !slices.Equal(ch.Block, c.lists) {
				t.Errorf("left %v, lists %v", ch.Left, ch.Block)
			}
			if again := s.contact.Revoke(r); !again.Empty() {
				t.Error("the same one again changed something")
			}
			if err := s.ledger.Verify(s.record(), r.At); err != nil {
				t.Errorf("I4: %v", err)
			}
		})
	}
}

// Whoever came back by their own text is not sent away by the same opt-out coming again, but is by a newer one.
func TestARevocationThatWasUndoneIsOver(t *testing.T) {
	s := reader(t)
	r := consent.Revocation{At: noon.Add(aDay), Source: "crm", Program: "alerts", Brand: brand}
	s.commit(s.contact.Revoke(r))
	s.hear("start", saidStart, noon.Add(2*aDay))
	s.hear("back", saidYes, noon.Add(2*aDay+time.Minute))
	s.want("alerts", consent.Subscribed)
	if ch := s.contact.Revoke(r); !ch.Empty() {
		t.Error("an opt-out that was undone sent her away again")
	}
	r.At = noon.Add(3 * aDay)
	s.commit(s.contact.Revoke(r))
	s.want("alerts", consent.Unsubscribed)
}

// A text that wants nothing to end is a sign that its sender reads; what no person wrote is none.
func TestWhatIsSaidIsASign(t *testing.T) {
	for name, c := range map[string]struct {
		intent keyword.Intent
		sign   bool
	}{
		"a question":         {saidOther, true},
		"HELP":               {saidHelp, true},
		"NO":                 {saidNo, false},
		"STOP to another":    {keyword.Intent{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "news"}, false},
		"a mailbox's answer": {keyword.Intent{Kind: keyword.Other, NoTexts: true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := reader(t)
			s.chance("a", noon.Add(2*aDay))
			s.hear("2", c.intent, noon.Add(3*aDay))
			if c.sign {
				s.chances(0)
			} else {
				s.chances(1)
			}
		})
	}
}
