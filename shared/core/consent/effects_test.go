package consent_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

// Only what a carrier says of the sender is spam; what it lets no phone have may be the phone's own wish.
func TestWhatACarrierSaysOfTheSender(t *testing.T) {
	for event, want := range map[string]consent.Fate{
		"TEXT_SPAM":            {Status: consent.Undelivered, Unwanted: true, Spam: true},
		"TEXT_CARRIER_BLOCKED": {Status: consent.Undelivered, Unwanted: true},
		"TEXT_DELIVERED":       {Status: consent.Delivered},
	} {
		if got, ok := consent.FateOf(event); !ok || got != want {
			t.Errorf("%s is %+v, %v, want %+v", event, got, ok, want)
		}
	}
}

// Who comes back to the regular tier is on record with the sign, and with where each topic was.
func TestTheWayBackIsOnRecordWithItsSign(t *testing.T) {
	s := digestReader(t)
	ch := s.commit(s.contact.Engage(consent.Signal{At: noon.Add(12 * aDay), Kind: consent.SignalClick, Topic: "alerts", Source: "link"}))
	if len(ch.Events) != 1 || !maps.Equal(ch.Events[0].Evidence, map[string]string{"sign": "click", "from": "alerts digest"}) {
		t.Errorf("%+v", ch.Events)
	}
}

// What another channel sent before all that is kept, or once more, leaves nothing to write.
func TestATouchThatTellsNothing(t *testing.T) {
	c := reader(t).contact
	sent := consent.Touch{Channel: "email", Content: "spring", At: noon.Add(40 * aDay)}
	ch := c.Touch(sent, 30*aDay)
	if !ch.Bookkeeping || len(ch.Next.Touches) != 1 {
		t.Fatalf("%+v", ch)
	}
	for name, again := range map[string]consent.Touch{
		"once more": sent, "earlier": {Channel: "email", Content: "spring", At: noon}, "older than is kept": {Channel: "push", Content: "winter", At: noon.Add(10 * aDay)},
	} {
		if ch := ch.Next.Touch(again, 30*aDay); !ch.Empty() || len(ch.Next.Touches) != 1 {
			t.Errorf("%s: %+v", name, ch)
		}
	}
	if ch := ch.Next.Touch(consent.Touch{Channel: "push", Content: "winter", At: noon.Add(10*aDay + time.Second)}, 30*aDay); ch.Empty() || len(ch.Next.Touches) != 2 {
		t.Errorf("a second younger than what is not kept: %+v", ch)
	}
}

// A topic whose question waits to be asked is not asked about again by the page.
func TestThePageAsksNothingThatWaitsToBeAsked(t *testing.T) {
	for kind, asks := range map[message.Kind]int{message.Confirmation: 0, message.Reply: 1} {
		c := holder("")
		c.Waiting = []consent.Ask{{Kind: kind, Program: "alerts", Topics: []string{"alerts"}, From: noon.Add(time.Hour), By: noon.Add(aDay)}}
		ch := c.Choose(consent.Choice{At: noon, On: alerts.Topics[:1], Terms: terms})
		if len(ch.Ask) != asks {
			t.Errorf("while a %s waits: %+v", kind, ch.Ask)
		}
	}
}

// What moves somebody is kept to the millisecond, as the ledger keeps it.
func TestAReviewIsKeptAsItIsStored(t *testing.T) {
	s := reader(t)
	s.chance("a", noon.Add(aDay))
	s.chance("b", noon.Add(2*aDay))
	at := noon.Add(11*aDay + 1234567*time.Nanosecond)
	ch := s.contact.Review(patient(), at)
	if len(ch.Events) != 1 || !ch.Events[0].At.Equal(at.Truncate(time.Millisecond)) || !ch.Next.Subs["alerts"].Moved.Equal(ch.Events[0].At) {
		t.Errorf("moved at %s, on record at %+v", ch.Next.Subs["alerts"].Moved, ch.Events)
	}
}

