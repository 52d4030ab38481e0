package consent_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/program"
)

// byTelling is the topic orders as one that begins with a telling.
func byTelling() program.Topic {
	t := orders.Topics[0]
	t.Told = true
	return t
}

// toldAt is a backend's request with the evidence of a telling at that time.
func toldAt(at, told time.Time, topics ...program.Topic) consent.Request {
	return consent.Request{
		At: at, Source: consent.SourceAPI, Topics: topics, Terms: terms, Locale: "es-US", ToldAt: told, Late: true,
		Evidence: map[string]string{"at": told.Format(time.RFC3339), "source": "checkout", "disclosure": "We text you when it ships."},
	}
}

func (s *story) tell(at, told time.Time, topics ...program.Topic) consent.Change {
	s.t.Helper()
	return s.commit(s.contact.Request(toldAt(at, told, topics...)))
}

func (s *story) hearAtOrders(id string, intent keyword.Intent, at time.Time) consent.Change {
	s.t.Helper()
	in := inbound(id, intent, at)
	in.Program, in.To = orders, "+12065550101"
	return s.commit(s.contact.Hear(in))
}

func (s *story) verify(now time.Time) {
	s.t.Helper()
	if err := s.ledger.Verify(s.record(), now); err != nil {
		s.t.Fatalf("I4: %v", err)
	}
}

// I5: a telling subscribes to a transactional topic that begins with one, as an event of its own that is request and
// proof; no text goes out, and the same again changes nothing.
func TestATellingSubscribes(t *testing.T) {
	s := begin(t)
	ch := s.tell(noon, noon.Add(-time.Minute), byTelling())
	s.answers(ch)
	s.want("orders", consent.Subscribed)
	sub := s.contact.Subs["orders"]
	if e := s.events[0]; len(s.events) != 1 || e.Type != consent.Told || e.Class != program.Transactional || sub.Request != 1 || sub.Proof != 1 || !slices.Equal(ch.Joined, []string{"orders"}) {
		t.Errorf("events %+v, subscription %+v, joined %v", s.events, sub, ch.Joined)
	}
	if s.contact.Unproven("orders") != "" || !sub.OnlyTold() || s.contact.Locale != "es-US" {
		t.Errorf("%q, %+v, %q", s.contact.Unproven("orders"), sub, s.contact.Locale)
	}
	r := s.record()
	if lacks := r.TellingLacks("orders"); lacks != "" {
		t.Error(lacks)
	}
	s.verify(noon)
	for _, again := range []time.Time{noon.Add(-time.Minute), noon.Add(time.Hour)} {
		if ch := s.tell(noon.Add(2*time.Hour), again, byTelling()); !ch.Empty() {
			t.Errorf("told again: %+v", ch.Events)
		}
	}
}

// I5: what does not begin with a telling is asked about, whatever is attested: a promotional topic even where it says
// that it does, and a transactional one that does not say so.
func TestWithoutTheTopicsWordATellingAsks(t *testing.T) {
	offers := alerts.Topics[0]
	offers.Told = true
	for _, topic := range []program.Topic{alerts.Topics[0], offers, orders.Topics[0]} {
		s := begin(t)
		if ch := s.tell(noon, noon, topic); len(ch.Ask) != 1 || s.state(topic.ID) != consent.Pending || s.events[0].Type != consent.Requested {
			t.Errorf("%s: %+v", topic.ID, ch)
		}
	}
	s := begin(t)
	if ch := s.request(noon, byTelling()); len(ch.Ask) != 1 || s.state("orders") != consent.Pending {
		t.Errorf("a form that attests no telling: %+v", ch)
	}
}

