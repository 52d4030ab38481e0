package consent_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
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

// digestReader is a story of somebody who showed no sign of reading two texts, and gets digests only.
func digestReader(t *testing.T) *story {
	t.Helper()
	s := reader(t)
	s.chance("a", noon.Add(aDay))
	s.chance("b", noon.Add(2*aDay))
	s.reviewed(11, consent.Digest)
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
		{At: noon.Add(time.Minute), Kind: consent.SignalClick}, // of the very instant of the YES
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
	if ch := stranger.Engage(sign); !ch.Empty() || !reflect.DeepEqual(ch.Next, stranger) {
		t.Error("something is kept of somebody who signed up for nothing")
	}
}

// While the person was given no chance, one sign a day is written, so that clicks cost no writes.
func TestOneSignADayIsWritten(t *testing.T) {
	for after, written := range map[time.Duration]bool{aDay - time.Millisecond: false, aDay: true} {
		for _, kind := range []consent.SignalKind{consent.SignalClick, consent.SignalDelivery} {
			s := reader(t)
			first := noon.Add(2 * aDay)
			s.sign(consent.Signal{Kind: kind, Topic: "alerts"}, first)
			if ch := s.sign(consent.Signal{Kind: kind, Topic: "alerts"}, first.Add(after)); ch.Bookkeeping != written {
				t.Errorf("a %s %s after another: written %t", kind, after, ch.Bookkeeping)
			}
		}
	}
}

// A text of the very instant at which the tier began is one of the tier's; one of before it is not.
func TestFromWhenChancesCount(t *testing.T) {
	for after, chances := range map[time.Duration]int{-time.Millisecond: 0, 0: 1} {
		s := reader(t)
		moved := noon.Add(aDay)
		b := s.contact.Subs["alerts"]
		b.Tier, b.Moved = consent.Digest, moved
		s.contact.Subs["alerts"] = b
		s.chance("a", moved.Add(after))
		s.chances(chances)
	}
}

// A touch matters for as long as is said, counted back from the latest.
func TestHowLongTouchesAreKept(t *testing.T) {
	for apart, kept := range map[time.Duration]int{aDay - time.Millisecond: 2, aDay: 1} {
		s := reader(t)
		s.commit(s.contact.Touch(consent.Touch{At: noon, Channel: "email", Content: "a"}, aDay))
		s.commit(s.contact.Touch(consent.Touch{At: noon.Add(apart), Channel: "email", Content: "b"}, aDay))
		if n := len(s.contact.Touches); n != kept {
			t.Errorf("%s apart: %d are kept", apart, n)
		}
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
			if again := s.commit(s.contact.Revoke(r)); !again.Empty() {
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
		"a question":          {saidOther, true},
		"HELP":                {saidHelp, true},
		"NO":                  {saidNo, false},
		"STOP to another":     {keyword.Intent{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "news"}, false},
		"an automatic answer": {keyword.Intent{Kind: keyword.Automatic}, false},
		"a mailbox's answer":  {keyword.Intent{Kind: keyword.Other, NoTexts: true}, false},
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

// patient is the topic of alerts with a policy of few chances.
func patient() *program.Topic {
	t := alerts.Topics[0]
	t.Engagement = program.Engagement{
		Digest: program.Patience{Chances: 2, For: 10 * aDay}, Ask: program.Patience{Chances: 1, For: 10 * aDay}, RemoveAfter: 10 * aDay,
	}
	return &t
}

// tier is the topic's, and the review at that day must have come to it.
func (s *story) reviewed(days int, want consent.Tier) consent.Change {
	s.t.Helper()
	s.now = noon.Add(time.Duration(days) * aDay)
	ch := s.commit(s.contact.Review(patient(), s.now))
	if got := s.contact.Subs["alerts"].TierNow(); got != want {
		s.t.Fatalf("day %d: %s, want %s", days, got, want)
	}
	if err := s.ledger.Verify(s.record(), s.now); err != nil {
		s.t.Fatalf("I4: day %d: %v", days, err)
	}
	return ch
}

// A sign that a topic does not count leaves it as it is; a YES to its question is an answer all the same.
func TestWhichSignsATopicCounts(t *testing.T) {
	b := *brand
	p := *alerts
	p.Topics = slices.Clone(p.Topics)
	p.Topics[0].Engagement.Signs = []program.Sign{program.SignClick}
	b.Programs = []program.Program{p, *orders}
	s := reader(t)
	s.chance("a", noon.Add(aDay))
	s.sign(consent.Signal{Kind: consent.SignalReply, Brand: &b}, noon.Add(2*aDay))
	s.chances(1)
	s.sign(consent.Signal{Kind: consent.SignalClick, Brand: &b}, noon.Add(3*aDay))
	s.chances(0)

	s = asked(t)
	yes := inbound("still", saidYes, noon.Add(42*aDay))
	yes.Brand, yes.Program = &b, &p
	s.commit(s.contact.Hear(yes))
	if got := s.contact.Subs["alerts"]; got.TierNow() != consent.Regular {
		t.Errorf("a YES: %+v", got)
	}
}

// What is read on the page is a sign on record as the page's, and what is said as the phone's.
func TestWhereASignCameFrom(t *testing.T) {
	digests := func() *story {
		s := reader(t)
		s.chance("a", noon.Add(aDay))
		s.chance("b", noon.Add(2*aDay))
		s.reviewed(11, consent.Digest)
		return s
	}
	s := digests()
	page := s.commit(s.contact.Choose(consent.Choice{At: noon.Add(12 * aDay), Terms: terms}))
	if len(page.Events) != 1 || page.Events[0].Type != consent.Moved || page.Events[0].Source != consent.SourcePage {
		t.Errorf("the page: %+v", page.Events)
	}
	s = digests()
	said := s.hear("thanks", saidOther, noon.Add(12*aDay))
	if e := said.Events[0]; e.Type != consent.Moved || e.Source != consent.SourceSMS {
		t.Errorf("the phone: %+v", said.Events)
	}
}