// The lists of AWS follow what a revocation ends, and nothing else: not the other programs of the brand, nor the one
// the person came back to since.
func TestTheListsFollowWhatARevocationEnds(t *testing.T) {
	for name, c := range map[string]struct {
		prog       string
		started    bool // alerts, an hour after the opt-out was said
		blocks     []string
		superseded bool
	}{
		"a program":                  {prog: "alerts", blocks: []string{"alerts"}},
		"another":                    {prog: "orders", blocks: []string{"orders"}},
		"everything":                 {blocks: []string{"alerts", "orders"}},
		"a program, and START":       {prog: "alerts", started: true, superseded: true},
		"everything, and START":      {started: true, blocks: []string{"orders"}, superseded: true},
		"another program, and START": {prog: "orders", started: true, blocks: []string{"orders"}},
	} {
		s := reader(t)
		s.hear("stop", saidStop, noon.Add(aDay))
		back := noon.Add(2 * aDay)
		if c.started {
			back = noon.Add(4 * aDay)
		}
		s.hear("start", saidStart, back)
		s.hear("yes to start", saidYes, back.Add(time.Minute))
		r := revocation("17", noon.Add(3*aDay))
		r.Program = c.prog
		ch := s.contact.Revoke(r)
		if !slices.Equal(ch.Block, c.blocks) || ch.Superseded != c.superseded {
			t.Errorf("%s: lists %v, superseded %v", name, ch.Block, ch.Superseded)
		}
		for _, e := range ch.Events {
			if told := e.Evidence[consent.EvidenceSuperseded] != ""; told != c.superseded {
				t.Errorf("%s: on record %+v", name, e)
			}
		}
	}
}

// Whom another system tells of is subscribed where the topic takes that, and counts as subscribed only there; a YES is
// enough everywhere.
func TestWhatIsEnough(t *testing.T) {
	told, said := consent.Subscription{Request: 3, Proof: 3}, consent.Subscription{Request: 3, Proof: 4}
	for _, c := range []struct {
		sub  consent.Subscription
		told bool
		want bool
	}{{told, true, true}, {told, false, false}, {said, true, true}, {said, false, true}, {consent.Subscription{}, false, true}} {
		if got := c.sub.IsEnough(&program.Topic{Told: c.told}); got != c.want {
			t.Errorf("%+v where a telling is enough %v: %v", c.sub, c.told, got)
		}
	}
}

// A telling is older than what the phone itself took back since, of its own program or of requests; what it took back
// of another program says nothing of this one.
func TestATellingIsHeldAgainstItsOwnProgram(t *testing.T) {
	topic := byTelling()
	for key, heeded := range map[string]bool{
		topic.Program: false, consent.Everything: false, consent.OneTopic(topic.ID): false, consent.ToRequestsAt("alerts"): false,
		"alerts": true, consent.OneTopic("news"): true,
	} {
		c := holder()
		c.Undone = map[string]time.Time{key: noon}
		r := toldAt(noon.Add(time.Hour), noon.Add(-time.Hour), topic)
		if got := c.Heeds(&r, &topic); got != heeded {
			t.Errorf("a telling of before %q was taken back is heeded: %v", key, got)
		}
	}
}

// What is told answers the question about the same topic: no YES to it is waited for any more.
func TestATellingAnswersTheQuestion(t *testing.T) {
	s := begin(t)
	s.request(noon, orders.Topics[0])
	if len(s.contact.Questions) != 1 {
		t.Fatalf("%+v", s.contact.Questions)
	}
	before := reflect.ValueOf(s.contact.Questions[0]).Interface()
	ch := s.contact.Request(toldAt(noon.Add(time.Hour), noon.Add(time.Hour), byTelling()))
	if len(ch.Next.Questions) != 0 || ch.Next.Subs["orders"].State != consent.Subscribed {
		t.Errorf("questions %+v, orders %+v", ch.Next.Questions, ch.Next.Subs["orders"])
	}
	if !reflect.DeepEqual(before, s.contact.Questions[0]) {
		t.Error("to decide altered the contact it was decided on")
	}
}

// The last question of each program is its own: one that was asked later by another takes no answer from it.
func TestTheLastQuestionOfAnotherProgramIsNotThis(t *testing.T) {
	s := asked(t)
	s.text(consent.Claim{ID: "other", At: noon.Add(42 * aDay), Kind: message.Renewal, Program: "orders", Topics: []string{"orders"}})
	ch := s.hear("still", saidYes, noon.Add(43*aDay))
	if s.want("alerts", consent.Subscribed); s.contact.Subs["alerts"].TierNow() != consent.Regular {
		t.Errorf("she said YES to alerts, and is %+v: %+v", s.contact.Subs["alerts"], ch.Events)
	}
}