// I8: after a STOP or a NO nobody's backend subscribes the person until their phone has asked for something, and a
// telling from before changes nothing even then.
func TestATellingUndoesNoObjection(t *testing.T) {
	stop := func(s *story) { s.hearAtOrders("x", saidStop, noon) }
	for _, tc := range []struct {
		name   string
		object func(*story)
		back   func(*story)
	}{
		{"STOP", stop, func(s *story) { s.hearAtOrders("y", saidStart, noon.Add(time.Hour)) }},
		{"STOP ALL", func(s *story) { s.hear("x", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything}, noon) }, func(s *story) { s.hearAtOrders("y", saidStart, noon.Add(time.Hour)) }},
		{"a wrong number", func(s *story) { s.hear("x", keyword.Intent{Kind: keyword.WrongNumber}, noon) }, func(s *story) { s.hearAtOrders("y", saidStart, noon.Add(time.Hour)) }},
		{"the preference page", func(s *story) {
			s.tell(noon.Add(-time.Hour), noon.Add(-time.Hour), byTelling())
			s.commit(s.contact.Choose(consent.Choice{At: noon, Off: []program.Topic{byTelling()}, Terms: terms}))
		}, func(s *story) {
			s.commit(s.contact.Choose(consent.Choice{At: noon.Add(time.Hour), On: []program.Topic{byTelling()}, Terms: terms}))
		}},
		{"the carrier", func(s *story) { s.commit(s.contact.CarrierOptOut("orders", noon, "opted out")) }, func(s *story) { s.hearAtOrders("y", saidStart, noon.Add(time.Hour)) }},
		{"NO to another topic", func(s *story) {
			s.request(noon.Add(-time.Hour), alerts.Topics[0])
			s.hear("x", saidNo, noon)
		}, func(s *story) { s.hear("y", saidJoin, noon.Add(time.Hour)) }},
	} {
		s := begin(t)
		tc.object(s)
		if ch := s.tell(noon.Add(time.Minute), noon.Add(time.Minute), byTelling()); !ch.Empty() || s.state("orders") == consent.Subscribed {
			t.Errorf("I8: after %s a telling made %+v", tc.name, ch.Events)
		}
		tc.back(s)
		if ch := s.tell(noon.Add(2*time.Hour), noon.Add(-time.Second), byTelling()); !ch.Empty() {
			t.Errorf("I8: a telling from before %s made %+v", tc.name, ch.Events)
		}
		s.tell(noon.Add(2*time.Hour), noon.Add(90*time.Minute), byTelling())
		s.want("orders", consent.Subscribed)
		s.verify(noon.Add(2 * time.Hour))
	}
	ahead := begin(t)
	stop(ahead)
	ahead.hearAtOrders("y", saidStart, noon.Add(time.Minute))
	if ch := ahead.tell(noon, noon.Add(5*time.Minute), byTelling()); !ch.Empty() {
		t.Errorf("I8: a clock that is ahead made a telling newer than a STOP: %+v", ch.Events)
	}
}

// STOP ends what a telling began, and START after it asks for a YES, as ever, or is itself the proof where the program
// restarts in one step.
func TestStopAndStartAfterATelling(t *testing.T) {
	s := begin(t)
	s.tell(noon, noon, byTelling())
	ch := s.hearAtOrders("1", saidStop, noon.Add(-time.Minute)) // said before, and heard late
	s.want("orders", consent.Unsubscribed)
	if !slices.Equal(ch.Left, []string{"orders"}) {
		t.Errorf("left %v", ch.Left)
	}
	s.hearAtOrders("2", saidStart, noon.Add(time.Hour))
	s.want("orders", consent.Pending)
	s.hearAtOrders("3", saidYes, noon.Add(2*time.Hour))
	s.want("orders", consent.Subscribed)
	if sub := s.contact.Subs["orders"]; sub.OnlyTold() {
		t.Errorf("confirmed, and only told: %+v", sub)
	}
	s.verify(noon.Add(2 * time.Hour))

	s = begin(t)
	oneStep := *orders
	oneStep.OneStep = true
	s.tell(noon, noon, byTelling())
	for i, intent := range []keyword.Intent{saidStop, saidStart} {
		in := inbound(fmt.Sprint(i), intent, noon.Add(time.Duration(i+1)*time.Minute))
		in.Program = &oneStep
		s.commit(s.contact.Hear(in))
	}
	s.want("orders", consent.Subscribed)
	if sub := s.contact.Subs["orders"]; sub.OnlyTold() {
		t.Errorf("the START is the proof, and only told: %+v", sub)
	}
	s.verify(noon.Add(time.Hour))
}

// A topic that asks for a YES again has those asked who were only told, and they are off its list until they say it.
func TestWhoWasOnlyToldIsAskedWhereTheTopicAsksForYes(t *testing.T) {
	s := begin(t)
	s.tell(noon, noon, byTelling())
	ch := s.request(noon.Add(time.Hour), orders.Topics[0])
	if len(ch.Ask) != 1 || !slices.Equal(ch.Left, []string{"orders"}) {
		t.Errorf("asked %+v, left %v", ch.Ask, ch.Left)
	}
	s.want("orders", consent.Pending)
	s.hearAtOrders("1", saidYes, noon.Add(2*time.Hour))
	s.want("orders", consent.Subscribed)
	s.verify(noon.Add(2 * time.Hour))
}

// A telling answers the question that waits for a YES, which then confirms nothing any more.
func TestATellingAnswersAnOpenQuestion(t *testing.T) {
	s := begin(t)
	s.request(noon, byTelling())
	s.tell(noon.Add(time.Minute), noon.Add(time.Minute), byTelling())
	s.want("orders", consent.Subscribed)
	proof := s.contact.Subs["orders"].Proof
	s.hearAtOrders("1", saidYes, noon.Add(time.Hour))
	if got := s.contact.Subs["orders"]; got.Proof != proof || len(s.contact.Questions) != 0 {
		t.Errorf("%+v, questions %+v", got, s.contact.Questions)
	}
	s.verify(noon.Add(time.Hour))
}

// What the ledger cannot show of a telling is found, and a telling of promotional texts breaks the record.
func TestWhatATellingLacks(t *testing.T) {
	for field, want := range map[string]string{
		"at": "the telling on record lacks at", "source": "the telling on record lacks source", "disclosure": "the telling on record lacks disclosure",
	} {
		s := begin(t)
		r := toldAt(noon, noon, byTelling())
		delete(r.Evidence, field)
		s.commit(s.contact.Request(r))
		if record := s.record(); record.TellingLacks("orders") != want {
			t.Errorf("without %s: %q", field, record.TellingLacks("orders"))
		}
	}
	s := begin(t)
	s.tell(noon, noon, byTelling())
	forged := s.record()
	forged.Events[0].Class = program.Promotional
	sealed, err := s.ledger.Seal(consent.Change{Next: consent.Contact{Key: s.contact.Key}, Events: []consent.Event{forged.Events[0]}}, noon)
	if err != nil {
		t.Fatal(err)
	}
	forged.Events, forged.Contact.Head = sealed.Events, sealed.Next.Head
	if s.ledger.Verify(forged, noon) == nil {
		t.Error("I5: a telling of promotional texts verifies")
	}
}

// Whatever is told, asked, said and chosen in whatever order: nobody is on a promotional topic without a YES or
// START (I5); a telling subscribes only where it is newer than every STOP and NO, and the phone itself has come
// back from each (I8); the ledger says it all (I4).
func TestTellingsUnderRandomInterleavings(t *testing.T) {
	offers := alerts.Topics[0]
	offers.Told = true // as no programs.yaml can have it
	rapid.Check(t, func(t *rapid.T) {
		s := begin(t)
		clock := noon
		for step := range rapid.IntRange(1, 30).Draw(t, "steps") {
			clock = clock.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "minutes")) * time.Minute)
			said := clock.Add(-time.Duration(rapid.IntRange(0, 120).Draw(t, "late")) * time.Minute)
			s.now = clock
			id, before := fmt.Sprint(step), len(s.events)
			switch op := rapid.SampledFrom([]string{
				"tell", "tell", "tell both", "form", "yes", "no", "stop", "start", "yes alerts", "no alerts", "stop all", "start alerts", "void", "off", "on", "expire",
			}).Draw(t, "op"); op {
			case "tell":
				s.tell(clock, said, byTelling())
			case "tell both":
				s.tell(clock, said, byTelling(), offers)
			case "form":
				s.request(clock, byTelling(), offers)
			case "expire":
				s.commit(s.contact.Expire(clock))
			case "off":
				s.commit(s.contact.Choose(consent.Choice{At: clock, Off: []program.Topic{byTelling()}, Terms: terms}))
			case "on":
				s.commit(s.contact.Choose(consent.Choice{At: clock, On: []program.Topic{byTelling()}, Terms: terms}))
			case "yes alerts", "no alerts", "stop all", "start alerts", "void":
				s.hear(id, map[string]keyword.Intent{
					"yes alerts": saidYes, "no alerts": saidNo, "start alerts": saidStart, "void": {Kind: keyword.WrongNumber},
					"stop all": {Kind: keyword.OptOut, Scope: keyword.Everything},
				}[op], said)
			default:
				s.hearAtOrders(id, map[string]keyword.Intent{"yes": saidYes, "no": saidNo, "stop": saidStop, "start": saidStart}[op], said)
				if op == "stop" && s.state("orders") == consent.Subscribed {
					t.Fatal("I8: subscribed after a STOP")
				}
			}
			for _, e := range s.events[before:] {
				if e.Type == consent.Told {
					checkTelling(t, s.events[:e.Seq-1], e)
				}
			}
			if sub := s.contact.Subs["alerts"]; sub.State == consent.Subscribed {
				if proof := s.events[sub.Proof-1]; proof.Type != consent.Confirmed {
					t.Fatalf("I5: a promotional topic stands on %s", proof.Type)
				}
			}
			if r := s.record(); s.state("orders") == consent.Subscribed && (r.TellingLacks("orders") != "" || s.contact.Unproven("orders") != "") {
				t.Fatalf("I5: %q, %q", r.TellingLacks("orders"), s.contact.Unproven("orders"))
			}
		}
		if err := s.ledger.Verify(s.record(), clock); err != nil {
			t.Fatalf("I4: %v", err)
		}
	})
}

// checkTelling judges a telling by the events before it, in the order they were written.
func checkTelling(t *rapid.T, before []consent.Event, telling consent.Event) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, telling.Evidence["at"])
	if err != nil {
		t.Fatal(err)
	}
	objected := map[string]bool{}
	for _, e := range before {
		for scope, said := range e.Stopped {
			if reaches := scope != "alerts" && scope != "#alerts"; reaches {
				objected[scope] = true
				if !at.After(said) {
					t.Fatalf("I8: told at %s, and %s was said at %s", at, e.Type, said)
				}
			}
		}
		if e.Source == consent.SourceSMS || e.Source == consent.SourcePage {
			for _, scope := range e.Lifted {
				delete(objected, scope)
			}
		}
	}
	if len(objected) > 0 {
		t.Fatalf("I8: a telling was heeded after %v", objected)
	}
	if !slices.Equal(telling.Topics, []string{"orders"}) || telling.Class != program.Transactional {
		t.Fatalf("I5: a telling of %v, %s", telling.Topics, telling.Class)
	}
}
